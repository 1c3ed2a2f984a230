"""CHAT_EVIDENCE=off: nothing of an inspection passes through the chat, neither in nor out.

Everything that a card would show is drawn behind a curtain: the table asks it what may be seen of a subject and
shows that alone, so that no view can be forgotten. What is pressed or sent leads to the companion.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import NO_EVIDENCE, Act, Value
from bot.cards import Redactor
from bot.dependencies import Dependencies
from bot.turn import Turn
from bot.views import Button, View, bold, button, lines, rows
from bot.views import no_evidence as views
from locales import Words
from models.queries import inbox, pending_decisions
from models.queries import person as people
from models.queries.card import number_of, task_card
from models.refusal import Refusal
from models.rules.actor import Actor, Role


def redactor(services: Dependencies, chat: int, words: Words) -> Redactor | None:
    """What may be seen of a subject in this person's chat; None where everything may."""
    if services.district.chat_evidence:
        return None

    async def seen(subject: str) -> View:
        kind, _, name = subject.partition(":")
        actors = (await people.person(chat)).actors
        officers = [actor for actor in actors if actor.role == Role.INSPECTOR]
        try:
            if kind == "task":
                return await _task(name, officers, words)
            if kind == "notice":
                return await _notice(services, int(name), words)
        except (Refusal, ValueError):
            pass
        if officers:
            return views.task_list(await _lines(officers, services), words)
        return redirect(services, actors, words)

    return seen


async def _task(number: str, officers: Sequence[Actor], words: Words) -> View:
    for officer in officers[:-1]:
        try:
            return views.task(await task_card(number, officer.id), words)
        except Refusal:
            continue
    if not officers:
        raise Refusal("task.unknown", article="15", task=number)
    return views.task(await task_card(number, officers[-1].id), words)


async def _notice(services: Dependencies, notice: int, words: Words) -> View:
    letter = await pending_decisions.letter(notice)
    readable = await services.letter(letter.id, words.language)
    return views.notice(letter, readable.url, words)


async def _lines(officers: Sequence[Actor], services: Dependencies) -> list[inbox.InboxLine]:
    return [line for officer in officers for line in await inbox.tasks_of(officer.id, services.now())]


def redirect(services: Dependencies, actors: Sequence[Actor], words: Words, text: str = "") -> View:
    """Where this is done instead: officers on the phone, the office and the heads on the console."""
    if any(actor.role == Role.INSPECTOR for actor in actors):
        keys = [button(words("button.phone"), Act.PHONE, 0), button(words("button.list"), Act.LIST, 0)]
        return View(text or words("bare.on_the_phone"), rows(keys))
    if any(actor.role in (Role.HEAD, Role.LIAISON, Role.OFFICE) for actor in actors):
        key = Button(words("button.console"), url=services.district.link("/console/"))
        return View(text or words("bare.on_the_console"), rows([key]))
    return View(text or words("bare.on_the_page"))


async def pressed(turn: Turn, act: Act, args: tuple[Value, ...]) -> bool:
    """A press that would bring evidence into the chat: its subject is shown as far as it may be. False if it
    may go on."""
    if turn.services.district.chat_evidence or NO_EVIDENCE in act.rules:
        return False
    await turn.toast("bare.toast", alert=True)
    officers = turn.person.acting(Role.INSPECTOR)
    task = act.task(args) or 0
    for officer in officers if task else ():
        try:
            number = await number_of(task, officer.id)
        except Refusal:
            continue
        await turn.show(f"task:{number}", View(""))
        return True
    await turn.show("bare", redirect(turn.services, turn.person.actors, turn.words))
    return True


async def not_stored(turn: Turn) -> bool:
    """What was sent is not kept, and that is said, with the way to where it is. False if it may be kept."""
    if turn.services.district.chat_evidence:
        return False
    await turn.leave()
    text = lines(bold(turn.words("bare.unkept")), turn.words("bare.unkept_text"))
    view = redirect(turn.services, turn.person.actors, turn.words, text)
    await turn.table.show("bare", view, anew=True)
    return True
