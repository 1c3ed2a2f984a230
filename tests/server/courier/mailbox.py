"""A mailbox on a real IMAP server, on loopback; and mails that come back, as mail servers write them."""

from __future__ import annotations

import asyncio
import imaplib
from argparse import Namespace
from contextlib import asynccontextmanager

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer

USER, PASSWORD = "notice", "pass:word/1"


class Box:
    """The mailbox that mails come back to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"imap://{USER}:pass%3Aword%2F1@127.0.0.1:{port}/INBOX"

    async def deliver(self, raw: bytes) -> None:
        await asyncio.to_thread(self._with, lambda box: box.append("INBOX", "", None, raw))

    async def unread(self) -> int:
        return len(await asyncio.to_thread(self._with, lambda box: box.uid("SEARCH", "UNSEEN")[1][0].split()))

    def _with(self, work):
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=300) as box:
            box.login(USER, PASSWORD)
            box.select("INBOX")
            return work(box)


@asynccontextmanager
async def imap_server(port: int = 0):
    """`port`: the one to listen at; 0 for any."""
    how = Namespace(
        host=None, port=0, debug=False, cert=None, key=None, tls=False, passlib_cfg=None,
        proxy_protocol=None, demo_data=False, demo_user=USER, demo_password=PASSWORD,
    )  # fmt: skip
    backend, config = await DictBackend.init(how, invalid_user_sleep=0.0)
    config.apply_context()
    serve = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        yield Box(server.sockets[0].getsockname()[1])


def report(
    mail: str, *, action: str = "failed", status: str = "5.1.1", name: str = "<r1@mx.example.test>",
    enclosed: str = "message/rfc822", said: str = "smtp; 550 5.1.1 No such user",
) -> bytes:  # fmt: skip
    """A delivery status notification (RFC 3464) about the mail with this Message-ID."""
    return f"""From: MAILER-DAEMON@mx.example.test
To: notice@district.example.test
Subject: Undelivered Mail Returned to Sender
Message-ID: {name}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.test

Final-Recipient: rfc822; hotel@example.test
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--B
Content-Type: {enclosed}

Message-ID: {mail}
From: notice@district.example.test
To: hotel@example.test
Subject: Notice

--B--
""".replace("\n", "\r\n").encode()
