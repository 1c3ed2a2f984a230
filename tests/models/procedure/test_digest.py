"""召集人月报: once a month to the convenor's own addresses, on the first working day, from the event log (Art. 5, 6, 21)."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from pypdf import PdfReader

from models.procedure import conference, delivery, delivery_report, digest, staff_message
from models.queries import evidence
from models.queries.digest import failed_digests, sent_digests
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.conference import MeetingForm
from models.rules.digest import days_of_month, month_told, read_convenor
from models.rules.visit import instant
from models.tables import Account, Binding, Event, LeftOut, Outbox
from server.app_keys import DISTRICT
from server.courier.email import Mailer
from server.courier.sms import Gateway, Texter
from server.digests import DigestWording
from server.letters import LetterRenderer
from tests.server.courier.test_email import SENDER, mail_server
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, district

OFFICE = Actor(Role.OFFICE, "示例联席办")
PLACE = replace(district(), convenor=(("email", "convenor@example.test"), ("sms", "+8613800000000")))
FIRST = instant(date(2026, 12, 1), time(8))


@pytest.fixture
async def november(db) -> None:
    """A draw and a meeting in November, with a resolution that is past its day in December."""
    await sample.found()
    await sample.drawn()
    form = MeetingForm(CEREMONY.date(), "示例联席会议", "示例甲", ("GA",), "示例:议定一项。")
    meeting = await conference.hold(form, by=OFFICE, at=CEREMONY)
    due = CEREMONY.date() + timedelta(days=1)
    await conference.resolve(meeting.id, "示例:报送名录", "GA", due, by=OFFICE, at=CEREMONY)


async def test_on_the_first_working_day_each_address_is_owed_one_digest_and_never_a_second(november):
    day = instant(date(2026, 11, 30), time(12))
    for hour in range(0, 24 * 40, 3):
        await digest.sweep(at=day + timedelta(hours=hour), district=PLACE)
    rows = await Outbox.filter(kind="digest").order_by("id")
    assert [(row.channel, row.payload["month"]) for row in rows] == [
        ("email", "2026-11"), ("sms", "2026-11"), ("email", "2026-12"), ("sms", "2026-12"),
    ]  # fmt: skip
    assert rows[0].due_at >= FIRST.replace(hour=7, minute=30)
    assert [row.data["month"] for row in await Event.filter(kind="conference.digest")] == ["2026-11", "2026-12"]  # fmt: skip
    assert (await evidence.verify()).differences == []


async def test_nobody_is_told_in_the_quiet_hours_without_an_address_or_of_a_month_before_the_house(november):
    assert await digest.sweep(at=FIRST.replace(hour=3), district=PLACE) == 0
    assert await digest.sweep(at=FIRST, district=district()) == 0
    assert await digest.sweep(at=instant(date(2026, 11, 27), time(18)), district=PLACE) == 0  # of October
    assert await digest.sweep(at=FIRST, district=PLACE) == 2


async def test_the_mail_brings_the_figures_as_a_paper_and_the_page_says_when_it_went(november):
    now = lambda: FIRST  # noqa: E731
    await digest.sweep(at=FIRST, district=PLACE)
    async with mail_server() as (box, url):
        mailer = Mailer(url, SENDER, LetterRenderer(PLACE), now, digest=DigestWording(PLACE, now))
        parcel = next(row for row in await delivery.claim("w", at=FIRST) if row.channel == "email")
        await mailer(parcel)
        await delivery.sent(parcel, at=FIRST)
    [(_, recipients, mail)] = box.mails
    assert recipients == ["convenor@example.test"] and "2026-11" in mail["Subject"]
    text = mail.get_body(("plain",)).get_content()
    assert "联席会议 1 次" in text and "未完成的议定事项 1 项，其中逾期 1 项" in text
    [pdf] = mail.iter_attachments()
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.get_content())).pages)
    for part in ("召集人月报", "接受任务", "报送名录", "各项含义", "示例联席会议"):
        assert part in said, part
    assert [row.sent is not None for row in await sent_digests() if row.channel == "email"] == [True]


async def test_a_text_message_is_short_and_what_no_channel_takes_stands_as_not_delivered(november, tmp_path):
    await digest.sweep(at=FIRST, district=PLACE)
    rows = await delivery.claim("w", at=FIRST)
    texter = Texter(
        Gateway(f"file://{tmp_path}"), LetterRenderer(PLACE).brief, digest=DigestWording(PLACE, lambda: FIRST)
    )
    short = next(row for row in rows if row.channel == "sms")
    await texter(short)
    assert "2026-11月报" in next(tmp_path.glob("*.json")).read_text(encoding="utf-8")
    mail = next(row for row in rows if row.channel == "email")
    await delivery.undeliverable(mail, "550 no such user", at=FIRST)
    async with site() as world:
        page = await (await world.browser(Role.OFFICE, "测试联席办")).get("/console/conference")
    assert "未送达" in page.text and "550 no such user" in page.text


async def a_chat(role: Role = Role.OFFICE, of: str = "示例联席办") -> Account:
    """The convenor's own account, by the number of the setting, with a chat."""
    account = await sample.account(role, of)
    await Account.filter(id=account.id).update(phone="13800000000")
    await Binding.create(account=account, telegram_id=4711, bound_at=CEREMONY)
    return await Account.get(id=account.id)


async def ways() -> list[tuple[str, str, str]]:
    """What waits: by which channel, to which address, of which kind."""
    rows = await Outbox.filter(kind__in=["digest", "staff"], state="waiting").order_by("id")
    return sorted((row.channel, row.address, row.kind) for row in rows)


async def test_who_has_a_chat_reads_it_there_once_and_the_other_addresses_are_written_to(november):
    account = await a_chat()
    for hour in range(0, 24 * 20, 3):
        await digest.sweep(at=FIRST + timedelta(hours=hour), district=PLACE)
    assert await ways() == [("chat", "", "digest"), ("email", "convenor@example.test", "digest")]
    assert (await Outbox.get(kind="digest", channel="chat")).account_id == account.id
    assert (await Event.get(kind="conference.digest")).data["channels"] == ["chat", "email"]


async def test_who_has_two_accounts_in_one_chat_one_by_number_and_one_by_e_mail_reads_it_there_once(november):
    office = await a_chat()
    head = await sample.account(Role.HEAD, "GA")
    await Account.filter(id=head.id).update(email="convenor@example.test")
    await Binding.create(account_id=head.id, telegram_id=4711, bound_at=CEREMONY)
    await digest.sweep(at=FIRST, district=PLACE)
    assert await ways() == [("chat", "", "digest")]
    assert (await Outbox.get(kind="digest", channel="chat")).account_id == office.id


async def test_where_the_chat_is_gone_it_goes_on_by_text_message_and_nobody_is_passed_over(november):
    account = await a_chat()
    await digest.sweep(at=FIRST, district=PLACE)
    await Binding.filter(account=account).update(blocked_at=FIRST)
    assert await staff_message.fall_through(at=FIRST, channels=()) == 0
    assert [row.owed for row in await LeftOut.filter(owed__startswith="digest")] == [
        f"digest:2026-11:chat:{account.id}"
    ]
    assert await staff_message.fall_through(at=FIRST, channels=("sms", "email"))
    moved = [row for row in await Outbox.filter(kind="staff") if row.payload["word"] == "digest"]
    assert [(row.address, row.payload["about"]) for row in moved] == [("+8613800000000", ["2026-11"])]


async def test_an_address_that_refused_it_is_left_for_the_chat_of_who_has_it(november):
    await digest.sweep(at=FIRST, district=PLACE)
    for parcel in await delivery.claim("示例", at=FIRST):
        await delivery.undeliverable(parcel, "550", at=FIRST)
    await a_chat()
    for _ in range(2):
        assert await digest.send_again("2026-11", by=OFFICE, at=FIRST, district=PLACE, key="again") == 2
    assert await ways() == [("chat", "", "digest"), ("email", "convenor@example.test", "digest")]


async def lost(why: str = "550 no such user") -> None:
    """The November digest, refused by its mail server; the text message went out."""
    await digest.sweep(at=FIRST, district=PLACE)
    for parcel in await delivery.claim("示例", at=FIRST):
        if parcel.channel == "email":
            await delivery.undeliverable(parcel, why, at=FIRST)
        else:
            await delivery.sent(parcel, at=FIRST)


async def test_a_digest_that_was_refused_stands_on_the_offices_desk_until_it_is_sent_again(november):
    await lost()
    async with site() as world:
        office = await world.browser(Role.OFFICE, "测试联席办")
        desk = await office.get("/console/")
        assert "convenor@example.test" in desk.text and "550 no such user" in desk.text
        assert (
            "convenor@example.test"
            not in (await (await world.browser(Role.HEAD, "GA")).get("/console/")).text
        )
    moved = replace(PLACE, convenor=(("email", "new@example.test"), PLACE.convenor[1]))
    assert await digest.send_again("2026-11", by=OFFICE, at=FIRST, district=moved) == 1
    assert [(row.month, row.address) for row in await failed_digests()] == []
    waiting = await Outbox.filter(kind="digest", state="waiting")
    assert [row.address for row in waiting] == ["new@example.test"], "whom it reached is not written to twice"
    assert (await evidence.verify()).differences == []


async def test_what_fails_again_stands_there_again_and_one_press_counts_once(november):
    await lost()
    assert await digest.send_again("2026-11", by=OFFICE, at=FIRST, district=PLACE, key="again") == 1
    assert await digest.send_again("2026-11", by=OFFICE, at=FIRST, district=PLACE, key="again") == 1
    for parcel in await delivery.claim("示例", at=FIRST):
        await delivery.undeliverable(parcel, "550 still nobody", at=FIRST)
    assert [row.error for row in await failed_digests()] == ["550 still nobody"]


async def test_a_digest_that_its_server_took_and_returned_counts_as_not_delivered(november):
    await digest.sweep(at=FIRST, district=PLACE)
    for parcel in await delivery.claim("示例", at=FIRST):
        await delivery.sent(parcel, at=FIRST)
    mail = await Outbox.get(kind="digest", channel="email")
    for _ in range(2):
        took = await delivery_report.reported(
            "email", mail.reference, "bounced", at=FIRST, key="bounce:1", detail="5.1.1 unknown"
        )
        assert took
    assert [(row.channel, row.error) for row in await failed_digests()] == [("email", "5.1.1 unknown")]
    assert await Event.filter(kind="conference.digest_returned").count() == 1


async def test_nothing_is_sent_again_that_went_out_nor_to_nobody_nor_by_a_head(november):
    await digest.sweep(at=FIRST, district=PLACE)
    with pytest.raises(Refusal, match=r"digest\.not_failed"):
        await digest.send_again("2026-11", by=OFFICE, at=FIRST, district=PLACE)
    for parcel in await delivery.claim("示例", at=FIRST):
        await delivery.undeliverable(parcel, "550", at=FIRST)
    with pytest.raises(Refusal, match=r"digest\.nobody"):
        await digest.send_again("2026-11", by=OFFICE, at=FIRST, district=district())
    with pytest.raises(Refusal, match=r"actor\.role"):
        await digest.send_again("2026-11", by=Actor(Role.HEAD, "GA"), at=FIRST, district=PLACE)


async def test_the_office_sends_it_again_by_one_press(november):
    await lost()
    async with site() as world:
        object.__setattr__(world.server.app[DISTRICT], "convenor", PLACE.convenor)
        office = await world.browser(Role.OFFICE, "测试联席办")
        await office.get("/console/")
        pressed = await office.post("/console/conference/digest-2026-11")
        assert pressed.status == 303 and pressed.response.headers["Location"].startswith("/console/")
        assert "convenor@example.test" not in (await office.get("/console/")).text


async def test_the_office_alone_takes_a_months_digest_from_its_page(november):
    async with site() as world:
        office = await world.browser(Role.OFFICE, "测试联席办")
        paper = await office.get("/console/conference/digest-2026-11.pdf")
        assert paper.status == 200 and paper.body.startswith(b"%PDF-")
        assert (await office.get("/console/conference/digest-2026-13.pdf")).status in (400, 409)
        head = await world.browser(Role.HEAD, "GA")
        assert (await head.get("/console/conference/digest-2026-11.pdf")).status == 403


def test_which_month_is_told_follows_the_calendar_of_working_days():
    calendar = district().calendar
    assert month_told(date(2026, 10, 1), calendar) == ""  # the national day's holidays
    assert month_told(date(2026, 10, 8), calendar) == "2026-09"
    assert month_told(date(2027, 1, 4), calendar) == "2026-12"
    assert days_of_month("2028-02") == (date(2028, 2, 1), date(2028, 2, 29))
    with pytest.raises(Refusal, match=r"digest\.month"):
        days_of_month("2026-13")
    for none in ("0000-01", "9999-12", "２０２６-01"):
        with pytest.raises(Refusal):
            days_of_month(none)


def test_the_convenors_addresses_are_read_from_one_line():
    assert read_convenor("convenor@example.test， 13800000000") == (
        ("email", "convenor@example.test"), ("sms", "+8613800000000"),
    )  # fmt: skip
    with pytest.raises(ValueError, match="示例"):
        read_convenor("示例")
    assert read_convenor("") == ()
