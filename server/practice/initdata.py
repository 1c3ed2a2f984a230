"""Launch data of a web app, signed as Telegram signs it: HMAC with a key made from the bot's token."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any
from urllib.parse import quote, urlencode

VERSION = "9.1"
_THEME = {
    "bg_color": "#ffffff",
    "text_color": "#1f2328",
    "button_color": "#2f6f5e",
    "button_text_color": "#ffffff",
}


def signed(token: str, user: dict[str, Any], auth_date: int, **more: str) -> str:
    """The initData string; `signature` is inside what `hash` covers, as at Telegram."""
    pairs = {
        **more,
        "user": json.dumps(user, ensure_ascii=False, separators=(",", ":")),
        "auth_date": str(auth_date),
        "signature": secrets.token_urlsafe(64),
    }
    lines = "\n".join(f"{name}={pairs[name]}" for name in sorted(pairs))
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    pairs["hash"] = hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()
    return urlencode(pairs, quote_via=quote)


def launch_url(url: str, init_data: str) -> str:
    """The address a phone opens: the data stand behind the hash and never reach a server log."""
    parts = {
        "tgWebAppData": init_data,
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": "web",
        "tgWebAppThemeParams": json.dumps(_THEME, separators=(",", ":")),
    }
    return f"{url}{'&' if '#' in url else '#'}{urlencode(parts, quote_via=quote)}"
