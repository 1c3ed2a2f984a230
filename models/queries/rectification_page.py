"""An order to rectify for whoever holds its link: genuine or not, its points, its term, what was said (Art. 17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.queries import board, rectification
from models.queries.rectification import OrderLine
from models.rules import tokens
from models.rules.public.rectification import PublicOrder, public_order
from models.tables import Rectification, Task


@dataclass(frozen=True, slots=True)
class OrderPage:
    """`facts`: what the paper says."""

    order: OrderLine
    public: PublicOrder
    check_code: str
    facts: Mapping[str, Any]


async def order_page(token: str) -> OrderPage | None:
    """The order of this link; None for a token that is nobody's (D68)."""
    token_sha256 = tokens.hashed(token)
    return await _page(await Rectification.get_or_none(token_sha256=token_sha256))


async def seen(number: str, *, sight: board.Sight) -> OrderPage | None:
    """An order by its number, for those who see its task (D60)."""
    row = await Rectification.get_or_none(number=number)
    visible = row is not None and await board.visible(sight).filter(id=row.task_id).exists()
    return await _page(row if visible else None)


async def printable(number: str) -> OrderPage | None:
    """An order by its number, for the dossier."""
    return await _page(await Rectification.get_or_none(number=number))


async def _page(row: Rectification | None) -> OrderPage | None:
    if row is None:
        return None
    order = await rectification.line(row.id)
    return OrderPage(order, public_order(rectification.fact_of(row)), row.check_code, row.facts)


async def numbers(task: str) -> tuple[str, ...]:
    """The orders of a task."""
    ids = (await Task.get(number=task)).id
    return tuple([row.number for row in await Rectification.filter(task_id=ids).order_by("id")])
