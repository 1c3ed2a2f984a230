"""退信: a mail that comes back is known by its name, and the letter takes the next channel (Art. 16 (2))."""

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


async def gone_out():
    """A letter that the mail server took: the letter, and the Message-ID of its mail."""
    _, letter = await told()
    [one] = await delivery.claim("w", at=now())
    async with mail_server() as (box, url):
        await delivery.sent(one, at=now(), said=delivery.Handed(await Mailer(url, SENDER, plain)(one)))
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


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2")])
async def test_what_is_only_late_is_noted_and_nothing_more(db, action, status):
    letter, mail = await gone_out()
    assert await bounces.take(report(mail, action=action, status=status), now())
    assert (await way(letter), await state(letter)) == (["accepted", "delayed"], "sent")


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
    from models.procedure import attempt
    from models.tables import Task
    from tests.district import leader_of

    letter, mail = await gone_out()
    task = await Task.get(id=letter.task_id)
    await attempt.telephoned(task.number, True, "已告知", by=await leader_of(task), at=now(), spoke_with="示例人")
    assert await bounces.take(report(mail), now())
    assert await state(letter) == "sent"


async def test_mail_that_is_no_report_of_ours_is_left_unread(db):
    letter, mail = await gone_out()
    others = [
        b"From: hotel@example.test\r\nSubject: thanks\r\nIn-Reply-To: " + mail.encode() + b"\r\n\r\nGot it.\r\n",
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
