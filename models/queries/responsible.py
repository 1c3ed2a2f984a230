"""The responsible party of a target that is no market entity: a product, a project, conduct (Art. 4)."""

from __future__ import annotations

from collections.abc import Collection

from models.rules import text
from models.tables import Target


async def names(codes: Collection[str]) -> dict[str, str]:
    """Credit code to the name under which the register knows the party; "" where it does not."""
    wanted = {code for code in codes if code}
    rows = (
        await Target.filter(credit_code__in=list(wanted)).values_list("credit_code", "name") if wanted else []
    )
    return dict.fromkeys(wanted, "") | {str(code): text.name(str(name)) for code, name in rows}


async def as_fact(target: Target) -> dict[str, list[str]]:
    """Name and credit code of the target's responsible party, as a letter keeps them; nothing where it has none."""
    if not target.linked:
        return {}
    return {"party": [(await names([target.linked]))[target.linked], target.linked]}
