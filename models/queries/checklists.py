"""Which items of the list have a published checklist (Art. 7): one without cannot be inspected, nor planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from models.rules.registry.rows import own_items, served_items
from models.tables import Checklist, Item, Question


async def newest(items: Iterable[str]) -> dict[str, Checklist]:
    """The newest published version of each checklist in force that serves one of these items, by its code."""
    wanted = set(items)
    rows = await Checklist.exclude(published_at=None).order_by("version")
    last = {str(row.code): row for row in rows if {*served_items(row.code)} & wanted}
    return {code: row for code, row in last.items() if row.retired_at is None}


async def without(items: Iterable[str]) -> list[str]:
    """Those of these items that have no question of their own in a published checklist."""
    wanted = set(items)
    lists = [checklist.id for checklist in (await newest(wanted)).values()]
    asked = await belongs(await Question.filter(checklist_id__in=lists))
    return sorted(wanted.difference(*asked.values()))


async def belongs(questions: Sequence[Question]) -> dict[int, tuple[str, ...]]:
    """By question (all of their lists together) the items that it belongs to."""
    lists: dict[int, list[Question]] = defaultdict(list)
    for question in questions:
        lists[question.checklist_id].append(question)
    codes = {checklist.id: checklist.code for checklist in await Checklist.filter(id__in=list(lists))}
    result: dict[int, tuple[str, ...]] = {}
    for id, asked in lists.items():
        own = own_items(codes[id], [row.items or () for row in asked])
        result.update(zip((row.id for row in asked), own, strict=True))
    return result


async def names(items: Iterable[str]) -> tuple[str, ...]:
    """The names of these items, by their codes."""
    rows = await Item.filter(code__in=list(items)).order_by("code") if items else []
    return tuple(row.name for row in rows)


async def departments(items: Iterable[str]) -> set[str]:
    """The departments that the published checklists of these items ask."""
    ids = [checklist.id for checklist in (await newest(items)).values()]
    asked = await Question.filter(checklist_id__in=ids).values_list("department", flat=True)
    return {str(department) for department in asked}
