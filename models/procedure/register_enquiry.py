"""季度核对: the clock asks each officer once a quarter whether the register is still right; they answer (Art. 7, 10)."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.district import District
from models.operations import event
from models.procedure import recipients
from models.queries.register_enquiry import EnquiryLine, serving_with_account, standing
from models.refusal import Refusal
from models.rules import register_enquiry as rules
from models.rules.actor import CLOCK, Actor, Role, require
from models.rules.overdue import Terms
from models.rules.term.kinds import BY_NAME
from models.rules.visit import local_day
from models.rules.workdays import Calendar
from models.tables import RegisterEnquiry

CHAIN = "registry"
KIND = "register.asked"


async def sweep(*, at: datetime, district: District) -> int:
    """Put the quarter's question once to every officer of the register who has an account; how many were asked.

    Not in the quiet hours. What fell due while the server was off is asked when it is back, within the days of the term.
    """
    today = local_day(at)
    if district.quiet_hours.hold(at) or not rules.is_asking(today, district.calendar):
        return 0
    if await event.find_by_key(_key(rules.quarter_of(today))):
        return 0
    return await ask(at=at, calendar=district.calendar, terms=district.terms)


def _key(quarter: str) -> str:
    return f"register.asked:{quarter}"


@store.transactional
async def ask(*, at: datetime, calendar: Calendar, terms: Terms) -> int:
    """One row and one message an officer; how many."""
    today = local_day(at)
    quarter = rules.quarter_of(today)
    if await event.find_by_key(_key(quarter)):
        return 0
    due = calendar.nth_workday_after(today, terms.length(BY_NAME["register"])).date
    codes = await serving_with_account()
    await store.insert(
        [RegisterEnquiry(quarter=quarter, inspector_id=code, asked_at=at, due=due) for code in codes]
    )
    heard = await recipients.each_officer(codes)
    for row in await RegisterEnquiry.filter(quarter=quarter).order_by("id"):
        to = heard[str(row.inspector_id)]
        await recipients.tell(to, KIND, key=f"{KIND}:{row.id}", at=at, chain=CHAIN, enquiry=row.id)
    await event.record(
        CHAIN, KIND, by=CLOCK, at=at, key=_key(quarter), quarter=quarter, n=len(codes), due=due.isoformat()
    )
    return len(codes)


@store.transactional
async def answer(enquiry: int, wrong: str, *, by: Actor, at: datetime, key: str | None = None) -> EnquiryLine:
    """The officer says that all is right (`wrong` ""), or which of `FACTS` is to be changed by the own liaison.

    A later answer takes the place of the one before, until the next quarter's question is put. Refuses somebody else's
    question as if there were none (D60).
    """
    require(by, Role.INSPECTOR, article=rules.ARTICLE)
    row = await RegisterEnquiry.get_or_none(id=enquiry, inspector_id=by.id)
    if row is None:
        raise Refusal("enquiry.unknown", rules.ARTICLE)
    if await event.find_by_key(key):
        return await _line(by)
    rules.check(wrong)
    if await RegisterEnquiry.exists(inspector_id=by.id, id__gt=row.id):
        raise Refusal("enquiry.over", rules.ARTICLE, quarter=row.quarter)
    row.answered_at, row.wrong = at, wrong
    await row.save(update_fields=["answered_at", "wrong"])
    await event.record(
        CHAIN, "register.answered", by=by, at=at, key=key, quarter=row.quarter, code=by.id, wrong=wrong
    )
    return await _line(by)


async def _line(by: Actor) -> EnquiryLine:
    line = await standing(by.id)
    assert line
    return line
