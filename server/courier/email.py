"""E-mail: the letter as plain text with its PDF, handed to the district's own mail server (Art. 16 (2))."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any, Protocol, runtime_checkable
from urllib.parse import unquote, urlsplit

import aiosmtplib

from locales import words
from models.delivery import TryLater, Unclear, Undeliverable
from models.procedure.delivery import OutboxMessage
from models.refusal import Refusal
from server import tls

PATIENCE = 30
FOR_GOOD = range(550, 556)
GREYLISTED = 300.0  # seconds: a server that says "later" means minutes (RFC 6647)


class Printed(Protocol):
    """A letter in one language, ready to be handed over."""

    @property
    def text(self) -> str: ...
    @property
    def pdf(self) -> bytes: ...
    @property
    def number(self) -> str: ...
    @property
    def moved(self) -> bool: ...
    @property
    def calendar(self) -> bytes: ...


@runtime_checkable
class EntityNews(Protocol):
    """What an entity is told after the visit: no paper, a subject of its own."""

    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def brief(self) -> str: ...


@runtime_checkable
class WithPaper(EntityNews, Protocol):
    """News with a paper of its own."""

    @property
    def pdf(self) -> bytes: ...
    @property
    def name(self) -> str: ...


class Mailer:
    """`url`: smtp://user:password@host:port, smtps:// for TLS from the start; `sender`: the From address;
    `authority`: PEM file with the authority of the server's certificate, where it is the bureau's own."""

    def __init__(
        self,
        url: str,
        sender: str,
        letter: Callable[[int, str], Awaitable[Printed]],
        now: Callable[[], datetime],
        *,
        authority: str = "",
        told: Callable[[int, str], Awaitable[EntityNews]] | None = None,
        staff: Callable[[Mapping[str, Any], str], EntityNews] | None = None,
        digest: Callable[[str, str], Awaitable[EntityNews]] | None = None,
    ) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._host, self._port = parts.hostname or "localhost", parts.port or (465 if self._tls else 25)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender, self._letter, self._now, self._told, self._staff = sender, letter, now, told, staff
        self._digest = digest
        self._trusted = tls.context(authority)

    async def __call__(self, parcel: OutboxMessage) -> str:
        """Send one letter by e-mail. Undeliverable when refused for good, Unclear when the connection broke after the mail
        was handed over, TryLater otherwise.
        """
        printed = await self._worded(parcel)
        try:
            message = self._message(parcel, printed)
        except (ValueError, IndexError, MessageError) as error:  # the parser's own answers to no address
            raise Undeliverable(f"no address: {error}") from error
        try:
            await self._send(message)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _answer({recipient.code for recipient in refused.recipients}, refused) from refused
        except aiosmtplib.SMTPAuthenticationError as refused:  # our own password: nothing of this letter
            raise TryLater(0.0, f"{type(refused).__name__} {refused.code}", outage=True) from refused
        except aiosmtplib.SMTPResponseException as refused:
            raise _answer({refused.code}, refused) from refused
        except (aiosmtplib.SMTPException, OSError) as error:
            raise TryLater(0.0, _why(error), outage=True) from error
        return hashlib.sha256(printed.text.encode()).hexdigest()

    async def _worded(self, parcel: OutboxMessage) -> Printed | EntityNews:
        """A notice with its PDF, or what is told after the visit."""
        language = parcel.language or "zh_Hans"
        if parcel.kind == "staff" and self._staff is not None:
            return self._staff(parcel.payload, language)
        if parcel.kind == "digest" and self._digest is not None:
            return await self._digest(parcel.payload["month"], language)
        if parcel.kind != "notification":
            return await self._letter(parcel.payload["notice"], language)
        if self._told is None:
            raise Undeliverable("nobody words this")
        try:
            return await self._told(parcel.payload["notification"], language)
        except Refusal as over:
            raise Undeliverable(over.code) from over

    async def _send(self, message: EmailMessage) -> None:
        client = _Client(
            hostname=self._host, port=self._port, username=self._user or None,
            password=self._password or None, use_tls=self._tls, timeout=PATIENCE,
            tls_context=self._trusted,
        )  # fmt: skip
        try:
            async with client:
                await client.send_message(message)
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError) as cut:
            if client.taken:
                return  # it said 250; how it said good-bye does not matter
            if client.handed_over:
                raise Unclear(type(cut).__name__) from cut
            raise

    def _message(self, parcel: OutboxMessage, printed: Printed | EntityNews) -> EmailMessage:
        """Handed over again, it is the same message by its id: mail servers show it once."""
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = Address(addr_spec=parcel.address)
        message["Subject"] = (
            printed.subject if isinstance(printed, EntityNews)
            else words(parcel.language)(_subject(printed), number=printed.number)
        )  # fmt: skip
        name = parcel.reference or hashlib.sha256(parcel.key.encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{name}@{self._sender.rpartition('@')[2] or 'localhost'}>"
        message["Date"] = self._now()
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(printed.text)
        if isinstance(printed, WithPaper):
            message.add_attachment(
                printed.pdf, maintype="application", subtype="pdf", filename=f"{printed.name}.pdf"
            )
        elif not isinstance(printed, EntityNews):
            message.add_attachment(
                printed.pdf, maintype="application", subtype="pdf", filename=f"{printed.number}.pdf"
            )
            message.add_attachment(
                printed.calendar, maintype="text", subtype="calendar", filename=f"{printed.number}.ics",
                params={"method": "PUBLISH", "charset": "utf-8"},
            )  # fmt: skip
        return message


def _subject(letter: Printed) -> str:
    """A visit that moved is said in the subject already."""
    return "email.notice.subject.moved" if letter.moved else "email.notice.subject"


def _why(error: Exception) -> str:
    """A certificate that nobody known vouches for is the operator's to mend (SMTP_CA): it is said as what it is."""
    if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "the mail server's certificate is not trusted: see SMTP_CA"
    return type(error).__name__


class _Client(aiosmtplib.SMTP):
    """`handed_over`: from DATA until its answer; `taken`: it was answered with 250."""

    handed_over = taken = False

    async def data(self, *args: Any, **kwargs: Any) -> aiosmtplib.SMTPResponse:
        self.handed_over = True
        try:
            answer = await super().data(*args, **kwargs)
        except aiosmtplib.SMTPDataError:
            self.handed_over = False
            raise
        self.taken = True
        return answer


def _answer(codes: set[int], why: Exception) -> Exception:
    text = f"{type(why).__name__} {sorted(codes)}"
    return Undeliverable(text) if codes & set(FOR_GOOD) else TryLater(GREYLISTED, text)
