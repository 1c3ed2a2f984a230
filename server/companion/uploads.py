"""A photo's way from the phone: announced, sent in parts, looked at, kept, entered, and only then receipted.

`POST /field/api/photos` says what will come and is told how much is here already; `PUT /field/api/uploads/KEY`
brings bytes from there on. The last part is answered 201 with the SHA-256 of what was stored (Art. 16, R4, R8).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from aiohttp import ClientConnectionError, hdrs, web

from models import store
from models.imaging import PhotoFacts, examine
from models.operations import idempotency
from models.operations.idempotency import IdempotencyKey
from models.procedure import later_act, photo
from models.queries import companion
from models.queries import photo as photo_queries
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.photo import MeasuredDoubt, Origin, Point, Way, as_kept, grade, marks
from server import wrong_input
from server.app_keys import DISTRICT, WAKE, by, now
from server.companion import partial_uploads
from server.companion.acts import other_bytes
from server.companion.json_requests import (
    COMPANION,
    ActBody,
    Count,
    FieldRoutes,
    Line,
    Number,
    Row,
    Sha256,
    answer,
    from_the_companion,
    read,
)
from server.companion.methods import Seen, seen
from server.companion.partial_uploads import PartialUpload
from server.companion.policy import LARGEST

PIECE = 64 * 1024
RANGE = re.compile(r"bytes (\d{1,10})-(\d{1,10})/(\d{1,10})")
SILENT = 60.0  # seconds without a byte: the line is dead, though nobody said so


class UploadLimits:
    """Parts are taken in 64 at a time, the others wait on their phones; photos are looked at two at a time: 40 MB,
    however many arrive (R32)."""

    def __init__(self) -> None:
        self.doorway, self.benches = asyncio.Semaphore(64), asyncio.Semaphore(2)


UPLOAD_LIMITS = web.AppKey("hall", UploadLimits)
SILENCE = web.AppKey("silence", float)

routes = FieldRoutes()

Degrees = Annotated[float, msgspec.Meta(ge=-180, le=180)]


class AnnouncedPhoto(ActBody):
    """A photo to come. `gallery`, `shrunk` and the place are what the phone says: claims.

    `exif`: what became of the camera's words when the photo was made smaller: carried over, or the original had none.
    `original_sha256`, `original_size`: the file that the smaller one was made from; it stays on the phone until the
    receipt, and afterwards tells whether a file shown later is the one.
    """

    task: Annotated[str, msgspec.Meta(max_length=64)]
    question: Number | None
    sha256: Sha256
    size: Row
    gallery: bool = False
    shrunk: bool = False
    exif: Literal["", "carried", "none"] = ""
    original_sha256: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")] = ""
    original_size: Count = 0
    latitude: Degrees | None = None
    longitude: Degrees | None = None
    accuracy: Annotated[float, msgspec.Meta(ge=0, le=1e6)] | None = None
    caption: Line = ""
    about: Literal["", "refusal", "place", "sample", "record", "recheck"] = ""
    find: Seen | None = None

    @property
    def what(self) -> str:
        if self.find:
            return f"{self.task}/find/{self.question or 0}"
        return f"{self.task}/photo/{self.about or self.question or 0}"


@routes.post("/field/api/photos", audience=COMPANION)
async def announce(request: web.Request) -> web.Response:
    """How much of this photo is here; all of it: the receipt."""
    asked, _ = await read(request, AnnouncedPhoto)
    who = by(request)
    try:
        if done := await idempotency.find(asked.key, asked.sha256, asked.what, by=who):
            return receipted(done)
        upload = partial_uploads.partial_upload(who.id, asked.key)
        if not await asyncio.to_thread(partial_uploads.announced, upload):
            await _admit(asked, who, now(request), request.config_dict[DISTRICT].officer_day_mb)
        await asyncio.to_thread(partial_uploads.sweep_now_and_then)
        async with partial_uploads.alone(upload):
            here = await asyncio.to_thread(_keep, upload, asked)
            if here == asked.size:  # all of it came, and then the process ended
                return await _finish(request, upload, asked)
            return answer({"key": asked.key, "offset": here})
    except Refusal as no:
        return other_bytes(no)


async def _admit(asked: AnnouncedPhoto, who: Actor, at: datetime, day_mb: int) -> None:
    """Refuse before a byte is sent what would be refused afterwards (D35, D51, D60)."""
    if asked.size > LARGEST:
        raise Refusal(
            "photo.too_large", article="16", megabytes=asked.size // 1_000_000, limit=LARGEST // 2**20
        )
    count, size = await companion.load(asked.task, who.id)
    if count >= photo.PER_TASK or size + asked.size > photo.BYTES_PER_TASK:
        raise Refusal("photo.task_full", article="16", n=count, megabytes=size // 1_000_000)
    begun = await asyncio.to_thread(partial_uploads.begun, who.id)
    await photo.refuse_full_day(who, begun + asked.size, at, day_mb)


def _keep(upload: PartialUpload, asked: AnnouncedPhoto) -> int:
    stored = partial_uploads.announced(upload)
    if stored is None:
        partial_uploads.announce(upload, msgspec.json.encode(asked))
        return 0
    before = msgspec.json.decode(stored, type=AnnouncedPhoto)
    if (before.sha256, before.what) != (asked.sha256, asked.what):
        raise Refusal("companion.other_bytes", article="16", kept=before.sha256, given=asked.sha256)
    return partial_uploads.arrived(upload)


@routes.put("/field/api/uploads/{key:[A-Za-z0-9_-]{16,64}}", audience=COMPANION)
async def part(request: web.Request) -> web.Response:
    """Bytes of an announced photo, from where we are on. 409 with the offset when they leave a gap."""
    from_the_companion(request, "application/octet-stream")
    who, key = by(request), request.match_info["key"]
    upload = partial_uploads.partial_upload(who.id, key)
    async with partial_uploads.alone(upload):
        paper = await asyncio.to_thread(partial_uploads.announced, upload)
        if paper is None:
            raise web.HTTPNotFound
        asked = msgspec.json.decode(paper, type=AnnouncedPhoto)
        here = await asyncio.to_thread(partial_uploads.arrived, upload)
        begins, ends = _range(request, asked.size)
        if not begins <= here <= ends:
            return answer({"key": key, "offset": here}, status=409)
        async with request.config_dict[UPLOAD_LIMITS].doorway:
            here = await _take(request, upload, ends + 1 - begins, known=here - begins)
        if here < asked.size:
            return answer({"key": key, "offset": here})
        return await _finish(request, upload, asked)


async def on_startup(app: web.Application) -> None:
    """The hall is the application's own, made in the loop that runs it."""
    app[UPLOAD_LIMITS] = UploadLimits()


async def _piece(request: web.Request) -> bytes:
    async with asyncio.timeout(request.config_dict[SILENCE]):
        return await request.content.read(PIECE)


def _range(request: web.Request, size: int) -> tuple[int, int]:
    match = RANGE.fullmatch(request.headers.get(hdrs.CONTENT_RANGE, ""))
    if not match:
        raise wrong_input.broken()
    begins, ends, whole = map(int, match.groups())
    if not begins <= ends < whole == size:
        raise wrong_input.broken()
    return begins, ends


async def _take(request: web.Request, upload: PartialUpload, expected: int, known: int) -> int:
    """Write what comes, no more than announced; a cut line leaves what came, synced. How much is here now.

    A browser repeats a cut request by itself from where it began: the first `known` bytes are here already.
    """
    came = 0
    try:
        while piece := await _piece(request):
            before, came = came, came + len(piece)
            if came > expected:
                raise wrong_input.broken()
            if new := piece[max(known - before, 0) :]:
                await asyncio.to_thread(partial_uploads.append, upload, new)
    except (ClientConnectionError, TimeoutError) as cut:
        raise wrong_input.broken() from cut
    finally:
        here = await asyncio.shield(asyncio.to_thread(partial_uploads.settle, upload))
    return here


async def _finish(request: web.Request, upload: PartialUpload, asked: AnnouncedPhoto) -> web.Response:
    """Look at the whole, keep it under its hash, enter it; what is no photo leaves nothing behind (D36-D41)."""
    who, at, day_mb = by(request), now(request), request.config_dict[DISTRICT].officer_day_mb

    async def once(negative: PhotoFacts, stored: bool) -> IdempotencyKey:
        async def entered(key: str) -> dict[str, Any]:
            if asked.find and asked.question:
                screenshot = negative.sha256 if stored else ""
                find = partial(
                    seen, asked.task, asked.question, asked.find, screenshot, by=who, at=at, key=key
                )
                return await later_act.on_state(
                    asked.task, asked.as_of, find, by=who, own=idempotency.of_person(who)
                )
            shot = await photo.take(
                asked.task,
                asked.question,
                about=asked.about,
                by=who,
                at=at,
                key=key,
                day_mb=day_mb,
                **await _evidence(asked, negative, at),
            )
            return {"photo": shot.id, "size": shot.size, "grade": shot.grade, "labels": list(shot.labels)}

        return await idempotency.run_once(
            asked.key, asked.sha256, asked.what, entered, task=asked.task, by=who, at=at
        )

    try:
        async with request.config_dict[UPLOAD_LIMITS].benches:
            negative = await _kept(upload, asked, lambda facts: once(facts, stored=False))
        if negative.sha256 != asked.sha256:
            await asyncio.to_thread(partial_uploads.begin_again, upload)
            raise Refusal("companion.other_bytes", article="16", kept=asked.sha256, given=negative.sha256)
        done = await once(negative, stored=True)
    except Refusal as no:
        return other_bytes(no)
    await asyncio.to_thread(partial_uploads.forget, upload)
    request.config_dict[WAKE]()
    return receipted(done)


async def _kept(
    upload: PartialUpload, asked: AnnouncedPhoto, tried: Callable[[PhotoFacts], Awaitable[IdempotencyKey]]
) -> PhotoFacts:
    """What the whole is; under its hash if that is the one announced and the act, tried first, would take it. Its
    bytes are let go with this.
    """
    data = await asyncio.to_thread(upload.data.read_bytes)
    try:
        negative = await asyncio.to_thread(examine, data)
    except Refusal:
        await asyncio.to_thread(partial_uploads.forget, upload)
        raise
    if negative.sha256 == asked.sha256:
        await store.rehearse(lambda: tried(negative))
        await _store(data)
    return negative


async def _store(data: bytes) -> None:
    try:
        await store.objects.put(data)
    except OSError as no:
        if no.errno in partial_uploads.FULL:
            raise Refusal("photo.disk_full", article="16") from no
        raise


async def _evidence(asked: AnnouncedPhoto, negative: PhotoFacts, at: Any) -> dict[str, Any]:
    """What is known and what is claimed. A photo made smaller on the phone is worth what was carried over."""
    shared = None
    if asked.latitude is not None and asked.longitude is not None:
        shared = Point(asked.latitude, asked.longitude)
    origin = Origin(
        Way.COMPANION, at, negative.claims, shared, await photo_queries.where(await companion.task_id(asked.task)),
        gallery=asked.gallery, shrunk=asked.shrunk, original_silent=asked.exif == "none",
    )  # fmt: skip
    params = as_kept(negative.claims)
    if asked.shrunk and asked.original_sha256:
        params["original"] = {"sha256": asked.original_sha256, "size": asked.original_size}
    if shared:
        params["shared"] = {
            "latitude": shared.latitude,
            "longitude": shared.longitude,
            "accuracy_m": asked.accuracy,
        }
    if asked.said_at:
        params["said_at"] = asked.said_at
    return {
        "sha256": negative.sha256, "size": negative.size, "format": negative.format, "width": negative.width,
        "height": negative.height, "grade": str(grade(origin)), "labels": [labelled(mark) for mark in marks(origin)],
        "exif": params, "caption": asked.caption, "source": f"companion:{asked.key}",
    }  # fmt: skip


def labelled(mark: MeasuredDoubt) -> str:
    return str(mark.doubt) if mark.amount is None else f"{mark.doubt}:{mark.amount}"


def receipted(done: IdempotencyKey) -> web.Response:
    """The receipt: the hash is that of the bytes that are stored and synced."""
    return answer({"key": done.key, "sha256": done.sha256, "at": done.at, **done.answer}, status=201)
