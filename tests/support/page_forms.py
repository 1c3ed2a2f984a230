"""What a page offers, pressed: each form and each of its buttons, with the least that it asks for, and undone again."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

from aiohttp import FormData, web

from models import store
from models.engine import writes
from models.tables import Event
from server.access import Handler
from tests.server.pages import FORM, Browser, Page, Site, site

IN_VAIN = "X-In-Vain"
WRITTEN = "X-Written"
rehearse = store.rehearse
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    required: bool = False
    options: list[str] = field(default_factory=list)
    smallest: str = ""


@dataclass
class Form:
    """`buttons`: what each sends by itself; at least one."""

    action: str
    files: bool
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def least(self, said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """What somebody sends who fills in only what must be. `said`: words for fields by name. Of boxes those that are
        ticked already, else the first; who is present: all."""
        taken: set[str] = set()
        for one in self.fields:
            first = one.name not in taken
            taken.add(one.name)
            if one.kind in ("file", "disabled"):
                continue
            if one.kind in ("checkbox", "radio"):
                if one.name in ALL or first:
                    yield one.name, one.value
            elif one.kind == "select":
                chosen = [value for value in one.options if value] if one.required else one.options
                yield one.name, (chosen or one.options or [""])[0]
            elif one.kind == "hidden" or (one.kind == "date" and one.value):
                yield one.name, one.value
            elif one.name in said:
                yield one.name, said[one.name]
            else:
                yield one.name, one.value or (_sample(one) if one.required else "")


ALL = ("present",)
"""Boxes that are all ticked."""


def _sample(one: Field) -> str:
    return {"date": "2026-12-30", "number": one.smallest or "1", "time": "09:00"}.get(one.kind, "示例")


class Forms(HTMLParser):
    """The forms of a page with everything in them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.inside = False
        self.select: Field | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self.forms.append(Form(given["action"], "multipart" in given.get("enctype", "")))
            self.inside = True
        if not self.inside:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag == "button":
            form.buttons.append((name, given.get("value", "")))
        elif tag == "select":
            self.select = Field(name, "select", required="required" in given)
            form.fields.append(self.select)
        elif tag == "option" and self.select:
            self.select.options.append(given.get("value", "\0"))
        elif tag in ("input", "textarea") and name:
            kind = given.get("type", "text") if tag == "input" else "textarea"
            if "disabled" in given:
                kind = "disabled"
            form.fields.append(
                Field(name, kind, given.get("value", ""), "required" in given, smallest=given.get("min", ""))
            )

    def handle_data(self, data: str) -> None:
        if self.select and self.select.options[-1:] == ["\0"]:  # an option without a value is its words
            self.select.options[-1] = data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "select":
            self.select = None


@dataclass(frozen=True)
class Pressed:
    """`code`: of the refusal, "" where it was done. `name`: the address without its numbers, and the button."""

    name: str
    status: int
    code: str


@web.middleware
async def undone(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What a request marked so does is done and undone; its answer is the true one, with how many acts it wrote."""
    if IN_VAIN not in request.headers:
        return await handler(request)
    answers: list[web.StreamResponse] = []

    async def deed() -> None:
        before = await Event.exclude(kind="companion.done").count()
        answers.append(await handler(request))
        answers[0].headers[WRITTEN] = str(await Event.exclude(kind="companion.done").count() - before)

    with patch.object(store, "rehearse", _within):
        await rehearse(deed)
    return answers[0]


async def _within(deed: Callable[[], Awaitable[Any]]) -> None:
    """A rehearsal inside the one around the whole request: its rows go, and nobody seals what they were."""

    class Undone(Exception):
        pass

    with suppress(Undone), writes.watching(store._sealing.writes()):
        async with store.savepoint():
            await deed()
            raise Undone


@asynccontextmanager
async def trying(**how: Any):
    """The site, where a request may be made in vain."""

    def first(app: web.Application) -> None:
        app.middlewares.insert(0, undone)

    async with site(extra=first, **how) as made:
        yield made


async def press_all(
    browser: Browser,
    page: Page,
    said: Mapping[str, str],
    files: Mapping[str, bytes] = {},
    seen: set[str] | None = None,
) -> list[Pressed]:
    """Every form of a page, once by each of its buttons; of forms that differ in their numbers alone the first.

    `said`: words by name, or by `address name`. `seen`: what was pressed on another page already.
    """
    found: list[Pressed] = []
    seen = set() if seen is None else seen
    for form in Forms(page.html).forms:
        if form.action == "/logout":  # its answer takes the session from the browser
            continue
        for name, value in form.buttons or [("", "")]:
            own = {
                key.split()[1]: word
                for key, word in said.items()
                if " " in key and key.split()[0] in form.action
            }
            sent = [*form.least({key: word for key, word in said.items() if " " not in key} | own)]
            sent += [(name, value)] if name else []
            kind = f"{form.action} {dict(sent).get('act', '')} {value}".strip()
            if _plain(kind) not in seen:
                seen.add(_plain(kind))
                found.append(await _press(browser, form, sent, kind, files))
    return found


async def _press(
    browser: Browser, form: Form, sent: list[tuple[str, str]], name: str, files: Mapping[str, bytes]
) -> Pressed:
    data = FormData(default_to_multipart=form.files)
    for key, value in sent:
        data.add_field(key, value)
    for one in form.fields:
        if one.kind == "file" and one.required:
            bytes_ = next((body for part, body in files.items() if part in form.action), PNG)
            data.add_field(one.name, bytes_, filename="示例.png", content_type="application/octet-stream")
    headers = {**FORM, IN_VAIN: "1", "Accept": "application/json"}
    answer = await browser.client.post(form.action, data=data, headers=headers, allow_redirects=False)
    code = ""
    if answer.status >= 400:
        code = (await answer.json())["error"].get("code", "") or str(answer.status)
    return Pressed(_plain(name), answer.status, code)


def _plain(name: str) -> str:
    """An address without its numbers and tokens."""
    return re.sub(r"/n/[^/ ]+", "/n/N", re.sub(r"\d[\w-]*", "N", name))


__all__ = ["Form", "Forms", "Pressed", "Site", "press_all", "trying"]
