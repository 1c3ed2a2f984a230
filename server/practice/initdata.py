"""Launch data of a web app, signed as Telegram signs it: HMAC with a key made from the bot's token, and
Ed25519 with a key of this stand-in's own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

VERSION = "9.1"
_THEME = {
    "bg_color": "#ffffff",
    "text_color": "#1f2328",
    "button_color": "#2f6f5e",
    "button_text_color": "#ffffff",
}


def signed(token: str, user: dict[str, Any], auth_date: int, **more: str) -> str:
    """The initData string; `signature` is inside what `hash` covers, as at Telegram."""
    person = json.dumps(user, ensure_ascii=False, separators=(",", ":"))
    return sealed(token, {**more, "user": person, "auth_date": str(auth_date)})


def sealed(token: str, pairs: dict[str, str], key_of: str = "") -> str:
    """These fields with `signature` and `hash`. `key_of`: the token whose stand-in signs; "": the same."""
    params = {name: value for name, value in pairs.items() if name not in ("hash", "signature")}
    bot = token.partition(":")[0]
    signature = _key(key_of or token).sign(f"{bot}:WebAppData\n{_lines(params)}".encode())
    params["signature"] = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    params["hash"] = hmac.new(key, _lines(params).encode(), hashlib.sha256).hexdigest()
    return urlencode(params, quote_via=quote)


def public_key(token: str) -> bytes:
    """What the stand-in's own signature is checked with: Telegram has one key for all bots, this one has one a bot."""
    return _key(token).public_key().public_bytes_raw()


def _key(token: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"stand-in {token}".encode()).digest())


def _lines(pairs: dict[str, str]) -> str:
    return "\n".join(f"{name}={pairs[name]}" for name in sorted(pairs))


def launch_url(url: str, init_data: str) -> str:
    """The address a phone opens: the data stand behind the hash and never reach a server log."""
    parts = {
        "tgWebAppData": init_data,
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": "web",
        "tgWebAppThemeParams": json.dumps(_THEME, separators=(",", ":")),
    }
    return f"{url}{'&' if '#' in url else '#'}{urlencode(parts, quote_via=quote)}"
