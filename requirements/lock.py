#!/usr/bin/env python3
"""Writes the locks from pyproject.toml and package.json: `python3 requirements/lock.py [--upgrade]`.

Needs `uv` and `npm` on the path; package-lock.json, the JavaScript's, is npm's own, without addresses.

Each layer holds only what those below it have not; run.py installs them in order. Without --upgrade what is
locked stays as it is wherever pyproject.toml still allows it.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LAYERS = {"base": (), "test": ("base",), "browser": ("base", "test"), "lint": ("base", "test")}
COMPILE = ["uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes"]
NPM = ["npm", "update", "--package-lock-only", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"]
PLAIN = ["--no-emit-index-url", "--no-header", "--no-annotate"]


def entries(text: str) -> list[str]:
    """A lock's requirements, each with its hashes."""
    return [entry for entry in re.split(r"^(?=[^\s#])", text, flags=re.MULTILINE) if "==" in entry]


def lock_of(layer: str) -> Path:
    return HERE / f"{layer}.lock"


def read(layers: tuple[str, ...]) -> str:
    return "".join(lock_of(layer).read_text() for layer in layers if lock_of(layer).exists())


def resolve(layer: str, upgrade: bool) -> str:
    """The whole of a layer with all below it; the locks below are limits, its own is a wish."""
    below = LAYERS[layer]
    groups = [word for name in (*below, layer) if name != "base" for word in ("--group", name)]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "whole.lock")
        if not upgrade:
            out.write_text(read((*below, layer)))
        limits = [word for name in below for word in ("-c", str(lock_of(name)))]
        command = [*COMPILE, *PLAIN, "pyproject.toml", *groups, *limits, "-o", str(out)]
        subprocess.run(command, check=True, cwd=HERE.parent)
        return out.read_text()


def main() -> None:
    for layer, below in LAYERS.items():
        known = set(entries(read(below)))
        fresh = [entry for entry in entries(resolve(layer, "--upgrade" in sys.argv)) if entry not in known]
        lock_of(layer).write_text("".join(fresh))
        print(f"{lock_of(layer).relative_to(HERE.parent)}: {len(fresh)} packages")
    command = NPM if "--upgrade" in sys.argv else [NPM[0], "install", *NPM[2:]]
    subprocess.run(command, check=True, cwd=HERE)


if __name__ == "__main__":
    main()
