"""What `act do` can do, by name: the acts of officers as their phones send them, and those of heads and the office."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec

from models.procedure import (
    approval,
    batch,
    cooperation,
    entry,
    notice,
    notification,
    objection,
    plan_draft,
    publication,
    recusal,
    revision,
    team,
)
from models.rules.plan_draft import EntryForm
from server.field import acts as phone
from server.field.act_request import ActRequest, Acts, Answer
from server.field.json_requests import Asked, Line, Text

ONLY_ON_A_PHONE = ("arrive_located", "photo_mark", "record_sign")
"""Where the phone is, a finger's drawing, a hand on glass: nobody can do these for another."""


class Decided(Asked):
    agree: bool
    said: Line = ""


class Published(Asked):
    unsigned: Line = ""
    untold: Line = ""


class Receipt(Asked):
    receipt: Line
    day: date | None = None


class Replaced(Asked):
    officer: Annotated[str, msgspec.Meta(max_length=32)]
    reason: Annotated[str, msgspec.Meta(max_length=12)]
    note: Line = ""


class Extended(Asked):
    until: date
    reason: Line


class Reasoned(Asked):
    reason: Line


class Proposed(Asked):
    types: list[str]
    note: Text = ""
    reason: Line = ""
    aside: list[int] = msgspec.field(default_factory=list)


class Agreed(Asked):
    agree: bool
    reason: Line = ""


class Signed(Asked):
    reason: Line = ""


class PlanEntryPut(Asked):
    year: int
    title: Line
    items: list[str]
    participating: list[str]
    opens: date
    closes: date
    methods: list[str]
    rates: list[str]
    industries: list[str] = msgspec.field(default_factory=list)
    areas: list[str] = msgspec.field(default_factory=list)


class Told(Asked):
    reached: bool
    said: Line
    spoke_with: Annotated[str, msgspec.Meta(max_length=80)] = ""
    channel: Annotated[str, msgspec.Meta(max_length=12)] = "phone"


async def _review(turn: ActRequest, asked: Decided) -> Answer:
    await entry.review(turn.number, asked.agree, reason=asked.said, **turn.who)
    return {}


async def _publish(turn: ActRequest, asked: Published) -> Answer:
    await publication.publish(
        turn.number, district=turn.district, unsigned=asked.unsigned, untold=asked.untold, **turn.who
    )
    return {}


async def _receipt(turn: ActRequest, asked: Receipt) -> Answer:
    await publication.record(turn.number, asked.receipt, asked.day, **turn.who)
    return {}


async def _replace(turn: ActRequest, asked: Replaced) -> Answer:
    await team.request_substitution(turn.number, asked.officer, asked.reason, asked.note, **turn.who)
    return {}


async def _substitution(turn: ActRequest, asked: Decided) -> Answer:
    await team.decide(int(turn.number), asked.agree, **turn.who)
    return {}


async def _withholding(turn: ActRequest, asked: Decided) -> Answer:
    await notice.decide_withholding(int(turn.number), asked.agree, **turn.who)
    return {}


async def _refusal(turn: ActRequest, asked: Decided) -> Answer:
    await cooperation.decide(int(turn.number), asked.agree, said=asked.said, by=turn.by, at=turn.at)
    return {}


async def _approval(turn: ActRequest, asked: Decided) -> Answer:
    await approval.decide(
        int(turn.number), asked.agree, by=turn.by, at=turn.at, district=turn.district, reason=asked.said
    )
    return {}


async def _recusal(turn: ActRequest, asked: Decided) -> Answer:
    await recusal.decide(int(turn.number), asked.agree, asked.said, **turn.who)
    return {}


async def _objection(turn: ActRequest, asked: Decided) -> Answer:
    await objection.decide(int(turn.number), asked.agree, asked.said, **turn.who)
    return {}


async def _extend(turn: ActRequest, asked: Extended) -> Answer:
    await batch.extend(turn.number, asked.until, asked.reason, by=turn.by, at=turn.at)
    return {}


async def _ask_revision(turn: ActRequest, asked: Reasoned) -> Answer:
    await revision.ask(turn.number, asked.reason, **turn.who)
    return {}


async def _revise(turn: ActRequest, asked: Proposed) -> Answer:
    await revision.propose(
        turn.number, asked.types, asked.note, reason=asked.reason, aside=asked.aside, **turn.who
    )
    return {}


async def _revision(turn: ActRequest, asked: Decided) -> Answer:
    await revision.decide(turn.number, asked.agree, asked.said, **turn.who)
    return {}


async def _drop(turn: ActRequest, asked: Reasoned) -> Answer:
    await revision.drop(turn.number, asked.reason, **turn.who)
    return {}


async def _withdraw(turn: ActRequest, asked: Reasoned) -> Answer:
    await revision.withdraw(turn.number, asked.reason, **turn.who)
    return {}


async def _told(turn: ActRequest, asked: Told) -> Answer:
    await notification.told_by_a_person(
        int(turn.number), asked.reached, asked.said, by=turn.by, at=turn.at, spoke_with=asked.spoke_with,
        channel=asked.channel,
    )  # fmt: skip
    return {}


async def _plan_put(turn: ActRequest, asked: PlanEntryPut) -> Answer:
    form = EntryForm(
        turn.number, asked.title, asked.items, asked.participating, asked.opens, asked.closes, asked.methods, asked.rates,
        asked.industries, asked.areas,
    )  # fmt: skip
    await plan_draft.put(asked.year, form, by=turn.by, at=turn.at)
    return {}


async def _plan_remove(turn: ActRequest, asked: Asked) -> Answer:
    await plan_draft.remove(int(turn.number), by=turn.by, at=turn.at)
    return {}


async def _plan_ask(turn: ActRequest, asked: Asked) -> Answer:
    await plan_draft.ask(int(turn.number), by=turn.by, at=turn.at)
    return {}


async def _plan_consent(turn: ActRequest, asked: Agreed) -> Answer:
    await plan_draft.consent(int(turn.number), asked.agree, asked.reason, **turn.who)
    return {}


async def _plan_hand_in(turn: ActRequest, asked: Signed) -> Answer:
    await plan_draft.hand_in(int(turn.number), asked.reason, **turn.who)
    return {}


async def _plan_send_back(turn: ActRequest, asked: Reasoned) -> Answer:
    await plan_draft.send_back(int(turn.number), asked.reason, by=turn.by, at=turn.at)
    return {}


async def _plan_publish(turn: ActRequest, asked: Asked) -> Answer:
    await plan_draft.publish(int(turn.number), by=turn.by, at=turn.at)
    return {}


TASK, ROW, BATCH, ENTRY = "TASK", "ID", "BATCH", "ENTRY"
OTHERS: Acts = {
    "review": (Decided, _review),
    "publish": (Published, _publish),
    "receipt": (Receipt, _receipt),
    "replace": (Replaced, _replace),
    "substitution": (Decided, _substitution),
    "withholding": (Decided, _withholding),
    "decide_refusal": (Decided, _refusal),
    "approval": (Decided, _approval),
    "recusal": (Decided, _recusal),
    "objection": (Decided, _objection),
    "extend": (Extended, _extend),
    "revision_ask": (Reasoned, _ask_revision),
    "revision_propose": (Proposed, _revise),
    "revision": (Decided, _revision),
    "revision_drop": (Reasoned, _drop),
    "withdraw": (Reasoned, _withdraw),
    "told": (Told, _told),
    "plan_put": (PlanEntryPut, _plan_put),
    "plan_remove": (Asked, _plan_remove),
    "plan_ask": (Asked, _plan_ask),
    "plan_consent": (Agreed, _plan_consent),
    "plan_hand_in": (Signed, _plan_hand_in),
    "plan_send_back": (Reasoned, _plan_send_back),
    "plan_publish": (Asked, _plan_publish),
}
"""Acts of heads, liaisons, leaders at a desk and the office."""
ON_A_ROW = (
    "substitution", "withholding", "decide_refusal", "approval", "recusal", "objection", "told",
    "plan_remove", "plan_ask", "plan_consent", "plan_hand_in", "plan_send_back", "plan_publish",
)  # fmt: skip
"""Their subject is a number of `act waiting` or `plan drafts`; of the others a task or, for `extend`, a batch."""
DEEDS: Acts = {name: deed for name, deed in phone.ACTS.items() if name not in ONLY_ON_A_PHONE} | OTHERS


def subject_of(name: str) -> str:
    if name == "plan_put":
        return ENTRY
    return ROW if name in ON_A_ROW else BATCH if name == "extend" else TASK


def shaped(name: str, given: dict[str, str], key: str) -> Any:
    """`FIELD=VALUE` pairs as the act's shape; several values stand between commas. Raises msgspec.ValidationError."""
    shape, _ = DEEDS[name]
    lists = {one.name for one in msgspec.structs.fields(shape) if "list" in str(one.type)}
    said: dict[str, Any] = {
        field: _people(value) if field == "people" else value.split(",") if field in lists else value
        for field, value in given.items()
    }
    return msgspec.convert({**said, "key": key}, shape, strict=False)


def _people(value: str) -> list[list[str]]:
    """`姓名 职务,姓名 职务`."""
    return [[*one.split(maxsplit=1), ""][:2] for one in value.split(",")]


__all__ = ["DEEDS", "OTHERS", "shaped", "subject_of"]
