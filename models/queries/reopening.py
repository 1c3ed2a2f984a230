"""Which closed sections an officer may reopen now (Art. 16 (3))."""

from __future__ import annotations

from models.queries import clash
from models.queries import record as records
from models.queries.card import TaskCard
from models.queries.question import ChecklistSection
from models.states import TaskState as T
from models.tables import Task


def closed(card: TaskCard) -> tuple[ChecklistSection, ...]:
    """The closed sections that are this officer's to reopen: the own department's, for the leader every one."""
    if card.state != T.ON_SITE:
        return ()
    return tuple(
        section
        for section in card.sections
        if section.final and (card.me.leader or section.department == card.department)
    )


async def reopenable(card: TaskCard, papers: records.Papers | None = None) -> tuple[ChecklistSection, ...]:
    """Of those the ones that can be reopened: none once the record stands signed, none whose officers are elsewhere."""
    if not (sections := closed(card)):
        return ()
    if (papers or await records.papers(card.id)).settled:
        return ()
    here = [member for member in card.members if member.present]
    away = await clash.at_other_visits(await Task.get(id=card.id), [member.id for member in here])
    left = {member.department for member in here if member.id in away}
    return tuple(section for section in sections if section.department not in left)
