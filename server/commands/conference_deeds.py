"""What `act do` can do for the joint conference, and putting a reminder off (Art. 5, 16 (3))."""

from __future__ import annotations

from datetime import date

from models.procedure import conference, digest, snooze
from models.rules.conference import MeetingForm
from server.companion.act_request import ActRequest, Acts, Answer
from server.companion.json_requests import ActBody, Line, Text


class MeetingHeld(ActBody):
    day: date
    chair: Line
    departments: list[str]
    minutes: Text


class ResolutionTaken(ActBody):
    written: Text
    owner: Line
    due: date


class ResolutionReported(ActBody):
    report: Text


class ReminderSnoozed(ActBody):
    until: date
    reason: Line


class ResolutionDropped(ActBody):
    reason: Line


async def _meeting(turn: ActRequest, asked: MeetingHeld) -> Answer:
    form = MeetingForm(asked.day, turn.number, asked.chair, tuple(asked.departments), asked.minutes)
    await conference.hold(form, **turn.who)
    return {}


async def _resolve(turn: ActRequest, asked: ResolutionTaken) -> Answer:
    await conference.resolve(int(turn.number), asked.written, asked.owner, asked.due, **turn.who)
    return {}


async def _report(turn: ActRequest, asked: ResolutionReported) -> Answer:
    await conference.report(int(turn.number), asked.report, **turn.who)
    return {}


async def _drop_resolution(turn: ActRequest, asked: ResolutionDropped) -> Answer:
    await conference.drop(int(turn.number), asked.reason, **turn.who)
    return {}


async def _send_again(turn: ActRequest, asked: ActBody) -> Answer:
    return {"sent": await digest.send_again(turn.number, district=turn.district, **turn.who)}


async def _snooze(turn: ActRequest, asked: ReminderSnoozed) -> Answer:
    await snooze.snooze(int(turn.number), asked.until, asked.reason, **turn.who)
    return {}


ACTS: Acts = {
    "snooze": (ReminderSnoozed, _snooze),
    "meeting": (MeetingHeld, _meeting),
    "resolution": (ResolutionTaken, _resolve),
    "resolution_report": (ResolutionReported, _report),
    "resolution_drop": (ResolutionDropped, _drop_resolution),
    "digest_again": (ActBody, _send_again),
}
"""Their subject is the number of a reminder, a meeting or a resolution; for `meeting` its name, for `digest_again` the
month."""
