"""申报 of a batch: what the draw takes of it, and what each reader is shown (Art. 3, 14 (1))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.rules.actor import Actor, Role
from models.rules.draw import declaration as rules
from models.rules.draw.declaration import OUT, DeclarationGround, Declarations, Declared
from models.tables import Declaration, Target


@dataclass(frozen=True, slots=True)
class DeclarationLine:
    """`target` and `document` are empty where this reader may not see them."""

    id: int
    batch: str
    ground: DeclarationGround
    target: str
    name: str
    document: str
    sha256: str
    department: str
    declared_by: str
    declared_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None


async def standing(batch: str) -> Declarations:
    """What stands in a batch, for its draw."""
    rows = await Declaration.filter(batch_id=batch, withdrawn_at=None)
    return rules.of(
        Declared(row.target, DeclarationGround(row.ground), row.document, row.document_sha256) for row in rows
    )


async def listed(batch: str, by: Actor) -> tuple[DeclarationLine, ...]:
    """All of a batch, withdrawn ones in their place. Who is under a clue or a case is shown to the office and to the
    department that declared it."""
    rows = await Declaration.filter(batch_id=batch).order_by("id")
    names = dict(await Target.filter(code__in=[row.target for row in rows]).values_list("code", "name"))
    return tuple(_line(row, str(names.get(row.target, "")), shown(row, by)) for row in rows)


async def line(id: int) -> DeclarationLine:
    """One of them, whole: for who declared or withdrew it just now."""
    row = await Declaration.get(id=id)
    target = await Target.get_or_none(code=row.target)
    return _line(row, target.name if target else "", open_=True)


def shown(row: Declaration, by: Actor) -> bool:
    """Whether this person may see whom a declaration names."""
    own = by.department == row.department and bool(row.department)
    return by.role == Role.OFFICE or (by.role == Role.HEAD and (own or row.ground in OUT))


def _line(row: Declaration, name: str, open_: bool) -> DeclarationLine:
    return DeclarationLine(
        row.id, row.batch_id, DeclarationGround(row.ground), row.target if open_ else "", name if open_ else "",
        row.document if open_ else "", row.document_sha256, row.department, row.declared_by, row.declared_at,
        row.withdrawn_at, row.withdrawn_reason or "",
    )  # fmt: skip
