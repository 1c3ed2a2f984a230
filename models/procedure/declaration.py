"""申报 before a batch is committed, and taking one back (Art. 3, 14 (1)). Once it is committed nothing changes."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.operations import event
from models.procedure.draw import entry_value
from models.queries import declarations
from models.queries.declarations import DeclarationLine
from models.queries.draws import entry_of, find_batch
from models.refusal import Refusal
from models.rules.actor import Actor, Role, require
from models.rules.draw.declaration import ARTICLE, OUT, DeclarationGround, check
from models.rules.draw.files import normal
from models.rules.eligibility import in_scope
from models.rules.text import visible
from models.states import BatchState
from models.tables import Batch, Declaration, Target


@store.transactional
async def declare(
    batch_code: str, target: str, ground: str, document: str, sha256: str, *, by: Actor, at: datetime
) -> DeclarationLine:
    """A department of the batch or the office declares one target, with the document it rests on.

    `target`: number, credit code or the whole name. `sha256`: of the document, hex. The same again changes
    nothing. A target is out on one ground; what is sealed stands beside it, and nobody learns of it from a refusal.
    """
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    batch = await _open(batch_code, by)
    cited, name, hash_ = check(ground, document, sha256)
    registered = await _target(target)
    if not in_scope(entry_value(await entry_of(batch)), registered):
        raise Refusal("declaration.not_in_scope", ARTICLE, target=registered.name, batch=batch.code)
    standing = await Declaration.filter(batch=batch, target=registered.code, withdrawn_at=None).order_by("id")
    mine = (cited, hash_, by.department or "")
    if same := next((r for r in standing if (r.ground, r.document_sha256, r.department) == mine), None):
        return await declarations.line(same.id)
    if cited in OUT and any(row.ground in OUT for row in standing):
        raise Refusal("declaration.stands", ARTICLE, target=registered.name)
    row = await Declaration.create(
        batch=batch, target=registered.code, ground=cited, document=name, document_sha256=hash_,
        department=by.department or "", declared_by=by.mark, declared_at=at,
    )  # fmt: skip
    await _note(row, "declaration.declared", by, at)
    return await declarations.line(row.id)


@store.transactional
async def withdraw(id: int, reason: str, *, by: Actor, at: datetime) -> DeclarationLine:
    """Who declared it, or the office, takes a declaration back with a reason; it stays in the list."""
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    row = await Declaration.get_or_none(id=id)
    if row is None or (by.role == Role.HEAD and by.department != row.department):
        raise Refusal("declaration.unknown", ARTICLE)
    await _open(row.batch_id, by)
    if row.withdrawn_at is not None:
        return await declarations.line(row.id)
    if not visible(reason).strip():
        raise Refusal("declaration.needs_reason", ARTICLE)
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason = by.mark, at, reason.strip()
    await row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    await _note(row, "declaration.withdrawn", by, at)
    return await declarations.line(row.id)


async def _open(code: str, by: Actor) -> Batch:
    """The batch, which is not committed and to which this department sends officers."""
    batch = await find_batch(code)
    if by.role == Role.HEAD and by.department not in batch.crew:
        raise Refusal("batch.unknown", "13", batch=code)
    if batch.state != BatchState.OPEN:
        raise Refusal("declaration.committed", ARTICLE, batch=batch.code)
    return batch


async def _target(typed: str) -> Target:
    """By number, credit code or whole name; a name that two bear decides nothing."""
    text = typed.strip()
    for column, value in (("code", text), ("credit_code", normal(text)), ("name", text)):
        rows = await Target.filter(**{column: value}).limit(2) if value else []
        if len(rows) > 1:
            raise Refusal("declaration.name_twice", ARTICLE, target=text)
        if rows:
            return rows[0]
    raise Refusal("declaration.target_unknown", ARTICLE, target=text)


async def _note(row: Declaration, kind: str, by: Actor, at: datetime) -> None:
    """Whom it names stands in the sealed row alone, and that it is a clue, too."""
    await event.record(
        f"batch:{row.batch_id}", kind, by=by, at=at, declaration=row.id, document=row.document_sha256,
        ground="" if row.ground == DeclarationGround.CLUE else str(row.ground),
    )  # fmt: skip
