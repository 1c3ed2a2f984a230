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

from models.procedure import report

log = logging.getLogger(__name__)

EVERY, PATIENCE, LARGEST, AT_ONCE = 60.0, 20.0, 256 * 1024, 200
NAME = re.compile(r"<([0-9a-f]{32})@")
OUTCOMES = {"failed": "bounced", "delayed": "delayed", "delivered": "delivered"}


@dataclass(frozen=True)
class Bounce:
    """What became of one of our mails. `name`: the left part of its Message-ID."""

    name: str
    outcome: str
    detail: str


def read(raw: bytes) -> Bounce | None:
    """The report in a mail; None for any other mail. Nothing in it is fetched, followed or run."""
    mail = email.message_from_bytes(raw, policy=email.policy.compat32)
    status = next((part for part in mail.walk() if part.get_content_type() == "message/delivery-status"), None)
    name = _name_of_ours(mail)
    if status is None or not name:
        return None
    for block in _blocks(status):
        action = _said(block, "Action").lower()
        state, said = _said(block, "Status"), _said(block, "Diagnostic-Code")
        if action in OUTCOMES:
            transient = action == "failed" and state.startswith("4")
            return Bounce(name, "delayed" if transient else OUTCOMES[action], f"{state} {said}".strip()[:500])
    return None


def _blocks(status: Message) -> Iterator[Message]:
    given = status.get_payload()
    for block in given if isinstance(given, list) else []:
        if isinstance(block, Message):
            yield block


def _name_of_ours(mail: Message) -> str:
    """From the mail or the headers sent back, else from what the report says it answers."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            text = next((_said(inner, "Message-ID") for inner in _blocks(part)), "")
        elif kind == "text/rfc822-headers":
            decoded = part.get_payload(decode=True)
            text = _said(email.message_from_bytes(decoded if isinstance(decoded, bytes) else b""), "Message-ID")
        else:
            continue
        if match := NAME.search(text):
            return match[1]
    match = NAME.search(_said(mail, "In-Reply-To") + " " + _said(mail, "References"))
    return match[1] if match else ""


def _said(part: Message, header: str) -> str:
    return " ".join(str(part.get(header, "")).split())


async def take(raw: bytes, at: datetime) -> bool:
    """Write down what a mail reports; False when it reports nothing of ours. The same mail counts once."""
    found = read(raw)
    if found is None:
        return False
    key = f"bounce:{sha256(f'{found.name} {found.outcome} {_name(raw)}'.encode()).hexdigest()[:40]}"
    told = await report.reported(
        "email", found.name, found.outcome, at=at, key=key, detail=found.detail
    )
    return told is not None


def _name(raw: bytes) -> str:
    """What the reporting server calls its report; its bytes where it gives it no name."""
    given = email.message_from_bytes(raw, policy=email.policy.compat32).get("Message-ID")
    return str(given).strip() if given else sha256(raw).hexdigest()


class Mailbox:
    """`url`: imaps://user:password@host:port/INBOX. Looked into once a minute, in a thread of its own."""

    def __init__(self, url: str, now: Callable[[], datetime], wake: Callable[[], None]) -> None:
        parts = urlsplit(url)
        self._tls, self._host = parts.scheme == "imaps", parts.hostname or "localhost"
        self._port = parts.port or (993 if self._tls else 143)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        self._now, self._wake = now, wake
        self._others: set[bytes] = set()

    async def run(self) -> None:
        """Until cancelled; a mailbox that is away is looked into again later."""
        while True:
            try:
                await self.look()
            except (OSError, imaplib.IMAP4.error) as error:
                log.warning("the mailbox for returned mail was not read: %s", type(error).__name__)
            await asyncio.sleep(EVERY)

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
        found = []
        with self._opened() as box:
            _, told = box.uid("SEARCH", "UNSEEN")
            uids = (told[0] or b"").split() if told else []
            for uid in [one for one in uids if one not in self._others][:AT_ONCE]:
                _, parts = box.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{LARGEST}>)")
                raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
                found.append((uid, raw))
        return found

    def _done(self, uids: list[bytes]) -> None:
        with self._opened() as box:
            for uid in uids:
                box.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")

    def _opened(self) -> imaplib.IMAP4:
        kind = imaplib.IMAP4_SSL if self._tls else imaplib.IMAP4
        box = kind(self._host, self._port, timeout=PATIENCE)
        try:
            box.login(self._user, self._password)
            told, _ = box.select(f'"{self._folder}"')
            if told != "OK":
                raise imaplib.IMAP4.error("no such folder")
        except Exception:
            box.shutdown()
            raise
        return box
