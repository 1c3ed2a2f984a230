"""The files that a draw fixed, as its page lists them: size, hash, how many lines of each kind (Art. 14 (1))."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass

from models.queries import draw_texts
from models.read_once import ReadOnce
from models.tables import Draw


@dataclass(frozen=True, slots=True)
class CeremonyFile:
    """A file that was committed. `size`: bytes."""

    name: str
    size: int
    sha256: str


FixedFiles = tuple[tuple[CeremonyFile, ...], Counter[str], Counter[str], Counter[str]]
_read = ReadOnce()


async def fixed_files(row: Draw) -> FixedFiles:
    """The files by name; of the pool by stratum, the roster by department and the exclusions by ground how many lines each.
    Nothing changes them: read once."""
    if row.code not in _read.known:
        files: list[CeremonyFile] = []
        counted = {name: Counter[str]() for name in ("pool.tsv", "roster.tsv", "exclusions.tsv")}
        for name in sorted(row.texts.keys() - draw_texts.BESIDE):
            hashed, size = hashlib.sha256(), 0
            async for piece in draw_texts.pieces(row.texts[name]):
                data = piece.encode()
                await asyncio.to_thread(hashed.update, data)
                size += len(data)
                if name in counted:
                    counted[name].update(await asyncio.to_thread(_seconds, piece))
            files.append(CeremonyFile(name, size, hashed.hexdigest()))
        _read.known[row.code] = tuple(files), *counted.values()
    result: FixedFiles = _read.known[row.code]
    return result


def _seconds(lines: str) -> Counter[str]:
    """Of each line the second field."""
    return Counter(line.split("\t", 2)[1] for line in lines.splitlines())
