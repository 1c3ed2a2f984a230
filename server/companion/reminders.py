"""稍后提醒 from the phone: what one was reminded of, put off until a day with a reason (Art. 16 (3))."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from models.procedure import snooze
from models.procedure.own_terms import ReminderSaid, reminders_said
from models.rules.snooze import REASONS
from server.app_keys import DISTRICT, by, now
from server.companion.acts import done_once
from server.companion.json_requests import COMPANION, ActBody, FieldRoutes, Line, Row, answer, read
from server.pages import words_of

routes = FieldRoutes()


class ReminderPutOff(ActBody):
    reminder: Row
    until: date
    reason: Line


@routes.get("/field/api/reminders", audience=COMPANION)
async def listed(request: web.Request) -> web.Response:
    """What can be put off, in the reader's words, with the reasons that have a button."""
    w = words_of(request)

    def line(reminder: ReminderSaid) -> dict[str, object]:
        term = reminder.term
        return {
            "id": reminder.id, "kind": w(f"term.kind.{term.kind}"), "of": term.target or term.named, "due": w.day(term.due),
            "until": w.day(reminder.until) if reminder.until else None,
            "days": [[day.isoformat(), w.day(day)] for day in reminder.offered],
        }  # fmt: skip

    reminders = await reminders_said(by(request), at=now(request), district=request.config_dict[DISTRICT])
    reasons = [w(f"snooze.reason.{reason}") for reason in REASONS]
    return answer({"reminders": [line(reminder) for reminder in reminders], "reasons": reasons})


@routes.post("/field/api/snooze", audience=COMPANION)
async def put_off(request: web.Request) -> web.Response:
    """201 with a receipt, like every act."""
    asked, sha256 = await read(request, ReminderPutOff)
    who, at = by(request), now(request)

    async def done(key: str) -> dict[str, object]:
        await snooze.snooze(asked.reminder, asked.until, asked.reason, by=who, at=at, key=key)
        return {}

    return await done_once(request, asked.key, sha256, f"snooze/{asked.reminder}", done)
