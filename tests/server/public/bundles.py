"""The verifier that everybody may download, and bundles in folders for it to look at."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

from models.rules import draw
from models.rules.draw import platform
from models.rules.draw.crew import Seat
from models.rules.draw.files import sums
from models.rules.draw.matching import Match
from models.rules.draw.rows import DrawRules, Mode, PoolRow, RosterRow, target_id
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
        if (
            len(drawn.removals) > 2
            and len(drawn.substitutions) > 2
            and passed
            and drawn.committed.recusals
            and drawn.reassignments
        ):
            return drawn, draw.bundle_files(drawn, keys)
    raise AssertionError("no eventful history")


def of_the_platform() -> dict[str, bytes]:
    """What a draw of the provincial platform leaves as its bundle."""
    rows = [PoolRow(target_id(bytes(15) + bytes([n]), f"示例{n}"), "A", "*") for n in range(3)]
    seats = [Seat("*", 1, "GA", f"示例-{n}", n == 1) for n in (1, 2)]
    laws = DrawRules(
        draw="示例-S1", areas={"*": 1}, crew={"GA": 2}, initiating="GA", strata={"A": 3}, entropy=(), mode=Mode.PLATFORM
    )  # fmt: skip
    given = platform.ceremony_file("0" * 64, "2026-11-27T09:00:00+08:00", "office:1", "示例")
    drawn = platform.brought_in(
        laws, rows, [RosterRow(s.certificate, "GA", ("*",), s.leader) for s in seats], [], seats,
        [Match(row.id, "*", 1) for row in rows], given,
    )  # fmt: skip
    return {**draw.bundle_files(drawn), "ceremony.tsv": given}


def sub(files: dict[str, bytes], name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in files[name]
    return {**files, name: files[name].replace(old, new, 1)}


def turned(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[::-1])
