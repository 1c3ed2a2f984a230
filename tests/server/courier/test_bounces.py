"""退信: a mail that comes back is known by its name, and the letter takes the next channel (Art. 16 (2))."""

import asyncio
import base64
import quopri
from pathlib import Path

import pytest

from models.procedure import delivery, notice
from models.queries import evidence
from models.rules.actor import Actor, Role
from models.tables import Attempt, Notice, Outbox
from server.courier import bounces
from server.courier.bounces import Mailbox
from server.courier.email import Mailer
from tests.server.courier.chats import now
from tests.server.courier.mailbox import imap_server, report
from tests.server.courier.test_email import SENDER, mail_server, plain, told
from tests.support.virtual_time import Steps


async def gone_out():
    """A letter that the mail server took: the letter, and the Message-ID of its mail."""
    _, letter = await told()
    [one] = await delivery.claim("w", at=now())
    async with mail_server() as (box, url):
        await delivery.sent(
            one, at=now(), receipt=delivery.ChannelReceipt(await Mailer(url, SENDER, plain, now)(one))
        )
    [(_, _, mail)] = box.mails
    return letter, mail["Message-ID"]


async def way(letter):
    return [one.outcome for one in await Attempt.filter(notice=letter).order_by("id")]


async def state(letter):
    return (await Notice.get(id=letter.id)).state


@pytest.mark.parametrize("enclosed", ["message/rfc822", "text/rfc822-headers"])
async def test_a_mail_that_came_back_ends_with_a_call(db, enclosed):
    letter, mail = await gone_out()
    assert await state(letter) == "sent"
    async with imap_server() as box:
        await box.deliver(report(mail, enclosed=enclosed))
        assert await Mailbox(box.url, now, lambda: None).look() == 1
        assert await box.unread() == 0
    assert await way(letter) == ["accepted", "bounced"]
    assert await state(letter) == "by_hand"
    assert "No such user" in (await Attempt.get(outcome="bounced")).detail
    assert await Outbox.filter(kind="notice.by_hand").count() == 1
    assert (await evidence.verify()).differences == []


async def test_the_same_report_twice_counts_once(db):
    letter, mail = await gone_out()
    async with imap_server() as box:
        for _ in range(2):
            await box.deliver(report(mail))
        await Mailbox(box.url, now, lambda: None).look()
    assert await bounces.take(report(mail), now())
    assert await way(letter) == ["accepted", "bounced"]


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("relayed", "2.0.0"), ("expanded", "2.0.0")]
)
async def test_what_is_only_late_is_noted_and_nothing_more(db, action, status):
    letter, mail = await gone_out()
    assert await bounces.take(report(mail, action=action, status=status), now())
    assert (await way(letter), await state(letter)) == (
        ["accepted", "delayed" if action == "delayed" else "relayed"],
        "sent",
    )


async def test_a_report_of_success_is_written_down(db):
    letter, mail = await gone_out()
    assert await bounces.take(report(mail, action="delivered", status="2.0.0"), now())
    assert (await way(letter), await state(letter)) == (["accepted", "delivered"], "sent")


async def test_once_confirmed_a_mail_that_came_back_sends_nothing(db):
    letter, mail = await gone_out()
    await notice.acknowledge(letter.number, by=Actor(Role.PUBLIC, "link"), at=now())
    assert await bounces.take(report(mail), now())
    assert (await way(letter), await state(letter)) == (["accepted", "bounced"], "acknowledged")
    assert not await Outbox.exists(kind="notice.by_hand")


async def test_who_was_told_by_telephone_is_not_sought_again(db):
    from models.procedure import delivery_attempt
    from models.tables import Task
    from tests.support.district import leader_of

    letter, mail = await gone_out()
    task = await Task.get(id=letter.task_id)
    await delivery_attempt.telephoned(
        task.number, True, "已告知", by=await leader_of(task), at=now(), spoke_with="示例人"
    )
    assert await bounces.take(report(mail), now())
    assert await state(letter) == "sent"


async def test_mail_that_is_no_report_of_ours_is_left_unread(db):
    letter, mail = await gone_out()
    others = [
        b"From: hotel@example.test\r\nSubject: thanks\r\nIn-Reply-To: "
        + mail.encode()
        + b"\r\n\r\nGot it.\r\n",
        report("<somebody-else@example.test>"),
        report("<" + "0" * 32 + "@district.example.test>"),
        b"\xff\xfe\x00 no mail at all",
    ]
    async with imap_server() as box:
        for one in others:
            await box.deliver(one)
        mailbox = Mailbox(box.url, now, lambda: None)
        assert [await mailbox.look(), await mailbox.look()] == [0, 0]
        assert await box.unread() == len(others)
    assert await way(letter) == ["accepted"]


async def test_a_mailbox_that_is_away_or_closed_says_so_and_is_tried_again(db, caplog):
    async with imap_server() as box:
        wrong = box.url.replace("notice:", "nobody:")
        with pytest.raises(bounces.imaplib.IMAP4.error):
            await Mailbox(wrong, now, lambda: None).look()
    with pytest.raises(OSError):
        await Mailbox(box.url, now, lambda: None).look()
    assert "pass" not in caplog.text


async def test_a_mailbox_that_is_away_is_looked_into_again_every_minute(db):
    letter, mail = await gone_out()
    steps, woken = Steps(), []
    async with imap_server() as box:
        mailbox = Mailbox(box.url, now, lambda: woken.append(steps.at), waiting=steps)
    looking = asyncio.create_task(mailbox.run())
    try:
        with steps.watching(lambda: [looking]):
            await steps.passes(bounces.EVERY * 1.5)
            assert not looking.done() and not woken
            async with imap_server(port=box.port) as again:
                await again.deliver(report(mail))
                await steps.passes(bounces.EVERY)
            assert woken == [bounces.EVERY * 2]
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    assert await state(letter) == "by_hand"


GIVEN_UP = [
    ("failed", "4.4.7", "smtp; 550 4.4.7 message expired"), ("failed", "4.2.2", "smtp; 452 4.2.2 mailbox full"),
    ("Failed (gave up)", "4.2.0", "x"), ("FAILED", "", ""), ("delayed", "4.4.7", "smtp; 421 delivery time expired"),
    ("delayed", "4.0.0", "smtp; 421 4.4.7 message expired"), ("", "5.1.1", "x"), ("failure", "5.2.1", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "status", "said"), GIVEN_UP)
async def test_c6_whoever_gave_up_has_given_up_whatever_the_code(db, action, status, said):
    letter, mail = await gone_out()
    assert await bounces.take(report(mail, action=action, status=status, said=said), now())
    assert (await way(letter), await state(letter)) == (["accepted", "bounced"], "by_hand")


@pytest.mark.parametrize("said", ["", "Remote-MTA: dns; mx.example.test\n"])
async def test_fd9_delivered_to_another_server_is_only_passed_on(db, said):
    letter, mail = await gone_out()
    raw = report(mail, action="delivered", status="2.0.0").replace(b"Action:", said.encode() + b"Action:")
    assert await bounces.take(raw, now())
    assert await way(letter) == ["accepted", "relayed" if said else "delivered"]


MAIL = Path(__file__).parents[2] / "data" / "mail"
INTERNATIONAL = """From: MAILER-DAEMON@mx.example.test
Message-ID: <r9@mx.example.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=utf-8

undelivered
--B
Content-Type: message/global-delivery-status
Content-Transfer-Encoding: {coding}

{status}
--B
Content-Type: {enclosed}
Content-Transfer-Encoding: 8bit

Message-ID: {mail}
To: 旅店@例子.example.test
Subject: Notice

--B--
"""
STATUS = """Reporting-MTA: dns; mx.example.test

Final-Recipient: utf-8; 旅店@例子.example.test
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 没有这个用户
"""


@pytest.mark.parametrize("coding", ["8bit", "base64", "quoted-printable"])
@pytest.mark.parametrize("enclosed", ["message/global", "message/global-headers", "text/rfc822-headers"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
async def test_fd9_the_international_form_of_a_report_is_heard(coding, enclosed, ending):
    coded = {"8bit": lambda b: b, "base64": base64.encodebytes, "quoted-printable": quopri.encodestring}[
        coding
    ]
    status = coded(STATUS.encode()).decode()
    name = "0123456789abcdef" * 2
    raw = INTERNATIONAL.format(
        coding=coding, status=status, enclosed=enclosed, mail=f"<{name}@district.example.test>"
    )
    found = bounces.read(raw.replace("\n", ending).encode())
    assert (found.name, found.outcome) == (name, "bounced")
    assert "5.1.1" in found.detail


@pytest.mark.parametrize("coding", ["base64", "quoted-printable"])
async def test_c6_a_report_that_a_relay_encoded_is_heard(coding):
    coded = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}[coding](STATUS.encode())
    name = "0123456789abcdef" * 2
    raw = INTERNATIONAL.replace("message/global-delivery-status", "message/delivery-status").format(
        coding=coding,
        status=coded.decode(),
        enclosed="message/rfc822",
        mail=f"<{name}@district.example.test>",
    )
    bounce = bounces.read(raw.encode())
    assert (bounce.name, bounce.outcome) == (name, "bounced") and bounce.detail.startswith("5.1.1 smtp; 550")


@pytest.mark.parametrize("field", ["X-Original-Message-ID", "Original-Message-ID"])
async def test_c6_a_report_that_sends_nothing_back_names_the_letter_in_its_own_lines(field):
    name = "0123456789abcdef" * 2
    status = f"{field}: <{name}@district.example.test>\n{STATUS}"
    raw = INTERNATIONAL.replace("message/global-delivery-status", "message/delivery-status").format(
        coding="8bit", status=status, enclosed="text/plain", mail="none"
    )
    bounce = bounces.read(raw.encode())
    assert (bounce.name, bounce.outcome) == (name, "bounced")


async def test_c6_of_several_recipients_the_one_that_failed_counts(db):
    letter, mail = await gone_out()
    two = "Action: relayed\r\nStatus: 2.0.0\r\n\r\nFinal-Recipient: rfc822; other@example.test\r\nAction: failed"
    assert await bounces.take(report(mail).replace(b"Action: failed", two.encode()), now())
    assert await way(letter) == ["accepted", "bounced"]


REAL = {  # what these servers wrote on loopback about letters that were refused, held up or passed on
    "exim-4.96-failed": "bounced",
    "exim-4.96-given-up": "bounced",
    "exim-4.96-failed-international": "bounced",
    "exim-4.96-delivered-to-another-server": "relayed",
    "opensmtpd-6.8.0-failed": "bounced",
    "opensmtpd-6.8.0-relayed": "relayed",
    "opensmtpd-6.8.0-delayed": "delayed",
    "opensmtpd-6.8.0-expired": "bounced",
    "postfix-3.7.11-failed": "bounced",
    "postfix-3.7.11-given-up": "bounced",
    "postfix-3.7.11-failed-international": "bounced",
    "postfix-3.7.11-relayed": "relayed",
}


@pytest.mark.parametrize("name", REAL)
def test_fd9_reports_of_real_mail_servers_are_understood(name):
    found = bounces.read((MAIL / f"{name}.eml").read_bytes())
    assert found.outcome == REAL[name]
    assert set(found.name) <= set("1234") and len(found.name) == 32


def test_fd9_every_report_on_file_is_asked_for():
    assert {path.stem for path in MAIL.glob("*.eml")} == set(REAL)
