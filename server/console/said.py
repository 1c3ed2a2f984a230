"""代为登记: what an entity said by telephone, on paper or at the counter, entered by the office (Art. 16 (2), 17)."""

from __future__ import annotations

import msgspec
from aiohttp import web

from server import behalf, wrong_input
from server.access import OFFICE, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.console.task import find
from server.pages import back_to

LONGEST = 2000
SEVERAL = ("lines",)

routes = Routes()


@routes.post("/console/tasks/{number}/said/{act:" + "|".join(behalf.SAID) + "}", audience=OFFICE)
async def said(request: web.Request) -> web.StreamResponse:
    """One act of the entity, with how it was heard and from whom. 400 for a form that is not exactly the act's."""
    number, form = (await find(request)).line.number, await request.post()
    given = {}
    for name in dict.fromkeys(form):
        values = form.getall(name)
        words = wrong_input.words_of_field(name, values, LONGEST)
        given[name] = words if name in SEVERAL else words[0]
    given.pop("csrf", None)
    try:
        await behalf.enter(
            number,
            request.match_info["act"],
            given,
            by=by(request),
            at=now(request),
            district=request.config_dict[DISTRICT],
        )
    except msgspec.ValidationError as wrong:
        raise wrong_input.shape(wrong) from wrong
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{number}", done="said")
