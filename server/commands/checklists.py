"""`checklists`: drafts of checklists, edited point by point, published, retired (Art. 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from models import store
from models.procedure import checklist_draft
from models.procedure.checklist_draft import DraftOutcome
from models.queries import checklist_drafts
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.registry.cells import Remark
from models.rules.registry.cells_out import COLUMNS
from models.rules.registry.checklist_points import CODE, NUMBER, TITLE
from server.commands import DONE, REFUSED, Commands, Order, values
from server.commands.register import cell_given

OFFICE = Actor(Role.OFFICE, "cli")
GIVEN = tuple(column for column in COLUMNS["checklists"] if column not in (CODE, TITLE, NUMBER))


def add(commands: Commands) -> None:
    inner = Commands(commands.add("checklists"), commands.words)
    for name, run in (
        ("drafts", drafts), ("show", show), ("begin", begin), ("read", read), ("put", put), ("remove", remove),
        ("rename", rename), ("publish", publish), ("drop", drop), ("retire", retire), ("restore", restore),
    ):  # fmt: skip
        parser = inner.add(name, run, key=f"checklists.{name}")
        if name in ("begin", "retire", "restore"):
            parser.add_argument("code")
        elif name == "read":
            parser.add_argument("file", type=Path)
            parser.add_argument("--code", default="")
        elif name != "drafts":
            parser.add_argument("draft", type=values.whole)
        if name in ("put", "remove"):
            parser.add_argument("number", type=values.whole)
        if name == "put":
            parser.add_argument("cells", nargs="+", metavar="COLUMN=VALUE", type=cell_given)
            parser.add_argument("--new", action="store_true")
        if name in ("begin", "rename"):
            parser.add_argument("--name", default="", required=name == "rename")
        if name in ("publish", "retire", "restore"):
            parser.add_argument("--reason", default="", required=name != "publish")


async def drafts(order: Order) -> int:
    async with store.opened(order.settings.database):
        rows = await checklist_drafts.open_drafts()
    for row in rows:
        order.say("cli.checklists.draft", id=row.id, code=row.code, name=row.name, points=row.points)
    if not rows:
        order.say("cli.checklists.no_drafts")
    return DONE


async def show(order: Order) -> int:
    """The points of a draft, and what keeps it from being published."""
    async with store.opened(order.settings.database):
        draft = await checklist_drafts.draft(order.arguments.draft)
    if draft is None:
        raise Refusal("checklist.no_draft", "7", number=order.arguments.draft)
    for point in draft.points:
        order.say("cli.checklists.point", number=point[NUMBER], text=point["检查要点"], basis=point["依据"])
    _remarks(order, (*draft.bad, *draft.warnings))
    return DONE


async def begin(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        draft = await checklist_draft.begin(asked.code, asked.name, by=OFFICE, at=datetime.now(UTC))
    order.say("cli.checklists.draft", id=draft.id, code=draft.code, name=draft.name, points=len(draft.points))
    return DONE


async def read(order: Order) -> int:
    """A list or a form into the draft of its checklist."""
    asked = order.arguments
    async with store.opened(order.settings.database):
        outcome = await checklist_draft.read_file(
            asked.file.read_bytes(), asked.code, by=OFFICE, at=datetime.now(UTC)
        )
    if (draft := outcome.draft) is None:
        _remarks(order, outcome.bad)
        order.say("cli.register.nothing")
        return REFUSED
    order.say("cli.checklists.draft", id=draft.id, code=draft.code, name=draft.name, points=len(draft.points))
    _remarks(order, (*draft.bad, *draft.warnings))
    return DONE


async def put(order: Order) -> int:
    asked = order.arguments
    cells: Mapping[str, str] = dict(asked.cells)
    if wrong := sorted(set(cells) - set(GIVEN)):
        raise Refusal("registry.no_column", "7", column=wrong[0], columns=list(GIVEN))
    async with store.opened(order.settings.database):
        outcome = await checklist_draft.put(
            asked.draft, asked.number, cells, new=asked.new, by=OFFICE, at=datetime.now(UTC)
        )
    return _told(order, outcome)


async def remove(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        outcome = await checklist_draft.remove(asked.draft, asked.number, by=OFFICE, at=datetime.now(UTC))
    return _told(order, outcome)


async def rename(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        await checklist_draft.rename(asked.draft, asked.name, by=OFFICE, at=datetime.now(UTC))
    order.say("cli.checklists.done")
    return DONE


async def publish(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        outcome = await checklist_draft.publish(asked.draft, asked.reason, by=OFFICE, at=datetime.now(UTC))
    return _told(order, outcome)


async def drop(order: Order) -> int:
    async with store.opened(order.settings.database):
        await checklist_draft.drop(order.arguments.draft, by=OFFICE, at=datetime.now(UTC))
    order.say("cli.checklists.done")
    return DONE


async def retire(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        await checklist_draft.retire(asked.code, asked.reason, by=OFFICE, at=datetime.now(UTC))
    order.say("cli.checklists.done")
    return DONE


async def restore(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        await checklist_draft.restore(asked.code, asked.reason, by=OFFICE, at=datetime.now(UTC))
    order.say("cli.checklists.done")
    return DONE


def _told(order: Order, outcome: DraftOutcome) -> int:
    if not outcome.taken:
        _remarks(order, outcome.bad)
        order.say("cli.register.nothing")
        return REFUSED
    order.say("cli.checklists.done")
    return DONE


def _remarks(order: Order, remarks: Sequence[Remark]) -> None:
    for remark in remarks:
        reason = order.words(f"row.{remark.reason}", **remark.params)
        order.say(
            "cli.import.bad", number=remark.number, column=remark.column, value=remark.value, reason=reason
        )
