"""Photos and screenshots that an officer brings at a desk: byte for byte, with what the file says of itself (Art. 16).

What is refused leaves nothing behind: an act is tried before its bytes are kept.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from models.imaging import examine
from models.procedure import inspection, photo
from models.procedure.document_submission import SubmittedFile
from models.queries import companion
from models.queries import photo as photo_queries
from models.rules.photo import Origin, Way, as_kept, grade, marks
from server import wrong_input
from server.access import INSPECTOR, INSPECTOR_WITH_FILES, Routes, check_csrf
from server.app_keys import DISTRICT, WAKE, by, now
from server.companion.uploads import labelled
from server.console.work import of_the_team
from server.pages import back_to
from server.pages import field as form_field
from server.public import upload_form

routes = Routes()


@routes.post("/console/tasks/{number}/seen", audience=INSPECTOR_WITH_FILES)
async def seen(request: web.Request) -> web.StreamResponse:
    """网络检查: what was found, where, with a screenshot if there is one (Art. 16 (1))."""
    number, who, at = await of_the_team(request), by(request), now(request)
    async with upload_form.read(request) as form:
        check_csrf(request, form.text("csrf", 200))
        reason, link, tried = form.text("reason", 400), form.text("link", 400), False
        for file in form.files:
            await _looked_at(form, file)

        async def entered() -> None:  # for trial while the bytes are not there yet, then with them
            nonlocal tried
            shot, tried = form.files[0].sha256 if form.files and tried else "", True
            await inspection.find_online(
                number, form.number("question"), form.text("verdict", 8), form.text("finding"), form.text("source", 200),
                reason=reason, link=link, screenshot=shot, by=who, at=at,
            )  # fmt: skip

        await form.kept_for(entered)
    return _done(request, number)


@routes.post("/console/tasks/{number}/photos", audience=INSPECTOR_WITH_FILES)
async def take(request: web.Request) -> web.StreamResponse:
    """Photos for a question, or of what happened (`about`)."""
    number, who, at = await of_the_team(request), by(request), now(request)
    async with upload_form.read(request) as form:
        check_csrf(request, form.text("csrf", 200))
        about, question = form.text("about", 12), form.number("question") or None
        if not form.files:
            raise wrong_input.no_file("photo")
        if about not in ("", *photo.ABOUT):
            raise wrong_input.choice("about", about)
        task = await companion.task_id(number)
        evidence = [await _evidence(form, file, task, at) for file in form.files]
        caption, day_mb = form.text("caption", 400), request.config_dict[DISTRICT].officer_day_mb

        async def entered() -> None:
            for row in evidence:
                await photo.take(
                    number, question, about=about, caption=caption, by=who, at=at, day_mb=day_mb, **row
                )

        await form.kept_for(entered)
    return _done(request, number)


@routes.post("/console/tasks/{number}/photos/{id:[0-9]{1,9}}/place", audience=INSPECTOR)
async def place(request: web.Request) -> web.StreamResponse:
    """To which question a photo belongs that came without one."""
    number = await of_the_team(request)
    given = wrong_input.number_of("question", await form_field(request, "question", 5))
    await photo.place(int(request.match_info["id"]), given, by=by(request), at=now(request))
    return _done(request, number)


async def _looked_at(form: upload_form.Form, file: SubmittedFile) -> Any:
    return await asyncio.to_thread(lambda: examine((form.folder / file.sha256).read_bytes()))


async def _evidence(form: upload_form.Form, file: SubmittedFile, task: int, at: Any) -> dict[str, Any]:
    """What the file says, and that it was chosen from files at a desk."""
    negative = await _looked_at(form, file)
    origin = Origin(Way.CONSOLE, at, negative.claims, None, await photo_queries.where(task), gallery=True)
    return {
        "sha256": negative.sha256, "size": negative.size, "format": negative.format, "width": negative.width,
        "height": negative.height, "grade": str(grade(origin)), "labels": [labelled(mark) for mark in marks(origin)],
        "exif": as_kept(negative.claims), "source": "console",
    }  # fmt: skip


def _done(request: web.Request, number: str) -> web.Response:
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{number}", done="work")
