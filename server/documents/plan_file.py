"""年度部门联合抽查计划 of the whole district: every department's entries of a year in one workbook or one paper (Art. 12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from locales import Words
from models.queries.plans import ListedInspection
from models.rules.public.plan import PublicPlanChange
from server.documents.layout import Fields, Grid, Heading, LaidOutDocument, Prose
from server.documents.table_file import workbook_of

COLUMNS = (
    "code", "name", "initiating", "participating", "items", "industries", "areas", "methods", "rates", "opens", "closes",
    "submitted_on", "late",
)  # fmt: skip


def plan_workbook(
    entries: Iterable[ListedInspection], changes: Iterable[PublicPlanChange], words: Words
) -> bytes:
    """Two sheets of text: the entries, and what amendments withdrew, merged or widened."""
    rows = [[words(f"plan_file.{name}") for name in COLUMNS]]
    rows += [list(_cells(entry, words)) for entry in entries]
    told = [[words(f"plan_file.{name}") for name in ("code", "name", "initiating", "change", "reason", "at")]]
    told += [
        [line.entry, line.title, line.department, _change(line, words), line.reason, words.moment(line.at)]
        for line in changes
    ]
    return workbook_of({words("plan_file.entries"): rows, words("web.plan.changes"): told})


def plan_paper(
    year: int, entries: Sequence[ListedInspection], changes: Sequence[PublicPlanChange], words: Words, district: str,
    at: datetime,
) -> LaidOutDocument:  # fmt: skip
    """A list of all entries, then each with all that it says, then the changes. `at`: when the newest plan took effect."""
    head = tuple(words(f"plan_file.{name}") for name in ("code", "name", "initiating", "window"))
    rows = tuple(
        (
            entry.code,
            entry.title,
            entry.initiating,
            words("plan_file.days", opens=words.day(entry.opens), closes=words.day(entry.closes)),
        )
        for entry in entries
    )
    blocks: list[Any] = [
        Prose(words("plan_file.what", number=len(rows), at=words.moment(at))),
        Grid(head, (5, 8, 4, 5), rows),
    ]
    for entry in entries:
        blocks += [Heading(entry.title), Fields(tuple(_fields(entry, words)))]
    if changes:
        blocks += [Heading(words("web.plan.changes"))]
        blocks += [Prose(_sentence(line, words)) for line in changes]
    part = {
        "language": "zh" if words.language == "zh_Hans" else "en",
        "authority": words("letter.authority", district=district),
        "title": words("plan_file.title", district=district, year=year), "blocks": blocks,
        "page": words("letter.page"), "number": "", "check": (), "watermark": "", "alone": True,
    }  # fmt: skip
    return LaidOutDocument.of("cover", {"parts": [part]}, at)


def _cells(entry: ListedInspection, words: Words) -> tuple[str, ...]:
    every = words("web.draft.every")
    return (
        entry.code, entry.title, entry.initiating, words.joined(entry.participating), _items(entry, words),
        words.joined(entry.industries) or every, words.joined(entry.areas) or every,
        words.joined(_method(method, words) for method in entry.methods),
        words.joined(words("web.plan.rate", risk=risk, rate=rate) for risk, rate in entry.rates.items()),
        entry.opens.isoformat(), entry.closes.isoformat(), entry.submitted.isoformat(),
        words("web.plan.late") if entry.late else "",
    )  # fmt: skip


def _fields(entry: ListedInspection, words: Words) -> Iterable[tuple[str, str]]:
    return zip((words(f"plan_file.{name}") for name in COLUMNS), _cells(entry, words), strict=True)


def _items(entry: ListedInspection, words: Words) -> str:
    return words.joined(f"{code} {name}" for code, name, _ in entry.items)


def _method(code: str, words: Words) -> str:
    return words(f"web.method.{code}") if words.has(f"web.method.{code}") else code


def _change(line: PublicPlanChange, words: Words) -> str:
    days = {"opened": words.day(line.until[0]), "closed": words.day(line.until[1])}
    if line.now:
        days |= {"opens": words.day(line.now[0]), "closes": words.day(line.now[1])}
    told = words("web.plan.change.window" if line.now else "web.plan.change.planned", **days)
    into = words("web.plan.change.into") + " " + line.into if line.into else ""
    return " ".join(part for part in (words(f"web.plan.change.{line.change}"), told, into) if part)


def _sentence(line: PublicPlanChange, words: Words) -> str:
    reason = words("web.plan.change.reason") + " " + line.reason
    return "  ".join((words.moment(line.at), line.entry, line.title, _change(line, words), reason))
