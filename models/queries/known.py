"""What rows of the registers may refer to: what stands in the registers already (Art. 10)."""

from __future__ import annotations

from tortoise.models import Model

from models.imaging.glyphs import unprintable
from models.queries import streets
from models.queries.code_overrides import accepted
from models.refusal import Refusal
from models.rules.registry.known import Known, KnownTarget
from models.tables import Agency, Department, Inspector, Item, Target


async def known(of: type[Model] | None = None, *, in_force: bool = False) -> Known:
    """What rows may refer to: the registered departments, items and targets, the district's streets. `in_force`: what
    something new may begin with, nothing that was retired.

    `of`: the register whose rows come in; its numbers and codes are those that two may not have.
    """
    standing = {"retired_at": None} if in_force else {}
    departments = await Department.filter(**standing)
    items = dict(await Item.filter(**standing).values_list("code", "name"))
    return Known(
        departments={row.code: row.name for row in departments},
        units={row.code: row.unit for row in departments},
        streets=await streets.current(),
        items=frozenset(items),
        item_names=items,
        targets=await _registered() if of else (),
        holders=await _holders(of),
        unprintable=unprintable,
        overridden=await accepted() if of is Target else frozenset(),
        numbers=frozenset(str(code) for code in await of.all().values_list("code", flat=True))
        if of
        else frozenset(),
    )


async def department_named(name: str) -> str:
    """The code of a department by what people call it; what was written where that means none, or several."""
    return (await known()).department(name) or name


async def department_asked(name: str) -> str:
    """The code of a department that there is; refuses what people call none."""
    if code := (await known()).department(name):
        return code
    raise Refusal("enrolment.no_department", article="7", department=name)


async def _registered() -> tuple[KnownTarget, ...]:
    columns = ("code", "name", "address", "credit_code", "registration", "mark")
    return tuple(KnownTarget(*row) for row in await Target.all().values_list(*columns))


async def _holders(of: type[Model] | None) -> dict[str, str]:
    column = {Target: "credit_code", Inspector: "certificate", Agency: "credit_code"}.get(of) if of else None
    return dict(await of.exclude(**{column: None}).values_list(column, "code")) if of and column else {}
