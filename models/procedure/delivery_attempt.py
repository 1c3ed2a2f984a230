"""送达: the letter goes through the channels one after the other; each try is a row (Art. 16 (2)).

Whatever cannot be reached by one channel goes to the next by itself, in the order that the entity wants, and
ends with a person who tells it.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from models import store
from models.operations import event, outbox
from models.procedure import notice_records
from models.procedure import task as tasks
from models.queries import next_channel
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.channel import BY_HAND, CALLS, outcome_of, reached_by
from models.rules.text import visible
from models.states import ON_ITS_WAY, UNREACHED
from models.states import NoticeState as N
from models.tables import Attempt, Notice, Task


@store.transactional
async def record_attempt(
    notice_id: int,
    channel: str,
    ok: bool,
    *,
    by: Actor,
    at: datetime,
    detail: str = "",
    text_sha256: str = "",
) -> None:
    """A channel took the letter or failed; what failed goes to the next channel by itself."""
    letter = await notice_records.find(notice_id)
    attempt = await Attempt.create(
        notice=letter,
        channel=channel,
        outcome=outcome_of(channel, ok),
        at=at,
        by=by.mark,
        detail=detail,
        text_sha256=text_sha256,
    )
    await (mark_reached(letter) if ok else fall_to_next(letter, channel, at))
    kind = f"notice.{attempt.outcome}"
    await notice_records.record(letter, kind, by, at, rows=[attempt], channel=channel, detail=detail)


@store.transactional
async def telephoned(
    number: str,
    answered: bool,
    text: str,
    *,
    by: Actor,
    at: datetime,
    spoke_with: str = "",
    key: str | None = None,
) -> None:
    """An officer telephoned: who, when, what was said. Three calls without answer are told to the head."""
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    letter = await notice_records.to_be_given(task)
    if await event.find_by_key(key):
        return
    if not visible(text).strip():
        raise Refusal("notice.nothing_said", article="16(2)", task=number)
    attempt = await Attempt.create(
        notice=letter,
        channel="phone",
        outcome="told" if answered else "no_answer",
        at=at,
        by=by.mark,
        detail=f"{spoke_with}: {text}" if spoke_with else text,
    )
    if answered:
        await mark_reached(letter)
    unanswered = await Attempt.filter(notice=letter, channel="phone", outcome="no_answer").count()
    if unanswered == CALLS and not answered:
        await fall_to_next(letter, "phone", at)
    call = {"reached": answered, "said": text, "spoke_with": spoke_with}
    await notice_records.record(letter, "notice.telephoned", by, at, key=key, rows=[attempt], **call)
    if unanswered == CALLS and not answered:
        await notice_records.tell_head(
            task, mine.department, "notice.unreached", f"unreached:{letter.id}", at, notice=letter.id
        )


async def mark_reached(notice: Notice) -> None:
    """Somebody has the letter now, or was told."""
    if notice.state in UNREACHED:
        await notice_records.move_to(notice, N.SENT)


async def fall_to_next(notice: Notice, channel: str, at: datetime) -> None:
    """This channel did not reach anybody: the next one is due, unless another has told the entity already."""
    if notice.state not in ON_ITS_WAY or await _told(notice, channel):
        return
    if notice.state != N.FAILED:
        await notice_records.move_to(notice, N.FAILED)
    await hand_to_next_channel(notice, at)


async def hand_to_next_channel(notice: Notice, at: datetime) -> None:
    """Hand the letter to the channel that is due; the last one is a person who telephones, faxes or goes."""
    target = (await Task.get(id=notice.task_id).select_related("target")).target
    channel, there = await next_channel.due(notice, target)
    key = f"notice:{notice.id}:{channel}"
    if channel in BY_HAND:
        await notice_records.move_to(notice, N.BY_HAND)
        await notice_records.tell_leader_of(notice, "notice.by_hand", key, at, channel=channel)
    elif channel == "chat":
        await outbox.enqueue(int(there), "notice", key=key, at=at, notice=notice.id)
    else:
        name = sha256(f"{notice.token_sha256}:{channel}".encode()).hexdigest()[:32]
        await outbox.enqueue_to_address(
            channel, there, "notice", key=key, at=at, reference=name, notice=notice.id
        )


async def _told(notice: Notice, but: str) -> bool:
    """True if what another channel said last is that the entity was reached."""
    others = Attempt.filter(notice=notice).exclude(channel=but).order_by("id")
    return reached_by(await others.values_list("channel", "outcome"))
