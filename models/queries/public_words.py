"""Words that a person typed, as everybody reads them: without names that the registers know, without telephones (Art. 8)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from models import store
from models.read_once import ReadOnce
from models.rules.actor import Role
from models.rules.public.masking import masked
from models.tables import Account, Inspector, Target

NEWEST = "SELECT MAX(id) AS newest FROM register_change"

_officers = ReadOnce("inspector")
"""The names of the officers' register as of its newest change, whichever process made that."""


async def hiding(targets: Collection[str] = ()) -> Callable[[str], str]:
    """Shows a reason without the names of officers, heads and liaisons, and of the people of `targets` (their codes)."""
    holders = Account.filter(role__in=[Role.HEAD, Role.LIAISON]).values_list("name", flat=True)
    names = {str(name) for name in await holders}
    for target in await Target.filter(code__in=list(targets)) if targets else ():
        names |= {target.representative, target.contact}
    return partial(masked, names=names | await _names_of_officers())


async def _names_of_officers() -> frozenset[str]:
    """Read once for each state of the register: a page costs what it shows, however many officers a district has."""
    known = _officers.known
    [row] = await store.run_one(NEWEST)
    if known.get("newest") != (row["newest"],):
        read = await Inspector.all().values_list("name", flat=True)
        known["newest"], known["names"] = (row["newest"],), frozenset(str(name) for name in read)
    names: frozenset[str] = known["names"]
    return names
