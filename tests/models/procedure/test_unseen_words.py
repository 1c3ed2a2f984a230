"""A reason of signs that nobody sees is none, whichever surface it comes from (Art. 14, 16, 17)."""

import re
from datetime import date
from pathlib import Path

import pytest

import models
from models.procedure import batch, rectification
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.rectification import RectificationOutcome
from tests.support import district as sample
from tests.support import rectifying
from tests.support.district import CEREMONY, district
from tests.support.onsite import refused

UNSEEN = "\u200b \u2060\u200e"


async def test_b12_an_order_is_neither_extended_nor_judged_nor_withdrawn_without_a_word(db):
    of = await rectifying.reviewed()
    order, at = await of.ordered(), rectifying.ENDED
    later = date(2026, 12, 28)
    extended = rectification.extend(order.id, later, UNSEEN, by=of.officer, at=at, district=district())
    assert await refused(extended) == "rectification.no_reason"
    assert (
        await refused(rectification.revoke(order.id, UNSEEN, by=of.head, at=at)) == "rectification.no_reason"
    )
    await rectification.hand_in(order.number, "示例:已整改", by=Actor(Role.PUBLIC, "link"), at=at)
    judged = rectification.decide(order.id, RectificationOutcome.NOT_DONE, UNSEEN, by=of.officer, at=at)
    assert await refused(judged) == "rectification.no_reason"


async def test_b12_a_window_is_not_moved_without_a_word(db):
    await sample.found()
    head = Actor(Role.HEAD, "GA", "示例负责人", "GA")
    moved = batch.extend(sample.BATCH, date(2026, 12, 20), UNSEEN, by=head, at=CEREMONY)
    with pytest.raises(Refusal, match="reason"):
        await moved


def test_b12_no_act_asks_for_words_by_stripping_spaces_alone():
    bare = re.compile(r"not (?:reason|text|note|person|facts|amend|untold|finding|basis|why)[.]strip\(\)")
    inside = Path(models.__file__).parent
    found = [
        f"{path.relative_to(inside)}:{number}"
        for folder in ("procedure", "rules")
        for path in sorted((inside / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if bare.search(line)
    ]
    assert found == []
