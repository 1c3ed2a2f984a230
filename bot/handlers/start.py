"""Who we are, binding by link and own contact, language, help, the way to the console (Art. 10)."""

from __future__ import annotations

from telegram import KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.buttons import Act, pressed
from bot.handlers import login_link, screen, tasks
from bot.handlers.current_task import task_for
from bot.menu import commands_for
from bot.turn import Turn
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views.team_group import TASK_LINK
from locales import LANGUAGES, words
from models.procedure import enrolment
from models.queries import person as people
from models.refusal import Refusal
from models.rules.actor import Role


async def stranger(turn: Turn) -> None:
    """Everything a stranger ever hears; an officer who has left (离岗) hears that, and whom to ask."""
    if turn.person.left:
        raise Refusal("officer.left", article="10", name=turn.person.left)
    if turn.press:
        await turn.toast("error.not_yours", alert=True)
        return
    await turn.say(turn.words.html("stranger", district=turn.services.district.name))


async def start(turn: Turn) -> None:
    """/start, alone or with a deep link's token; the same refusal for every link that is not good (D59)."""
    token = (turn.message.text or "").partition(" ")[2].strip()
    if not token:
        await (welcome(turn) if turn.person.actors else stranger(turn))
        return
    if token.startswith(TASK_LINK):
        await _task(turn, token.removeprefix(TASK_LINK))
        return
    account = await enrolment.open_link(token, turn.chat, at=turn.at)
    await turn.say(
        lines(
            bold(turn.words("bind.title")),
            turn.words(
                "bind.who", name=literal(masked(account.name)), role=turn.words(f"role.{account.role}")
            ),
            turn.words("bind.how"),
        ),
        keyboard=ReplyKeyboardMarkup(
            [[KeyboardButton(turn.words("button.share_contact"), request_contact=True)]],
            resize_keyboard=True,
            one_time_keyboard=True,
        ),
    )


async def _task(turn: Turn, number: str) -> None:
    """A link of a team's group: the task, for whoever serves in it."""
    if not turn.person.actors:
        await stranger(turn)
    elif not turn.person.acting(Role.INSPECTOR):
        await tasks.today(turn)
    else:
        _, card = await task_for(turn, number)
        await turn.leave()
        await screen.redraw_at_bottom(turn, card.id)


def masked(name: str) -> str:
    """张**: enough to know oneself, too little for a stranger."""
    shown = 1 if len(name) <= 4 else 2
    return name[:shown] + "*" * min(4, max(1, len(name) - shown))


async def contact(turn: Turn) -> None:
    """The person's own contact, fresh from their phone: not passed on, not somebody else's (D73, D74)."""
    shared = turn.message.contact
    assert shared
    own = None if turn.message.forward_origin else shared.user_id
    account = await enrolment.bind(turn.chat, own, shared.phone_number, at=turn.at, key=turn.key())
    if not account.language:
        await enrolment.speak([account.id], turn.words.language, at=turn.at)
    turn.person = await people.person(turn.chat)
    name = account.name if turn.services.district.chat_evidence else masked(account.name)
    await turn.say(
        turn.words("bind.done", name=literal(name, 80), role=turn.words(f"role.{account.role}")),
        keyboard=ReplyKeyboardRemove(),
    )
    await commands_for(turn)
    await tasks.today(turn)


async def welcome(turn: Turn) -> None:
    """Who you are here, and what is next (U1)."""
    await turn.show(
        "welcome",
        View(
            lines(
                bold(turn.words("welcome.title", district=literal(turn.services.district.name))),
                *[
                    turn.words(
                        "welcome.who",
                        name=literal(actor.called or turn.words(f"role.{actor.role}"), 80),
                        role=turn.words(f"role.{actor.role}"),
                    )
                    for actor in turn.person.actors[:3]
                ],
            ),
            rows([button(turn.words("button.tasks"), Act.LIST, 0, style="primary")]),
        ),
        anew=True,
    )
    await commands_for(turn)


async def help(turn: Turn) -> None:
    if not turn.person.actors:
        await stranger(turn)
        return
    role = turn.person.actors[0].role
    if role == Role.INSPECTOR and not turn.services.district.chat_evidence:
        await turn.say(turn.words("bare.help"))
        return
    await turn.say(turn.words.html(f"help.{role}" if turn.words.has(f"help.{role}") else "help.office"))


async def privacy(turn: Turn) -> None:
    await turn.say(turn.words.html("privacy", phone=turn.services.district.complaint_phone))


async def settings(turn: Turn) -> None:
    await turn.leave()
    await turn.show("settings", _settings(turn), anew=True)


def _settings(turn: Turn) -> View:
    keys = [
        button(
            turn.words(
                "button.chosen" if turn.words.language == value else "button.plain",
                label=words(value)("language.own"),
            ),
            Act.LANGUAGE,
            value,
        )
        for value in LANGUAGES
    ]
    staff = turn.person.acting(Role.INSPECTOR, Role.HEAD, Role.LIAISON, Role.OFFICE)
    feed = [button(turn.words("button.feed"), Act.CALENDAR)] if staff else None
    return View(lines(bold(turn.words("settings.title")), turn.words("settings.text")), rows(keys, feed))


@pressed(Act.LANGUAGE)
async def language(turn: Turn, chosen: str) -> None:
    if chosen not in LANGUAGES:
        raise Refusal("enrolment.link")
    await enrolment.speak(turn.person.accounts, chosen, at=turn.at)
    turn.words = words(chosen)
    await turn.toast("toast.saved")
    await turn.show("settings", _settings(turn))
    await commands_for(turn)


async def login(turn: Turn) -> None:
    """A link to the console for each account that may use it: once, for ten minutes."""
    people_ = turn.person.acting(Role.OFFICE, Role.HEAD, Role.LIAISON, Role.INSPECTOR)
    if not people_:
        raise Refusal("actor.role", role=turn.person.actors[0].role, allowed=[Role.INSPECTOR])
    keys = [
        [
            Button(
                turn.words("button.login", role=turn.words(f"role.{person.role}")),
                url=await login_link.create(turn, person),
            )
        ]
        for person in people_
    ]
    await turn.table.send(View(turn.words("login.text"), rows(*keys)), plain=True)


async def cancel(turn: Turn) -> None:
    """/cancel: nothing is awaited any more; what was begun stays as a draft (D28)."""
    left = await turn.leave()
    await tasks.today(turn, turn.words("cancel.left" if left else "cancel.nothing"))
