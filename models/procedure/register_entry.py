"""One row of a register is entered, edited, taken out or restored by whoever keeps it (Art. 4, 9, 10).

The office keeps every row, a liaison the own department's (谁监管、谁建设、谁维护). Nothing is ever deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from models import store
from models.operations import event
from models.procedure import availability
from models.procedure.register_rows import RETIRED, ChangeOrigin, put, retire, set_status
from models.queries import register_list as lists
from models.queries.known import known
from models.queries.register import CODED
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.rules.registry import Remark
from models.rules.registry.cells_out import cells
from models.rules.registry.entry import CODE, by_column, check_entry, merged, owners, seen
from models.rules.registry.rows import InspectorStatus, TargetStatus
from models.rules.visit import local_day
from models.states import PlanState
from models.tables import Inspector, Item, PlanEntry, Target

ARTICLE = "10"
GONE = {"targets": TargetStatus.RETIRED, "inspectors": InspectorStatus.LEFT}
"""The status by which these leave their register."""


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """What became of an entry. `bad`: what kept it out, by column; `asked`: what only a person can tell; `changed`:
    whether anything is otherwise now."""

    kind: str
    code: str
    taken: bool
    changed: bool = False
    bad: Sequence[Remark] = ()
    asked: Sequence[Remark] = ()
    warnings: Sequence[Remark] = ()


@store.transactional
async def enter(
    kind: str,
    values: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    confirmed: bool = False,
) -> EntryOutcome:
    """A new row, by column. Refuses a code that is there already; says what is wrong with each cell."""
    await _may(kind, by)
    checked = check_entry(kind, values, await known(CODED[kind]))
    if checked.bad or (checked.asked and not confirmed):
        return EntryOutcome(kind, "", False, False, checked.bad, checked.asked, checked.warnings)
    [row] = checked.good
    if await lists.row(kind, row.code):
        raise Refusal("registry.there_already", ARTICLE, number=row.code)
    return await _keep(kind, row, checked.warnings, ChangeOrigin(by, at, reason=reason))


@store.transactional
async def edit(
    kind: str,
    code: str,
    values: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
    seen_as: str = "",
    reason: str = "",
) -> EntryOutcome:
    """Cells of a row, by column; those not named stay. `seen_as`: what the form was filled in from (`rules.registry.
    entry.seen`); a row that was changed since is not written over."""
    await _may(kind, by)
    there = await _own(kind, code, by)
    if seen_as and seen_as != seen(there.values()):
        raise Refusal("registry.changed_meanwhile", ARTICLE, number=code)
    if (result := await lists.row(kind, code)) and result.get("retired_at"):
        raise Refusal("registry.retired", ARTICLE, number=code)
    there_already = await known(CODED[kind])
    if standing := (result or {}).get("credit_code"):
        there_already = replace(
            there_already, overridden=there_already.overridden | {standing}
        )  # it was accepted when it came in
    checked = check_entry(kind, merged(there, values) | {CODE[kind]: there[CODE[kind]]}, there_already)
    if checked.bad:
        return EntryOutcome(kind, code, False, False, checked.bad, (), checked.warnings)
    [row] = checked.good
    return await _keep(kind, replace(row, code=code), checked.warnings, ChangeOrigin(by, at, reason=reason))


@store.transactional
async def take_out(kind: str, code: str, reason: str, *, by: Actor, at: datetime) -> EntryOutcome:
    """Out of the register, with the reason: what refers to the row holds, nothing new begins with it."""
    await _may(kind, by)
    await _own(kind, code, by)
    change = ChangeOrigin(by, at, reason=reason_of(reason))
    await refuse_in_use(kind, code, at)
    if kind in GONE:
        await set_status(kind, CODED[kind], code, GONE[kind].value, change)
    else:
        await retire(kind, CODED[kind], code, change)
    await event.record(
        "registry", "registry.taken_out", by=by, at=at, register=kind, code=code, reason=change.reason
    )
    if kind == "inspectors":
        await availability.review(by=by, at=at)
    return EntryOutcome(kind, code, True, True)


@store.transactional
async def restore(kind: str, code: str, reason: str, *, by: Actor, at: datetime) -> EntryOutcome:
    """Back into the register. A target or officer comes back by the status, in `edit`."""
    await _may(kind, by)
    await _own(kind, code, by)
    if CODED[kind] not in RETIRED:
        raise Refusal("registry.back_by_status", ARTICLE, number=code)
    change = ChangeOrigin(by, at, reason=reason_of(reason))
    await retire(kind, CODED[kind], code, change, restore=True)
    await event.record(
        "registry", "registry.restored", by=by, at=at, register=kind, code=code, reason=change.reason
    )
    return EntryOutcome(kind, code, True, True)


async def _may(kind: str, by: Actor) -> None:
    require(by, Role.OFFICE, Role.LIAISON, article=ARTICLE)
    if kind not in CODE:
        raise Refusal("registry.by_import", ARTICLE)


async def _own(kind: str, code: str, by: Actor) -> dict[str, str]:
    """The row's cells by column. Refuses one that is not there, or that another department keeps."""
    row = await lists.row(kind, code)
    if row is None or not lists.visible(kind, row, by):
        raise Refusal("registry.no_row", ARTICLE, number=code)
    _refuse_others(kind, row, by)
    return by_column(kind, cells(kind, row))


def _refuse_others(kind: str, row: Mapping[str, Any], by: Actor) -> None:
    if by.role == Role.LIAISON and by.department not in owners(kind, row):
        raise Refusal("registry.not_own", ARTICLE, number=row["code"])


def reason_of(written: str) -> str:
    reason = text.visible(written).strip()[:500]
    if not reason:
        raise Refusal("registry.no_reason", ARTICLE)
    return reason


async def _keep(kind: str, row: Any, warnings: Sequence[Remark], change: ChangeOrigin) -> EntryOutcome:
    _refuse_others(kind, {name: getattr(row, name) for name in row.__dataclass_fields__}, change.by)
    if kind == "streets":
        row = await _with_source(row)
    stored = await put(kind, CODED[kind], [row], frozenset(), change)
    if stored.unchanged:
        return EntryOutcome(kind, row.code, True, False, warnings=warnings)
    await event.record(
        "registry", "registry.entry", by=change.by, at=change.at, register=kind, code=row.code, reason=change.reason,
        **asdict(stored),
    )  # fmt: skip
    if kind == "inspectors":
        await availability.review(by=change.by, at=change.at)
    return EntryOutcome(kind, row.code, True, True, warnings=warnings)


async def _with_source(row: Any) -> Any:
    known = await lists.row("streets", row.code)
    return replace(row, source=known["source"], dated=known["dated"]) if known else row


async def refuse_in_use(kind: str, code: str, at: datetime) -> None:
    """What a plan, a row or a person still stands on does not go, and is named."""
    if kind == "items":
        open_ = PlanEntry.filter(plan__state=PlanState.PUBLISHED, closes__gte=local_day(at)).order_by("code")
        used = [str(entry) for entry, items in await open_.values_list("code", "items") if code in items]
        if used:
            raise Refusal("registry.in_plans", ARTICLE, number=code, plans=used)
    elif kind == "departments":
        n = await Inspector.filter(department=code).exclude(status=InspectorStatus.LEFT).count()
        items = await Item.filter(retired_at=None).values_list("code", "initiating")
        n += sum(code in str(initiating).split(";") for _, initiating in items)
        if n:
            raise Refusal("registry.department_in_use", ARTICLE, number=code, n=n)
    elif kind == "streets" and (n := await Target.filter(street=code, status=TargetStatus.OPERATING).count()):
        raise Refusal("registry.street_in_use", ARTICLE, number=code, n=n)
