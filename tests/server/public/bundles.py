"""The verifier that everybody may download, and bundles in folders for it to look at."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

from models.rules import draw
from models.rules.draw.files import sums
from tests.models.rules.drawing import random_draw

SOURCE = Path(__file__).parents[3] / "server" / "public" / "static" / "verify_draw.py"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_draw", SOURCE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verifier = load()


def folder(files: dict[str, bytes], at: Path) -> Path:
    shutil.rmtree(at, ignore_errors=True)
    at.mkdir()
    for name, data in files.items():
        (at / name).write_bytes(data)
    return at


def differences(path: Path, *expect: str) -> list[str]:
    return list(verifier.check(str(path), expect).lines)


def vector_files(case: dict[str, Any]) -> dict[str, bytes]:
    texts = {**case["files"], **case["results"], "substitutions.tsv": ""}
    return {name: text.encode() for name, text in texts.items()}


def with_sums(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with hashes that fit them, as a forger would make them."""
    return {**files, "SHA256SUMS": sums({name: files[name] for name in verifier.FIXED})}


def eventful() -> tuple[draw.Draw, dict[str, bytes]]:
    """A history in which a good deal happened."""
    for number in range(1000):
        drawn, keys = random_draw(number)
        passed = [row for row in drawn.substitutions if row.passed and row.incoming != "-"]
        if len(drawn.removals) > 2 and len(drawn.substitutions) > 2 and passed and drawn.committed.recusals:
            return drawn, draw.bundle_files(drawn, keys)
    raise AssertionError("no eventful history")


def sub(files: dict[str, bytes], name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in files[name]
    return {**files, name: files[name].replace(old, new, 1)}


def turned(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[::-1])
