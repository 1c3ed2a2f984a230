"""年度部门联合抽查计划: whom, what, when, with whom, at which rates (Art. 12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from models.refusal import Refusal
from models.rules.registry.known import Known
from models.rules.registry.rows import Method
from models.rules.signed_file import FileSection, read_paper

ARTICLE = "12"
UNRATED = "N"  # targets that have no credit-risk class: non-profit and non-market ones
CLASSES = ("A", "B", "C", "D", UNRATED)
_METHODS = {str(method): str(method) for method in Method}


@dataclass(frozen=True, slots=True)
class Entry:
    """One joint inspection. `rates`: per cent of each class; empty `industries` or `areas` mean every one."""

    code: str
    title: str
    items: tuple[str, ...]
    industries: tuple[str, ...]
    areas: tuple[str, ...]
    participating: tuple[str, ...]
    rates: Mapping[str, Decimal]
    opens: date
    closes: date
    methods: tuple[Method, ...]

    def due_from(self, stratum: str, size: int) -> int:
        """How many of `size` targets the rate asks for: a part of one counts as one."""
        return int((self.rates[stratum] * size / 100).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Plan:
    """`submitted`: the day that the paper itself names, if any. Whether it was late, the clock says (`is_late`)."""

    year: int
    department: str
    submitted: date | None
    entries: tuple[Entry, ...]


def is_late(year: int, handed_in: date) -> bool:
    """Handed in after 31 January: accepted all the same, and marked."""
    return handed_in > date(year, 1, 31)


def read_plan(data: bytes, known: Known) -> Plan:
    """The plan in a TOML file. `known` holds departments, items and streets.

    Refused with key and value: what is missing, unknown or of another kind; an item that is not on the list;
    a rate outside 0 to 100; a window that leaves the year or ends before it begins; nobody participating.
    `entries = []` is a plan from which everything was withdrawn.
    """
    paper = read_paper(data, ARTICLE)
    year = paper.whole("year")
    if not 2000 <= year <= 2099:
        raise paper.refuse("plan.year", "year", value=year)
    department = paper.found(
        "department",
        paper.text("department", 80),
        known.department,
        "plan.department_unknown",
        known=known.department_names,
    )
    submitted = paper.day("submitted") if paper.has("submitted") else None
    if submitted is not None and submitted.year not in (year - 1, year):
        raise paper.refuse("plan.submitted", "submitted", value=submitted, year=year)
    entries = tuple(read_entry(section, year, department, known) for section in paper.any_sections("entries"))
    paper.end()
    codes = [entry.code for entry in entries]
    for code in codes:
        if codes.count(code) > 1:
            raise Refusal("plan.entry_twice", ARTICLE, entry=code)
    return Plan(year, department, submitted, entries)


def read_entry(section: FileSection, year: int, department: str, known: Known) -> Entry:
    """One joint inspection of the plan; refused as `read_plan` says."""
    targets = section.section("targets")
    opens, closes = window(section)
    for key, day in (("from", opens), ("until", closes)):
        if day.year != year:
            raise section.refuse("plan.window_outside_year", key, value=day, year=year)
    entry = Entry(
        code=section.code("code"),
        title=section.text("title", 200),
        items=section.codes("items", known.item, "plan.item_not_listed"),
        industries=targets.texts("industries"),
        areas=targets.codes("areas", known.street, "plan.street_unknown"),
        participating=section.codes(
            "participating", known.department, "plan.department_unknown", known=known.department_names
        ),
        rates=_rates(section),
        opens=opens,
        closes=closes,
        methods=tuple(map(Method, section.codes("method", _METHODS.get, "plan.method_unknown"))),
    )
    targets.end()
    section.end()
    if not entry.items:
        raise section.refuse("plan.no_item", "items")
    if not entry.participating:
        raise section.refuse("plan.no_participant", "participating", entry=entry.code)
    if department in entry.participating:
        raise section.refuse("plan.initiator_participates", "participating", value=department)
    return entry


def window(section: FileSection) -> tuple[date, date]:
    """`from` and `until`, both included."""
    opens, closes = section.day("from"), section.day("until")
    if opens > closes:
        raise section.refuse("plan.window_backwards", "until", value=closes, opens=opens)
    return opens, closes


def _rates(section: FileSection) -> dict[str, Decimal]:
    rates = section.rates("rates")
    for stratum in rates:
        if stratum not in CLASSES:
            raise section.refuse(
                "plan.class_unknown", f"rates.{stratum}", value=stratum, classes=list(CLASSES)
            )
    if not rates:
        raise section.refuse("plan.no_rate", "rates")
    return rates
