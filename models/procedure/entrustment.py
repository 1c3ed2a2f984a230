"""委托专业机构: named with its letter and its people before the visit; they assist, officers decide (Art. 10, 16 (2))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models import store
from models.operations import event
from models.procedure import task as tasks
from models.refusal import Refusal
from models.rules import credit_code as codes
from models.rules import text
from models.rules.actor import Actor
from models.states import BEFORE_THE_VISIT
from models.states import TaskState as T
from models.tables import Entrustment, Task


@store.transactional
async def entrust(
    number: str,
    agency: str,
    letter: str,
    scope: str,
    people: Sequence[tuple[str, str]],
    *,
    by: Actor,
    at: datetime,
    credit_code: str = "",
    key: str | None = None,
) -> int:
    """The leader entrusts an agency. `letter`: number of the letter; `people`: name and title of each who comes.

    The entrustment's id.
    """
    task = await tasks.find(number)
    await tasks.leading(task, by)
    if done := await event.find_by_key(key):
        return int(done.data["entrustment"])
    tasks.in_state(task, *BEFORE_THE_VISIT, article="16(2)")
    agency, letter, scope = text.name(agency), text.name(letter), text.visible(scope).strip()
    named = [[text.name(name), text.name(title)] for name, title in people]
    if not (agency and letter and scope) or not named or not all(name and title for name, title in named):
        raise Refusal("entrustment.incomplete", article="16(2)")
    if credit_code.strip() and not codes.examine(credit_code).valid:
        raise Refusal("entrustment.credit_code", article="16(2)", given=credit_code[:20])
    if await Entrustment.exists(task=task, letter=letter, ended_at=None):
        raise Refusal("entrustment.letter_used", article="16(2)", letter=letter)
    row = await Entrustment.create(
        task=task, agency=agency, credit_code=text.code(credit_code), letter=letter, scope=scope, people=named,
        by=by.id, at=at,
    )  # fmt: skip
    await tasks.note(
        task, "agency.entrusted", by=by, at=at, key=key, rows=[row], entrustment=row.id, agency=row.agency,
        letter=row.letter, scope=row.scope, people=named,
    )  # fmt: skip
    return row.id


@store.transactional
async def end(entrustment_id: int, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """The leader ends an entrustment; what the agency had part in until then stays on record."""
    number = await Task.get_or_none(entrustments__id=entrustment_id).values_list("number", flat=True)
    if number is None:
        raise Refusal("entrustment.unknown", article="16(2)")
    task = await tasks.find(str(number))
    row = await Entrustment.get(id=entrustment_id)
    await tasks.leading(task, by)
    if await event.find_by_key(key) or row.ended_at:
        return
    tasks.in_state(task, *BEFORE_THE_VISIT, T.ON_SITE, article="16(2)")
    row.ended_at = at
    await row.save(update_fields=["ended_at"])
    await tasks.note(
        task, "agency.ended", by=by, at=at, key=key, rows=[row], entrustment=row.id, agency=row.agency
    )
