"""What a person does on the page, handed to the phone: the page can do nothing that a test cannot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import Any

from aiohttp import web

from server.practice import multipart
from server.practice.calls import Upload
from server.practice.camera import practice_photo
from server.practice.display import mark_read
from server.practice.phone import Phone
from server.practice.refusals import PhoneRefusal
from server.practice.telegram_server import TelegramServer
from server.practice.words import chosen_language, words

_CHINA = timezone(timedelta(hours=8))

Fields = dict[str, Any]
Act = Callable[["Acts", Phone, Fields, dict[str, Upload]], Awaitable[Any]]


class Acts:
    def __init__(self, exchange: TelegramServer) -> None:
        self._exchange = exchange

    async def perform(self, phone: Phone, name: str, request: web.Request) -> Any:
        """Run one act; PhoneRefusal and ApiRefusal say why it cannot be done."""
        act = _ACTS.get(name)
        if act is None:
            raise PhoneRefusal("a phone cannot do that")
        fields: Fields = {"language": chosen_language(request.query.get("lang"), "")}
        uploads: dict[str, Upload] = {}
        if request.content_type == "multipart/form-data":
            more, uploads = await multipart.parts(request)
        else:
            more = await multipart.json_object(request)
        return await act(self, phone, {**fields, **more}, uploads)

    async def say(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        await phone.say(str(fields.get("text", "")), reply_to=_number(fields, "reply_to"))

    async def start(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        await phone.start(str(fields.get("payload", "")))

    async def open(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        return {"url": await phone.open(str(fields.get("link", "")).strip())}

    async def press(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        place = (_number(fields, "row") or 0, _number(fields, "column") or 0)
        return asdict(await phone.press_at(*place, _number(fields, "message_id")))

    async def launch(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        return {"url": phone.launch(str(fields.get("url", "")))}

    async def edit(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        await phone.edit_message(_number(fields, "message_id") or 0, str(fields.get("text", "")))

    async def contact(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        await phone.share_contact()

    async def location(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        await phone.share_location(*phone.person.place, accuracy=12.0)

    async def sticker(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        await phone.sticker()

    async def voice(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        await phone.voice()

    async def block(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        await phone.block()

    async def unblock(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        await phone.unblock()

    async def read(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        mark_read(self._exchange, phone)

    async def photos(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        await _send_photos(phone, [upload.content for upload in uploads.values()], fields)

    async def files(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        await _send_files(phone, [(upload.content, upload.name) for upload in uploads.values()], fields)

    async def shoot(self, phone: Phone, fields: Fields, uploads: dict[str, Upload]) -> Any:
        """A practice photo, sent recompressed or, with `as_file`, as the camera made it."""
        now = datetime.fromtimestamp(self._exchange.clock(), _CHINA)
        label = words(fields["language"])["photo_by_practice"]
        content = practice_photo(label, now, phone.person.place)
        if fields.get("as_file"):
            await _send_files(phone, [(content, f"IMG_{now:%Y%m%d_%H%M%S}.jpg")], fields)
        else:
            await _send_photos(phone, [content], fields)


async def _send_photos(phone: Phone, photos: list[bytes], fields: Fields) -> None:
    caption, reply_to = str(fields.get("caption", "")), _number(fields, "reply_to")
    if len(photos) == 1:
        await phone.send_photo(photos[0], caption, reply_to=reply_to)
    else:
        await phone.send_album(photos, caption, reply_to=reply_to)


async def _send_files(phone: Phone, files: list[tuple[bytes, str]], fields: Fields) -> None:
    caption, reply_to = str(fields.get("caption", "")), _number(fields, "reply_to")
    if len(files) == 1:
        await phone.send_document(*files[0], caption, reply_to=reply_to)
    else:
        await phone.send_files(files, caption, reply_to=reply_to)


def _number(fields: Fields, name: str) -> int | None:
    value = fields.get(name)
    try:
        return int(value) if value not in (None, "") else None
    except (TypeError, ValueError):
        raise PhoneRefusal(f"{name} is not a number") from None


_NAMES = (
    "say start open press launch edit contact location sticker voice block unblock read photos files shoot"
)
_ACTS: dict[str, Act] = {name: getattr(Acts, name) for name in _NAMES.split()}
