"""What Telegram says when it opens the companion inside itself: who, when, and two proofs that it was Telegram (D52-D57).

`initData` is a query string. Its `hash` is HMAC-SHA256 of all other fields, sorted, one a line, under a key made from the
bot's token; its `signature` is Telegram's own Ed25519 over the bot's id and the fields without both. Both must hold: whoever
stole the token alone opens nothing. Source: core.telegram.org/bots/webapps, "Validating data received via the Mini App" and
"Validating data for Third-Party Use".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from models.procedure.companion_launch import Launch
from models.refusal import Refusal
from server import wrong_input

LIFE, AHEAD = timedelta(hours=1), timedelta(minutes=1)
FIELDS = 40


class _User(msgspec.Struct):
    """Of the person only the number is read; what else Telegram says of them is not ours to keep."""

    id: int


@dataclass(frozen=True, slots=True)
class LaunchReader:
    """Reads what the clients of one bot bring. `key`: 32 bytes, Telegram's public key."""

    token: str = field(repr=False)
    key: bytes

    def __call__(self, data: str) -> Launch:
        """Who opened the companion, proved. Raises Refusal `request.twice` where a field stands there twice, and
        `launch.forged`, the same for everything else that this bot's Telegram did not sign.
        """
        fields = _fields(data)
        self._prove(fields)
        try:
            user = msgspec.json.decode(fields["user"], type=_User)
            opened = datetime.fromtimestamp(int(fields["auth_date"]), UTC)
        except (KeyError, ValueError, OverflowError, OSError, msgspec.DecodeError):
            raise _forged() from None
        return Launch(user.id, opened, hashlib.sha256(fields["hash"].encode()).hexdigest())

    def _prove(self, fields: dict[str, str]) -> None:
        given = fields.get("hash", "")
        signed = {name: value for name, value in fields.items() if name != "hash"}
        key = hmac.digest(b"WebAppData", self.token.encode(), "sha256")
        if not hmac.compare_digest(
            hmac.new(key, _lines(signed), "sha256").hexdigest().encode(), given.encode()
        ):
            raise _forged()
        signature = signed.pop("signature", "")
        bot = self.token.partition(":")[0].encode()
        try:
            raw = base64.b64decode(signature + "=" * (-len(signature) % 4), b"-_", validate=True)
            Ed25519PublicKey.from_public_bytes(self.key).verify(raw, bot + b":WebAppData\n" + _lines(signed))
        except (InvalidSignature, binascii.Error, ValueError):
            raise _forged() from None


def refuse_stale(launch: Launch, at: datetime) -> None:
    """An hour old, or from the future: Telegram opens anew in one press."""
    if not at - LIFE <= launch.opened_at <= at + AHEAD:
        raise Refusal("launch.old", minutes=int(LIFE.total_seconds() // 60))


def _fields(data: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            data, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=FIELDS
        )
    except ValueError:
        raise _forged() from None
    if any(times > 1 for times in Counter(name for name, _ in pairs).values()):
        raise wrong_input.twice("init_data")
    return dict(pairs)


def _lines(fields: dict[str, str]) -> bytes:
    return "\n".join(f"{name}={fields[name]}" for name in sorted(fields)).encode()


def _forged() -> Refusal:
    return Refusal("launch.forged")
