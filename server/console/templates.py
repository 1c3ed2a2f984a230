"""告知书用语: a department words its letters, sees them on a fictitious one, and then keeps them (Art. 16 (2))."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import Any

from aiohttp import web

from locales import words
from models.procedure import template
from models.queries import template as templates
from models.rules import template as rules
from models.rules.actor import Role
from server import wrong_input
from server.access import HOSTS, Routes
from server.app_keys import DISTRICT, by, now
from server.documents.letter import LetterWords, print_letter
from server.pages import back_to, field, render
from server.sample_letter import sample_letter

PPI = 84

routes = Routes()


@routes.get("/console/templates", audience=HOSTS)
async def list_departments(request: web.Request) -> web.Response:
    actor = by(request)
    if actor.role == Role.HEAD:
        return back_to(f"/console/templates/{actor.department}")
    return render(request, "console/templates.html", departments=await templates.departments())


@routes.get("/console/templates/{department}", audience=HOSTS)
async def show(request: web.Request) -> web.Response:
    version = await templates.standing(await _department(request))
    return await _page(request, version.texts, version.version)


@routes.post("/console/templates/{department}", audience=HOSTS)
async def act(request: web.Request) -> web.StreamResponse:
    """Preview as a picture or as PDF, or save: what was typed stays in the form until it is saved."""
    department, wanted = await _department(request), await field(request, "act", 12)
    typed = {
        part: {value: await field(request, f"{part}.{value}", limit * 2) for value in rules.LANGUAGES}
        for part, limit in rules.PARTS.items()
    }
    seen = wrong_input.number_of("seen", await field(request, "seen", 9))
    if wanted == "save":
        await template.word(department, typed, seen=seen, by=by(request), at=now(request))
        return back_to(f"/console/templates/{department}", done="worded")
    language = "en" if await field(request, "language", 2) == "en" else "zh_Hans"
    if wanted == "pdf":
        (pdf,) = await _printed(request, rules.read(typed), language, "pdf")
        return web.Response(body=pdf, content_type="application/pdf", headers={"Cache-Control": "no-store"})
    if wanted != "preview":
        raise wrong_input.choice("act", wanted)
    pictures = await _printed(request, rules.read(typed), language, "png")
    return await _page(
        request, typed, int(seen), language, [b64encode(picture).decode() for picture in pictures]
    )


async def _page(
    request: web.Request,
    texts: Any,
    version: int,
    language: str = "zh_Hans",
    pictures: list[str] | None = None,
) -> web.Response:
    department = await _department(request)
    called = {code: name for code, name, _ in await templates.departments()}
    standard = {
        part: {value: words(value)(f"letter.own.{part}") for value in rules.LANGUAGES} for part in rules.PARTS
    }
    return render(
        request, "console/template.html", department=department, called=called[department], texts=texts,
        parts=rules.PARTS, languages=rules.LANGUAGES, standard=standard, version=version, chosen=language,
        pictures=pictures or [], versions=await templates.versions(department),
    )  # fmt: skip


async def _printed(request: web.Request, texts: rules.Texts, language: str, form: str) -> list[bytes]:
    spoken, department = words(language), await _department(request)
    unit = await templates.unit(department)
    letter = sample_letter(texts, unit, spoken, request.config_dict[DISTRICT], now(request))
    return await asyncio.to_thread(print_letter, (letter, LetterWords.of(spoken)), form=form, ppi=PPI)


async def _department(request: web.Request) -> str:
    """The department in the address: any for the office, a head's own; others are like none (D60)."""
    wanted, actor = request.match_info["department"], by(request)
    known = {code for code, _, _ in await templates.departments()}
    if wanted not in known or (actor.role == Role.HEAD and actor.department != wanted):
        raise web.HTTPNotFound
    return wanted
