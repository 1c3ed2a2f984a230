"""What the bot can ask about a chat, a person or a file, and how it leaves."""

from __future__ import annotations

from typing import Any

from server.practice.calls import Call
from server.practice.entities import parse
from server.practice.methods.registry import method
from server.practice.refusals import bad
from server.practice.state import TelegramState


@method("getChat")
async def get_chat(exchange: TelegramState, call: Call) -> Any:
    chat = exchange.chats.reachable(call.chat_id)
    full: dict[str, Any] = {
        **exchange.chats.public(chat["id"]),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if chat.get("pinned"):
        full["pinned_message"] = exchange.chats.quoted(chat["id"], chat["pinned"][-1])
    return full


@method("getChatMember")
async def get_chat_member(exchange: TelegramState, call: Call) -> Any:
    chat = exchange.chats.reachable(call.chat_id)
    user_id = call.number("user_id", 0) or 0
    if user_id == exchange.bot["id"]:
        return {"status": "member", "user": exchange.bot}
    if user_id not in exchange.chats.users:
        raise bad("invalid user_id specified")
    status = "member" if user_id in chat["members"] else "left"
    return {"status": status, "user": exchange.chats.users[user_id]}


@method("getChatMemberCount")
async def get_chat_member_count(exchange: TelegramState, call: Call) -> Any:
    return len(exchange.chats.reachable(call.chat_id)["members"]) + 1


@method("getChatAdministrators")
async def get_chat_administrators(exchange: TelegramState, call: Call) -> Any:
    chat = exchange.chats.reachable(call.chat_id)
    if chat["type"] == "private":
        raise bad("there are no administrators in the private chat")
    owner = exchange.chats.users[chat["members"][0]]
    return [{"status": "creator", "user": owner, "is_anonymous": False}]


@method("leaveChat")
async def leave_chat(exchange: TelegramState, call: Call) -> Any:
    chat = exchange.chats.reachable(call.chat_id)
    if chat["type"] == "private":
        raise bad("chat member status can't be changed in private chats")
    exchange.chats.change(chat["id"], bot="left")
    return True


@method("getFile")
async def get_file(exchange: TelegramState, call: Call) -> Any:
    return exchange.files.described(call.text("file_id"))


@method("getUserProfilePhotos")
async def get_user_profile_photos(exchange: TelegramState, call: Call) -> Any:
    return {"total_count": 0, "photos": []}


@method("answerWebAppQuery")
async def answer_web_app_query(exchange: TelegramState, call: Call) -> Any:
    query_id = call.text("web_app_query_id")
    person = exchange.settings.get(f"query {query_id}")
    if person is None:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    exchange.set(f"query {query_id}", None)
    result = call.tree("result") or {}
    content = result.get("input_message_content", {})
    text, entities = parse(str(content.get("message_text", "")), content.get("parse_mode"))
    if not text:
        raise bad("message text is empty")
    exchange.chats.post(
        person, exchange.chats.users[person], text=text, entities=entities or None, via_bot=exchange.bot
    )
    return {"inline_message_id": f"practice-{query_id}"}
