"""The app itself: a page without data, its script, its words, its service worker; read once, served packed.

Everything is public and the same for all: whoever opens it without signing in sees an empty app.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from aiohttp import hdrs, web

from locales import LANGUAGES, sentences
from server import assets
from server.access import ANYONE
from server.companion.bundle import bundle
from server.companion.json_requests import FieldRoutes

TYPES = {"js": "text/javascript", "webmanifest": "application/manifest+json"}
ROOMS = (
    "field.",
    "state.",
    "result.",
    "measure.",
    "department_part.",
    "verdict.",
    "gap.",
    "finding.",
    "short.",
    "away.",
    "present.",
    "untold.",
    "web.unfit.",
    "web.receipt",
    "button.receipt",
    "receipt.",
    "out.",
    "date.weekday.",
    "onsite.",
    "reopen.",
    "order.",
    "rectification.",
    "recheck.",
)
PERMISSIONS = "camera=(self), microphone=(), geolocation=(self)"
WORKER, PAGE, SCRIPT, STYLE = "/field/sw.js", "/field/", "/field/app.js", "/field/field.css"

routes = FieldRoutes()


@dataclass(frozen=True, slots=True)
class AppFile:
    """One file of the app."""

    data: bytes
    packed: bytes
    type: str
    tag: str


def _sheet(data: bytes, kind: str) -> AppFile:
    packed = (
        gzip.compress(data, 9, mtime=0) if kind.startswith(("text/", "application/", "image/svg")) else b""
    )
    return AppFile(data, packed, kind, f'"{hashlib.sha256(data).hexdigest()[:32]}"')


@cache
def shell() -> dict[str, AppFile]:
    """Address to file. The worker names what a phone keeps and a version that changes with any file; of the words, those of
    the language in which it is asked for first (`sw.js?words=en`), and of another when it is wanted.

    Not the icons: a phone asks for them once, when a person puts the app on its screen.
    """
    result = {PAGE: _sheet(_read("index.html"), "text/html"), **_files()}
    named = _named("\n".join(file.data.decode() for path, file in result.items() if path.endswith(".js")))
    for language in LANGUAGES:
        result[f"/field/words-{language}.json"] = _sheet(_words(language, named), "application/json")
    hashes = {path: hashlib.sha256(file.data).hexdigest() for path, file in sorted(result.items())}
    version = hashlib.sha256(json.dumps(hashes).encode()).hexdigest()[:16]
    data = {path: digest for path, digest in hashes.items() if not path.startswith("/field/icon-")}
    head = f"const VERSION = {json.dumps(version)};\nconst SHELL = {json.dumps(data)};\n"
    result[WORKER] = _sheet(head.encode() + _read("sw.js"), "text/javascript")
    return result


def _files() -> dict[str, AppFile]:
    result, modules = {}, {}
    for file in files("server").joinpath("companion", "static").iterdir():
        name, _, suffix = file.name.rpartition(".")
        if suffix == "js" and name != "sw":
            modules[name] = bare(file.read_text("utf-8"))
        elif file.is_file() and name and suffix != "ts" and file.name not in ("index.html", "sw.js"):
            kind = TYPES.get(suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            result[f"/field/{file.name}"] = _sheet(file.read_bytes(), kind)
    result[SCRIPT] = _sheet(bundle(modules, "app").encode(), TYPES["js"])
    shared = assets.assets()
    result[STYLE] = _sheet(shared["/static/tokens.css"].data + result[STYLE].data, result[STYLE].type)
    result["/field/seal.svg"] = _sheet(shared["/static/seal.svg"].data, shared["/static/seal.svg"].type)
    return result


def bare(script: str) -> str:
    """A script without its comments on lines of their own and indentation, which no phone needs.

    No template of the app's runs over a line (a test sees to it), so only what is read by people goes.
    """
    code = re.sub(r"(?ms)^[ \t]*/\*\*.*?\*/$", "", script)
    lines = (line.strip() for line in code.split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def _read(name: str) -> bytes:
    return files("server").joinpath("companion", "static", name).read_bytes()


def _named(scripts: str) -> re.Pattern[str]:
    """The keys that the scripts name: written out, or with a part put in (`state.${task.state}`)."""
    keys = set(re.findall(r"""["'`]([a-z_]+(?:\.(?:\w+|\$\{[^}]*\}))+)["'`]""", scripts))
    parts = (re.split(r"\$\{[^}]*\}", key) for key in sorted(keys))
    return re.compile("|".join(r"\w+".join(map(re.escape, part)) for part in parts))


def _words(language: str, named: re.Pattern[str]) -> bytes:
    """The sentences of the app's rooms that it names; those of the chat and the console stay off the phone."""
    params = {
        key: forms[0] if len(forms) == 1 else list(forms)
        for key, forms in sentences(language).items()
        if key.startswith(ROOMS) and named.fullmatch(key)
    }
    return json.dumps(params, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


@routes.get("/field", audience=ANYONE)
async def without_slash(request: web.Request) -> web.StreamResponse:
    raise web.HTTPPermanentRedirect("/field/")


@routes.get("/field/", audience=ANYONE)
@routes.get(r"/field/{name:[a-z0-9A-Z_-]+\.[a-z]+}", audience=ANYONE)
async def sheet(request: web.Request) -> web.Response:
    """One file, always asked for again: the worker decides what is kept on the phone."""
    file = shell().get(request.path)
    if file is None:
        raise web.HTTPNotFound
    headers = {
        hdrs.CACHE_CONTROL: "no-cache", hdrs.ETAG: file.tag, hdrs.VARY: hdrs.ACCEPT_ENCODING,
        "Permissions-Policy": PERMISSIONS,
    }  # fmt: skip
    if request.headers.get(hdrs.IF_NONE_MATCH) == file.tag:
        return web.Response(status=304, headers=headers)
    packed = file.packed and "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, "")
    if packed:
        headers[hdrs.CONTENT_ENCODING] = "gzip"
    charset = None if file.type.startswith("image/") else "utf-8"
    return web.Response(
        body=file.packed if packed else file.data, content_type=file.type, charset=charset, headers=headers
    )
