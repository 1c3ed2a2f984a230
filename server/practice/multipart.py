"""Bodies of requests, read under a limit of our own: Telegram takes 50 MB, aiohttp's default is 1."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import BodyPartReader, web

from server.practice.calls import Upload
from server.practice.files import UPLOAD_BYTES
from server.practice.refusals import ApiRefusal

BODY_BYTES = UPLOAD_BYTES + 1024 * 1024


async def body(request: web.Request) -> bytes:
    read = bytearray()
    async for chunk in request.content.iter_any():
        read += chunk
        if len(read) > BODY_BYTES:
            raise ApiRefusal(413, "Request Entity Too Large")
    return bytes(read)


async def json_object(request: web.Request) -> dict[str, Any]:
    try:
        parsed = json.loads(await body(request) or b"{}")
    except ValueError:
        raise ApiRefusal(400, "Bad Request: can't parse JSON object") from None
    return parsed if isinstance(parsed, dict) else {}


async def parts(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Fields and files of a multipart body, by their names."""
    fields: dict[str, Any] = {}
    uploads: dict[str, Upload] = {}
    left = BODY_BYTES
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytearray()
        while chunk := await part.read_chunk(65_536):
            content += chunk
            left -= len(chunk)
            if left < 0:
                raise ApiRefusal(413, "Request Entity Too Large")
        if part.filename is None:
            fields[part.name] = content.decode("utf-8", "replace")
        else:
            uploads[part.name] = Upload(part.filename, bytes(content), part.headers.get("Content-Type"))
    return fields, uploads
