"""The list of tasks, one task, accepting it and asking out of it (Art. 14 (2), 15)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers import home, screen
from bot.handlers.current_task import OUT, assignment_for, card_key, show_choices, show_task, task_for
from bot.turn import Turn
from bot.views import View, lines
from bot.views import task as views
from locales.refusals import explain
from models.procedure import dialogue, itinerary, team
from models.procedure.dialogue import OpenPrompt
from models.queries import inbox
from models.queries.card import TaskCard
from models.queries.person import departments_in
from models.rules.actor import Actor, Role


async def today(turn: Turn, text: str = "") -> None:
    """/today: what is to be done, newly at the end of the chat; what was open stays as a draft (D28)."""
    await turn.leave()
    view = await home.home(turn)
    await turn.show("list", View(lines(text or None, view.text), view.rows), anew=True)


async def follow(turn: Turn) -> None:
    """A head's list of open questions follows what was decided just now."""
    head = turn.person.acting(Role.HEAD) and not turn.person.acting(Role.INSPECTOR, Role.ENTITY)
    if not head:
        return
    async with turn.table.held():
        if await dialogue.card(turn.chat, "list"):
            await turn.table.show("list", await home.home(turn), quiet=True)


@pressed(Act.LIST)
async def list_tasks(turn: Turn, page: int = 0) -> None:
    await turn.leave()
    await turn.show("list", await home.home(turn, page))


@pressed(Act.OPEN)
async def open_task(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    await turn.leave()
    await show_task(turn, card)


@pressed(Act.ACCEPT)
async def accept(turn: Turn, task: int) -> None:
    by, which = await assignment_for(turn, task)
    await team.accept(which, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.accepted")
    await show_task(turn, (await task_for(turn, task))[1])


@pressed(Act.ACCEPT_ALL)
async def accept_all(turn: Turn) -> None:
    """One act for all of them; what is answered is what was stored."""
    done, refused = 0, []
    for officer in turn.person.acting(Role.INSPECTOR):
        open_ = [line.number for line in await inbox.tasks_of(officer.id, turn.at) if not line.accepted]
        for outcome in await itinerary.accept(open_, by=officer, at=turn.at, key=turn.key()):
            done += outcome.refused is None
            refused += [outcome.refused] if outcome.refused else []
    await turn.toast("toast.accepted_all", n=done)
    names = await departments_in(*refused[:3])
    why = [explain(refusal, turn.words, names) for refusal in refused[:3]]
    await turn.show("list", await home.tasks(turn, headline=lines(*why) if why else ""))


@pressed(Act.ASK_OUT)
async def ask_out(turn: Turn, task: int, kind: str) -> None:
    _, card = await task_for(turn, task)
    await show_choices(turn, card, views.reasons(card, kind, turn.words))


@pressed(Act.ASK_OUT_FOR)
async def ask_out_for(turn: Turn, task: int, kind: str, reason: str) -> None:
    by, card = await task_for(turn, task)
    if reason == "other":
        await turn.ask(OUT, card_key(card.number), task=card.id, kind=kind)
        title = turn.words("out.recuse.title" if kind == "r" else "out.excuse.title")
        await turn.show(card_key(card.number), views.typing(card, title, turn.words("out.type"), turn.words))
        return
    await _ask_out(turn, by, card, kind, reason, turn.words(f"out.{reason}") if kind == "r" else "")


async def typed_reason(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    by, card = await task_for(turn, prompt.data["task"])
    await _ask_out(turn, by, card, prompt.data["kind"], "other", text)


async def _ask_out(turn: Turn, by: Actor, card: TaskCard, kind: str, reason: str, note: str) -> None:
    await team.ask_out(
        card.number, "recusal" if kind == "r" else reason, note, by=by, at=turn.at, key=turn.key()
    )
    await turn.leave()
    await turn.toast("toast.asked_head")
    await show_task(turn, card, turn.words("out.asked"))


@pressed(Act.RESUME)
async def resume(turn: Turn) -> None:
    """Go on where it was left: the question, with everything answered so far."""
    prompt = await turn.prompt()
    draft = (prompt.data if prompt else {}).get("draft")
    if not draft or not str(draft["subject"]).startswith("task:"):
        await list_tasks(turn)
        return
    _, card = await task_for(turn, str(draft["subject"]).removeprefix("task:"))
    await turn.ask(draft["flow"], draft["subject"], **draft["data"])
    await screen.redraw(turn, card)
