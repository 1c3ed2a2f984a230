"""Photos from the chat: fetched, looked at by their header, kept; the prints come afterwards (Art. 16)."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from telegram import Bot, Message
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.dependencies import Dependencies
from locales import SHANGHAI, words
from models import store
from models.delivery import Outage
from models.imaging import PhotoFacts, PhotoStamp, examine
from models.procedure import photo as photos
from models.queries import photo as photo_queries
from models.queries.photo import StampedPhoto
from models.refusal import Refusal
from models.rules.actor import CLOCK
from models.rules.photo import Doubt, Grade, MeasuredDoubt, Origin, Point, Way, grade, marks

log = logging.getLogger(__name__)

LARGEST = 20 * 1024 * 1024  # what a bot may fetch (F8)
PASSING = timedelta(minutes=10)  # so long "temporarily unavailable" is believed
NEAR = timedelta(minutes=10)
DEATHS = 3
_deaths: Counter[int] = Counter()


@dataclass(frozen=True, slots=True)
class Sent:
    """A picture in a message: how it came and how large it is."""

    file_id: str
    size: int
    way: Way
    forwarded: bool


def sent(message: Message) -> Sent:
    """The largest size of a photo, or the file."""
    forwarded = message.forward_origin is not None or message.via_bot is not None
    if message.photo:
        best = message.photo[-1]
        return Sent(best.file_id, best.file_size or 0, Way.PHOTO, forwarded)
    assert message.document
    return Sent(message.document.file_id, message.document.file_size or 0, Way.FILE, forwarded)


async def fetched(
    bot: Bot, photo: Sent, services: Dependencies, since: timedelta
) -> tuple[PhotoFacts, bytes]:
    """Fetch a picture and look at it; what it is, and its bytes, which nothing keeps yet. Refused before fetching
    when too large; asked for again when gone. `since`: it was sent.
    """
    if photo.size > LARGEST:
        raise Refusal("photo.too_large_for_chat", article="16", size=photo.size // 1_000_000, limit=20)
    async with services.hands:
        data = await _fetched(bot, photo, since)
        return await asyncio.to_thread(examine, data), data


async def _fetched(bot: Bot, photo: Sent, since: timedelta) -> bytes:
    """The bytes, all of them. Refused, with the wish to send it again, when Telegram has the file no more: it says so too
    when its own store does not answer, so that what was just sent is waited for."""
    try:
        file = await bot.get_file(photo.file_id)
    except BadRequest as gone:
        if "temporarily" in gone.message and since < PASSING:
            raise Outage(gone.message) from gone
        raise Refusal("photo.gone", article="16") from gone
    except Forbidden as barred:  # nobody's block of the bot: a gate on the way
        raise Outage(barred.message) from barred
    try:
        data = bytes(await file.download_as_bytearray())
    except Forbidden as barred:
        raise Outage(barred.message) from barred
    except InvalidToken as unknown:  # PTB's word for 404 too: the token was good a moment ago
        raise RuntimeError("Telegram does not know the file") from unknown
    if file.file_size and len(data) < file.file_size:
        raise Outage(f"{len(data)} of {file.file_size} bytes came")
    return data


def shared_point(data: dict[str, Any] | None, sent: datetime) -> Point | None:
    """Where the person said to be, if that was within ten minutes of the photo; both by Telegram's clock, however late the
    messages are taken up."""
    if not data or abs(sent - datetime.fromisoformat(data["at"])) > NEAR:
        return None
    return Point(data["latitude"], data["longitude"])


def label(mark: MeasuredDoubt) -> str:
    """`far:812`, `no_exif`: how a doubt is kept."""
    return str(mark.doubt) if mark.amount is None else f"{mark.doubt}:{mark.amount}"


def judged(origin: Origin) -> tuple[Grade, tuple[MeasuredDoubt, ...]]:
    return grade(origin), marks(origin)


async def develop(photo_id: int, services: Dependencies, *, soon: bool = False) -> None:
    """Make the thumbnail and the stamped copy of a photo, once; the original can always give them again. `soon`: they are
    written down with what commits next.
    """
    picture = await photo_queries.picture(photo_id)
    if (
        picture is None
        or picture.developed
        or picture.unprintable
        or services.darkroom is None
        or picture.format == "HEIC"
    ):
        return
    async with services.benches:
        try:
            data = await store.objects.get(picture.sha256)
            prints = await services.darkroom.develop(data, PhotoStamp(stamp(picture)))
            drawn = None
            if picture.marks:
                drawn = await services.darkroom.develop(data, PhotoStamp(stamp(picture)), picture.marks)
        except Refusal as no:
            await _refused(photo_id, no, services)
            return
    thumbnail = await store.objects.put((drawn or prints).thumbnail)
    stamped = await store.objects.put(prints.print)
    marked = await store.objects.put(drawn.print) if drawn else ""
    await (photos.developed_soon if soon else photos.developed)(
        photo_id, at=services.now(), thumbnail=thumbnail, stamped=stamped, marked=marked, marks=picture.marks
    )


async def _refused(photo_id: int, no: Refusal, services: Dependencies) -> None:
    """A photo that was looked at and refused is noted as one without a copy. A worker that died may have been
    told to stop: only the third death is the photo's own doing.
    """
    log.warning("photo %s stays undeveloped: %s", photo_id, no.code)
    if no.params.get("died"):
        _deaths[photo_id] += 1
    if not no.params.get("died") or _deaths[photo_id] >= DEATHS:
        _deaths.pop(photo_id, None)
        await photos.unprintable(photo_id, no.code.removeprefix("photo."), by=CLOCK, at=services.now())


def stamp(picture: StampedPhoto) -> tuple[str, ...]:
    """Task, question, time, officer: always in Chinese, as evidence of a Chinese procedure."""
    spoken = words("zh_Hans")
    taken = picture.at.astimezone(SHANGHAI)
    return (
        f"{picture.task} · {picture.target}",
        spoken("stamp.question", number=picture.question, text=picture.asked[:40])
        if picture.question
        else spoken("stamp.unplaced"),
        f"{taken:%Y-%m-%d %H:%M:%S}",
        spoken("stamp.officer", name=picture.officer, department=picture.department, grade=picture.grade),
    )


__all__ = ["Doubt", "develop", "fetched", "judged", "label", "sent", "shared_point", "stamp"]
