"""The proof of a draw in one file (Art. 14): a ZIP that is always the same bytes, read in bounded memory.

Nothing is compressed: tickets and ids would hardly shrink, and compressors differ between releases.
The public edition holds what anybody may see; the full edition adds the way from an id to a name.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import IO

from models.refusal import Refusal
from models.rules.draw.files import ARTICLE
from models.rules.draw.reassignment import FILE as REASSIGNMENTS

PUBLIC = (
    "SHA256SUMS", "drawn.tsv", "entropy.txt", "exclusions.tsv", "holds.tsv", "matches.tsv", "pledges.tsv",
    "pool.tsv", "recusals.tsv", "removals.tsv", "roster.tsv", "rules.json", "substitutions.tsv", "teams.tsv",
)  # fmt: skip
CEREMONY = "ceremony.tsv"  # who gave what, when; older bundles are without it
OPTIONAL = frozenset({CEREMONY, REASSIGNMENTS})
FULL = tuple(sorted((*PUBLIC, "keys.tsv")))
EPOCH = (1980, 1, 1, 0, 0, 0)
LARGEST = 1 << 30


def write(files: Mapping[str, bytes], to: IO[bytes]) -> None:
    """Write `files` as a bundle; the same files give the same bytes."""
    if set(files) - OPTIONAL not in (set(PUBLIC), set(FULL)):
        raise ValueError(f"not the files of a bundle: {sorted(set(files) ^ set(PUBLIC))}")
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])


def packed(files: Mapping[str, bytes]) -> bytes:
    """A bundle as bytes, for what fits in memory."""
    buffer = BytesIO()
    write(files, buffer)
    return buffer.getvalue()


def read(source: Path, largest: int = LARGEST) -> dict[str, bytes]:
    """The files of a ZIP or a folder, `largest` bytes at most together; refuses unknown names."""
    if source.is_dir():
        return _read_folder(source, largest)
    try:
        with zipfile.ZipFile(source) as archive:
            return _read_archive(archive, largest)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError, ValueError) as error:
        raise Refusal("draw.bundle_unreadable", ARTICLE, file=source.name) from error


def _read_archive(archive: zipfile.ZipFile, largest: int) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for entry in archive.infolist():
        _admit(entry.filename, files)
        with archive.open(entry) as stream:
            files[entry.filename] = _bounded(stream, entry.filename, largest - sum(map(len, files.values())))
    return files


def _read_folder(folder: Path, largest: int) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for path in sorted(folder.iterdir()):
        _admit(path.name, files)
        with path.open("rb") as stream:
            files[path.name] = _bounded(stream, path.name, largest - sum(map(len, files.values())))
    return files


def _admit(name: str, files: Mapping[str, bytes]) -> None:
    if name not in (*FULL, *OPTIONAL) or name in files:
        raise Refusal("draw.bundle_file_unknown", ARTICLE, file=name)


def _bounded(stream: IO[bytes], name: str, room: int) -> bytes:
    data = stream.read(room + 1)
    if len(data) > room:
        raise Refusal("draw.bundle_too_large", ARTICLE, file=name)
    return data
