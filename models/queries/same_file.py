"""A file that says what its register says already (Art. 10): told by its bytes, without reading it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models import rules, store
from models.fields import json_value

LAST = "SELECT kind, data FROM event WHERE chain = 'registry' ORDER BY seq DESC LIMIT 1"


@cache
def reading() -> str:
    """Changes whenever a rule does: another version of this program may read the same file otherwise."""
    digest = hashlib.sha256()
    folder = Path(rules.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that would change nothing. `remarks`: warnings and refused rows, for which it has to be read all the same."""

    rows: int
    remarks: int


async def taken(kind: str, sha256: str) -> TakenFile | None:
    """This file, where the last act on any register took it and the rules are those of then; None where its rows have to be
    compared. Whatever changes a register leaves an act there.
    """
    [last] = await store.run_one(LAST) or [None]
    if last is None or last["kind"] != f"registry.{kind}":
        return None
    data = json_value(last["data"])
    if (data.get("sha256"), data.get("reading")) != (sha256, reading()):
        return None
    return TakenFile(data["read"], data["bad"] + data["warnings"])
