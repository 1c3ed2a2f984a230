"""检查表: a department drafts the next version point by point and publishes it; what was published never changes (Art. 7)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import store
from models.operations import event
from models.procedure.register_entry import reason_of
from models.procedure.register_rows import ChangeOrigin, record_of, retire_checklist
from models.procedure.registry import publish_rows
from models.queries import checklist_drafts, checklists
from models.queries.checklist_drafts import DraftOfChecklist
from models.queries.known import known
from models.refusal import Refusal
from models.rules import cell, text
from models.rules.actor import Actor, Role, require
from models.rules.registry import check_checklists
from models.rules.registry.cells import Remark
from models.rules.registry.checklist_points import (
    CODE,
    NUMBER,
    OWNER,
    TITLE,
    Point,
    bad_with,
    broken,
    check_points,
    inserted,
    number_of,
    point_of,
)
from models.rules.registry.entry import merged, seen, shown
from models.rules.registry.rows import served_items
from models.rules.visit import local_day
from models.tables import Checklist, ChecklistDraft, Question

ARTICLE = "7"
MOST_POINTS = 500


@dataclass(frozen=True, slots=True)
class DraftOutcome:
    """`bad`: what kept the act from being done, by point and column; `warnings` kept nothing."""

    draft: DraftOfChecklist
    taken: bool
    bad: Sequence[Remark] = ()


@dataclass(frozen=True, slots=True)
class DraftFromFile:
    """The draft that a file was read into; None where `bad` rows kept it out, by row and column."""

    draft: DraftOfChecklist | None
    bad: Sequence[Remark] = ()


@store.transactional
async def begin(code: str, name: str = "", *, by: Actor, at: datetime) -> DraftOfChecklist:
    """Open the draft of a checklist: the points of its newest version in it, none where it is new and `name` its title.
    One that is open comes back. Refuses a checklist of unknown items, or of another department."""
    require(by, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    code, title = cell.code(code)[0], text.visible(name).strip()[:120]
    await event.lock(f"checklist {code}")
    if row := await ChecklistDraft.get_or_none(code=code, published_at=None, dropped_at=None):
        return await checklist_drafts.draft_of(row)
    items = (await known(in_force=True)).items
    if not code or len(code) > 64 or (unknown := [item for item in served_items(code) if item not in items]):
        raise Refusal(
            "checklist.unknown_items", ARTICLE, items=unknown if code and len(code) <= 64 else [code[:64]]
        )
    newest = await Checklist.filter(code=code).order_by("-version").first()
    questions = await Question.filter(checklist_id=newest.id).order_by("number").values() if newest else []
    points = [
        point_of(row | {"checklist": code, "title": newest.name if newest else ""}) for row in questions
    ]
    if not await checklist_drafts.may_write(code, points, by):
        raise Refusal("registry.not_own", ARTICLE, number=code)
    if not newest and not title:
        raise Refusal("checklist.no_name", ARTICLE)
    row = await ChecklistDraft.create(
        code=code, name=newest.name if newest else title, points=points, based_on=newest.version if newest else 0,
        begun_by=by.mark, begun_at=at,
    )  # fmt: skip
    await _record(row, "checklist.begun", by, at, version=row.based_on)
    return await checklist_drafts.draft_of(row)


@store.transactional
async def put(
    id: int, number: int, cells: Mapping[str, str], *, new: bool = False, seen_as: str = "", by: Actor, at: datetime
) -> DraftOutcome:  # fmt: skip
    """Keep a point, by column. `new`: there is room made at `number`, later points and the conditions on them move by one;
    else those cells of it that are not named stay. `seen_as`: what the form was filled in from."""
    require(by, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    row = await _open(id)
    there = _point(row, number)
    if not new and there is None:
        raise Refusal("checklist.no_question", ARTICLE, number=number)
    if there and not new and seen_as and seen_as != seen([shown(cell) for cell in there.values()]):
        raise Refusal("registry.changed_meanwhile", ARTICLE, number=number)
    if not 1 <= number <= MOST_POINTS or len(row.points) >= MOST_POINTS + (not new):
        raise Refusal("checklist.most_points", ARTICLE, most=MOST_POINTS)
    facts = await known(in_force=True)
    given = merged({} if new else there or {}, cells) | {NUMBER: str(number), CODE: row.code, TITLE: row.name}
    given[OWNER] = facts.department(text.name(given.get(OWNER, ""))) or given.get(OWNER, "")
    for owner in {given[OWNER], there[OWNER] if there and not new else given[OWNER]}:
        _own_point(owner, number, by)
    others = (
        inserted(row.points, number)
        if new
        else [dict(point) for point in row.points if number_of(point) != number]
    )
    points = sorted([*others, given], key=number_of)
    checked = check_points(row.code, row.name, points, facts)
    if bad := bad_with(checked, number):
        return DraftOutcome(await checklist_drafts.draft_of(row), False, bad)
    own = next(question for question in checked.good if question.number == number)
    row.points = [point_of(record_of(own)) if number_of(point) == number else point for point in points]
    await row.save(update_fields=["points"])
    await _record(row, "checklist.point_kept", by, at, number=number, inserted=new and there is not None)
    return DraftOutcome(await checklist_drafts.draft_of(row), True)


@store.transactional
async def remove(id: int, number: int, *, by: Actor, at: datetime) -> DraftOutcome:
    """Take a point out. Refused while a condition names it, by the points that do; other points keep their numbers."""
    require(by, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    row = await _open(id)
    there = _point(row, number)
    if there is None:
        raise Refusal("checklist.no_question", ARTICLE, number=number)
    _own_point(there[OWNER], number, by)
    points = [point for point in row.points if number_of(point) != number]
    if bad := broken(check_points(row.code, row.name, points, await known(in_force=True)), number):
        return DraftOutcome(await checklist_drafts.draft_of(row), False, bad)
    row.points = points
    await row.save(update_fields=["points"])
    await _record(row, "checklist.point_removed", by, at, number=number)
    return DraftOutcome(await checklist_drafts.draft_of(row), True)


@store.transactional
async def read_file(data: bytes, code: str = "", *, by: Actor, at: datetime) -> DraftFromFile:
    """The points of a list or a form into the draft of its checklist, which is begun where none is open. `code`: the checklist
    that is meant, needed where the file holds several. The office's file takes the place of every point, a liaison's of those
    of the own department; the others in it must read as the draft does. Nothing is taken while a row is bad."""
    require(by, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    checked = check_checklists(data, await known(in_force=True))
    if checked.bad:
        return DraftFromFile(None, checked.bad)
    rows = [row for row in checked.good if code in ("", row.checklist)]
    if len({row.checklist for row in rows}) != 1:
        listed = sorted({row.checklist for row in checked.good})
        raise Refusal("checklist.file_of_one", ARTICLE, checklist=code, found=listed)
    if len(rows) > MOST_POINTS or max(row.number for row in rows) > MOST_POINTS:
        raise Refusal("checklist.most_points", ARTICLE, most=MOST_POINTS)
    row = await _open((await begin(rows[0].checklist, rows[0].title, by=by, at=at)).id)
    before, name = row.points, row.name
    row.points = _read_over(row.points, [point_of(record_of(question)) for question in rows], by)
    if await checklist_drafts.may_keep(row.code, by):
        row.name = rows[0].title
    if (row.points, row.name) != (before, name):
        await row.save(update_fields=["points", "name"])
        sha256 = hashlib.sha256(data).hexdigest()
        await _record(row, "checklist.file_read", by, at, points=len(rows), sha256=sha256)
    return DraftFromFile(await checklist_drafts.draft_of(row))


def _read_over(points: Sequence[Point], given: Sequence[Point], by: Actor) -> list[Point]:
    """The points of the draft once a file was read over them."""
    if by.role == Role.OFFICE:
        return sorted(given, key=number_of)
    others = {number_of(point): point for point in points if point[OWNER] != by.department}
    foreign = [point for point in given if point[OWNER] != by.department or number_of(point) in others]
    strange = [
        number_of(point)
        for point in foreign
        if any(
            point.get(column) != cell
            for column, cell in others.get(number_of(point), {NUMBER: ""}).items()
            if column != TITLE
        )
    ]
    if strange:
        raise Refusal("checklist.others_in_file", ARTICLE, numbers=strange)
    own = [point for point in given if point[OWNER] == by.department]
    return sorted([*others.values(), *own], key=number_of)


@store.transactional
async def rename(id: int, name: str, *, by: Actor, at: datetime) -> DraftOfChecklist:
    """The title that the next version has."""
    require(by, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    row = await _open(id, by)
    if not (title := text.visible(name).strip()[:120]):
        raise Refusal("checklist.no_name", ARTICLE)
    row.name = title
    await row.save(update_fields=["name"])
    await _record(row, "checklist.renamed", by, at)
    return await checklist_drafts.draft_of(row)


@store.transactional
async def publish(id: int, reason: str = "", *, by: Actor, at: datetime) -> DraftOutcome:
    """The draft becomes the next version, for good; tasks keep the one they began with. A changed checklist needs a reason.
    Refused: nothing in it, a point that cannot be taken, one that reads as before, a version that came in between, and an
    item of an open plan left without a point."""
    require(by, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    row = await _open(id, by)
    newest = await Checklist.filter(code=row.code).order_by("-version").first()
    if (newest.version if newest else 0) != row.based_on:
        raise Refusal(
            "checklist.newer_version", ARTICLE, checklist=row.code, version=newest.version if newest else 0
        )
    why = reason_of(reason) if newest else text.visible(reason).strip()[:500]
    checked = check_points(row.code, row.name, row.points, await known(in_force=True))
    if checked.bad:
        return DraftOutcome(await checklist_drafts.draft_of(row), False, checked.bad)
    if not checked.good:
        raise Refusal("checklist.empty", ARTICLE)
    before = await checklists.without(served_items(row.code))
    stored = await publish_rows(checked.good, ChangeOrigin(by, at, reason=why))
    if stored.unchanged or (newest and newest.retired_at and not await _newer(newest)):
        raise Refusal("checklist.same", ARTICLE, version=row.based_on)
    await _refuse_bare(row.code, before, at)
    row.published_at, row.ended_by = at, by.mark
    await row.save(update_fields=["published_at", "ended_by"])
    await _record(
        row, "checklist.published", by, at, version=row.based_on + 1, points=len(checked.good), reason=why
    )
    return DraftOutcome(await checklist_drafts.draft_of(row), True)


@store.transactional
async def drop(id: int, *, by: Actor, at: datetime) -> DraftOfChecklist:
    """Give the draft up; the published version stands as it did."""
    require(by, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    row = await _open(id, by)
    row.dropped_at, row.ended_by = at, by.mark
    await row.save(update_fields=["dropped_at", "ended_by"])
    await _record(row, "checklist.dropped", by, at)
    return await checklist_drafts.draft_of(row)


@store.transactional
async def retire(code: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Out of use: nothing new is planned with it, tasks keep their version. Refused while an open plan would be left
    without a checklist, by the plan's entries."""
    await _set_retired(code, reason, True, by, at)


@store.transactional
async def restore(code: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Back into use as it was."""
    await _set_retired(code, reason, False, by, at)


async def _set_retired(code: str, reason: str, retired: bool, by: Actor, at: datetime) -> None:
    require(by, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    await event.lock(f"checklist {code}")
    newest = await Checklist.filter(code=code).order_by("-version").first()
    if newest is None:
        raise Refusal("registry.no_row", ARTICLE, number=code)
    await _own(code, by)
    if (newest.retired_at is not None) == retired:
        raise Refusal("checklist.state", ARTICLE, checklist=code)
    change, before = (
        ChangeOrigin(by, at, reason=reason_of(reason)),
        await checklists.without(served_items(code)),
    )
    await retire_checklist(newest, change, restore=not retired)
    await _refuse_bare(code, before, at)
    kind = "checklist.retired" if retired else "checklist.restored"
    await event.record(
        "registry", kind, by=by, at=at, code=code, version=newest.version, reason=change.reason
    )


async def _newer(row: Checklist) -> bool:
    return await Checklist.filter(code=row.code, version__gt=row.version).exists()


async def _refuse_bare(code: str, before: Sequence[str], at: datetime) -> None:
    """Refuse what leaves an item of an open plan without a published checklist."""
    bare = set(await checklists.without(served_items(code))).difference(before)
    if bare and (plans := await checklist_drafts.plans_with(bare, local_day(at))):
        raise Refusal("checklist.in_plans", ARTICLE, checklist=code, items=sorted(bare), plans=plans)


async def _open(id: int, by: Actor | None = None) -> ChecklistDraft:
    """The open draft, once nobody else acts on this checklist. `by`: whose it must be."""
    row = await ChecklistDraft.get_or_none(id=id)
    if row is None:
        raise Refusal("checklist.no_draft", ARTICLE, number=id)
    await event.lock(f"checklist {row.code}")
    await row.refresh_from_db()
    if row.published_at or row.dropped_at:
        raise Refusal("checklist.draft_over", ARTICLE, checklist=row.code)
    if by:
        await _own(row.code, by)
    return row


async def _own(code: str, by: Actor) -> None:
    if not await checklist_drafts.may_keep(code, by):
        raise Refusal("registry.not_own", ARTICLE, number=code)


def _own_point(department: str, number: int, by: Actor) -> None:
    """谁检查谁负责: each department words its own points."""
    if by.role == Role.LIAISON and department != by.department:
        raise Refusal("checklist.others_point", ARTICLE, number=number)


def _point(row: ChecklistDraft, number: int) -> Mapping[str, str] | None:
    return next((point for point in row.points if number_of(point) == number), None)


async def _record(row: ChecklistDraft, kind: str, by: Actor, at: datetime, **data: Any) -> None:
    await event.record("registry", kind, by=by, at=at, draft=row.id, code=row.code, **data)
