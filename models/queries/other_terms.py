"""Terms that hang on no task: plans, consents, mergers, schemes, certificates, days off, resolutions (Art. 5-16).

Chosen by dates in SQL, wider than exact; `rules.reminding` decides which has reached a threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.queries import credit, plan_merges, retention, scheme_drafts
from models.queries.register_enquiry import serving
from models.rules.actor import Role
from models.rules.overdue import Terms, end_of
from models.rules.register_enquiry import quarter_of
from models.rules.registry.rows import InspectorStatus
from models.rules.term.kinds import BY_NAME
from models.rules.visit import local_day
from models.rules.workdays import Calendar
from models.tables import (
    Account,
    Agency,
    CreditRepair,
    Department,
    DraftEntry,
    Inspector,
    Plan,
    PlanDraft,
    PlanEntry,
    PlanMerge,
    RegisterEnquiry,
    Resolution,
    SchemeDraft,
)

REMEMBERED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class OtherTerm:
    """`subject`: what it is of, for good. `chain`: the trail that says who could not be told. `named`: as a person
    calls it. `department`, `officer`: whose it is. `about`: the number of the row that the act is on, 0 without one.
    """

    kind: str
    subject: str
    chain: str
    end: datetime
    named: str
    department: str = ""
    officer: str = ""
    about: int = 0


async def of_the_day(at: datetime, calendar: Calendar, terms: Terms) -> list[OtherTerm]:
    """Every term that hangs on no task and may have reached a threshold today."""
    today = local_day(at)
    return [
        *await _plans(today),
        *await _consents(calendar, terms),
        *await _merges(calendar, terms),
        *await _schemes(calendar, terms),
        *await _enquiries(today),
        *await _certificates(today),
        *await _agencies(today),
        *_missing_years(today, calendar),
        *await _resolutions(today),
        *await _credit(at, calendar, terms),
        *await _repairs(calendar, terms),
        *await _retention(today),
    ]


async def _plans(today: date) -> list[OtherTerm]:
    """From the first threshold on until it is handed in: each department that plans, which is one with a liaison, with a
    plan of an earlier year or with a draft of this one.
    """
    year, kind = today.year, BY_NAME["plan"]
    last = date(year, 1, kind.length)
    if (last - today).days > max(kind.thresholds):
        return []
    drafted = await PlanDraft.filter(year=year).order_by("id")
    drafts = {row.department: row for row in drafted}
    plans = await Plan.filter(year__lte=year).values_list("department", "year")
    liaisons = await Account.filter(role=Role.LIAISON, disabled_at=None).values_list("department", flat=True)
    planning = {*drafts, *liaisons, *(department for department, _ in plans)}
    done = {row.department for row in drafted if row.handed_in_at or row.published_at}
    done |= {department for department, of in plans if of == year}
    silent = await Department.filter(retired_at=None, code__in=list(planning - done)).order_by("code")
    return [
        OtherTerm(
            kind.name, f"plan:{year}:{row.code}", f"plan:{year}-{row.code}", end_of(last), str(year), row.code,
            about=drafts[row.code].id if row.code in drafts else 0,
        )
        for row in silent
    ]  # fmt: skip


async def _consents(calendar: Calendar, terms: Terms) -> list[OtherTerm]:
    """Each department that was asked for its consent and has not answered."""
    asked = DraftEntry.filter(asked_at__not_isnull=True, draft__handed_in_at=None, draft__published_at=None)
    other_terms = []
    for row in await asked.select_related("draft").order_by("id"):
        assert row.asked_at
        end = _end("consent", row.asked_at, calendar, terms)
        chain = f"plan:{row.draft.year}-{row.draft.department}"
        other_terms += [
            OtherTerm(
                "consent", f"consent:{row.id}:{row.asked_at.isoformat()}:{department}", chain, end,
                str(row.content["title"]), department, about=row.id,
            )
            for department in row.content["participating"]
            if department not in row.consents
        ]  # fmt: skip
    return other_terms


async def _merges(calendar: Calendar, terms: Terms) -> list[OtherTerm]:
    """Each department that has not said whether two entries may become one."""
    return [
        OtherTerm(
            "merge", f"merge:{row.id}:{department}", f"plan:{row.year}-{row.department}",
            _end("merge", row.proposed_at, calendar, terms), str(row.content["title"]), department, about=row.id,
        )
        for row in await PlanMerge.filter(merged_at=None, dropped_at=None).order_by("id")
        for department in plan_merges.asked(row)
        if department not in row.signatures
    ]  # fmt: skip


async def _schemes(calendar: Calendar, terms: Terms) -> list[OtherTerm]:
    """Each department that sends officers and was asked to sign a scheme that it has not answered."""
    rows = await SchemeDraft.filter(asked_at__not_isnull=True, adopted_at=None, dropped_at=None).order_by(
        "id"
    )
    entries = await PlanEntry.filter(code__in=[row.entry for row in rows]) if rows else []
    titles = {entry.code: entry.title for entry in entries}
    return [
        OtherTerm(
            "scheme", f"scheme:{row.id}:{row.asked_at.isoformat()}:{department}", f"scheme:{row.code}",
            _end("scheme", row.asked_at, calendar, terms), titles[row.entry], department, about=row.id,
        )
        for row in rows
        for department in scheme_drafts.crew_departments(row)
        if row.asked_at and row.entry in titles and department not in row.signatures
    ]  # fmt: skip


def _end(kind: str, asked: datetime, calendar: Calendar, terms: Terms) -> datetime:
    """The end of the last working day to answer what was asked then."""
    return _workdays(kind, local_day(asked), calendar, terms)


def _workdays(kind: str, day: date, calendar: Calendar, terms: Terms) -> datetime:
    return end_of(calendar.nth_workday_after(day, terms.length(BY_NAME[kind])).date)


async def _enquiries(today: date) -> list[OtherTerm]:
    """Officers who have not said this quarter whether the register is still right of them."""
    asked = RegisterEnquiry.filter(quarter=quarter_of(today), answered_at=None, inspector_id__in=serving())
    return [
        OtherTerm(
            "register", f"register:{row.id}", "registry", end_of(row.due), row.inspector.name, row.inspector.department,
            row.inspector.code, row.id,
        )
        for row in await asked.select_related("inspector").order_by("inspector_id")
    ]  # fmt: skip


async def _certificates(today: date) -> list[OtherTerm]:
    """Officers and experts whose certificate ends soon, or has ended."""
    ending = Inspector.filter(certificate_until__lte=_soonest_told("certificate", today))
    return [
        OtherTerm(
            kind := "expert" if row.expert else "certificate", f"{kind}:{row.code}", "registry",
            end_of(row.certificate_until), row.name, row.department, row.code,
        )
        for row in await ending.exclude(status=InspectorStatus.LEFT).order_by("code")
        if row.certificate_until
    ]  # fmt: skip


async def _agencies(today: date) -> list[OtherTerm]:
    """Agencies whose certificate ends soon, or has ended: once for each department that keeps the row."""
    ending = Agency.filter(retired_at=None, certificate_until__lte=_soonest_told("agency", today))
    return [
        OtherTerm(
            "agency", f"agency:{row.code}:{department}", "registry", end_of(row.certificate_until), row.name, department
        )
        for row in await ending.order_by("code")
        for department in row.departments
        if row.certificate_until
    ]  # fmt: skip


def _soonest_told(kind: str, today: date) -> date:
    """The day whose first threshold is today."""
    return today + timedelta(max(BY_NAME[kind].thresholds))


async def _resolutions(today: date) -> list[OtherTerm]:
    """What the conference gave a department to do, until it reports."""
    kind = BY_NAME["resolution"]
    ending = Resolution.filter(ended_at=None, due__lte=today + timedelta(max(kind.thresholds)))
    return [
        OtherTerm(
            kind.name, f"resolution:{row.id}", "conference", end_of(row.due), row.text[:60], row.owner, about=row.id
        )
        for row in await ending.order_by("id")
    ]  # fmt: skip


async def _credit(at: datetime, calendar: Calendar, terms: Terms) -> list[OtherTerm]:
    """Public results that are in no credit record, so long ago that a threshold may be reached; what is older than
    `REMEMBERED` stands on the desk alone. A term of so many working days has at least as many days."""
    near = timedelta(BY_NAME["credit"].length - max(BY_NAME["credit"].thresholds) - 1)
    return [
        OtherTerm(
            "credit", f"credit:{row.task}:{row.since}", credit.chain(row.task), _workdays("credit", row.since, calendar, terms),
            row.task, row.department,
        )
        for row in await credit.to_enter(None, calendar, since=at - REMEMBERED, until=at - near)
    ]  # fmt: skip


async def _repairs(calendar: Calendar, terms: Terms) -> list[OtherTerm]:
    """Applications for repair of a credit record, until the head decides."""
    asked = CreditRepair.filter(granted=None).order_by("id").select_related("entry", "task")
    return [
        OtherTerm(
            "repair", f"repair:{row.id}", credit.chain(row.task.number), _end("repair", row.at, calendar, terms),
            row.entry.number, row.entry.department, about=row.id,
        )
        for row in await asked
    ]  # fmt: skip


async def _retention(today: date) -> list[OtherTerm]:
    """Dossiers whose term of keeping ends soon, or has ended and which no list names."""
    kind = BY_NAME["retention"]
    soon = await retention.ending(None, today + timedelta(max(kind.thresholds)))
    return [
        OtherTerm(
            kind.name, f"retention:{row.task}", "retention", end_of(row.until), row.task, row.department
        )
        for row in soon
        if row.until
    ]


def _missing_years(today: date, calendar: Calendar) -> list[OtherTerm]:
    """A year whose days off nobody has loaded: from 1 November of the year before."""
    kind = BY_NAME["calendar"]
    terms = []
    for year in calendar.missing_years(today):
        last = date(year - 1, 11, 1) + timedelta(days=kind.length - 1)
        terms.append(OtherTerm(kind.name, f"calendar:{year}", "registry", end_of(last), str(year)))
    return terms
