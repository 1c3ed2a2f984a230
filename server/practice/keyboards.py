"""Keyboards under messages and under the text field, checked as Telegram checks them (F8)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from server.practice.refusals import bad

Markup = dict[str, Any]
CALLBACK_BYTES = 64
BUTTONS = 100
_KINDS = (
    "callback_data", "url", "web_app", "copy_text", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "pay", "callback_game",
)  # fmt: skip
_STYLES = ("danger", "success", "primary")


def checked(markup: Any, chat: dict[str, Any], *, http_web_apps: bool = False) -> Markup | None:
    """The markup, or Telegram's refusal of it."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is not None:
        _each(rows, lambda button: _inline(button, chat, http_web_apps))
    elif "keyboard" in markup:
        _each(markup["keyboard"], lambda button: _reply(button, chat, http_web_apps))
        markup = {**markup, "keyboard": [[_named(button) for button in row] for row in markup["keyboard"]]}
    checked_markup: Markup = markup
    return checked_markup


def inline(markup: Markup | None) -> Markup | None:
    """The part that stays with the message; an empty keyboard is none."""
    if markup is None or not any(markup.get("inline_keyboard") or []):
        return None
    return {"inline_keyboard": markup["inline_keyboard"]}


def _each(rows: Any, check: Any) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("can't parse reply keyboard markup JSON object")
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS:
        raise bad("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        check(button)


def _inline(button: Any, chat: dict[str, Any], http_web_apps: bool) -> None:
    if not isinstance(button, dict) or not str(button.get("text") or "").strip():
        raise bad("can't parse inline keyboard button: button text must be non-empty")
    kinds = [kind for kind in _KINDS if kind in button]
    if len(kinds) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    _style(button)
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= CALLBACK_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and urlsplit(str(button["url"])).scheme not in ("http", "https", "tg"):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "copy_text" in button and not 1 <= len(button["copy_text"].get("text", "")) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    _web_app(button, chat, http_web_apps)


def _reply(button: Any, chat: dict[str, Any], http_web_apps: bool) -> None:
    button = _named(button)
    if not str(button.get("text") or "").strip():
        raise bad("can't parse keyboard button: button text must be non-empty")
    if chat["type"] != "private" and (button.get("request_contact") or button.get("request_location")):
        what = "phone number" if button.get("request_contact") else "location"
        raise bad(f"{what} can be requested in private chats only")
    _style(button)
    _web_app(button, chat, http_web_apps)


def _web_app(button: dict[str, Any], chat: dict[str, Any], http_web_apps: bool) -> None:
    if "web_app" not in button:
        return
    if chat["type"] != "private":
        raise bad("BUTTON_TYPE_INVALID")
    url = str(button["web_app"].get("url", ""))
    if urlsplit(url).scheme not in (("http", "https") if http_web_apps else ("https",)):
        raise bad(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def _style(button: dict[str, Any]) -> None:
    if button.get("style") not in (None, *_STYLES):
        raise bad("can't parse inline keyboard button: invalid button style specified")


def _named(button: Any) -> dict[str, Any]:
    return {"text": button} if isinstance(button, str) else dict(button)


def is_label(button: dict[str, Any], label: str) -> bool:
    return label in (button["text"], button.get("callback_data"))


def holds_label(button: dict[str, Any], label: str) -> bool:
    return label in button["text"]
