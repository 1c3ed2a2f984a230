"""E-mail: the letter as plain text with its PDF, handed to the district's own mail server (Art. 16 (2))."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from locales import words
from models.delivery import TryLater, Undeliverable
from models.procedure.delivery import Parcel

GONE = range(550, 556)


class Printed(Protocol):
    """A letter in one language, ready to be handed over."""

    text: str
    pdf: bytes
    url: str
    number: str


class Mailer:
    """`url`: smtp://user:password@host:port, smtps:// for TLS from the start, `?from=` the sender's address."""

    def __init__(self, url: str, sender: str, letter: Callable[[int, str], Awaitable[Printed]]) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "localhost", parts.port or (465 if parts.scheme == "smtps" else 25)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._tls = parts.scheme == "smtps"
        self._sender, self._letter = sender, letter

    async def __call__(self, parcel: Parcel) -> str:
        """Send one notice by e-mail."""
        printed = await self._letter(parcel.payload["notice"], parcel.language or "zh_Hans")
        message = self._message(parcel, printed)
        try:
            await aiosmtplib.send(
                message, hostname=self._host, port=self._port, username=self._user or None,
                password=self._password or None, use_tls=self._tls, timeout=30,
            )  # fmt: skip
        except aiosmtplib.SMTPRecipientsRefused as refused:
            codes = {one.code for one in refused.recipients}
            if codes & set(GONE):
                raise Undeliverable(f"refused {sorted(codes)}") from refused
            raise TryLater(0.0, f"refused {sorted(codes)}") from refused
        except (aiosmtplib.SMTPException, OSError) as error:
            raise TryLater(0.0, type(error).__name__) from error
        return hashlib.sha256(printed.text.encode()).hexdigest()

    def _message(self, parcel: Parcel, printed: Printed) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = Address(addr_spec=parcel.address)
        message["Subject"] = words(parcel.language)("email.notice.subject", number=printed.number)
        message["Message-ID"] = make_msgid(idstring=str(parcel.id), domain=self._sender.rpartition("@")[2] or "localhost")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(printed.text)
        message.add_attachment(printed.pdf, maintype="application", subtype="pdf", filename=f"{printed.number}.pdf")
        return message
