"""The leader's acts around the visit, and a member's reply to its time (Art. 15, 16)."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, show_choices, show_task, task_for
from bot.turn import Turn
from bot.views import View
from bot.views import task as tasks
from bot.views import visit as views
from locales import Words
from models.procedure import inspection, notice, schedule
from models.procedure.dialogue import OpenPrompt
from models.queries import arrival as arrivals
from models.queries import clash
from models.queries import record as records
from models.queries.card import TaskCard
from models.refusal import Refusal
from models.rules import visit as rules
from models.rules.actor import Actor
from models.states import TaskState

PRESENT, SHORT, BASIS, PROPOSAL = "present", "short", "basis", "proposal"


@pressed(Act.DAYS)
async def days(turn: Turn, task: int, page: int = 0) -> None:
    _, card = await task_for(turn, task)
    place = turn.services.district
    offered = rules.days_offered(
        place.calendar, card.opens, card.closes, turn.at, limit=None, practice=place.practice
    )
    await show_choices(turn, card, views.days(card, offered, turn.words, page))


@pressed(Act.TIMES)
async def times(turn: Turn, task: int, day: str) -> None:
    _, card = await task_for(turn, task)
    on = date.fromisoformat(day)
    starts = rules.starts_offered(on, turn.at, practice=turn.services.district.practice)
    busy = [
        row
        for row in await clash.busy_of(card.id, turn.at, (on, on))
        if rules.local_day(row[0].begins) <= on <= rules.local_day(row[0].ends)
    ]
    await show_choices(turn, card, views.times(card, on, starts, turn.words, busy))


@pressed(Act.PROPOSE)
async def propose(turn: Turn, task: int, day: str, clock: str) -> None:
    """Ask the members for this time."""
    by, card = await task_for(turn, task)
    begins = rules.instant(date.fromisoformat(day), time(int(clock[:2]), int(clock[2:])))
    await schedule.propose(card.number, begins, begins + rules.LASTS, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.members_asked")
    await overview(turn, task)


@pressed(Act.VISIT)
async def overview(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    if card.proposed_from is None:
        await show_task(turn, card)
        return
    await turn.ask(PROPOSAL, card_key(card.number), task=card.id)
    await turn.show(card_key(card.number), views.proposal(card, turn.words))


@pressed(Act.REPLY)
async def reply(turn: Turn, task: int, can: bool, when: int = 0) -> None:
    """可以 or 不行 to the time that the message names; another one proposed meanwhile is shown first."""
    by, card = await task_for(turn, task)
    if when and (card.proposed_from is None or when != rules.minute(card.proposed_from)):
        await turn.toast("reply.time_changed", alert=True)
        await show_task(turn, card)
        return
    await schedule.reply(card.number, can, by=by, at=turn.at, begins=card.proposed_from, key=turn.key())
    await turn.toast("toast.replied")
    await show_task(
        turn,
        (await task_for(turn, card.id))[1],
        turn.words("reply.said_yes" if can else "reply.said_no"),
    )


@pressed(Act.FIX)
async def fix(turn: Turn, task: int) -> None:
    by, card = await task_for(turn, task)
    await _fix(turn, by, card, "")


@pressed(Act.RENEW)
async def renew(turn: Turn, task: int) -> None:
    """A letter that names those who will come takes the place of the one that went out."""
    by, card = await task_for(turn, task)
    await notice.renew(card.number, by=by, at=turn.at, district=turn.services.district, key=turn.key())
    await turn.toast("toast.renewed")
    await show_task(turn, (await task_for(turn, card.id))[1])


@pressed(Act.FIX_FOR)
async def fix_for(turn: Turn, task: int, reason: str) -> None:
    by, card = await task_for(turn, task)
    await _fix(turn, by, card, turn.words(f"short.{reason}"))


async def typed_reason(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    by, card = await task_for(turn, prompt.data["task"])
    await _fix(turn, by, card, text)


async def _fix(turn: Turn, by: Actor, card: TaskCard, reason: str) -> None:
    try:
        await schedule.fix(
            card.number, by=by, at=turn.at, district=turn.services.district, reason=reason, key=turn.key()
        )
    except Refusal as no:
        if no.code != "visit.short_notice":
            raise
        await turn.ask(SHORT, card_key(card.number), task=card.id)
        view = views.short_notice(card, no.params["days"], no.params["needed"], turn.words)
        await turn.show(card_key(card.number), view)
        return
    await turn.leave()
    await turn.toast("toast.fixed")
    await show_task(turn, (await task_for(turn, card.id))[1])


@pressed(Act.WITHHOLD)
async def withhold(turn: Turn, task: int) -> None:
    """不宜告知: the legal basis, in words; the head decides."""
    _, card = await task_for(turn, task)
    await turn.ask(BASIS, card_key(card.number), task=card.id)
    view = tasks.typing(card, turn.words("withhold.title"), turn.words("withhold.text"), turn.words)
    await turn.show(card_key(card.number), view)


async def typed_basis(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    by, card = await task_for(turn, prompt.data["task"])
    await notice.ask_to_withhold(card.number, text, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await show_task(turn, (await task_for(turn, card.id))[1], turn.words("withhold.asked"))


def present_view(card: TaskCard, data: dict[str, Any], words: Words) -> View:
    return views.present(
        card, data.get("here", []), words, asks=data.get("asks", ""), untouched=data.get("untouched", False)
    )


@pressed(Act.BEGIN)
async def begin(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    await _choose(turn, card, list(await arrivals.here(card.id, turn.at)), untouched=True)


async def _choose(
    turn: Turn, card: TaskCard, here: list[str], *, untouched: bool = False, **more: str
) -> None:
    """Those who registered at the door are ticked; nothing is decided until the leader says so.

    `asks`: which reason is awaited; `reason`, `untold`: those given already.
    """
    chosen = {"here": here, "untouched": untouched, **more}
    await turn.ask(PRESENT, card_key(card.number), task=card.id, **chosen)
    await turn.show(card_key(card.number), present_view(card, chosen, turn.words))


@pressed(Act.PRESENT)
async def present(turn: Turn, task: int, place: int) -> None:
    """A tap on a name: here, or not."""
    _, card = await task_for(turn, task)
    here, who = (await _chosen(turn, card)).get("here", []), card.members[place].id
    await _choose(
        turn, card, [officer for officer in here if officer != who] if who in here else [*here, who]
    )


async def _chosen(turn: Turn, card: TaskCard) -> dict[str, Any]:
    prompt = await turn.prompt()
    return dict(prompt.data) if prompt and prompt.subject == card_key(card.number) else {}


@pressed(Act.BEGIN_ALL)
async def begin_all(turn: Turn, task: int) -> None:
    by, card = await task_for(turn, task)
    await _begin(turn, by, card, {"here": [m.id for m in card.members]})


@pressed(Act.BEGIN_NOW)
async def begin_now(turn: Turn, task: int) -> None:
    by, card = await task_for(turn, task)
    await _begin(turn, by, card, {"here": (await _chosen(turn, card)).get("here", [])})


@pressed(Act.BEGIN_FOR)
async def begin_for(turn: Turn, task: int, reason: str) -> None:
    """A reason from a button: for fewer than two officers, or for an entity that was not told."""
    by, card = await task_for(turn, task)
    asked = "untold" if reason in views.UNTOLD_REASONS else "reason"
    words = turn.words(f"untold.{reason}") if asked == "untold" else turn.words(f"present.{reason}")
    await _begin(turn, by, card, {**await _chosen(turn, card), asked: words})


async def typed_short(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    by, card = await task_for(turn, prompt.data["task"])
    await _begin(turn, by, card, {**prompt.data, prompt.data.get("asks") or "reason": text})


ASKED_FOR = {"visit.short_handed": "reason", "visit.not_told": "untold"}


async def _begin(turn: Turn, by: Actor, card: TaskCard, chosen: dict[str, Any]) -> None:
    """Begin with what was said so far; a reason that is still owed is asked for."""
    here, params = list(chosen.get("here", [])), {name: chosen.get(name, "") for name in ("reason", "untold")}
    try:
        await inspection.begin(card.number, here, by=by, at=turn.at, key=turn.key(), **params)
    except Refusal as no:
        if no.code not in ASKED_FOR:
            raise
        await _choose(turn, card, here, asks=ASKED_FOR[no.code], **params)
        return
    await turn.leave()
    await turn.toast("toast.begun")
    await show_task(turn, (await task_for(turn, card.id))[1])


@pressed(Act.CONCLUDE)
async def conclude(turn: Turn, task: int) -> None:
    """Asked once more when every section is closed; otherwise refused with what is still open."""
    _, card = await task_for(turn, task)
    if card.state == TaskState.ON_SITE and any(
        not s.final and card.sheet.on_site(s.department) for s in card.sections
    ):
        await conclude_sure(turn, task)
        return
    papers = await records.papers(card.id)
    missing = [name for _, name, _ in papers.missing] + (
        [] if papers.heard else [turn.words("record.entity")]
    )
    await show_choices(turn, card, views.conclude(card, turn.words, missing=missing))


@pressed(Act.CONCLUDE_SURE)
async def conclude_sure(turn: Turn, task: int) -> None:
    by, card = await task_for(turn, task)
    await inspection.conclude(card.number, by=by, at=turn.at, district=turn.services.district, key=turn.key())
    await turn.leave()
    await turn.toast("toast.concluded")
    await show_task(turn, (await task_for(turn, card.id))[1])
