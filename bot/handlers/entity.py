"""The inspected side: the notice, 收到, another time; and the leader's answer to that (Art. 16 (2))."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.buttons import Act, pressed
from bot.handlers.current_task import task_for
from bot.turn import Turn
from bot.views import entity_requests
from bot.views import pending_decisions as views
from locales import Html
from models.procedure import notice, postponement, preparation
from models.procedure.dialogue import OpenPrompt
from models.queries import entity, free_times, pending_decisions
from models.queries.pending_decisions import PendingNotice
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.free_times import Window
from models.rules.visit import LASTS, SHANGHAI
from models.states import NoticeState

FLOW = "postpone"
WINDOW = "window"


def _of(turn: Turn, letter: PendingNotice) -> Actor:
    """The account of the target that the letter is for; unknown to everybody else."""
    for actor in turn.person.acting(Role.ENTITY):
        if actor.id == letter.entity:
            return actor
    raise Refusal("notice.unknown", article="16(2)")


@pressed(Act.NOTICE)
async def open_notice(turn: Turn, number: int) -> None:
    letter = await pending_decisions.letter(number)
    _of(turn, letter)
    await turn.leave()
    await show_notice(turn, letter)


async def show_notice(turn: Turn, letter: PendingNotice) -> None:
    readable = await turn.services.letter(letter.id, turn.words.language)
    await turn.show(f"notice:{letter.id}", views.notice(letter, readable.text, readable.url, turn.words))


@pressed(Act.RECEIVED)
async def received(turn: Turn, number: int) -> None:
    letter = await pending_decisions.letter(number)
    await notice.acknowledge(letter.number, by=_of(turn, letter), at=turn.at, key=turn.key())
    await turn.toast("toast.received")
    if letter.state == NoticeState.ACKNOWLEDGED:
        await show_notice(turn, letter)
        return
    keys = turn.message.reply_markup.inline_keyboard if turn.message.reply_markup else ()
    url = next((key.url for row in keys for key in row if key.url), "")
    view = views.acknowledged(letter, Html(turn.message.text_html), url, turn.words)
    await turn.show(f"notice:{letter.id}", view)


@pressed(Act.POSTPONE)
async def postpone(turn: Turn, number: int) -> None:
    letter = await pending_decisions.letter(number)
    _of(turn, letter)
    await turn.ask(FLOW, f"notice:{letter.id}", notice=letter.id)
    await turn.show(f"notice:{letter.id}", views.postpone(letter, turn.words))


@pressed(Act.POSTPONE_FOR)
async def postpone_for(turn: Turn, number: int, reason: str) -> None:
    await _postpone(turn, number, turn.words(f"postpone.{reason}"))


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    await _postpone(turn, prompt.data["notice"], text)


async def _postpone(turn: Turn, number: int, reason: str) -> None:
    """With the reason, the team's free windows are offered; without any the leader chooses."""
    letter = await pending_decisions.letter(number)
    _of(turn, letter)
    offered = await free_times.free_of(letter.task, turn.at, turn.services.district)
    if letter.postponed or not offered:
        await _ask(turn, letter, reason, None)
        return
    await turn.ask(WINDOW, f"notice:{letter.id}", notice=letter.id, reason=reason)
    await turn.show(f"notice:{letter.id}", entity_requests.windows(letter, offered, turn.words))


@pressed(Act.POSTPONE_TO)
async def postpone_to(turn: Turn, number: int, begins: str) -> None:
    prompt = await turn.prompt()
    if prompt is None or prompt.flow != WINDOW or prompt.data.get("notice") != number:
        await postpone(turn, number)
        return
    chosen = None
    if begins != "0":
        at = datetime.strptime(begins, entity_requests.CLOCK).replace(tzinfo=SHANGHAI)
        chosen = Window(at, at + LASTS)
    await _ask(turn, await pending_decisions.letter(number), prompt.data["reason"], chosen)


async def _ask(turn: Turn, letter: PendingNotice, reason: str, chosen: Window | None) -> None:
    await postponement.ask(
        letter.number, reason, window=chosen, by=_of(turn, letter), at=turn.at, key=turn.key()
    )
    await turn.leave()
    await turn.toast("toast.sent")
    await turn.show(f"notice:{letter.id}", views.asked_for_time(letter, turn.words))


@pressed(Act.PREPARE)
async def prepare(turn: Turn, number: int, page: int = 0) -> None:
    """The list of materials, a tap for each line; papers are handed in on the page."""
    letter = await pending_decisions.letter(number)
    _of(turn, letter)
    await turn.leave()
    lines = (await entity.heard(letter.task_number)).lines
    await turn.show(f"notice:{letter.id}", entity_requests.prepare(letter, lines, page, turn.words))


@pressed(Act.TICK)
async def tick(turn: Turn, number: int, line: int, ready: bool) -> None:
    letter = await pending_decisions.letter(number)
    changed = {line: ready}
    await preparation.tick(letter.number, changed, by=_of(turn, letter), at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await prepare(turn, number, (line - 1) // entity_requests.PER_PAGE)


@pressed(Act.POSTPONEMENT)
async def postponement_decided(turn: Turn, number: int, granted: bool) -> None:
    """The leader agrees (and proposes another time), or keeps the time."""
    asked = await pending_decisions.postponing(number)
    by, _ = await task_for(turn, asked.letter.task)
    decision = await postponement.decide(asked.id, granted, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    decided = replace(asked, granted=decision.granted, proposed=decision.proposed)
    await turn.show(f"postponement:{asked.id}", views.postponement(decided, turn.words))
