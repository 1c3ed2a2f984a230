"""退信: mails that come back say so (RFC 3464), and the letter takes the next channel (Art. 16 (2)).

Read from the district's own mailbox by IMAP, or pushed by its mail server. A mail is known by the name that
ours has in it; what is no report of a letter of ours is left where it is, unread.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import imaplib
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from models.procedure import delivery_report
from server import tls
from server.waiting import REAL_TIME, Waiting

log = logging.getLogger(__name__)

EVERY, PATIENCE, LARGEST, AT_ONCE = 60.0, 20.0, 256 * 1024, 200
NAME = re.compile(r"<([0-9a-f]{32})@")
REPORTS = ("message/delivery-status", "message/global-delivery-status")  # RFC 3464; RFC 6533
RETURNED = ("message/rfc822", "message/global")
HEADERS = ("text/rfc822-headers", "message/global-headers")
ORIGINAL = ("X-Original-Message-ID", "Original-Message-ID")
OUTCOMES = {  # the gravest first: of a letter that was passed on to several, the one that failed counts
    "failed": "bounced", "delivered": "delivered", "delayed": "delayed", "relayed": "relayed", "expanded": "relayed",
}  # fmt: skip
EXPIRED = re.compile(r"\b[45]\.4\.7\b")  # delivery time expired (RFC 3463): nothing follows
CODED = ("base64", "quoted-printable")
COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Bounce:
    """What became of one of our mails. `name`: the left part of its Message-ID."""

    name: str
    outcome: str
    detail: str


def read(raw: bytes) -> Bounce | None:
    """The report in a mail; None for any other mail. Nothing in it is fetched, followed or run.

    `failed` is final whatever its code: the server has given up (RFC 3464, 2.3.3). So is a status 5.x.x without a
    word that is known beside it, and a delay because the time
    ran out. `delivered` by a server that only handed the mail to another (it names a Remote-MTA) says no more
    than `relayed`.
    """
    mail = email.message_from_bytes(raw, policy=email.policy.compat32)
    reports = [part for part in mail.walk() if part.get_content_type() in REPORTS]
    name = _name_of_ours(mail)
    if not reports or not name:
        return None
    bounces = [
        bounce for status in reports for block in _blocks(status) if (bounce := _recipient(block, name))
    ]
    return min(bounces, key=lambda report: list(OUTCOMES.values()).index(report.outcome), default=None)


def _recipient(block: Message, name: str) -> Bounce | None:
    """What a report says of one recipient; None where it says nothing that is known."""
    action = COMMENT.sub("", _said(block, "Action")).strip().lower()
    state, text = _said(block, "Status"), _said(block, "Diagnostic-Code")
    if action not in OUTCOMES and not state.startswith("5."):
        return None
    outcome = OUTCOMES.get(action, "bounced")
    if outcome == "delayed" and EXPIRED.search(f"{state} {text}"):
        outcome = "bounced"
    if outcome == "delivered" and _said(block, "Remote-MTA"):
        outcome = "relayed"
    return Bounce(name, outcome, f"{state} {text}".strip()[:500])


def _blocks(status: Message) -> Iterator[Message]:
    """The groups of lines of a report: one about the mail, then one for each recipient.

    Python splits `message/delivery-status` by itself, if its lines are not encoded; of the international form it
    makes one mail.
    """
    given = status.get_payload()
    coded = _said(status, "Content-Transfer-Encoding").lower() in CODED
    if status.get_content_type() == REPORTS[0] and not coded:
        yield from (block for block in given if isinstance(block, Message)) if isinstance(given, list) else ()
        return
    for group in re.split(r"\n[ \t]*\n", _body(status).replace("\r\n", "\n")):
        yield email.message_from_string(group.strip("\n"))


def _body(part: Message) -> str:
    """The text of a `message/…` part that the parser took for a mail, its transfer encoding undone."""
    given = part.get_payload()
    parts = given if isinstance(given, list) else [given]
    body = b"\n\n".join(
        inner.as_bytes() if isinstance(inner, Message) else str(inner).encode("utf-8", "surrogateescape")
        for inner in parts
    )
    coded = _said(part, "Content-Transfer-Encoding").lower()
    if coded in CODED:
        wrapped = email.message_from_bytes(f"Content-Transfer-Encoding: {coded}\n\n".encode() + body.lstrip())
        decoded = wrapped.get_payload(decode=True)
        body = decoded if isinstance(decoded, bytes) else body
    return body.decode("utf-8", "replace")


def _name_of_ours(mail: Message) -> str:
    """From the mail or the headers sent back, else from what the report says it answers."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == HEADERS[0]:
            decoded = part.get_payload(decode=True)
            text = _said(
                email.message_from_bytes(decoded if isinstance(decoded, bytes) else b""), "Message-ID"
            )
        elif kind in RETURNED or kind in HEADERS:
            text = _said(email.message_from_string(_body(part)), "Message-ID")
        else:
            continue
        if match := NAME.search(text):
            return match[1]
    fields = [_said(mail, "In-Reply-To"), _said(mail, "References")]
    reports = [part for part in mail.walk() if part.get_content_type() in REPORTS]
    fields += [_said(block, name) for status in reports for block in _blocks(status) for name in ORIGINAL]
    match = NAME.search(" ".join(fields))
    return match[1] if match else ""


def _said(part: Message, header: str) -> str:
    return " ".join(str(part.get(header, "")).split())


async def take(raw: bytes, at: datetime) -> bool:
    """Write down what a mail reports; False when it reports nothing of ours. The same mail counts once."""
    bounce = read(raw)
    if bounce is None:
        return False
    key = f"bounce:{sha256(f'{bounce.name} {bounce.outcome} {_name(raw)}'.encode()).hexdigest()[:40]}"
    return await delivery_report.reported(
        "email", bounce.name, bounce.outcome, at=at, key=key, detail=bounce.detail
    )


def _name(raw: bytes) -> str:
    """What the reporting server calls its report; its bytes where it gives it no name."""
    given = email.message_from_bytes(raw, policy=email.policy.compat32).get("Message-ID")
    return str(given).strip() if given else sha256(raw).hexdigest()


class Mailbox:
    """`url`: imaps://user:password@host:port/INBOX. Looked into once a minute, in a thread of its own."""

    def __init__(
        self, url: str, now: Callable[[], datetime], wake: Callable[[], None], *, authority: str = "",
        waiting: Waiting = REAL_TIME,
    ) -> None:  # fmt: skip
        parts = urlsplit(url)
        self._tls, self._host = parts.scheme == "imaps", parts.hostname or "localhost"
        self._port = parts.port or (993 if self._tls else 143)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        self._now, self._wake, self._waiting = now, wake, waiting
        self._trusted = tls.context(authority)
        self._others: set[bytes] = set()

    async def run(self) -> None:
        """Until cancelled; a mailbox that is away is looked into again later."""
        while True:
            try:
                await self.look()
            except (OSError, imaplib.IMAP4.error) as error:
                log.warning("the mailbox for returned mail was not read: %s", type(error).__name__)
            await self._waiting.sleep(EVERY)

    async def look(self) -> int:
        """Take what is new; how many reports there were."""
        mails = await asyncio.to_thread(self._unread)
        taken = []
        for uid, raw in mails:
            if await take(raw, self._now()):
                taken.append(uid)
            else:
                self._others.add(uid)
        if taken:
            self._wake()
            await asyncio.to_thread(self._done, taken)
        return len(taken)

    def _unread(self) -> list[tuple[bytes, bytes]]:
        unread = []
        with self._opened() as box:
            _, told = box.uid("SEARCH", "UNSEEN")
            uids = (told[0] or b"").split() if told else []
            for uid in [candidate for candidate in uids if candidate not in self._others][:AT_ONCE]:
                _, parts = box.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{LARGEST}>)")
                raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
                unread.append((uid, raw))
        return unread

    def _done(self, uids: list[bytes]) -> None:
        with self._opened() as box:
            for uid in uids:
                box.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")

    def _opened(self) -> imaplib.IMAP4:
        if self._tls:
            box: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                self._host, self._port, ssl_context=self._trusted, timeout=PATIENCE
            )
        else:
            box = imaplib.IMAP4(self._host, self._port, timeout=PATIENCE)
        try:
            box.login(self._user, self._password)
            told, _ = box.select(f'"{self._folder}"')
            if told != "OK":
                raise imaplib.IMAP4.error("no such folder")
        except Exception:
            box.shutdown()
            raise
        return box
