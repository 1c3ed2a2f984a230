"""Everything the bot can send; each refused as Telegram refuses it (limits F8)."""

from __future__ import annotations

from typing import Any

from server.practice import entities, keyboards
from server.practice.calls import Call
from server.practice.chats import Message
from server.practice.groups import assert_writable
from server.practice.methods.registry import method
from server.practice.refusals import bad
from server.practice.state import TelegramState

TEXT = 4096
CAPTION = 1024
_ECHOED = ("message_thread_id", "link_preview_options", "effect_id")
_COPIED = (
    "text", "entities", "photo", "document", "caption", "caption_entities", "location", "venue", "contact",
    "voice", "sticker",
)  # fmt: skip


@method("sendMessage")
async def send_message(exchange: TelegramState, call: Call) -> Any:
    exchange.chats.reachable(call.chat_id)
    return sent(exchange, call, **text_of(call))


@method("sendPhoto")
async def send_photo(exchange: TelegramState, call: Call) -> Any:
    exchange.chats.reachable(call.chat_id)
    caption = caption_of(call)
    return sent(exchange, call, photo=await photo_of(exchange, call, call.parameters.get("photo")), **caption)


@method("sendDocument")
async def send_document(exchange: TelegramState, call: Call) -> Any:
    exchange.chats.reachable(call.chat_id)
    caption = caption_of(call)
    document = await document_of(exchange, call, call.parameters.get("document"))
    return sent(exchange, call, document=document, **caption)


@method("sendMediaGroup")
async def send_media_group(exchange: TelegramState, call: Call) -> Any:
    exchange.chats.reachable(call.chat_id)
    items = call.tree("media")
    if not isinstance(items, list) or not 2 <= len(items) <= 10:
        raise bad("wrong number of messages to send specified, must be 2-10")
    contents = [await media_of(exchange, call, item) for item in items]
    group = str(int(exchange.clock() * 1000))
    return [sent(exchange, call, media_group_id=group, **content) for content in contents]


@method("sendLocation")
async def send_location(exchange: TelegramState, call: Call) -> Any:
    return sent(exchange, call, location=_location(call))


@method("sendVenue")
async def send_venue(exchange: TelegramState, call: Call) -> Any:
    location = _location(call)
    venue = {"location": location, "title": call.text("title"), "address": call.text("address")}
    if not venue["title"] or not venue["address"]:
        raise bad("venue title and address must be non-empty")
    return sent(exchange, call, location=location, venue=venue)


@method("sendContact")
async def send_contact(exchange: TelegramState, call: Call) -> Any:
    contact = {"phone_number": call.text("phone_number"), "first_name": call.text("first_name")}
    if not all(contact.values()):
        raise bad("contact phone number and first name must be non-empty")
    return sent(exchange, call, contact=contact)


@method("sendChatAction")
async def send_chat_action(exchange: TelegramState, call: Call) -> Any:
    exchange.chats.reachable(call.chat_id)
    if not call.text("action"):
        raise bad("wrong parameter action in request")
    return True


@method("copyMessage")
async def copy_message(exchange: TelegramState, call: Call) -> Any:
    exchange.chats.reachable(call.chat_id)
    source = _source(exchange, call, "copy")
    content = {name: source[name] for name in _COPIED if name in source}
    if "caption" in call.parameters:
        content.update(caption_of(call))
    return {"message_id": sent(exchange, call, **content)["message_id"]}


@method("forwardMessage")
async def forward_message(exchange: TelegramState, call: Call) -> Any:
    exchange.chats.reachable(call.chat_id)
    source = _source(exchange, call, "forward")
    if source.get("has_protected_content"):
        raise bad("message has protected content and can't be forwarded")
    origin = {"type": "user", "sender_user": source["from"], "date": source["date"]}
    content = {name: source[name] for name in _COPIED if name in source}
    return sent(exchange, call, forward_origin=origin, **content)


def sent(exchange: TelegramState, call: Call, **content: Any) -> Message:
    """The new message, its keyboard put where it belongs."""
    chat = exchange.chats.reachable(call.chat_id)
    assert_writable(chat, call.number("message_thread_id"))
    markup = keyboards.checked(call.tree("reply_markup"), chat, http_web_apps=exchange.http_web_apps)
    message = exchange.chats.post(
        chat["id"],
        exchange.bot,
        **content,
        **_echoed(call),
        reply_to_message=_answered(exchange, call, chat["id"]),
        reply_markup=keyboards.inline(markup),
    )
    if markup and "inline_keyboard" not in markup:
        shown = {"message_id": message["message_id"], "markup": markup} if "keyboard" in markup else None
        exchange.chats.change(chat["id"], keyboard=shown)
    return message


def _echoed(call: Call) -> dict[str, Any]:
    echoed = {name: call.tree(name) for name in _ECHOED if name in call.parameters}
    if "message_thread_id" in echoed:
        echoed["is_topic_message"] = True
    return {**echoed, "has_protected_content": True} if call.flag("protect_content") else echoed


def _answered(exchange: TelegramState, call: Call, chat_id: int) -> Message | None:
    reply = call.tree("reply_parameters") or {}
    target = reply.get("message_id") or call.number("reply_to_message_id")
    if not target:
        return None
    quoted = exchange.chats.quoted(chat_id, int(target))
    if quoted is None and not reply.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return quoted


def text_of(call: Call) -> dict[str, Any]:
    """Text and entities of a message or of an edit."""
    plain, rows = _read(call.text("text"), call.tree("entities"), call.text("parse_mode"))
    if not plain:
        raise bad("message text is empty")
    if len(plain) > TEXT:
        raise bad("message is too long")
    return {"text": plain, "entities": rows or None}


def caption_of(call: Call) -> dict[str, Any]:
    return _caption(call.text("caption"), call.tree("caption_entities"), call.text("parse_mode"))


def _caption(caption: str, given: Any, mode: str) -> dict[str, Any]:
    plain, rows = _read(caption, given, mode)
    if len(plain) > CAPTION:
        raise bad("message caption is too long")
    return {"caption": plain or None, "caption_entities": rows or None}


def _read(text: str, given: Any, mode: str) -> tuple[str, list[entities.Entity]]:
    if given:
        return entities.finished(text, list(given))
    return entities.parse(text, mode)


async def media_of(exchange: TelegramState, call: Call, item: dict[str, Any]) -> dict[str, Any]:
    """The content of one InputMedia: photo or document with its caption."""
    caption = _caption(
        str(item.get("caption") or ""), item.get("caption_entities"), str(item.get("parse_mode") or "")
    )
    match item.get("type"):
        case "photo":
            return {"photo": await photo_of(exchange, call, item.get("media")), **caption}
        case "document":
            return {"document": await document_of(exchange, call, item.get("media")), **caption}
        case _:
            raise bad("can't parse InputMedia: type must be photo or document here")


async def photo_of(exchange: TelegramState, call: Call, reference: Any) -> Any:
    if upload := call.upload(reference, "photo"):
        return await exchange.files.photo(upload.content)
    return exchange.files.media(_given(reference, "photo"), "photo")


async def document_of(exchange: TelegramState, call: Call, reference: Any) -> Any:
    if upload := call.upload(reference, "document"):
        return await exchange.files.document(upload.content, upload.name, upload.mime_type)
    return exchange.files.media(_given(reference, "document"), "document")


def _given(reference: Any, kind: str) -> str:
    if not reference:
        raise bad(f"there is no {kind} in the request")
    return str(reference)


def _location(call: Call) -> dict[str, Any]:
    latitude, longitude = call.decimal("latitude"), call.decimal("longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        raise bad("wrong latitude or longitude specified")
    location: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
    if (accuracy := call.decimal("horizontal_accuracy")) is not None:
        location["horizontal_accuracy"] = accuracy
    return location


def _source(exchange: TelegramState, call: Call, verb: str) -> Message:
    message = exchange.chats.message(call.number("from_chat_id", 0) or 0, call.number("message_id", 0) or 0)
    if message is None:
        raise bad(f"message to {verb} not found")
    return message
