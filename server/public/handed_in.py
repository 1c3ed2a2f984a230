"""A form with files, from any phone browser: each file is looked at, kept and synced before anything is entered.

Read in pieces to a file that goes when it is closed, never whole requests in memory; what a file is, its
first bytes say, never its name (D36-D41, D45). Nothing in it is run, opened or fetched (D67).
"""

from __future__ import annotations

import asyncio
import errno
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from aiohttp import BodyPartReader, ClientConnectionError, web

from models import store
from models.darkroom import examine
from models.procedure.handed_in import LARGEST, PER_TASK, File
from models.refusal import Refusal
from models.rules import text
from server.access import LINK, Audience, from_our_page

WITH_FILES = Audience("whoever holds the link, with papers", forms=False, secret=True)
FILES, FIELDS, LONGEST = 10, 12, 16 * 1024
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PDF, PDF_END = b"%PDF-", b"%%EOF"
_benches = ThreadPoolExecutor(2, "papers")  # two files in memory at most, however many arrive


@dataclass
class Form:
    """`said`: the fields, visible characters, trimmed. `files`: kept already."""

    said: dict[str, str] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)

    def text(self, name: str, limit: int = 2000) -> str:
        given = self.said.get(name, "")
        if len(given) > limit:
            raise web.HTTPBadRequest
        return given

    def number(self, name: str) -> int:
        """A whole number; what is none is no line of any list."""
        given = self.said.get(name, "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0


async def read(request: web.Request, room: int = FILES) -> Form:
    """The form, its files kept, `room` at most. 400 when it is none, a refusal for a file that is not taken."""
    from_our_page(request, LINK)
    if request.content_type != "multipart/form-data":
        raise web.HTTPBadRequest
    form = Form()
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name or len(form.said) >= FIELDS:
                raise web.HTTPBadRequest
            if part.filename is None:
                form.said[part.name] = await _text(part)
            elif kept := await _file(part, len(form.files), room):
                form.files.append(kept)
    except (ValueError, LookupError, AssertionError, RuntimeError, ClientConnectionError) as broken:
        raise web.HTTPBadRequest from broken
    return form


async def _text(part: BodyPartReader) -> str:
    data = bytearray()
    while piece := await part.read_chunk():
        data += piece
        if len(data) > LONGEST:
            raise web.HTTPBadRequest
    return text.visible(data.decode()).strip()


async def _file(part: BodyPartReader, before: int, room: int) -> File | None:
    """None for a field in which nothing was chosen."""
    with tempfile.NamedTemporaryFile() as aside:
        size = await _aside(part, aside)
        if not size:
            return None
        if before >= FILES:
            raise Refusal("entity.too_many_files", article="16(2)", limit=FILES)
        if before >= room:
            raise Refusal("entity.too_many_papers", article="16(2)", n=PER_TASK - room, limit=PER_TASK)
        aside.flush()
        path, loop = Path(aside.name), asyncio.get_running_loop()
        kind = await loop.run_in_executor(_benches, lambda: format_of(path.read_bytes()))
        name = text.name((part.filename or "").replace("\\", "/").rsplit("/", 1)[-1])
        return File(await _store(path), size, kind, name[:200])


async def _aside(part: BodyPartReader, aside: IO[bytes]) -> int:
    size = 0
    while piece := await part.read_chunk(64 * 1024):
        size += len(piece)
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
