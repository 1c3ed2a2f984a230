"""改期: a fixed time that moves is told anew by every channel; the letter before it names the new one (Art. 16 (2))."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from models.procedure import delivery, schedule
from models.queries import evidence
from models.states import NoticeState
from models.tables import Assignment, Event, Notice, Outbox, Target, Task
from server.courier.email import Mailer
from server.letters import TWO_MESSAGES, LetterRenderer, units
from tests.server.courier.test_email import SENDER, at_work, mail_server, now, steps, told
from tests.server.pages import notice_token, site
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, district

LATER = VISIT + timedelta(days=2)


@pytest.fixture
async def moved(db) -> tuple[Task, Notice, Notice]:
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.team_of(task)
    await sample.visit_fixed(task, district())
    await _move(task)
    first, second = await Notice.filter(task=task).order_by("version")
    return task, first, second


async def _move(task: Task) -> None:
    leader = await sample.leader_of(task)
    await schedule.propose(task.number, LATER, LATER + timedelta(hours=2), by=leader, at=CEREMONY)
    await schedule.fix(task.number, by=leader, at=CEREMONY, district=district())


async def test_the_new_letter_says_which_one_it_replaces_and_from_when_to_when_the_visit_moves(moved):
    _, first, second = moved
    letter = await LetterRenderer(district())(second.id, "zh_Hans")
    sentence = (
        f"本告知书代替 {first.number} 号告知书：检查时间由 2026年12月8日（周二） 09:00 – 11:00 "
        "改为 2026年12月10日（周四） 09:00 – 11:00。"
    )
    assert sentence in letter.text
    pdf = "".join(page.extract_text() for page in PdfReader(io.BytesIO(letter.pdf)).pages).replace("\n", "")
    assert "检查时间由" in pdf and first.number in pdf
    assert "moves from" in (await LetterRenderer(district())(second.id, "en")).text
    assert "代替" not in (await LetterRenderer(district())(first.id, "zh_Hans")).text
    assert (await Notice.get(id=first.id)).state == NoticeState.REPLACED


async def test_a_text_message_says_first_that_the_visit_moved_and_fits_two_messages(moved):
    task, _, second = moved
    await Target.filter(code=task.target_id).update(name="示例" + "很长的名称" * 20)
    brief = (await LetterRenderer(district()).brief(second.id, "zh_Hans")).text
    assert units(brief) <= TWO_MESSAGES
    assert "检查改期" in brief and "12-10 09:00" in brief


async def test_the_calendar_entry_of_the_new_letter_overtakes_the_cancelled_one(moved):
    _, first, second = moved
    async with site() as world:
        stranger = await world.browser()
        old, new = [
            Calendar.from_ical((await stranger.get(f"/n/{notice_token(one.number)}.ics")).html).walk("VEVENT")[0]
            for one in (first, second)
        ]  # fmt: skip
    assert old["UID"] == new["UID"] and (old["STATUS"], new["STATUS"]) == ("CANCELLED", "CONFIRMED")
    first_sequence = 2 * first.version
    assert first_sequence < old["SEQUENCE"] < new["SEQUENCE"]
    assert new.decoded("DTSTART") == LATER and first.number in new["DESCRIPTION"]


async def test_whoever_opens_the_old_page_reads_the_new_number_and_time_and_gets_no_link_to_it(moved):
    _, first, second = moved
    async with site() as world:
        stranger = await world.browser()
        old, new = [await stranger.get(f"/n/{notice_token(one.number)}") for one in (first, second)]
    assert f"新告知书编号 {second.number}，检查时间 2026年12月10日" in old.text
    assert notice_token(second.number) not in old.html
    assert f"本告知书代替 {first.number} 号告知书" in new.text


async def test_the_mail_says_it_in_its_subject_and_brings_the_visit_for_the_calendar(db):
    task, _ = await told()
    await _move(task)
    second = await Notice.get(task=task, version=2)
    async with mail_server() as (box, url):
        mailer = Mailer(url, SENDER, LetterRenderer(district()), now)
        async with at_work(email=mailer):
            await steps.until_true(lambda: Notice.filter(id=second.id, state="sent").exists())
    [(_, _, mail)] = [sent for sent in box.mails if second.number in sent[2]["Subject"]]
    assert "检查改期" in mail["Subject"]
    _, calendar = mail.iter_attachments()
    assert (calendar.get_content_type(), calendar.get_param("method")) == ("text/calendar", "PUBLISH")
    [visit] = Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")
    assert visit.decoded("DTSTART") == LATER and visit["SEQUENCE"] == 4


async def test_the_team_hears_what_does_not_hold_any_more_and_the_trail_says_who_was_told(moved):
    task, _, _ = moved
    first, second = await Event.filter(chain=f"task:{task.number}", kind="visit.fixed").order_by("seq")
    assert "moved_from" not in first.data
    assert datetime.fromisoformat(second.data["moved_from"]) == VISIT
    others = await Assignment.filter(task=task, leader=False, until=None).select_related("inspector")
    assert sorted(second.data["told"]) == sorted(seat.inspector.name for seat in others)
    news = ["moved_from" in row.payload for row in await Outbox.filter(kind="visit.fixed").order_by("id")]
    assert news == [False] * len(others) + [True] * len(others)
    assert (await evidence.verify()).differences == []


async def test_a_letter_of_the_old_time_that_was_not_handed_over_yet_is_not_sent_any_more(moved):
    _, first, _ = moved
    waiting = await delivery.claim("w", at=CEREMONY)
    assert first.id not in {parcel.payload.get("notice") for parcel in waiting if parcel.kind == "notice"}
