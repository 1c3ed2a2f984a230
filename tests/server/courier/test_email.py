"""The letter by e-mail through a real mail server: text, PDF, refusals, the next channel (Art. 16 (2))."""

import asyncio
import email
import email.policy
import ssl
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP

from models.delivery import TryLater, Unclear, Undeliverable
from models.procedure import delivery, notice_records
from models.tables import Attempt, Notice, Outbox, OutboxState, Target, Task
from server.config import BadSetting, load
from server.courier.email import Mailer
from server.letters import LetterRenderer
from tests.server.courier.chats import at_work, now, steps
from tests.support import district
from tests.support.district import written
from tests.support.timestamp_authority import openssl

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
    async with written():
        await Target.filter(code=task.target_id).update(email=address)
    await district.visit_fixed(task, district.district())
    return task, await notice_records.current(task)


async def parcel():
    [one] = await delivery.claim("w", at=now())
    return one


async def test_the_letter_comes_as_text_with_its_pdf_to_the_one_it_is_for(db):
    task, letter = await told()
    async with mail_server() as (box, url):
        mailer = Mailer(url, SENDER, LetterRenderer(district.district()), now)
        async with at_work(email=mailer):
            await steps.until_true(Attempt.filter(notice=letter).exists)
    [(sender, recipients, mail)] = box.mails
    assert (sender, recipients) == (SENDER, ["hotel@example.test"])
    assert letter.number in mail["Subject"]
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",)).get_content()
    assert (await Target.get(code=task.target_id)).name in text
    assert "127.0.0.1:8080/n/" in text
    pdf, calendar = mail.iter_attachments()
    assert calendar.get_filename() == f"{letter.number}.ics" and b"SEQUENCE:2" in calendar.get_payload(
        decode=True
    )
    assert (pdf.get_content_type(), pdf.get_filename()) == ("application/pdf", f"{letter.number}.pdf")
    assert pdf.get_content().startswith(b"%PDF-")
    assert (await Notice.get(id=letter.id)).state == "sent"
    assert len((await Attempt.get(notice=letter)).text_sha256) == 64


async def test_an_address_that_is_refused_for_good_ends_with_a_call(db):
    _, letter = await told()
    async with mail_server() as (box, url):
        box.recipient = "550 5.1.1 no such user"
        async with at_work(email=Mailer(url, SENDER, plain, now)):
            await steps.until_true(Outbox.filter(kind="notice.by_hand").exists)
    assert (await Attempt.get(notice=letter)).outcome == "failed"
    assert (await Notice.get(id=letter.id)).state == "by_hand"


async def plain(letter, language):
    class Printed:
        text, pdf, number, moved, calendar = "来函", b"%PDF-1.7", f"N-{letter}", False, b"BEGIN:VCALENDAR"

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
            await Mailer(url, SENDER, plain, now)(await parcel())
    assert box.mails == []


@pytest.mark.parametrize("moment", ["after_data", "after_250"])
async def test_e15_a_mail_cut_after_data_is_unclear_and_one_cut_after_250_was_sent(db, moment):
    _, letter = await told()
    seen = []

    async def serve(reader, writer):
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                seen.append(1)
                if moment == "after_250":
                    writer.write(b"250 taken\r\n")
                    await writer.drain()
                break
            writer.write(b"250 here\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        mailer = Mailer(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", SENDER, plain, now)
        one = await parcel()
        if moment == "after_250":
            await mailer(one)
        else:
            with pytest.raises(Unclear):
                await mailer(one)
            await delivery.handed_over_unclear(one, "cut", at=now())
            assert [(row.channel, row.detail) for row in await Attempt.filter(notice=letter)] == [
                ("email", "unclear: cut")
            ]
            later = now() + timedelta(days=3)
            assert [again.channel for again in await delivery.claim("w", at=later)] == []
    assert seen == [1]


async def test_e1_a_mail_server_that_is_away_is_waited_for_and_no_attempt_is_counted(db):
    _, letter = await told()
    at = now()
    for _ in range(30):
        for one in await delivery.claim("w", at=at):
            await delivery.retry_later(one, 0.0, "ConnectionRefusedError", at=at, outage=True)
        at += timedelta(minutes=7)
    assert await Attempt.filter(notice=letter).count() == 0
    assert (await Outbox.get(kind="notice")).state == OutboxState.WAITING
    for one in await delivery.claim("w", at=at + timedelta(hours=1)):
        await delivery.retry_later(
            one, 0.0, "ConnectionRefusedError", at=at + timedelta(hours=1), outage=True
        )
    assert await Attempt.filter(notice=letter).count() == 0
    assert (await Outbox.get(kind="notice")).state == OutboxState.FAILED


async def test_a_mail_server_that_is_away_is_asked_again_later(db):
    await told()
    async with mail_server() as (_, url):
        pass
    with pytest.raises(TryLater):
        await Mailer(url, SENDER, plain, now)(await parcel())


@pytest.mark.parametrize(
    "address",
    ["nobody", "a@", "two@x.test, three@x.test", "a@x.test\r\nBcc: b@x.test", "名字 <a@x.test>", "@"],
)
async def test_what_is_no_address_is_no_channel(db, address):
    await told(address)
    async with mail_server() as (box, url):
        with pytest.raises(Undeliverable):
            await Mailer(url, SENDER, plain, now)(await parcel())
    assert box.mails == []


async def test_handed_over_twice_it_is_the_same_mail_by_its_id(db):
    await told()
    one = await parcel()
    async with mail_server() as (box, url):
        for _ in range(2):
            await Mailer(url, SENDER, plain, now)(one)
    assert box.mails[0][2]["Message-ID"] == box.mails[1][2]["Message-ID"]


async def test_fd8_date_and_name_of_a_mail_are_ours(db):
    await told()
    async with mail_server() as (box, url):
        await Mailer(url, SENDER, plain, now)(await parcel())
    [(_, _, mail)] = box.mails
    assert mail["Date"].datetime == now().replace(microsecond=0)
    assert mail["Message-ID"].endswith("@district.example.test>")


@pytest.fixture(scope="session")
def bureau(tmp_path_factory):
    """A certificate for 127.0.0.1 of an authority that only the bureau knows: certificate, key, authority."""
    folder = tmp_path_factory.mktemp("bureau")
    (folder / "v3").write_text("subjectAltName=IP:127.0.0.1")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Example Bureau CA",
            "-keyout", folder / "ca.key", "-out", folder / "ca.pem")  # fmt: skip
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-keyout", folder / "key.pem",
            "-out", folder / "asked.pem")  # fmt: skip
    openssl("x509", "-req", "-in", folder / "asked.pem", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", folder / "v3", "-out", folder / "cert.pem")  # fmt: skip
    return folder


@pytest.mark.parametrize("starttls", [False, True])
async def test_fd8_the_bureaus_own_authority_can_be_named(db, bureau, starttls):
    await told()
    one, box = await parcel(), Box()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(bureau / "cert.pem", bureau / "key.pem")
    loop, how = (
        asyncio.get_running_loop(),
        {"tls_context": served, "require_starttls": True} if starttls else {},
    )
    server = await loop.create_server(
        lambda: SMTP(box, **how), "127.0.0.1", 0, ssl=None if starttls else served
    )  # fmt: skip
    async with server:
        scheme = "smtp" if starttls else "smtps"
        url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(TryLater, match="certificate"):
            await Mailer(url, SENDER, plain, now)(one)
        assert box.mails == []
        await Mailer(url, SENDER, plain, now, authority=str(bureau / "ca.pem"))(one)
    assert len(box.mails) == 1


def test_fd8_a_file_that_holds_no_certificate_is_refused_by_name(tmp_path):
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate")
    for given in (wrong, tmp_path / "missing.pem"):
        with pytest.raises(BadSetting, match="SMTP_CA"):
            load({"SHUANGSUIJI_SMTP_CA": str(given)}, tmp_path / "none")
