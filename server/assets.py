"""Style sheets, pictures and the verifier, read once at start: no path of a request reaches the disk."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from aiohttp import hdrs, web

from server.access import ANYONE, Routes

FOLDERS = {"/static/": ("server", "static"), "/verify/": ("server", "public", "static")}
TYPES = {".js": "text/javascript", ".py": "text/plain", ".webmanifest": "application/manifest+json"}

routes = Routes()


@dataclass(frozen=True, slots=True)
class Asset:
    data: bytes
    type: str
    sha256: str
    name: str


@cache
def assets() -> dict[str, Asset]:
    """Address to file."""
    result = {}
    for prefix, (package, *folders) in FOLDERS.items():
        for file in files(package).joinpath(*folders).iterdir():
            if file.is_file() and not file.name.startswith("."):
                data, suffix = file.read_bytes(), "." + file.name.rpartition(".")[2]
                kind = TYPES.get(suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
                result[prefix + file.name] = Asset(data, kind, hashlib.sha256(data).hexdigest(), file.name)
    return result


def address(path: str) -> str:
    """The address of a file, with a version that changes when its bytes do."""
    return f"{path}?v={assets()[path].sha256[:12]}"


def has(path: str) -> bool:
    return path in assets()


@routes.get("/static/{name}", audience=ANYONE)
@routes.get("/verify/{name}", audience=ANYONE)
async def asset(request: web.Request) -> web.Response:
    """One file; `?v=` of the right version may be kept for a year."""
    result = assets().get(request.path)
    if result is None:
        raise web.HTTPNotFound
    stored = request.query.get("v") == result.sha256[:12]
    headers = {
        hdrs.CACHE_CONTROL: "public, max-age=31536000, immutable" if stored else "no-cache",
        hdrs.ETAG: f'"{result.sha256[:32]}"',
    }
    if result.name.endswith(".py"):
        headers[hdrs.CONTENT_DISPOSITION] = f'attachment; filename="{result.name}"'
    if request.headers.get(hdrs.IF_NONE_MATCH) == headers[hdrs.ETAG]:
        return web.Response(status=304, headers=headers)
    charset = "utf-8" if result.type.startswith("text/") else None
    return web.Response(body=result.data, content_type=result.type, charset=charset, headers=headers)
