"""The network check in the chat: verdict, finding, next (Art. 16 (1))."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from bot import photos
from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, show_choices, show_task, task_for
from bot.turn import Turn
from bot.views import View
from bot.views import network as views
from locales import Words
from models import store
from models.imaging import examine
from models.procedure import inspection
from models.procedure.dialogue import Waiting
from models.queries.card import TaskCard
from models.refusal import Refusal
from models.rules.checklist import read_link

FLOW = "network"
WRITTEN = ("verdict", "source", "reason", "link", "shot")
ENCLOSED = ("link", "shot")


def view(card: TaskCard, data: dict[str, Any], words: Words) -> View:
    """The question that is being looked up."""
    return views.question(card, data, words)


@pressed(Act.NETWORK)
async def overview(turn: Turn, task: int) -> None:
    """The list; with one question only, that question at once."""
    _, card = await task_for(turn, task)
    waiting = [ask for ask in views.asks(card) if ask.number not in card.sheet.network]
    if len(views.asks(card)) == 1 and waiting:
        await _step(turn, card, waiting[0].number)
        return
    await turn.leave()
    await turn.show(card_key(card.number), views.overview(card, turn.words))


@pressed(Act.NETWORK_QUESTION)
async def question(turn: Turn, task: int, number: int) -> None:
    _, card = await task_for(turn, task)
    await _step(turn, card, number)


async def _step(turn: Turn, card: TaskCard, number: int, step: str = "verdict", **data: Any) -> None:
    ask = card.sheet.ask(number)
    data = {"source": ask.network_source, **data, "task": card.id, "q": number, "step": step}
    await turn.ask(FLOW, card_key(card.number), **data)
    await turn.show(card_key(card.number), views.question(card, data, turn.words))


@pressed(Act.NETWORK_VERDICT)
async def verdict(turn: Turn, task: int, number: int, said: str) -> None:
    """What was seen; then the source if none is known, then the finding. A settled one needs a reason."""
    _, card = await task_for(turn, task)
    ask = card.sheet.ask(number)
    found = card.sheet.network.get(ask.number)
    step = "finding" if ask.network_source else "source"
    enclosed = await _enclosed(turn, card, ask.number)
    step = "reason" if found and found.settles else step
    await _step(turn, card, ask.number, step, verdict=said, **enclosed)


async def _enclosed(turn: Turn, card: TaskCard, number: int) -> dict[str, Any]:
    """The screenshot and the link that were sent to this question before its verdict."""
    prompt = await turn.prompt()
    if (
        prompt is None
        or prompt.flow != FLOW
        or prompt.subject != card_key(card.number)
        or prompt.data["q"] != number
    ):
        return {}
    return {name: prompt.data[name] for name in ENCLOSED if prompt.data.get(name)}


async def screenshot(turn: Turn, prompt: Waiting) -> None:
    """A picture sent while a question is looked up is what was seen: kept with the finding that follows."""
    _, card = await task_for(turn, prompt.data["task"])
    seen, data = await photos.fetched(turn.bot, photos.sent(turn.message), turn.services)
    await store.objects.put(data)
    kept = {**_written(prompt), "shot": seen.sha256}
    await turn.nod()
    await _step(turn, card, prompt.data["q"], prompt.data["step"], **kept)


@pressed(Act.NETWORK_SHOT)
async def show_screenshot(turn: Turn, task: int, number: int) -> None:
    """The screenshot of a finding, into the chat of an officer of the team."""
    _, card = await task_for(turn, task)
    found = card.sheet.network.get(number)
    if found is None or not found.screenshot:
        raise Refusal("photo.unknown", article="16(1)")
    data = await store.objects.get(found.screenshot)
    await turn.bot.send_document(
        turn.chat, BytesIO(data), filename=f"{card.number}-{number}.{examine(data).format.lower()}"
    )


def _written(prompt: Waiting) -> dict[str, Any]:
    return {name: prompt.data[name] for name in WRITTEN if prompt.data.get(name)}


@pressed(Act.NETWORK_SOURCE)
async def source(turn: Turn, task: int, number: int) -> None:
    _, card = await task_for(turn, task)
    data = await _open(turn, number)
    await _step(turn, card, number, "source", **data)


@pressed(Act.NETWORK_FINDING)
async def finding(turn: Turn, task: int, number: int, key: str) -> None:
    _, card = await task_for(turn, task)
    await _found(turn, card, await _open(turn, number), turn.words(f"finding.{key}"))


async def _open(turn: Turn, number: int) -> dict[str, Any]:
    prompt = await turn.prompt()
    if (
        prompt is None
        or prompt.flow != FLOW
        or prompt.data.get("q") != number
        or not prompt.data.get("verdict")
    ):
        raise Refusal("network.no_verdict", article="16(1)", number=number)
    return _written(prompt)


async def typed(turn: Turn, prompt: Waiting, said: str) -> None:
    """A source, a reason or a finding, whichever was asked for."""
    _, card = await task_for(turn, prompt.data["task"])
    number, step = prompt.data["q"], prompt.data["step"]
    data = _written(prompt)
    if said.strip().lower().startswith(("http://", "https://")):
        await _step(turn, card, number, step, **{**data, "link": read_link(said)})
    elif step == "finding":
        await _found(turn, card, data, said)
    elif step in ("source", "reason"):
        data[step] = said
        ask = card.sheet.ask(number)
        onward = "finding" if data.get("source") or ask.network_source else "source"
        await _step(turn, card, number, onward if data.get("verdict") else "verdict", **data)
    else:
        raise Refusal("network.no_verdict", article="16(1)", number=number)


async def _found(turn: Turn, card: TaskCard, data: dict[str, Any], said: str) -> None:
    by, _ = await task_for(turn, card.id)
    prompt = await turn.prompt()
    assert prompt
    number = prompt.data["q"]
    await inspection.find_online(
        card.number,
        number,
        data["verdict"],
        said,
        data.get("source", ""),
        by=by,
        at=turn.at,
        reason=data.get("reason", ""),
        link=data.get("link", ""),
        screenshot=data.get("shot", ""),
        key=turn.key(),
    )
    await turn.toast("toast.saved")
    _, card = await task_for(turn, card.id)
    waiting = [ask.number for ask in views.asks(card) if ask.number not in card.sheet.network]
    if waiting:
        await _step(turn, card, next((n for n in waiting if n > number), waiting[0]))
    else:
        await turn.leave()
        await turn.show(
            card_key(card.number), views.overview(card, turn.words, said=turn.words("network.done"))
        )


@pressed(Act.NETWORK_CLOSE)
async def close(turn: Turn, task: int, sure: bool = False) -> None:
    """The leader ends the network check; with questions not looked up, asked once more."""
    by, card = await task_for(turn, task)
    open_ = [ask for ask in card.sheet.asks if ask.network != "no" and ask.number not in card.sheet.network]
    if open_ and not sure and card.me.leader:
        await show_choices(turn, card, views.closing(card, turn.words))
        return
    await inspection.close_network_check(card.number, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.network_closed")
    await show_task(turn, (await task_for(turn, card.id))[1])
