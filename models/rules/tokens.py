"""Links and codes that nobody can guess, made from the district's secret and never stored (Art. 16 (2)).

HMAC-SHA256 (RFC 2104) over purpose and subject: 128 bits for a link, six digits for print.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode


def token(secret: bytes, purpose: str, subject: str) -> str:
    """22 characters, base64url of 16 bytes: what stands in a link."""
    return urlsafe_b64encode(_mac(secret, purpose, subject)[:16]).decode().rstrip("=")


def hashed(token: str) -> str:
    """What is kept of a link's token: SHA-256, hex. Who reads the database opens nothing with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_code(secret: bytes, subject: str) -> str:
    """Six digits printed under the QR and repeated by the page, against swapped stickers."""
    return f"{int.from_bytes(_mac(secret, 'check', subject)[:8], 'big') % 10**6:06d}"


def button(secret: bytes, person: int, payload: str) -> str:
    """8 characters that bind a button's payload to the person it was shown to (D18)."""
    return urlsafe_b64encode(_mac(secret, "button", f"{person}\n{payload}")[:6]).decode()


def key(secret: bytes, purpose: str, subject: str) -> bytes:
    """32 bytes for somebody who makes codes of their own with them, and can make no others."""
    return _mac(secret, purpose, subject)


def _mac(secret: bytes, purpose: str, subject: str) -> bytes:
    return hmac.digest(secret, f"{purpose}\n{subject}".encode(), "sha256")
