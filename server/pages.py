"""Pages from templates, in the reader's language (Jinja2, escaping everything: D24)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from aiohttp import hdrs, web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from locales import Words, closest, words
from models.imaging.glyphs import unprintable
from models.rules import text
from models.rules.visit import SHANGHAI
from server import assets, wrong_input
from server.app_keys import DISTRICT, NOW, VISITOR, WORDS

LANGUAGE_COOKIE = "lang"
SPOKEN = {"zh_Hans": "zh-CN", "en": "en"}


@cache
def environment() -> Environment:
    created = Environment(
        loader=PackageLoader("server", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    created.filters |= {
        "visible": text.visible,
        "short": _short,
        "hash": _hash,
        "lines": _lines,
        "unprintable": unprintable,
    }
    created.filters |= {"types": _types}
    created.globals |= {
        "asset": assets.address,
        "query": _query,
        "day": day,
        "instant": datetime.fromisoformat,
    }
    return created


def render(request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """A page for this request; not kept by any cache."""
    response = web.Response(
        text=html(request, template, values),
        status=status,
        content_type="text/html",
        headers={hdrs.CACHE_CONTROL: "no-store"},
    )
    _remember_language(request, response)
    return response


def html(request: web.Request, template: str, values: dict[str, Any]) -> str:
    """The text of a page for this request."""
    return environment().get_template(template).render(surroundings(request) | values)


def surroundings(request: web.Request) -> dict[str, Any]:
    """What every template may use."""
    spoken, who = words_of(request), request.get(VISITOR)
    return {
        "w": spoken,
        "language": SPOKEN[spoken.language],
        "other_language": "?"
        + urlencode({**request.query, "lang": "en" if spoken.language == "zh_Hans" else "zh"}),
        "district": request.config_dict[DISTRICT],
        "now": request.config_dict[NOW](),
        "who": who.actor if who else None,
        "csrf": who.csrf if who else "",
        "done": request.query.get("done", "")
        if spoken.has(f"web.done.{request.query.get('done', '')}")
        else "",
        "path": request.path,
    }


def words_of(request: web.Request) -> Words:
    """The reader's language: asked for in the address, chosen before, the account's, the browser's."""
    if WORDS not in request:
        request[WORDS] = words(closest(_asked(request)))
    return request[WORDS]


def _asked(request: web.Request) -> str | None:
    who = request.get(VISITOR)
    chosen = request.query.get("lang") or request.cookies.get(LANGUAGE_COOKIE) or (who and who.language)
    if chosen:
        return chosen
    for part in request.headers.get(hdrs.ACCEPT_LANGUAGE, "").split(","):
        name = part.partition(";")[0].strip().lower()
        if name.startswith(("zh", "en")):
            return name
    return "zh"


def _remember_language(request: web.Request, response: web.StreamResponse) -> None:
    if request.query.get("lang") in ("zh", "en"):
        response.set_cookie(
            LANGUAGE_COOKIE,
            request.query["lang"],
            max_age=365 * 86400,
            path="/",
            samesite="Lax",
            httponly=True,
        )


def pdf(body: bytes, name: str) -> web.Response:
    """A paper of ours, shown in the browser and kept by no cache."""
    return web.Response(
        body=body,
        content_type="application/pdf",
        headers={
            hdrs.CONTENT_DISPOSITION: f'inline; filename="{name}.pdf"',
            hdrs.CACHE_CONTROL: "no-store",
            "X-Robots-Tag": "noindex",
        },
    )


def back_to(address: str, done: str = "", **query: str) -> web.Response:
    """After an act: the page again, saying what was done. An address may have a question of its own already."""
    asked = {**query, **({"done": done} if done else {})}
    place = address + (("&" if "?" in address else "?") + urlencode(asked) if asked else "")
    return web.Response(status=303, headers={hdrs.LOCATION: place, hdrs.CACHE_CONTROL: "no-store"})


async def field(request: web.Request, name: str, limit: int = 2000) -> str:
    """A text field of the request's form: visible characters, trimmed; longer ones are refused, and several
    values where one is asked for, since all but one would be lost."""
    values = (await request.post()).getall(name, [""])
    given = values[0]
    if not isinstance(given, str):
        raise wrong_input.no_text(name)
    if len(given) > limit:
        raise wrong_input.too_long(name, limit)
    if any(value != given for value in values):
        raise wrong_input.twice(name)
    return text.visible(given).strip()


async def agreed(request: web.Request) -> bool:
    """What the two buttons under a question say: agree or refuse."""
    given = await field(request, "act", 12)
    if given not in ("agree", "refuse"):
        raise wrong_input.choice("act", given)
    return given == "agree"


def _short(value: str, length: int = 60) -> str:
    return value if len(value) <= length else value[: length - 1] + "…"


def _hash(value: str) -> Markup:
    """A hash in groups that may break anywhere, shown whole."""
    groups = Markup("<wbr>").join(escape(value[i : i + 8]) for i in range(0, len(value), 8))
    return Markup('<code class="hash">{}</code>').format(groups)


def _lines(value: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in value.splitlines())


def _types(codes: Iterable[str], w: Words) -> str:
    """Result types in words."""
    return w.joined(w(f"web.result.{code}") for code in codes)


def _query(path: str, now: dict[str, str], **changed: Any) -> str:
    """`path` with a filter changed, the others kept; paging starts again unless a page is asked for."""
    asked = {name: value for name, value in now.items() if name != "page"} | {
        k: str(v) for k, v in changed.items()
    }
    data = {name: value for name, value in asked.items() if value}
    return path + ("?" + urlencode(data) if data else "")


def day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
