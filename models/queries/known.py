"""What rows of the registers may refer to: what stands in the registers already (Art. 10)."""

from __future__ import annotations

from tortoise.models import Model

from models.imaging.glyphs import unprintable
from models.queries import streets
from models.rules.registry.known import Known, Registered
from models.tables import Department, Inspector, Item, Target


async def known(of: type[Model] | None = None, *, in_force: bool = False) -> Known:
    """What rows may refer to: the registered departments, items and targets, the district's streets. `in_force`: what
    something new may begin with, nothing that was retired.

    `of`: the register whose rows come in; its numbers and codes are those that two may not have.
    """
    standing = {"retired_at": None} if in_force else {}
    items = dict(await Item.filter(**standing).values_list("code", "name"))
    return Known(
        departments={row.code: row.name for row in await Department.filter(**standing)},
        streets=await streets.current(),
        items=frozenset(items),
        item_names=items,
        targets=await _registered() if of else (),
        holders=await _holders(of),
        unprintable=unprintable,
        numbers=frozenset(str(code) for code in await of.all().values_list("code", flat=True))
        if of
        else frozenset(),
    )


async def _registered() -> tuple[Registered, ...]:
    columns = ("code", "name", "address", "credit_code", "registration", "mark")
    return tuple(Registered(*row) for row in await Target.all().values_list(*columns))


async def _holders(of: type[Model] | None) -> dict[str, str]:
    column = {Target: "credit_code", Inspector: "certificate"}.get(of) if of else None
    return dict(await of.exclude(**{column: None}).values_list(column, "code")) if of and column else {}
