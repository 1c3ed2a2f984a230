"""日历订阅 in a reader's words: the visits and last days of one person, line by line (Art. 15)."""

from __future__ import annotations

from datetime import datetime

from locales import DEFAULT, Words, words
from models.district import District
from models.procedure.own_terms import OwnTerm, own_terms
from models.queries import recheck_times
from models.queries.calendar_feed import FeedVisit, visits_of
from models.queries.person import AccountHolder
from models.queries.recheck_times import RecheckTime
from models.rules.visit import local_day
from server.documents.calendar_feed_file import FeedEntry, feed_file


def addresses(district: District, token: str) -> tuple[str, str]:
    """The address of a calendar as a browser and as a calendar program opens it."""
    address = district.link(f"/calendar/{token}.ics")
    return address, "webcal://" + address.split("://", 1)[1]


async def calendar_of(owner: AccountHolder, district: District, at: datetime) -> bytes:
    """The file that the owner's calendar program fetches."""
    spoken = words(owner.language or DEFAULT)
    visits = await visits_of(owner.actor, at=at)
    terms = await own_terms(owner.actor, at=at, district=district)
    entries = (
        *(_visit(visit, owner, district, spoken) for visit in visits),
        *(
            _recheck(time, owner, district, spoken, at)
            for time in await recheck_times.of_officers([owner.actor.id])
        ),
        *(_term(term, district, spoken, at) for term in terms),
    )
    role = spoken(f"role.{owner.role}")
    return feed_file(entries, spoken("feed.name", district=district.name, role=role), spoken("feed.about"))


def _visit(visit: FeedVisit, owner: AccountHolder, district: District, spoken: Words) -> FeedEntry:
    minutes = int((visit.ends - visit.begins).total_seconds()) // 60
    lines = [
        spoken("feed.number", number=visit.number), spoken("feed.place", address=visit.address or "—"),
        spoken("feed.lasts", n=minutes), spoken("feed.leads") if visit.leads else "",
    ]  # fmt: skip
    return FeedEntry(
        uid=f"visit-{visit.number}@{district.domain}", version=visit.version,
        summary=spoken("feed.cancelled" if visit.cancelled else "feed.visit", target=visit.target),
        description="\n".join(line for line in lines if line), begins=visit.begins, ends=visit.ends,
        changed_at=visit.changed_at, place=visit.address, url=_link(visit.number, owner, district), cancelled=visit.cancelled,
    )  # fmt: skip


def _recheck(
    time: RecheckTime, owner: AccountHolder, district: District, spoken: Words, at: datetime
) -> FeedEntry:
    """An officer's own; another day is another entry."""
    return FeedEntry(
        uid=f"recheck-{time.number}@{district.domain}", version=0, summary=spoken("feed.recheck", target=time.target),
        description=spoken("feed.number", number=time.task), begins=time.window.begins, ends=time.window.ends, changed_at=at,
        url=_link(time.task, owner, district),
    )  # fmt: skip


def _link(number: str, owner: AccountHolder, district: District) -> str:
    """The task's page, for whoever may open it."""
    return "" if owner.role == "liaison" else district.link(f"/console/tasks/{number}")


def _term(term: OwnTerm, district: District, spoken: Words, at: datetime) -> FeedEntry:
    kind, of = spoken(f"term.kind.{term.kind}"), term.target or term.named
    late = local_day(at) > term.due
    number = spoken("feed.number", number=term.number) if term.number else ""
    sentence = spoken("feed.term.text", kind=kind, day=term.due)
    return FeedEntry(
        uid=f"term-{term.subject}-{term.kind}-{term.due}@{district.domain}", version=0,
        summary=spoken("feed.late" if late else "feed.term", kind=kind, of=of),
        description=f"{number}\n{sentence}".strip(), begins=term.due, ends=None, changed_at=at,
    )  # fmt: skip
