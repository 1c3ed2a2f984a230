"""Photos on their way in: parts on the disk, synced, until size and SHA-256 agree (R4, D48).

What came stays when the line is cut, so that nothing is sent twice; what nobody finished is thrown away after
seven days: the phone keeps the whole until its receipt, and sends it from the beginning.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from models import store
from models.objects import FolderObjects
from models.refusal import Refusal

KEPT, EVERY = 7 * 86400, 3600
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_doors: dict[Path, list[asyncio.Lock]] = {}
_swept: list[float] = []


@dataclass(frozen=True, slots=True)
class PartialUpload:
    """One photo on its way: a folder with what was announced and what came."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def paper(self) -> Path:
        return self.folder / "announced"


def partial_upload(person: str, key: str) -> PartialUpload:
    """The place of a person's key; nobody reaches another's."""
    return PartialUpload(_root() / (_own(person) + hashlib.sha256(f"{person}\n{key}".encode()).hexdigest()))


def _own(person: str) -> str:
    return hashlib.sha256(person.encode()).hexdigest()[:16] + "-"


def begun(person: str) -> int:
    """Bytes of a person's photos that lie here unfinished."""
    return sum(arrived(PartialUpload(folder)) for folder in _root().glob(f"{_own(person)}*"))


def _root() -> Path:
    """Beside the photos where those lie in a folder, else where the machine keeps drafts."""
    at = Path(tempfile.gettempdir()) / "shuangsuiji-incoming"
    if isinstance(store.objects, FolderObjects):
        at = store.objects.root / "incoming"
    at.mkdir(mode=0o700, exist_ok=True)
    return at


@asynccontextmanager
async def alone(upload: PartialUpload) -> AsyncIterator[None]:
    """One request at a time for each parcel."""
    queue = _doors.setdefault(upload.folder, [])
    lock = queue[0] if queue else asyncio.Lock()
    queue.append(lock)
    try:
        async with lock:
            yield
    finally:
        queue.pop()
        if not queue:
            _doors.pop(upload.folder, None)


def arrived(upload: PartialUpload) -> int:
    """Bytes that are here."""
    return upload.data.stat().st_size if upload.data.exists() else 0


def announced(upload: PartialUpload) -> bytes | None:
    """The announcement kept, as it came."""
    return upload.paper.read_bytes() if upload.paper.exists() else None


def announce(upload: PartialUpload, body: bytes) -> None:
    """Keep an announcement, synced, before anything else of the photo."""
    with _room():
        upload.folder.mkdir(mode=0o700, exist_ok=True)
        draft = upload.folder / ".draft"
        with draft.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(upload.paper)
        _sync(upload.folder)
        _sync(upload.folder.parent)


def append(upload: PartialUpload, piece: bytes) -> None:
    with _room(), upload.data.open("ab") as file:
        file.write(piece)


def settle(upload: PartialUpload) -> int:
    """Sync what came, so that the offset told is an offset kept. How much that is."""
    if upload.data.exists():
        with _room(), upload.data.open("rb") as file:
            os.fsync(file.fileno())
    return arrived(upload)


def begin_again(upload: PartialUpload) -> None:
    upload.data.unlink(missing_ok=True)


def forget(upload: PartialUpload) -> None:
    shutil.rmtree(upload.folder, ignore_errors=True)


def sweep_now_and_then() -> None:
    """`sweep`, at most once an hour."""
    if not _swept or time.monotonic() - _swept[-1] > EVERY:
        _swept[:] = [time.monotonic()]
        sweep()


def sweep() -> None:
    """Throw away what nobody finished in seven days. Files age by the machine's clock."""
    for folder in _root().iterdir():
        if time.time() - folder.stat().st_mtime > KEPT:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """A full disk is told in words, and nothing is half kept (D50)."""
    try:
        yield
    except OSError as no:
        if no.errno in FULL:
            raise Refusal("photo.disk_full", article="16") from no
        raise


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
