"""A version of the item list is made public with its reason; earlier ones stay readable (Art. 9)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from models import store
from models.fields import readable_json
from models.operations import event
from models.queries import item_list as lists
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.rules.item_list import ARTICLE, difference, read_reason
from models.tables import ItemListVersion


@dataclass(frozen=True, slots=True)
class PublishedList:
    """The version that is public now, and how it differs from the one before."""

    number: int
    items: int
    added: int
    removed: int
    changed: int


@store.transactional
async def publish(reason: str, words: str, *, by: Actor, at: datetime) -> PublishedList:
    """The list as it stands becomes the next public version. `reason`: `ListReason`; `words`: the law, circular or
    decision. Refuses a list with nothing in it, one that reads like the newest version, and a change without words."""
    require(by, Role.OFFICE, article=ARTICLE)
    await event.lock("items")
    why, what = read_reason(reason), text.visible(words).strip()[:500]
    if not what:
        raise Refusal("items.no_words", ARTICLE)
    listed = await lists.standing()
    if not listed:
        raise Refusal("items.empty", ARTICLE)
    newest = await ItemListVersion.all().order_by("-number").first()
    differs = difference(newest.items if newest else [], listed)
    if newest and not differs:
        raise Refusal("items.same", ARTICLE, number=newest.number)
    number, sha256 = (
        (newest.number if newest else 0) + 1,
        hashlib.sha256(readable_json(listed).encode()).hexdigest(),
    )
    await ItemListVersion.create(
        number=number, reason=why.value, words=what, items=listed, sha256=sha256, by=by.mark, at=at
    )
    published = PublishedList(
        number, len(listed), len(differs.added), len(differs.removed), len(differs.changed)
    )
    await event.record(
        "registry", "items.published", by=by, at=at, number=number, reason=why.value, words=what, sha256=sha256,
        items=len(listed),
    )  # fmt: skip
    return published
