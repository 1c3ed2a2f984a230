"""Photos on site: bound to a question by reply, or by the question open when they were sent (F5, D3)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC
from functools import partial
from typing import Any

from telegram import Message

from bot import photos, pressing
from bot.buttons import Act, pressed
from bot.handlers import binding, checklist, network, onsite, places, recheck, record, sample
from bot.handlers.current_task import question_of, task_for
from bot.turn import Turn
from bot.views import photo as views
from models import store
from models.procedure import dialogue, photo
from models.procedure.dialogue import OpenPrompt
from models.queries import photo as photo_queries
from models.queries.question import QuestionCard
from models.refusal import Refusal
from models.rules import checklist as rules
from models.rules.actor import Role
from models.rules.photo import Origin, as_kept, nearer
from models.rules.place import LocationKind, kind_of

log = logging.getLogger(__name__)

PLACE = "place"
ABOUT = {
    **onsite.ABOUT,
    record.PAPER: "record",
    sample.TAKEN: "sample",
    sample.REPORT: "sample",
    recheck.FLOW: "recheck",
}


async def taken(turn: Turn, bound: tuple[int, int] | None = None) -> None:
    """A photo, a file, or one of an album: kept, then entered, then shown; one reply for an album (U16). `bound`: the task
    and question of the text that it took the place of.
    """
    turn.actor(Role.INSPECTOR)
    message = turn.message
    prompt = await turn.prompt()
    late = turn.retried and prompt is not None and prompt.when(turn.sent) is not prompt
    if prompt and prompt.flow == network.FLOW and not message.reply_to_message and not late:
        await network.screenshot(turn, prompt)
        return
    album = _album(prompt, message)
    about = ABOUT.get(prompt.flow, "") if prompt and not bound and not late else ""
    number: int | None
    if bound:
        task, number = bound
    elif prompt and about:
        task, number = prompt.data["task"], None
    else:
        task, number = (album["task"], album["q"]) if album else await _belongs(turn, prompt, message)
    card, enter, news = await _prepared(turn, prompt, task, number, about, (album["n"] if album else 0) + 1)
    created: list[int] = []

    async def enter_and_show() -> None:
        created[:] = [await enter()]
        if about == "sample":
            await turn.nod()
        elif prompt and about == "recheck":
            await recheck.photographed(turn, prompt)
        elif prompt and about:
            if about == "record":
                await record.photographed(turn, (await task_for(turn, card.id))[1])
            else:
                await onsite.pictured(turn, prompt)
        else:
            ids = [*(album["photos"] if album else []), *created]
            await _show(turn, (await question_of(turn, card.id))[1], number, ids, news)

    if number is None or bound:  # no redraw that is owed would show its card; or more is said afterwards
        await enter_and_show()
    else:
        await pressing.message(turn, enter_and_show)
    await _print(turn, created[0])


async def _prepared(
    turn: Turn, prompt: OpenPrompt | None, task: int, number: int | None, about: str, count: int
) -> tuple[QuestionCard, Callable[[], Awaitable[int]], str]:
    """The task, what enters the photo whose bytes are kept by then and gives its id, and what is said of it."""
    message = turn.message
    by, card = await question_of(turn, task)
    picture = photos.sent(message)
    negative, data = await photos.fetched(turn.bot, picture, turn.services, turn.at - turn.sent)
    sent = message.edit_date or message.date
    origin = Origin(
        picture.way,
        nearer(negative.claims, turn.at, sent),
        negative.claims,
        photos.shared_point((prompt.data if prompt else {}).get("location"), sent),
        await photo_queries.where(card.id),
        forwarded=picture.forwarded,
    )
    grade, doubts = photos.judged(origin)
    entered = partial(
        photo.take, card.number, number, by=by, at=turn.at, sha256=negative.sha256, size=negative.size, format=negative.format,
        width=negative.width or 0, height=negative.height or 0, grade=str(grade),
        labels=[photos.label(mark) for mark in doubts], exif=as_kept(negative.claims), caption=message.caption or "",
        sent_at=sent.astimezone(UTC), source=f"chat:{turn.chat}:{message.message_id}", about=about, key=turn.key(),
        day_mb=turn.services.district.officer_day_mb,
    )  # fmt: skip
    await store.rehearse(entered)
    await store.objects.put(data)

    async def enter() -> int:
        return (await entered()).id

    return card, enter, views.kept(count, number, grade, doubts, turn.words)


def _album(prompt: OpenPrompt | None, message: Message) -> dict[str, Any] | None:
    """The album under way, if this photo is of it: all of an album belongs to one question."""
    album = prompt.data.get("album") if prompt else None
    return album if album and message.media_group_id and album["id"] == message.media_group_id else None


async def _belongs(turn: Turn, prompt: OpenPrompt | None, message: Message) -> tuple[int, int | None]:
    """Task and question of a photo: by the message it answers, by the open question, else the visit alone."""
    if (replied := await binding.replied_to(turn, message)) is not None:
        return replied[0], replied[1]
    if (
        prompt
        and prompt.flow in (checklist.FLOW, checklist.SECTION, checklist.JUMP)
        and "task" in prompt.data
    ):
        number = checklist.open_at(prompt, turn.sent, or_here=not turn.retried)
        if number is not None or prompt.flow != checklist.FLOW:
            return prompt.data["task"], number
    for officer in turn.person.acting(Role.INSPECTOR):
        there = await photo_queries.on_site(officer.id)
        if there is not None:
            return there, None
    raise Refusal("photo.no_visit", article="16")


async def _show(turn: Turn, card: QuestionCard, number: int | None, created: list[int], news: str) -> None:
    group = turn.message.media_group_id
    first = len(created) == 1
    if number is None:
        await turn.ask(PLACE, "place", task=card.id, photos=created)
        await turn.show("place", views.place(card, news, turn.words), anew=first, reply=first)
    else:
        ask = card.sheet.ask(number)
        prompt = await turn.prompt()
        unfinished = rules.gaps(ask, card.sheet.given.get(number))
        open_now = prompt.data["q"] if prompt and prompt.flow == checklist.FLOW else number
        if unfinished or open_now != number:
            await checklist.open_question(turn, card, open_now, news, anew=first)
        else:
            onward = rules.next_open(card.sheet, card.department, after=number, officer=card.officer)
            await checklist.on(turn, card, onward, news, anew=first)
    if group:
        album = {"id": group, "task": card.id, "q": number, "n": len(created), "photos": created}
        await dialogue.keep(turn.chat, at=turn.at, album=album)


async def _print(turn: Turn, photo_id: int) -> None:
    """Thumbnail and stamped copy now; if that fails, the clock makes them later."""
    try:
        await photos.develop(photo_id, turn.services, soon=True)
    except Exception:
        log.exception("photo %s is developed later", photo_id)


@pressed(Act.PLACE)
async def place(turn: Turn, task: int, number: int) -> None:
    """The photos that came without a question belong to this one."""
    by, card = await question_of(turn, task)
    prompt = await turn.prompt()
    if prompt is None or prompt.flow != PLACE:
        await turn.toast("card.stale")
        return
    for photo_id in prompt.data["photos"]:
        await photo.place(photo_id, number, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.placed", number=number)
    _, card = await question_of(turn, card.id)
    ask = card.sheet.ask(number)
    unfinished = rules.gaps(ask, card.sheet.given.get(ask.number))
    await checklist.on(
        turn, card, ask if unfinished else rules.next_open(card.sheet, card.department, after=ask.number)
    )


async def located(turn: Turn) -> None:
    """Where the person is: photos of the next ten minutes carry it (grade B). What is not their own place of this moment is
    said to be what it is, and asked for with a key.
    """
    message, prompt = turn.message, await turn.prompt()
    location = message.location
    assert location
    kind = _kind(message, prompt)
    if not kind.counts:
        if turn.update.message is not None:
            await places.ask(turn, turn.words(f"place.{kind}"))
        return
    if prompt and prompt.flow == onsite.LOCATE and turn.update.message is not None:
        await onsite.located(turn, prompt)
        return
    taken_at = (message.edit_date or message.date).isoformat()
    data = {"latitude": location.latitude, "longitude": location.longitude, "at": taken_at}
    await dialogue.keep(turn.chat, at=turn.at, location=data)
    if turn.update.message is not None:
        await turn.nod()
        await turn.say(turn.words("photo.located"))


def _kind(message: Message, prompt: OpenPrompt | None) -> LocationKind:
    location = message.location
    assert location
    key = prompt.data.get("place_key") if prompt else None
    replied = message.reply_to_message
    return kind_of(
        forwarded=binding.passed_on(message), venue=message.venue is not None, live_period=_seconds(location.live_period),
        by_key=key is not None and replied is not None and replied.message_id == key, accuracy=location.horizontal_accuracy,
        sent=message.date, edited=message.edit_date,
    )  # fmt: skip


def _seconds(period: Any) -> int | None:
    return int(period.total_seconds()) if hasattr(period, "total_seconds") else period


@pressed(Act.GRADES)
async def grades(turn: Turn) -> None:
    await turn.toast("photo.grades", alert=True)
