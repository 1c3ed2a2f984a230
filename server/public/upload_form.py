"""A form with files, from any phone browser: each file is counted and looked at, then lies aside.

Kept and synced are files only when the act would take them, right before it enters them (`kept_for`): what is
refused leaves nothing behind. How much a link and an address may bring is `server.quota`.

Read in pieces to a file that goes when it is closed, never whole requests in memory; what a file is, its
first bytes say, never its name (D36-D41, D45). Nothing in it is run, opened or fetched (D67).
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeVar

from aiohttp import BodyPartReader, ClientConnectionError, web

from models import store
from models.imaging import examine
from models.procedure.document_submission import LARGEST, PER_TASK, SubmittedFile
from models.refusal import Refusal
from models.rules import text
from server import quota, wrong_input
from server.access import LINK, Audience, check_same_origin

Done = TypeVar("Done")
WITH_FILES = Audience("whoever holds the link, with papers", forms=False, secret=True)
FILES, FIELDS, LONGEST = 10, 12, 16 * 1024
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PDF, PDF_END = b"%PDF-", b"%%EOF"
_benches = ThreadPoolExecutor(2, "papers")  # two files in memory at most, however many arrive


@dataclass
class Form:
    """`said`: the fields, visible characters, trimmed. `files`: as they will be kept; they lie in `folder` so far."""

    folder: Path
    said: dict[str, str] = field(default_factory=dict)
    files: list[SubmittedFile] = field(default_factory=list)

    async def kept_for(self, act: Callable[[], Awaitable[Done]]) -> Done:
        """Do an act with the files: first for trial, then the bytes are kept, then in earnest."""
        if self.files:
            await store.rehearse(act)
            for file in self.files:
                await _store(self.folder / file.sha256)
        return await act()

    def text(self, name: str, limit: int = 2000) -> str:
        given = self.said.get(name, "")
        if len(given) > limit:
            raise wrong_input.too_long(name, limit)
        return given

    def number(self, name: str) -> int:
        """A whole number; what is none is no line of any list."""
        given = self.said.get(name, "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0


@asynccontextmanager
async def read(request: web.Request, room: int = FILES, link: str = "") -> AsyncIterator[Form]:
    """The form, `room` files at most; its files lie aside until the block ends. 400 when it is none, a refusal
    for a file that is not taken, or when the link or the address has brought its fill.
    """
    check_same_origin(request, LINK)
    if request.content_type != "multipart/form-data":
        raise wrong_input.broken()
    own = quota.share(request, link)
    with tempfile.TemporaryDirectory(prefix="papers-") as folder:
        try:
            yield await _read(request, Form(Path(folder)), room, own)
        finally:
            own.over()


async def _read(request: web.Request, form: Form, room: int, own: quota.Share) -> Form:
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name or len(form.said) >= FIELDS:
                raise wrong_input.broken()
            if part.filename is None:
                form.said[part.name] = await _text(part)
            elif file := await _file(part, form, room, own):
                form.files.append(file)
    except (ValueError, LookupError, AssertionError, RuntimeError, ClientConnectionError) as broken:
        raise wrong_input.broken() from broken
    return form


async def _text(part: BodyPartReader) -> str:
    data = bytearray()
    while piece := await part.read_chunk():
        data += piece
        if len(data) > LONGEST:
            raise wrong_input.too_long(part.name or "", LONGEST // 3)
    return text.visible(data.decode()).strip()


async def _file(part: BodyPartReader, form: Form, room: int, own: quota.Share) -> SubmittedFile | None:
    """None for a field in which nothing was chosen."""
    before, path = len(form.files), form.folder / f"draft-{len(form.files)}"
    with path.open("wb") as aside:
        size = await _aside(part, aside, own)
    if not size:
        return None
    if before >= FILES:
        raise Refusal("entity.too_many_files", article="16(2)", limit=FILES)
    if before >= room:
        raise Refusal("entity.too_many_papers", article="16(2)", n=PER_TASK - room, limit=PER_TASK)
    loop = asyncio.get_running_loop()
    kind, sha256 = await loop.run_in_executor(_benches, _looked_at, path)
    path.replace(form.folder / sha256)
    name = text.name((part.filename or "").replace("\\", "/").rsplit("/", 1)[-1])
    return SubmittedFile(sha256, size, kind, name[:200])


def _looked_at(path: Path) -> tuple[str, str]:
    data = path.read_bytes()
    return format_of(data), hashlib.sha256(data).hexdigest()


async def _aside(part: BodyPartReader, aside: IO[bytes], own: quota.Share) -> int:
    size = 0
    while piece := await part.read_chunk(64 * 1024):
        size += len(piece)
        own.take(len(piece))
        if size > LARGEST:
            raise Refusal("entity.file_too_large", article="16(2)", limit=LARGEST // 2**20)
        try:
            await asyncio.to_thread(aside.write, piece)
        except OSError as no:
            raise _explained(no) from no
    return size


def format_of(data: bytes) -> str:
    if data.startswith(PDF):
        if PDF_END not in data[-2048:]:
            raise Refusal("photo.truncated", article="16")
        return "PDF"
    return examine(data).format


async def _store(path: Path) -> str:
    try:
        return await store.objects.put_file(path)
    except OSError as no:
        raise _explained(no) from no


def _explained(no: OSError) -> Exception:
    return Refusal("photo.disk_full", article="16") if no.errno in FULL else no
