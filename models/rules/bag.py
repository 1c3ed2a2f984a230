"""卷宗's container: a BagIt bag (RFC 8493) in a ZIP that is always the same bytes (Art. 20).

Nothing is compressed and no entry has a time of its own, so that a file written anew from what it holds is the
same file: whatever differs, a name, a length or a flag, was changed. `manifest-sm3.txt` is for Chinese offices.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from cryptography.hazmat.primitives import hashes

EPOCH = (1980, 1, 1, 0, 0, 0)
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAGS = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt", "manifest-sm3.txt", "tagmanifest-sha256.txt")
LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9._/-]+)")
LARGEST = 4 << 30
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BagFlaw:
    """`kind`: changed, missing, unknown (a file's name), damaged (the container), resealed (another whole file)."""

    kind: str
    name: str


def sm3(data: bytes) -> str:
    """SM3 (GB/T 32905), which Python's own library only has where OpenSSL has it."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digests(path: Path) -> tuple[str, str]:
    """SHA-256 and SM3 of a whole file."""
    first, second = hashlib.sha256(), hashes.Hash(hashes.SM3())
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            first.update(piece)
            second.update(piece)
    return first.hexdigest(), second.finalize().hex()


class BagWriter:
    """Takes the payload piece by piece, by name in order; `seal` writes what describes it."""

    def __init__(self, to: IO[bytes], top: str, info: Mapping[str, str]) -> None:
        self._zip, self._top, self._info = zipfile.ZipFile(to, "w", zipfile.ZIP_STORED), top, dict(info)
        self._sums: list[tuple[str, str, str]] = []
        self._octets = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add(self, name: str, data: bytes) -> None:
        """`name`: under `data/`; each later than the one before."""
        path = f"data/{name}"
        if not LINE.fullmatch(f"{'0' * 64}  {path}") or (self._sums and path <= self._sums[-1][0]):
            raise ValueError(f"not the next name of a bag: {path}")
        self._write(path, data)
        self._sums.append((path, hashlib.sha256(data).hexdigest(), sm3(data)))
        self._octets += len(data)

    def seal(self) -> None:
        info = self._info | {"Payload-Oxum": f"{self._octets}.{len(self._sums)}"}
        tags = {
            "bag-info.txt": "".join(f"{name}: {value}\n" for name, value in sorted(info.items())).encode(),
            "bagit.txt": DECLARATION,
            "manifest-sha256.txt": "".join(f"{sha}  {path}\n" for path, sha, _ in self._sums).encode(),
            "manifest-sm3.txt": "".join(f"{sm}  {path}\n" for path, _, sm in self._sums).encode(),
        }
        sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in tags.items())
        for name, data in (*tags.items(), ("tagmanifest-sha256.txt", sums.encode())):
            self._write(name, data)

    def _write(self, name: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(f"{self._top}/{name}", EPOCH)
        entry.create_system = 3
        entry.external_attr = 0o644 << 16
        self._zip.writestr(entry, data)


@dataclass(frozen=True, slots=True)
class About:
    """What `bag-info.txt` says, and how many files the bag holds."""

    info: Mapping[str, str]
    files: int


def about(path: Path) -> About | None:
    """What a bag says of itself; None for a file that is none or cannot be read."""
    try:
        with zipfile.ZipFile(path) as bag:
            names = bag.namelist()
            text = bag.read(f"{names[0].partition('/')[0]}/bag-info.txt").decode()
    except Exception:  # as below
        return None
    info = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
    return About(info, len(names) - len(TAGS))


def flaws(path: Path) -> list[BagFlaw]:
    """Everything that is not as it was sealed, by name; none of a whole bag."""
    try:
        with zipfile.ZipFile(path) as bag:
            return list(dict.fromkeys(_flaws(bag, path)))
    except Exception:  # whatever a damaged container makes a reader of ZIP files raise
        return [BagFlaw("damaged", path.name)]


def _flaws(bag: zipfile.ZipFile, path: Path) -> Iterator[BagFlaw]:
    entries = bag.infolist()
    names = [entry.filename for entry in entries]
    top = names[0].partition("/")[0]
    if sum(entry.file_size for entry in entries) > LARGEST or len(set(names)) != len(names):
        yield BagFlaw("damaged", path.name)
        return
    held = {name.removeprefix(f"{top}/"): name for name in names}
    listed = {sums: _listed(_data(bag, f"{top}/{sums}") or b"") for sums in TAGS[2:]}
    for name in TAGS:
        if name in held and _data(bag, held[name]) is None:
            yield BagFlaw("changed", name)
    for sums, lines in listed.items():
        count = sm3 if "sm3" in sums else _sha256
        for name, expected in lines.items():
            if name not in held:
                yield BagFlaw("missing", name)
            elif (data := _data(bag, held[name])) is None or count(data) != expected:
                yield BagFlaw("changed", name)
    known = {*listed["manifest-sha256.txt"], *listed["manifest-sm3.txt"], *TAGS}
    for name in sorted(set(held) - known):
        yield BagFlaw("unknown", name)
    if set(listed["manifest-sha256.txt"]) != set(listed["manifest-sm3.txt"]):
        yield BagFlaw("changed", "manifest-sm3.txt")
    if not _the_same(bag, top, path):
        yield BagFlaw("damaged", path.name)


def _data(bag: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        return bag.read(name)
    except Exception:
        return None


def _listed(data: bytes) -> dict[str, str]:
    lines = [LINE.fullmatch(line) for line in data.decode("ascii").splitlines()]
    return {line[2]: line[1] for line in lines if line}


def _the_same(bag: zipfile.ZipFile, top: str, path: Path) -> bool:
    """Whether the file, written anew from what it holds, is itself; what cannot be read is not."""
    try:
        return _written_anew(bag, top, path)
    except Exception:  # as above: what was found before is still named
        return False


def _written_anew(bag: zipfile.ZipFile, top: str, path: Path) -> bool:
    lines = bag.read(f"{top}/bag-info.txt").decode().splitlines()
    info = dict(line.split(": ", 1) for line in lines)
    with tempfile.TemporaryFile() as anew, path.open("rb") as file:
        with BagWriter(anew, top, info) as writer:
            for name in bag.namelist()[: -len(TAGS)]:
                writer.add(name.removeprefix(f"{top}/data/"), bag.read(name))
            writer.seal()
        anew.seek(0)
        while piece := anew.read(CHUNK):
            if file.read(len(piece)) != piece:
                return False
        return not file.read(1)
