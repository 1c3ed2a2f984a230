"""At the door in the chat: arriving, a refusal, nobody there, another day; the head's decision (Art. 16 (2), 18)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from telegram import ReplyKeyboardRemove

from bot.buttons import Act, pressed
from bot.handlers import phone, places
from bot.handlers.current_task import card_key, show_choices, show_task, task_for
from bot.photos import NEAR
from bot.turn import Turn
from bot.views import View
from bot.views import onsite as views
from bot.views import task as tasks
from locales import Words
from models.procedure import absence, arrival, cooperation, suspension
from models.procedure.dialogue import OpenPrompt
from models.queries import onsite
from models.queries.card import TaskCard
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.photo import Point

LOCATE, BY_HAND, REFUSAL, ABSENCE, SUSPEND, WHY_NOT = (
    "locate",
    "by_hand",
    "refusal",
    "absence",
    "suspend",
    "why_not",
)
ABOUT = {REFUSAL: "refusal", ABSENCE: "place"}  # what photos are about that come while this is written
CHOSEN_FROM: tuple[str, ...] = (LOCATE, BY_HAND, REFUSAL, ABSENCE, SUSPEND)


def view(card: TaskCard, prompt: OpenPrompt, words: Words) -> View | None:
    """The screen of one of these flows, drawn again."""
    if prompt.flow == REFUSAL:
        return views.refusal(card, prompt.data, words)
    if prompt.flow == ABSENCE:
        return views.absence(card, prompt.data, words)
    return views.suspend(card, words) if prompt.flow == SUSPEND else None


@pressed(Act.DOOR)
async def door(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    await show_choices(turn, card, views.door(card, await onsite.on_site(card.id), turn.words))


@pressed(Act.CODE)
async def code(turn: Turn, task: int) -> None:
    """亮码 is shown by the phone's own page, which needs no reception."""
    by, card = await task_for(turn, task)
    await phone.offer(turn, by, f"{phone.HOME}#/t/{quote(card.number, safe='')}/arrive", card.id)


@pressed(Act.LOCATE)
async def locate(turn: Turn, task: int) -> None:
    """Where the phone is: asked with a key of Telegram's own."""
    _, card = await task_for(turn, task)
    await turn.ask(LOCATE, card_key(card.number), task=card.id)
    await places.ask(turn, turn.words("onsite.chat.locating"))


async def located(turn: Turn, prompt: OpenPrompt) -> None:
    """The place came; far away is shown, not refused."""
    by, card = await task_for(turn, prompt.data["task"])
    location = turn.message.location
    assert location
    place = Point(location.latitude, location.longitude)
    accuracy = round(location.horizontal_accuracy) if location.horizontal_accuracy else None
    late = turn.sent.isoformat() if turn.at - turn.sent > NEAR else ""
    await arrival.located(card.number, place, accuracy, by=by, at=turn.at, said_at=late)
    await turn.leave()
    await turn.say(turn.words("onsite.did.arrive"), keyboard=ReplyKeyboardRemove())
    await turn.show(
        card_key(card.number), views.door(card, await onsite.on_site(card.id), turn.words), anew=True
    )


@pressed(Act.BY_HAND)
async def by_hand(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    await turn.ask(BY_HAND, card_key(card.number), task=card.id)
    hint = turn.words("onsite.chat.by_hand")
    await turn.show(
        card_key(card.number), tasks.typing(card, turn.words("onsite.do.by_hand"), hint, turn.words)
    )


async def typed_by_hand(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    by, card = await task_for(turn, prompt.data["task"])
    await arrival.by_hand(card.number, text, by=by, at=turn.at)
    await turn.leave()
    await turn.nod()
    await turn.show(card_key(card.number), views.door(card, await onsite.on_site(card.id), turn.words))


@pressed(Act.OTHERWISE)
async def otherwise(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    await show_choices(turn, card, views.otherwise(card, await onsite.on_site(card.id), turn.words))


@pressed(Act.REFUSAL)
async def refusal(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    await _write(turn, card, REFUSAL, grounds=[], facts="", n=await _photos(card, REFUSAL))


@pressed(Act.GROUND)
async def ground(turn: Turn, task: int, number: int) -> None:
    """A ground is chosen, or taken back."""
    _, card = await task_for(turn, task)
    data = await _written(turn, card, REFUSAL)
    chosen = set(data["grounds"]) ^ {number}
    await _write(turn, card, REFUSAL, **{**data, "grounds": sorted(chosen)})


@pressed(Act.ABSENCE)
async def nobody(turn: Turn, task: int) -> None:
    """无法联系."""
    _, card = await task_for(turn, task)
    await _write(turn, card, ABSENCE, facts="", n=await _photos(card, ABSENCE))


async def typed_facts(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    _, card = await task_for(turn, prompt.data["task"])
    await turn.nod()
    data = _kept(prompt)
    facts = text.strip() if turn.joins is None else data.get("facts", "") + turn.joins + text.strip()
    await _write(turn, card, prompt.flow, **{**data, "facts": facts})


async def pictured(turn: Turn, prompt: OpenPrompt) -> None:
    """A photo that came while a report is written is its evidence."""
    _, card = await task_for(turn, prompt.data["task"])
    data = {**_kept(prompt), "n": await _photos(card, prompt.flow)}
    await _write(turn, card, prompt.flow, anew=True, **data)


@pressed(Act.REPORTED)
async def report(turn: Turn, task: int) -> None:
    """One officer's report; the others of the team are asked to confirm."""
    by, card = await task_for(turn, task)
    prompt = await turn.prompt()
    if prompt is None or prompt.flow not in ABOUT:
        await turn.toast("card.stale")
        return
    params, key = _kept(prompt), turn.key()
    if prompt.flow == REFUSAL:
        await cooperation.report(card.number, params["grounds"], params["facts"], by=by, at=turn.at, key=key)
    else:
        await absence.report(card.number, params["facts"], by=by, at=turn.at, key=key)
    await turn.leave()
    await turn.toast("onsite.did.refusal")
    await otherwise(turn, task)


@pressed(Act.SUSPEND)
async def suspend(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    await turn.ask(SUSPEND, card_key(card.number), task=card.id)
    await turn.show(card_key(card.number), views.suspend(card, turn.words))


@pressed(Act.SUSPEND_FOR)
async def suspend_for(turn: Turn, task: int, reason: str) -> None:
    await _suspend(turn, task, turn.words(f"onsite.suspend.{reason}"))


async def typed_suspend(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    await _suspend(turn, prompt.data["task"], text)


async def _suspend(turn: Turn, task: int, reason: str) -> None:
    by, card = await task_for(turn, task)
    await suspension.suspend(card.number, reason, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.toast("onsite.did.suspend")
    await show_task(turn, (await task_for(turn, task))[1], turn.words("onsite.did.suspend"))


@pressed(Act.CONFIRM_REFUSAL)
async def confirm_refusal(turn: Turn, number: int) -> None:
    """我也在场: a second officer."""
    filed = await onsite.report(number)
    by, _ = await task_for(turn, filed.task)
    confirmed = await cooperation.confirm(filed.id, by=by, at=turn.at)
    await turn.toast("onsite.did.confirm")
    await turn.show(f"refusal:{filed.id}", views.to_confirm(confirmed, turn.words))


@pressed(Act.CONFIRM_ABSENCE)
async def confirm_absence(turn: Turn, number: int) -> None:
    filed = await onsite.missed(number)
    by, _ = await task_for(turn, filed.task)
    confirmed = await absence.confirm(filed.id, by=by, at=turn.at)
    await turn.toast("onsite.did.confirm")
    await turn.show(f"absence:{filed.id}", views.to_confirm(confirmed, turn.words))


@pressed(Act.ASKED_REFUSAL)
async def asked_refusal(turn: Turn, number: int) -> None:
    """The head opens the report."""
    filed = await onsite.report(number)
    _head(turn, filed)
    await turn.show(f"refusal:{filed.id}", _deciding(turn, filed))


@pressed(Act.REFUSAL_DECIDED)
async def refusal_decided(turn: Turn, number: int, agree: bool) -> None:
    filed = await onsite.report(number)
    by = _head(turn, filed)
    if not agree and filed.agreed is None:
        await turn.ask(WHY_NOT, f"refusal:{filed.id}", report=filed.id)
        await turn.show(f"refusal:{filed.id}", views.dismissal(filed, turn.words))
        return
    await _decide(turn, filed.id, by, agree, "")


async def typed_why_not(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    filed = await onsite.report(prompt.data["report"])
    await _decide(turn, filed.id, _head(turn, filed), False, text)


async def _decide(turn: Turn, report_id: int, by: Actor, agree: bool, text: str) -> None:
    decided = await cooperation.decide(report_id, agree, by=by, at=turn.at, text=text)
    await turn.leave()
    await turn.toast("toast.saved")
    await turn.show(f"refusal:{report_id}", _deciding(turn, decided))


def _deciding(turn: Turn, filed: onsite.NonCooperationReport) -> View:
    console = turn.services.district.link(f"/console/tasks/{filed.number}")
    return views.to_decide(filed, console, turn.words)


def _head(turn: Turn, filed: onsite.NonCooperationReport) -> Actor:
    """The account of this person as head of the leader's department; nobody else sees the report."""
    for actor in turn.person.acting(Role.HEAD):
        if actor.department == filed.department:
            return actor
    raise Refusal("cooperation.unknown", article="18")


async def _write(turn: Turn, card: TaskCard, flow: str, *, anew: bool = False, **data: Any) -> None:
    await turn.ask(flow, card_key(card.number), task=card.id, **data)
    created = views.refusal if flow == REFUSAL else views.absence
    await turn.show(card_key(card.number), created(card, data, turn.words), anew=anew)


async def _written(turn: Turn, card: TaskCard, flow: str) -> dict[str, Any]:
    prompt = await turn.prompt()
    if prompt and prompt.flow == flow and prompt.subject == card_key(card.number):
        return _kept(prompt)
    return {"grounds": [], "facts": "", "n": await _photos(card, flow)}


def _kept(prompt: OpenPrompt) -> dict[str, Any]:
    return {name: prompt.data[name] for name in ("grounds", "facts", "n") if name in prompt.data}


async def _photos(card: TaskCard, flow: str) -> int:
    return await onsite.photographed(card.id, ABOUT[flow])
