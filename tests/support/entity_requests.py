"""What an entity says of an inspection, from its first tick to its objection, for samples of evidence."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.district import District
from models.procedure import correction, document_submission, objection, preparation
from models.rules.actor import Actor, Role
from models.tables import Notice, Task

HOLDER = Actor(Role.PUBLIC, "link")
PAPER = b"%PDF-1.4\n%%EOF\n"


async def before(task: Task, officer: Actor, at: datetime) -> None:
    """A tick, a paper, and a point put right that the team has verified."""
    number = (await Notice.get(task=task)).number
    kept = document_submission.SubmittedFile(
        await store.objects.put(PAPER), len(PAPER), "PDF", "示例台账.pdf"
    )
    await preparation.tick(number, {1: True, 2: True}, by=HOLDER, at=at)
    await preparation.tick(number, {2: False}, by=HOLDER, at=at)
    await document_submission.hand_in(number, 1, [kept], by=HOLDER, at=at)
    mended = await correction.submit(number, 1, "示例:已更换", [kept], by=HOLDER, at=at)
    assert mended
    await correction.decide(mended, True, "示例:属实", by=officer, at=at)


async def afterwards(task: Task, head: Actor, at: datetime, place: District) -> None:
    """An objection to the published result, not upheld."""
    number = (await Notice.get(task=task)).number
    objected = await objection.object_to(number, "示例:与事实不符", by=HOLDER, at=at, district=place)
    await objection.decide(objected, False, "示例:维持", by=head, at=at)
