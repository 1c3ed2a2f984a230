"""The letter by e-mail through a real mail server: text, PDF, refusals, the next channel (Art. 16 (2))."""

import asyncio
import email
import email.policy
from contextlib import asynccontextmanager

import pytest
from aiosmtpd.smtp import SMTP

from models.delivery import TryLater, Undeliverable
from models.procedure import delivery, trail
from models.tables import Attempt, Notice, Outbox, Target, Task
from server.courier.email import Mailer
from server.letters import Printer
from tests import district
from tests.server.courier.chats import at_work, now

SENDER = "notice@district.example.test"


class Box:
    """What the mail server took, and what it answers to RCPT and DATA."""

    def __init__(self):
        self.mails, self.recipient, self.data = [], "250 OK", "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server, session, envelope):
        if self.data.startswith("250"):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.mails.append((envelope.mail_from, envelope.rcpt_tos, mail))
        return self.data


@asynccontextmanager
async def mail_server():
    box = Box()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box), "127.0.0.1", 0)
    async with server:
        yield box, f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def told(address="hotel@example.test"):
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("number").first()
    await Target.filter(code=task.target_id).update(email=address)
    await district.visit_fixed(task, district.district())
    return task, await trail.current(task)


async def parcel():
    [one] = await delivery.claim("w", at=now())
    return one


async def test_the_letter_comes_as_text_with_its_pdf_to_the_one_it_is_for(db):
    task, letter = await told()
    async with mail_server() as (box, url):
        mailer = Mailer(url, SENDER, Printer(district.district()))
        async with at_work(email=mailer):
            while not await Attempt.filter(notice=letter).exists():
                await asyncio.sleep(0.05)
    [(sender, recipients, mail)] = box.mails
    assert (sender, recipients) == (SENDER, ["hotel@example.test"])
    assert letter.number in mail["Subject"]
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",)).get_content()
    assert (await Target.get(code=task.target_id)).name in text
    assert "127.0.0.1:8080/n/" in text
    [pdf] = mail.iter_attachments()
    assert (pdf.get_content_type(), pdf.get_filename()) == ("application/pdf", f"{letter.number}.pdf")
    assert pdf.get_content().startswith(b"%PDF-")
    assert (await Notice.get(id=letter.id)).state == "sent"
    assert len((await Attempt.get(notice=letter)).text_sha256) == 64


async def test_an_address_that_is_refused_for_good_ends_with_a_call(db):
    _, letter = await told()
    async with mail_server() as (box, url):
        box.recipient = "550 5.1.1 no such user"
        async with at_work(email=Mailer(url, SENDER, plain)):
            while not await Outbox.exists(kind="notice.by_hand"):
                await asyncio.sleep(0.05)
    assert (await Attempt.get(notice=letter)).outcome == "failed"
    assert (await Notice.get(id=letter.id)).state == "by_hand"


async def plain(letter, language):
    class Printed:
        text, pdf, number = "来函", b"%PDF-1.7", f"N-{letter}"

    return Printed


@pytest.mark.parametrize(
    ("recipient", "data", "answer"),
    [
        ("550 no such user", "250 OK", Undeliverable),
        ("553 not allowed", "250 OK", Undeliverable),
        ("450 busy", "250 OK", TryLater),
        ("421 closing", "250 OK", TryLater),
        ("250 OK", "552 too much", Undeliverable),
        ("250 OK", "554 refused", Undeliverable),
        ("250 OK", "451 later", TryLater),
    ],
)
async def test_what_a_mail_server_says_is_understood(db, recipient, data, answer):
    await told()
    async with mail_server() as (box, url):
        box.recipient, box.data = recipient, data
        with pytest.raises(answer):
            await Mailer(url, SENDER, plain)(await parcel())
    assert box.mails == []


async def test_a_mail_server_that_is_away_is_asked_again_later(db):
    await told()
    async with mail_server() as (_, url):
        pass
    with pytest.raises(TryLater):
        await Mailer(url, SENDER, plain)(await parcel())


@pytest.mark.parametrize(
    "address",
    ["nobody", "a@", "two@x.test, three@x.test", "a@x.test\r\nBcc: b@x.test", "名字 <a@x.test>", "@"],
)
async def test_what_is_no_address_is_no_channel(db, address):
    await told(address)
    async with mail_server() as (box, url):
        with pytest.raises(Undeliverable):
            await Mailer(url, SENDER, plain)(await parcel())
    assert box.mails == []


async def test_handed_over_twice_it_is_the_same_mail_by_its_id(db):
    await told()
    one = await parcel()
    async with mail_server() as (box, url):
        for _ in range(2):
            await Mailer(url, SENDER, plain)(one)
    assert box.mails[0][2]["Message-ID"] == box.mails[1][2]["Message-ID"]
