"""A typed line goes to what was asked last; a corrected one to what it had answered (D16)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bot import pressing
from bot.handlers import (
    afterwards,
    approval,
    batches,
    binding,
    calling,
    checklist,
    code_override,
    conference,
    entity,
    entity_requests,
    entrustment,
    entry,
    hand_delivery,
    network,
    online,
    onsite,
    photos,
    plan_draft,
    plan_merge,
    reassignment,
    receipt,
    recheck,
    record,
    rectification,
    reopening,
    replacement,
    reviewing,
    sample,
    scheme_draft,
    snooze,
    tasks,
    unsupported,
    visit,
    visit_join,
    voiding,
    witness,
)
from bot.handlers.current_task import OUT
from bot.turn import Turn
from models.procedure.dialogue import OpenPrompt
from models.queries.typed_answer import TypedAnswer, typed_by

FLOWS: dict[str, Callable[[Turn, OpenPrompt, str], Awaitable[None]]] = {
    checklist.FLOW: checklist.typed,
    network.FLOW: network.typed,
    OUT: tasks.typed_reason,
    online.FLOW: online.typed,
    replacement.FLOW: replacement.typed,
    visit.SHORT: visit.typed_reason,
    visit.BASIS: visit.typed_basis,
    approval.FLOW: approval.typed,
    plan_draft.OBJECT: plan_draft.typed_objection,
    plan_draft.AMEND: plan_draft.typed_amendment,
    code_override.DECLINE: code_override.typed_reason,
    plan_merge.OBJECT: plan_merge.typed_objection,
    scheme_draft.OBJECT: scheme_draft.typed_objection,
    reassignment.OBJECT: reassignment.typed_objection,
    visit_join.OBJECT: visit_join.typed_objection,
    visit_join.PART: visit_join.typed_parting,
    batches.FLOW: batches.typed,
    snooze.FLOW: snooze.typed,
    conference.FLOW: conference.typed,
    visit.PRESENT: visit.typed_short,
    record.SAID: record.typed_said,
    record.WHY: record.typed_why,
    record.WITNESS: record.typed_witness,
    entry.FLOW: entry.typed,
    sample.TAKEN: sample.typed,
    sample.REPORT: sample.typed_report,
    entrustment.FLOW: entrustment.typed,
    onsite.BY_HAND: onsite.typed_by_hand,
    onsite.REFUSAL: onsite.typed_facts,
    onsite.ABSENCE: onsite.typed_facts,
    onsite.SUSPEND: onsite.typed_suspend,
    onsite.WHY_NOT: onsite.typed_why_not,
    voiding.FLOW: voiding.typed,
    reopening.FLOW: reopening.typed,
    entity.FLOW: entity.typed,
    hand_delivery.FLOW: hand_delivery.typed,
    calling.FLOW: calling.typed,
    reviewing.FLOW: reviewing.typed,
    reviewing.REASONS: reviewing.typed_reason,
    reviewing.REVISE: reviewing.typed_revision,
    entity_requests.CORRECTION: entity_requests.typed_correction,
    entity_requests.OBJECTION: entity_requests.typed_objection,
    afterwards.RETURN: afterwards.typed_return,
    afterwards.DROP: afterwards.typed_drop,
    receipt.FLOW: receipt.typed,
    rectification.ORDERING: rectification.typed_order,
    rectification.VERIFYING: rectification.typed_verify,
    rectification.EXTENDING: rectification.typed_extend,
    rectification.FILING: rectification.typed_file,
    rectification.REVOKING: rectification.typed_revoke,
    recheck.DAY: recheck.typed_day,
    recheck.FLOW: recheck.typed_note,
    recheck.REFUSE: recheck.typed_refusal,
    witness.FLOW: witness.typed,
}


JOINED = (checklist.FLOW, record.SAID, onsite.REFUSAL, onsite.ABSENCE, entry.FLOW)


async def text(turn: Turn) -> None:
    """A line goes to the message that it answers, else to what was open when it was sent; the second half of a long text to
    where the first went.
    """
    message, prompt = turn.message, await turn.prompt()
    if binding.passed_on(message):
        await turn.say(turn.words("typed.forwarded"))
        return
    if part := binding.continued(prompt, message):
        await _second_half(turn, *part)
        return
    if bound := await binding.replied_to(turn, message):
        await checklist.replied(turn, prompt, bound, message.text or "")
        return
    then = _awaited(turn, prompt)
    if then is None or then.flow not in FLOWS:
        await unsupported.nothing_asked(turn)
    elif then.flow == checklist.FLOW:
        await pressing.message(turn, partial(_take, turn, then), plain=True)
    elif prompt is None or then is prompt:
        await _take(turn, then)
    else:
        await turn.say(turn.words("typed.overtaken"))


async def _take(turn: Turn, waiting: OpenPrompt) -> None:
    await FLOWS[waiting.flow](turn, waiting, turn.message.text or "")
    await binding.remember(turn, waiting)


def _awaited(turn: Turn, prompt: OpenPrompt | None) -> OpenPrompt | None:
    """What was awaited when the line was sent; what is awaited now where that is not known."""
    if prompt is None:
        return None
    return prompt.when(turn.sent) or (None if turn.retried else prompt)


async def _second_half(turn: Turn, first: OpenPrompt, sign: str) -> None:
    if first.flow not in JOINED:
        await turn.say(turn.words("typed.second_half"))
        return
    turn.joins = sign
    prompt = await turn.prompt()
    same = prompt if prompt and (prompt.flow, prompt.subject) == (first.flow, first.subject) else None
    await _take(turn, same if same and first.flow != checklist.FLOW else first)


async def edited(turn: Turn) -> None:
    """A corrected text changes the answer it gave. Where a text became a picture the text stays as it was, and the picture is
    taken for the same question; a live location that moved is where the person is now.
    """
    message = turn.message
    if message.location:
        await photos.located(turn)
        return
    answer = await typed_by(binding.source(turn, message))
    if message.text is None:
        await _without_text(turn, answer)
    elif answer is not None:
        await pressing.message(turn, partial(checklist.corrected, turn, answer, message.text), plain=True)
    else:
        await turn.say(turn.words("typed.edit_unused"))


async def _without_text(turn: Turn, answer: TypedAnswer | None) -> None:
    message = turn.message
    if message.photo or message.document:
        await photos.taken(turn, (answer.task, answer.question) if answer else None)
    if answer:
        await turn.say(turn.words("typed.text_stays", number=answer.question))
