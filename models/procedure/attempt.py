"""送达: the letter goes through the channels one after the other; each try is a row (Art. 16 (2)).

Whatever cannot be reached by one channel goes to the next by itself, and ends with a person who telephones.
"""

from __future__ import annotations

from datetime import datetime

from models import store
from models.procedure import event, message, trail
from models.procedure import task as tasks
from models.procedure.trail import GIVEN
from models.refusal import Refusal
from models.rules.actor import Actor
from models.states import NoticeState as N
from models.tables import Account, Attempt, Binding, Notice, Outbox, Task

CHANNELS = ("chat", "email", "phone")


@store.transactional
async def tried(
    notice_id: int,
    channel: str,
    ok: bool,
    *,
    by: Actor,
    at: datetime,
    detail: str = "",
    text_sha256: str = "",
) -> Notice:
    """A channel took the letter or failed; what failed goes to the next channel by itself."""
    found = await trail.find(notice_id)
    attempt = await Attempt.create(
        notice=found,
        channel=channel,
        outcome="delivered" if ok else "failed",
        at=at,
        by=by.mark,
        detail=detail,
        text_sha256=text_sha256,
    )
    if ok and found.state in (N.APPROVED, N.FAILED, N.BY_HAND):
        await trail.to(found, N.SENT)
    elif not ok and found.state in GIVEN and found.state != N.ACKNOWLEDGED:
        if found.state in (N.APPROVED, N.SENT, N.BY_HAND):
            await trail.to(found, N.FAILED)
        await next_channel(found, at)
    kind = "notice.delivered" if ok else "notice.failed"
    await trail.note(found, kind, by, at, rows=[attempt], channel=channel, detail=detail)
    return found


@store.transactional
async def telephoned(
    number: str,
    reached: bool,
    said: str,
    *,
    by: Actor,
    at: datetime,
    spoke_with: str = "",
    key: str | None = None,
) -> Notice:
    """An officer telephoned: who, when, what was said. Three calls without answer are told to the head."""
    found = await trail.standing(number)
    task = await Task.get(id=found.task_id)
    mine = await tasks.serving(task, by)
    if await event.happened(key):
        return found
    if not said.strip():
        raise Refusal("notice.nothing_said", article="16(2)", task=number)
    attempt = await Attempt.create(
        notice=found,
        channel="phone",
        outcome="told" if reached else "no_answer",
        at=at,
        by=by.mark,
        detail=f"{spoke_with}: {said}" if spoke_with else said,
    )
    if reached and found.state in (N.BY_HAND, N.FAILED, N.APPROVED):
        await trail.to(found, N.SENT)
    call = {"reached": reached, "said": said, "spoke_with": spoke_with}
    await trail.note(found, "notice.telephoned", by, at, key=key, rows=[attempt], **call)
    unanswered = await Attempt.filter(notice=found, channel="phone", outcome="no_answer").count()
    if not reached and unanswered == 3:
        await trail.tell_head(
            mine.department, "notice.unreached", f"unreached:{found.id}", at, notice=found.id, task=number
        )
    return found


async def next_channel(notice: Notice, at: datetime) -> None:
    """Hand the letter to the first channel not yet tried; the last one is a person with a telephone."""
    task = await Task.get(id=notice.task_id).select_related("target")
    used = {one.channel for one in await Attempt.filter(notice=notice)}
    entity = await Account.filter(target=task.target, disabled_at=None).first()
    bound = entity and await Binding.exists(account=entity, ended_at=None, blocked_at=None)
    if entity and bound and "chat" not in used:
        await message.owe(entity, "notice", key=f"notice:{notice.id}:chat", at=at, notice=notice.id)
    elif task.target.email and "email" not in used:
        await message.owe_email(
            task.target.email, "notice", key=f"notice:{notice.id}:email", at=at, notice=notice.id
        )
    else:
        await trail.to(notice, N.BY_HAND)
        await trail.tell_leader(notice, "notice.by_hand", f"notice:{notice.id}:phone", at)


async def pending(notice: Notice) -> bool:
    """True while a channel still owes the letter."""
    return await Outbox.exists(key__startswith=f"notice:{notice.id}:", state="waiting")
