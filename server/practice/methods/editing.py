"""What the bot can change afterwards: text, caption, picture, buttons, pins; and its answer to a press."""

from __future__ import annotations

from typing import Any

from server.practice import keyboards
from server.practice.calls import Call
from server.practice.chats import Message
from server.practice.groups import PIN
from server.practice.methods.registry import method
from server.practice.methods.sending import caption_of, media_of, text_of
from server.practice.refusals import bad
from server.practice.state import TelegramState

TOAST = 200
DELETE_WITHIN = 48 * 3600


@method("editMessageText")
async def edit_message_text(exchange: TelegramState, call: Call) -> Any:
    message = _own(exchange, call)
    if "text" not in message:
        raise bad("there is no text in the message to edit")
    return _edited(exchange, call, message, text_of(call))


@method("editMessageCaption")
async def edit_message_caption(exchange: TelegramState, call: Call) -> Any:
    message = _own(exchange, call)
    if not {"photo", "document", "voice"} & message.keys():
        raise bad("there is no caption in the message to edit")
    return _edited(exchange, call, message, caption_of(call))


@method("editMessageMedia")
async def edit_message_media(exchange: TelegramState, call: Call) -> Any:
    message = _own(exchange, call)
    media = call.tree("media")
    if not isinstance(media, dict):
        raise bad("can't parse InputMedia")
    content = await media_of(exchange, call, media)
    emptied: dict[str, Any] = {"text": None, "entities": None, "photo": None, "document": None}
    return _edited(exchange, call, message, {**emptied, **content})


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(exchange: TelegramState, call: Call) -> Any:
    return _edited(exchange, call, _own(exchange, call), {})


def _own(exchange: TelegramState, call: Call) -> Message:
    chat = exchange.chats.reachable(call.chat_id)
    message = exchange.chats.message(chat["id"], call.number("message_id", 0) or 0)
    if message is None:
        raise bad("message to edit not found")
    if message["from"]["id"] != exchange.bot["id"]:
        raise bad("message can't be edited")
    return message


def _edited(exchange: TelegramState, call: Call, message: Message, content: dict[str, Any]) -> Message:
    chat = exchange.chats.reachable(call.chat_id)
    markup = keyboards.checked(call.tree("reply_markup"), chat, http_web_apps=exchange.http_web_apps)
    content = {**content, "reply_markup": keyboards.inline(markup)}
    if all(message.get(name) == value for name, value in content.items()):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly"
            " the same as a current content and reply markup of the message"
        )
    return exchange.chats.edit(message, **content)


@method("deleteMessage")
async def delete_message(exchange: TelegramState, call: Call) -> Any:
    _delete(exchange, call, call.number("message_id", 0) or 0)
    return True


@method("deleteMessages")
async def delete_messages(exchange: TelegramState, call: Call) -> Any:
    chat = exchange.chats.reachable(call.chat_id)
    for message_id in call.tree("message_ids") or []:
        if exchange.chats.message(chat["id"], int(message_id)):
            _delete(exchange, call, int(message_id))
    return True


def _delete(exchange: TelegramState, call: Call, message_id: int) -> None:
    chat = exchange.chats.reachable(call.chat_id)
    message = exchange.chats.message(chat["id"], message_id)
    if message is None:
        raise bad("message to delete not found")
    foreign = chat["type"] != "private" and message["from"]["id"] != exchange.bot["id"]
    if foreign or exchange.clock() - message["date"] > DELETE_WITHIN:
        raise bad("message can't be deleted")
    exchange.chats.delete(chat["id"], message_id)


@method("answerCallbackQuery")
async def answer_callback_query(exchange: TelegramState, call: Call) -> Any:
    text = call.text("text")
    if len(text) > TOAST:
        raise bad("MESSAGE_TOO_LONG")
    person = exchange.presses.answer(
        call.text("callback_query_id"), text, alert=call.flag("show_alert"), url=call.text("url") or None
    )
    exchange.chats.touched.add(person)
    return True


@method("pinChatMessage")
async def pin_chat_message(exchange: TelegramState, call: Call) -> Any:
    chat = exchange.chats.reachable(call.chat_id)
    message_id = call.number("message_id", 0) or 0
    if exchange.chats.message(chat["id"], message_id) is None:
        raise bad("message to pin not found")
    if not chat.get("pins", True):
        raise bad(PIN)
    pinned = [other for other in chat.get("pinned", []) if other != message_id]
    exchange.chats.change(chat["id"], pinned=[*pinned, message_id])
    return True


@method("unpinChatMessage", "unpinAllChatMessages")
async def unpin_chat_message(exchange: TelegramState, call: Call) -> Any:
    chat = exchange.chats.reachable(call.chat_id)
    pinned = chat.get("pinned", [])
    number = call.number("message_id")
    if call.method.lower() == "unpinallchatmessages":
        remaining: list[int] = []
    else:
        remaining = [other for other in pinned if other != number] if number else pinned[:-1]
    exchange.chats.change(chat["id"], pinned=remaining or None)
    return True


@method("setMessageReaction")
async def set_message_reaction(exchange: TelegramState, call: Call) -> Any:
    chat = exchange.chats.reachable(call.chat_id)
    message = exchange.chats.message(chat["id"], call.number("message_id", 0) or 0)
    if message is None:
        raise bad("message to react not found")
    exchange.chats.change(
        chat["id"],
        reactions={**chat.get("reactions", {}), str(message["message_id"]): call.tree("reaction") or []},
    )
    return True
