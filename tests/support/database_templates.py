"""Empty databases with all tables, made by the migrations once for each version of the tables and kept between runs.

They lie in pytest's cache, named after everything they come from; workers of one run wait for each other.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def kept(config: pytest.Config, name: str, make: Callable[[Path], None]) -> Path:
    """The file of this name; `make(path)` writes it when there is none of this version of the tables."""
    store = getattr(config, "cache", None)
    folder = Path(store.mkdir("templates")) if store else Path(tempfile.mkdtemp(prefix="templates"))
    path = folder / f"{version()}-{name}"
    with alone(folder / "lock"):
        if not path.exists():
            for old in folder.glob(f"*-{name}"):
                old.unlink()
            part = folder / f"part-{name}"
            part.unlink(missing_ok=True)
            make(part)
            part.rename(path)
    return path


@contextmanager
def alone(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@cache
def version() -> str:
    """What the tables are made from: every line of the models, the packages, this Python."""
    digest = hashlib.sha256(sys.version.encode())
    for path in [*sorted((ROOT / "models").rglob("*.py")), *sorted((ROOT / "requirements").glob("*.lock"))]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:32]
