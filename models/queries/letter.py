"""The facts of a notice, gathered once and frozen with its version (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from models.district import District
from models.queries import responsible
from models.queries.sheet import cited, sheet_of
from models.rules import materials, text
from models.rules.public.letter import (
    LetterFacts,
    LetterOfficer,
    Named,
    TeamChanges,
    names_others,
    team_changes,
)
from models.rules.target_number import number_of, said_beside
from models.rules.visit import local_day
from models.states import GIVEN
from models.tables import (
    Assignment,
    Batch,
    Department,
    Entrustment,
    Item,
    Notice,
    PlanEntry,
    RecusalRequest,
    Scheme,
    Task,
)


async def facts(
    task: Task,
    number: str,
    version: int,
    at: datetime,
    district: District,
    texts: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Everything the letter says about this visit, as plain JSON; the risk class is not among it.

    `texts`: the department's own words, kept with the letter.
    """
    await task.fetch_related("target")
    target = task.target
    batch = await Batch.get(code=task.batch_id)
    scheme = await Scheme.get(code=batch.scheme_id)
    entry = await PlanEntry.get(code=scheme.entry_id).select_related("plan")
    departments = await Department.all()
    units = {d.code: d.unit for d in departments}
    sheet = await sheet_of(task)
    asks = sorted((ask for ask in sheet.every if not sheet.settled(ask)), key=lambda ask: not ask.prepare)
    items = {item.code: item for item in await Item.filter(code__in=entry.items)}
    again = await cited(task)
    inspected = [code for code in again or entry.items if code in items]
    year = local_day(at).year
    earlier = await Task.filter(target=target, ended_at__isnull=False).exclude(id=task.id)
    this_year = sum(1 for row in earlier if row.ended_at and local_day(row.ended_at).year == year)
    return {
        "number": number,
        "version": version,
        "task": task.number,
        "title": entry.title,
        "plan": entry.code,
        "plan_year": entry.plan.year,
        "plan_of": units.get(entry.plan.department, entry.plan.department),
        "scheme": scheme.code,
        "target": target.name,
        "credit_code": number_of(target)[0],
        **said_beside(target),
        **await responsible.as_fact(target),
        "place": target.address,
        "begins": task.visit_from.isoformat() if task.visit_from else "",
        "ends": task.visit_until.isoformat() if task.visit_until else "",
        "items": [[code, items[code].name, items[code].basis] for code in inspected],
        **({"again": [items[code].name for code in inspected]} if again else {}),
        "methods": list(entry.methods),
        "departments": [units.get(d, d) for d in batch.crew],
        **(await comers([task], units))[task.id],
        "texts": {part: dict(words) for part, words in texts.items()},
        "materials": [ask.prepare or materials.said(ask.text) for ask in asks],
        "questions": [ask.id for ask in asks],
        "papers": sum(bool(ask.prepare) for ask in asks),
        "phone": {d.code: d.phone for d in departments}.get(entry.plan.department, ""),
        "visit_of_year": target.checked_this_year + this_year + 1,
        "year": year,
        "issued": local_day(at).isoformat(),
        "complaint_phone": district.complaint_phone,
        "district": district.name,
        **await _replaced(task),
    }


async def _replaced(task: Task) -> dict[str, Any]:
    """`replaces`: the number, begin and end of the letter that stands until this one takes its place."""
    standing = await Notice.filter(task=task, state__in=GIVEN).order_by("-version").first()
    if standing is None:
        return {}
    return {"replaces": [standing.number, standing.letter["begins"], standing.letter["ends"]]}


async def comers(tasks: Sequence[Task], units: Mapping[str, str]) -> dict[int, dict[str, list[Any]]]:
    """Who comes, task by task: the officers, the leader first, with their seats, and the agencies that assist."""
    result: dict[int, dict[str, list[Any]]] = {
        task.id: {"officers": [], "seats": [], "agencies": []} for task in tasks
    }
    seats = Assignment.filter(task_id__in=list(result), until=None).select_related("inspector")
    for a in await seats.order_by("-leader", "department", "id"):
        unit, tail = units.get(a.department, a.department), text.tail(a.inspector.certificate or "")
        result[a.task_id]["officers"].append([a.inspector.name, unit, tail, a.leader])
        result[a.task_id]["seats"].append(a.id)
    for entrustment in await Entrustment.filter(task_id__in=list(result), ended_at=None).order_by("id"):
        people = [list(person) for person in entrustment.people]
        result[entrustment.task_id]["agencies"].append([entrustment.agency, entrustment.letter, people])
    return result


async def outdated(tasks: Sequence[Task], letters: Mapping[int, Mapping[str, Any]]) -> set[int]:
    """The tasks whose letter (by task) names other people than those who will come."""
    units = {d.code: d.unit for d in await Department.all()}
    now = await comers([task for task in tasks if task.id in letters], units)
    return {id for id, who in now.items() if names_others(letters[id], who)}


async def letter_facts(notice: Notice, task: Task) -> LetterFacts:
    """What the rows hold of a letter that was given, and of the team as it is now."""
    letter = notice.letter
    asked = {str(recusal_request.inspector_id) for recusal_request in await RecusalRequest.filter(task=task)}
    return LetterFacts(
        notice.state, task.state, datetime.fromisoformat(letter["begins"]), task.visit_from, task.started_at,
        task.ended_at, notice.acknowledged_at, _printed(letter), await _seats(task.id, asked), _agencies(letter),
        await _assisting(task.id),
    )  # fmt: skip


async def changes_since(letter: Mapping[str, Any], task_id: int) -> TeamChanges:
    """In what the team of now differs from the one that a letter names, names in full."""
    return team_changes(
        _printed(letter), await _seats(task_id, ()), _agencies(letter), await _assisting(task_id)
    )


def _printed(letter: Mapping[str, Any]) -> tuple[Named, ...]:
    officers = letter["officers"]
    seats = letter.get("seats") or [0] * len(officers)
    return tuple(
        Named(name, unit, tail, leader, seat)
        for (name, unit, tail, leader), seat in zip(officers, seats, strict=True)
    )


def _agencies(letter: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(name) for name, *_ in letter["agencies"])


async def _seats(task_id: int, asked: Collection[str]) -> tuple[LetterOfficer, ...]:
    units = {department.code: department.unit for department in await Department.all()}
    seats = Assignment.filter(task_id=task_id, until=None).select_related("inspector")
    return tuple(
        LetterOfficer(
            seat.id, seat.inspector.name, units.get(seat.department, seat.department),
            text.tail(seat.inspector.certificate or ""), seat.leader, seat.inspector_id in asked,
        )
        for seat in await seats.order_by("-leader", "department", "id")
    )  # fmt: skip


async def _assisting(task_id: int) -> tuple[str, ...]:
    rows = await Entrustment.filter(task_id=task_id, ended_at=None).order_by("id")
    return tuple(dict.fromkeys(row.agency for row in rows))
