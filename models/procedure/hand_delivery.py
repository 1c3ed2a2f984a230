"""专人送达: a letter faxed, posted or brought, with who, when and a proof (Art. 16 (2)).

What was posted is not told yet: only its signed receipt is. Only what reached somebody makes the notice sent.
"""

from __future__ import annotations

from datetime import datetime

from models import store
from models.operations import event
from models.procedure import delivery_attempt, notice_records
from models.procedure import task as tasks
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.text import visible
from models.tables import Attempt, Notice

OUTCOMES = {
    "fax": ("delivered", "failed"),
    "post": ("posted", "delivered", "bounced"),
    "personal": ("told", "no_answer"),
}
REACHED = ("delivered", "told")
OFFERED = tuple(f"{way}.{outcome}" for way, outcomes in OUTCOMES.items() for outcome in outcomes)


@store.transactional
async def handed(
    number: str,
    channel: str,
    outcome: str,
    *,
    by: Actor,
    at: datetime,
    who: str = "",
    text: str = "",
    proof: str = "",
    key: str | None = None,
) -> None:
    """One try by fax, by post or at the door. `who` took it; `text`: number, waybill, words; `proof`: object.

    Done by an officer of the team, or by the office, which prints and posts for all.
    """
    letter = await _standing(number, by)
    if await event.find_by_key(key):
        return
    if outcome not in OUTCOMES.get(channel, ()):
        raise Refusal("notice.unknown_way", article="16(2)", channel=channel, outcome=outcome)
    if outcome == "told" and not visible(who).strip():
        raise Refusal("notice.nobody_named", article="16(2)", task=number)
    if not (text.strip() or who.strip()):
        raise Refusal("notice.nothing_said", article="16(2)", task=number)
    row = await Attempt.create(
        notice=letter, channel=channel, outcome=outcome, at=at, by=by.mark, proof=proof,
        detail=": ".join(part.strip() for part in (who, text) if part.strip()),
    )  # fmt: skip
    if outcome in REACHED:
        await delivery_attempt.mark_reached(letter)
    elif outcome != "posted":
        await delivery_attempt.fall_to_next(letter, channel, at)
    kind = "handed" if outcome in REACHED else "posted" if outcome == "posted" else "not_handed"
    facts = {"channel": channel, "outcome": outcome, "who": who, "said": text, "proof": proof}
    await notice_records.record(letter, f"notice.{kind}", by, at, key=key, rows=[row], **facts)


async def _standing(number: str, by: Actor) -> Notice:
    """The letter of a task that this person may hand over; nothing can be where it is withheld (D80)."""
    task = await tasks.find(number)
    if by.role != Role.OFFICE:
        await tasks.serving(task, by)
    return await notice_records.to_be_given(task)
