"""检查对象的意见 by telephone, on paper or at the counter: what its page offers, entered by the office (Art. 16 (2), 17).

The console and the command line read one table; what is offered is what the entity's own page offers at this moment.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

import msgspec

from models.district import District
from models.procedure import (
    correction,
    credit,
    notice,
    objection,
    on_behalf,
    postponement,
    preparation,
    rectification,
    recusal,
    reply,
)
from models.queries import notice_page
from models.queries.notice_page import NoticePage
from models.rules import tokens
from models.rules.actor import Actor
from server.companion.json_requests import Row

Long = Annotated[str, msgspec.Meta(max_length=2000)]


class HeardOnBehalf(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How it was heard and from whom: part of every one of these."""

    heard_by: str
    spoke_with: Annotated[str, msgspec.Meta(max_length=80)]


class MaterialsHeard(HeardOnBehalf):
    lines: list[Row]


class Postponed(HeardOnBehalf):
    reason: Annotated[str, msgspec.Meta(max_length=500)]
    wanted: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Recused(HeardOnBehalf):
    officer: Row
    reason: Annotated[str, msgspec.Meta(max_length=1000)]


class CorrectionHeard(HeardOnBehalf):
    line: Row
    text: Long


class ProofHeard(HeardOnBehalf):
    order: Annotated[str, msgspec.Meta(max_length=80)]
    text: Long


class Spoken(HeardOnBehalf):
    text: Long


Who = dict[str, Any]


async def _received(number: str, asked: HeardOnBehalf, who: Who, district: District) -> None:
    await notice.acknowledge(number, **who)


async def _prepared(number: str, asked: MaterialsHeard, who: Who, district: District) -> None:
    await preparation.tick(number, dict.fromkeys(asked.lines, True), **who)


async def _postpone(number: str, asked: Postponed, who: Who, district: District) -> None:
    await postponement.ask(number, asked.reason, wanted=asked.wanted, **who)


async def _recuse(number: str, asked: Recused, who: Who, district: District) -> object:
    return await recusal.ask(number, asked.officer, asked.reason, **who)


async def _mend(number: str, asked: CorrectionHeard, who: Who, district: District) -> object:
    return await correction.submit(number, asked.line, asked.text, **who)


async def _reply(number: str, asked: Spoken, who: Who, district: District) -> None:
    await reply.give(number, asked.text, **who)


async def _agree(number: str, asked: HeardOnBehalf, who: Who, district: District) -> None:
    await reply.agree(number, **who)


async def _prove(number: str, asked: ProofHeard, who: Who, district: District) -> None:
    await rectification.hand_in(asked.order, asked.text, **who)


async def _object(number: str, asked: Spoken, who: Who, district: District) -> object:
    return await objection.object_to(number, asked.text, district=district, **who)


async def _repair(number: str, asked: Spoken, who: Who, district: District) -> object:
    return await credit.apply(number, asked.text, **who)


SAID: dict[str, tuple[type[HeardOnBehalf], Callable[[str, Any, Who, District], Awaitable[object]]]] = {
    "received": (HeardOnBehalf, _received),
    "prepared": (MaterialsHeard, _prepared),
    "postpone": (Postponed, _postpone),
    "recuse": (Recused, _recuse),
    "mend": (CorrectionHeard, _mend),
    "reply": (Spoken, _reply),
    "agree": (HeardOnBehalf, _agree),
    "object": (Spoken, _object),
    "prove": (ProofHeard, _prove),
    "repair": (Spoken, _repair),
}
"""By the name that the entity's page sends. 评价 is missing: about those who inspected nobody else holds the pen."""


async def enter(
    task: str, name: str, given: dict[str, Any], *, by: Actor, at: datetime, district: District
) -> None:
    """One of `SAID`, from a form's or a command's words. Raises msgspec.ValidationError for what has not its shape."""
    shape, deed = SAID[name]
    asked = msgspec.convert(given, shape, strict=False)

    async def done(number: str, entity: Actor) -> object:
        return await deed(number, asked, {"by": entity, "at": at}, district)

    await on_behalf.entity_said(task, name, asked.heard_by, asked.spoke_with, done, by=by, at=at)


async def page_of(task: str, at: datetime, district: District) -> NoticePage | None:
    """The entity's page for this task as it is now."""
    number = await notice_page.newest(task)
    return (
        await notice_page.notice_page(tokens.token(district.secret, "notice", number), at, district)
        if number
        else None
    )


def offered(page: NoticePage) -> tuple[str, ...]:
    """What the entity's own page offers."""
    after = page.after
    may = {
        "received": page.letter.valid and page.letter.received is None,
        "prepared": page.letter.valid and any(not line.ready for line in page.to_prepare),
        "postpone": page.letter.planned and page.wish is None,
        "recuse": page.letter.planned and any(not officer.asked for officer in page.letter.team),
        "mend": (page.letter.valid and page.letter.planned and bool(page.lines))
        or bool(after and after.wanting),
        "reply": bool(after and after.may_reply),
        "agree": bool(after and after.types and not after.agreed and after.result is None),
        "object": bool(after and after.may_object),
        "repair": bool(after and after.credit and after.credit.repairable),
        "prove": any(order.provable for order in page.orders),
    }
    return tuple(name for name in SAID if may[name])
