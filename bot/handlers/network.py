"""The network check in the chat: verdict, finding, next (Art. 16 (1))."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from bot import photos
from bot.buttons import Act, pressed
from bot.handlers import checklist
from bot.handlers.current_task import card_key, show_choices, show_task, task_for
from bot.turn import Turn
from bot.views import View
from bot.views import network as views
from locales import Words
from models import store
from models.imaging import examine
from models.procedure import dialogue, inspection, photo
from models.procedure.dialogue import OpenPrompt
from models.queries.card import TaskCard
from models.refusal import Refusal
from models.rules.checklist import read_link
from models.rules.visit import local_day
from models.states import TaskState

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
async def verdict(turn: Turn, task: int, number: int, text: str) -> None:
    """What was seen; then the source if none is known, then the finding. A settled one needs a reason."""
    _, card = await task_for(turn, task)
    ask = card.sheet.ask(number)
    network = card.sheet.network.get(ask.number)
    step = "finding" if ask.network_source else "source"
    enclosed = await _enclosed(turn, card, ask.number)
    step = "reason" if network and network.settles else step
    await _step(turn, card, ask.number, step, verdict=text, **enclosed)


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


async def screenshot(turn: Turn, prompt: OpenPrompt) -> None:
    """A picture sent while a question is looked up is what was seen: kept with the finding that follows."""
    by, card = await task_for(turn, prompt.data["task"])
    seen, data = await photos.fetched(turn.bot, photos.sent(turn.message), turn.services, turn.at - turn.sent)
    loose, day_mb = _loose(prompt, turn.at), turn.services.district.officer_day_mb
    if seen.sha256 != prompt.data.get("shot"):
        await photo.refuse_full_day(by, loose + seen.size, turn.at, day_mb)
        await store.objects.put(data)
        loose += seen.size
    written = {**_written(prompt), "shot": seen.sha256, "shots": _counted(loose, turn.at)}
    await turn.nod()
    await _step(turn, card, prompt.data["q"], prompt.data["step"], **written)


def _loose(prompt: OpenPrompt, at: datetime) -> int:
    """Bytes of today's screenshots that no finding names: one that waits for its finding, and those it replaced."""
    counted = prompt.data.get("shots") or {}
    return int(counted["bytes"]) if counted.get("day") == local_day(at).isoformat() else 0


def _counted(loose: int, at: datetime) -> dict[str, Any]:
    return {"day": local_day(at).isoformat(), "bytes": loose}


@pressed(Act.NETWORK_SHOT)
async def show_screenshot(turn: Turn, task: int, number: int) -> None:
    """The screenshot of a finding, into the chat of an officer of the team."""
    _, card = await task_for(turn, task)
    network = card.sheet.network.get(number)
    if network is None or not network.screenshot:
        raise Refusal("photo.unknown", article="16(1)")
    data = await store.objects.get(network.screenshot)
    await turn.bot.send_document(
        turn.chat, BytesIO(data), filename=f"{card.number}-{number}.{examine(data).format.lower()}"
    )


def _written(prompt: OpenPrompt) -> dict[str, Any]:
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


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    """A source, a reason or a finding, whichever was asked for."""
    _, card = await task_for(turn, prompt.data["task"])
    number, step = prompt.data["q"], prompt.data["step"]
    data = _written(prompt)
    if text.strip().lower().startswith(("http://", "https://")):
        await _step(turn, card, number, step, **{**data, "link": read_link(text)})
    elif step == "finding":
        await _found(turn, card, data, text)
    elif step in ("source", "reason"):
        data[step] = text
        ask = card.sheet.ask(number)
        onward = "finding" if data.get("source") or ask.network_source else "source"
        await _step(turn, card, number, onward if data.get("verdict") else "verdict", **data)
    else:
        raise Refusal("network.no_verdict", article="16(1)", number=number)


async def _found(turn: Turn, card: TaskCard, data: dict[str, Any], text: str) -> None:
    by, _ = await task_for(turn, card.id)
    prompt = await turn.prompt()
    assert prompt
    number = prompt.data["q"]
    await inspection.find_online(
        card.number,
        number,
        data["verdict"],
        text,
        data.get("source", ""),
        by=by,
        at=turn.at,
        reason=data.get("reason", ""),
        link=data.get("link", ""),
        screenshot=data.get("shot", ""),
        key=turn.key(),
    )
    if shot := data.get("shot"):  # the finding counts it from now on
        loose = max(_loose(prompt, turn.at) - await store.objects.size(shot), 0)
        await dialogue.keep(turn.chat, at=turn.at, shots=_counted(loose, turn.at))
    await turn.toast("toast.saved")
    _, card = await task_for(turn, card.id)
    if card.state == TaskState.ON_SITE:
        await checklist.open_question(turn, card, number)
        return
    waiting = [ask.number for ask in views.asks(card) if ask.number not in card.sheet.network]
    if waiting:
        await _step(turn, card, next((n for n in waiting if n > number), waiting[0]))
    else:
        await turn.leave()
        await turn.show(
            card_key(card.number), views.overview(card, turn.words, text=turn.words("network.done"))
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
