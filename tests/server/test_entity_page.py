"""检查对象的页面: prepare, hand in, report what was mended, calendar, chat, the link itself (Art. 16 (2), 17)."""

import asyncio
from datetime import timedelta

import pytest

from models import store
from models.procedure import correction, schedule
from models.queries import evidence
from models.rules.actor import Role
from models.tables import (
    Binding,
    Correction,
    Event,
    Invitation,
    Notice,
    Paper,
    Preparation,
    Target,
    Task,
)
from tests.server.companion.phone import jpeg
from tests.server.notices import PDF, first_task, given, hand_in, link
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, district, written
from tests.support.waiting import until


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def whole():
    assert (await evidence.verify()).differences == []


# 准备材料


async def test_the_list_is_ticked_line_by_line_or_all_at_once(world):
    of, stranger = await given(), await world.browser()
    assert (await stranger.post(link(of), act="prepared", was="", ready="2")).status == 303
    assert [one.number for one in await Preparation.filter(ready=True)] == [2]
    page = await stranger.post(link(of), act="prepared", was="2,", all="1", follow=True)
    lines = of.letter["papers"]
    assert await Preparation.filter(ready=True).count() == lines
    assert f"（{lines}/{lines}）" in page.text
    assert "勾选已保存" in page.text
    await whole()


async def test_a_tick_made_meanwhile_on_another_phone_stays(world):
    of, stranger = await given(), await world.browser()
    await stranger.post(link(of), act="prepared", was="", ready="1")
    await stranger.post(link(of), act="prepared", was="", ready="2")
    assert sorted(one.number for one in await Preparation.filter(ready=True)) == [1, 2]
    await stranger.post(link(of), act="prepared", was="1,2,", ready="2")
    assert [one.number for one in await Preparation.filter(ready=True)] == [2]


async def test_a_tick_counts_for_the_words_it_was_set_beside(world):
    of, stranger = await given(), await world.browser()
    await stranger.post(link(of), act="prepared", was="", ready="1")
    await Preparation.all().update(text="示例:上一版清单的第一项")
    assert "（0/" in (await stranger.get(link(of))).text
    await stranger.post(link(of), act="prepared", was="", ready="1")
    assert "（1/" in (await stranger.get(link(of))).text


async def test_a_line_that_is_not_on_the_list_is_refused_with_the_lines_there_are(world):
    of, stranger = await given(), await world.browser()
    page = await stranger.post(link(of), act="prepared", was="", ready="999")
    assert page.status == 409
    assert "清单没有第 999 项" in page.text


async def test_two_phones_tick_at_once_and_nothing_is_lost_or_doubled(any_db):
    await sample.found()
    of = await given()
    async with site() as made:
        one, two = await made.browser(), await made.browser()
        answers = await asyncio.gather(
            *(who.post(link(of), act="prepared", was="", ready="3") for who in (one, two) for _ in range(4))
        )
    assert {page.status for page in answers} == {303}
    assert await Preparation.all().count() == 1
    assert await Event.filter(kind="entity.prepared").count() == 1
    await whole()


# 材料


async def test_a_photo_and_a_pdf_are_kept_byte_for_byte_before_the_answer(world):
    of, stranger = await given(), await world.browser()
    picture = jpeg(3)
    page = await hand_in(stranger, of, "hand_in", ("证照.jpg", picture), ("台账.pdf", PDF), line="2")
    assert page.status == 303
    photo, paper = await Paper.all().order_by("id")
    assert await store.objects.get(photo.sha256) == picture
    assert await store.objects.get(paper.sha256) == PDF
    assert [(one.purpose, one.subject, one.format) for one in (photo, paper)] == [
        ("prepare", 2, "JPEG"),
        ("prepare", 2, "PDF"),
    ]
    assert "已交 2 份" in (await stranger.get(link(of))).text
    await whole()


async def test_d43_the_same_paper_sent_twice_is_one(world):
    of, stranger = await given(), await world.browser()
    for _ in range(2):
        assert (await hand_in(stranger, of, "hand_in", ("a.pdf", PDF), line="1")).status == 303
    assert await Paper.all().count() == 1
    assert await Event.filter(kind="entity.handed_in").count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html><script>alert(1)</script>", "照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "照片"),
        (b"PK\x03\x04 a word document", "照片"),
        (b"%PDF-1.4 cut off", "不完整"),
        (b"\xff\xd8\xff\xe0 no picture", ""),
    ],
)
async def test_d39_what_is_no_photo_and_no_pdf_is_refused_by_its_first_bytes(world, data, said):
    of, stranger = await given(), await world.browser()
    page = await hand_in(stranger, of, "hand_in", ("证照.jpg", data), line="1")
    assert page.status == 409
    assert said in page.text
    assert await Paper.all().count() == 0


async def test_d35_a_file_over_twenty_megabytes_is_refused_and_forty_papers_are_enough(world):
    of, stranger = await given(), await world.browser()
    page = await hand_in(stranger, of, "hand_in", ("大.pdf", PDF + bytes(20 * 2**20)), line="1")
    assert page.status == 409
    assert "20 MB" in page.text
    for n in range(4):
        files = [(f"{n}{k}.pdf", PDF.replace(b"1 0", b"%d%d 0" % (n, k))) for k in range(10)]
        assert (await hand_in(stranger, of, "hand_in", *files, line="1")).status == 303
    page = await hand_in(stranger, of, "hand_in", ("41.pdf", PDF), line="1")
    assert page.status == 409
    assert "最多 40 份" in page.text
    assert await Paper.all().count() == 40
    assert len([one async for one in store.objects.names()]) == 40
    assert (await hand_in(stranger, of, "mend", line="1", text="没有照片也可以")).status == 303


async def test_d51_a_notice_that_ended_takes_no_bytes(world):
    of, stranger = await given(), await world.browser()
    await Notice.filter(id=of.id).update(state="revoked")
    assert (await hand_in(stranger, of, "hand_in", ("a.pdf", PDF), line="1")).status == 409
    assert [one async for one in store.objects.names()] == []


async def test_d68_who_has_no_link_sends_no_bytes(world):
    of, stranger = await given(), await world.browser()
    of.number = "nobody"
    page = await hand_in(stranger, of, "hand_in", ("a.pdf", PDF), line="1")
    assert page.status == 404
    assert page.body == (await stranger.get("/n/" + "x" * 22)).body
    assert [one async for one in store.objects.names()] == []


async def test_d62_files_from_another_sites_page_are_refused(world):
    of, stranger = await given(), await world.browser()
    page = await hand_in(
        stranger, of, "hand_in", ("a.pdf", PDF), line="1", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert page.status == 403
    assert await Paper.all().count() == 0


async def test_officers_get_a_paper_as_attachment_and_nobody_else_gets_it(world):
    of, stranger = await given(), await world.browser()
    await hand_in(stranger, of, "hand_in", ("../<b>证照.pdf", PDF), line="2")
    paper = await Paper.all().first()
    officer = await world.browser(Role.INSPECTOR, (await sample.leader_of(await first_task())).id)
    address = f"/console/tasks/{(await first_task()).number}/papers/{paper.id}"
    shown = await officer.get(address)
    assert shown.body == PDF
    headers = shown.response.headers
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert headers["Content-Type"] == "application/pdf"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    page = await officer.get(f"/console/tasks/{(await first_task()).number}")
    assert "<b>证照.pdf" in page.text
    assert address in page.reader.links
    assert (await stranger.get(address)).status == 303
    other = await Task.all().exclude(id=of.task_id).first()
    assert (await officer.get(address.replace((await first_task()).number, other.number))).status == 404


async def test_d67_an_address_in_a_field_is_shown_as_text_and_never_fetched_or_linked(world):
    called = []

    async def trap(reader, writer):
        called.append(await reader.readline())
        writer.close()

    server = await asyncio.start_server(trap, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"
    of, stranger = await given(), await world.browser()
    await stranger.post(link(of), act="postpone", reason=url, wanted=url)
    await hand_in(stranger, of, "mend", (f"{url}.pdf", PDF), line="1", text=url)
    officer = await world.browser(Role.INSPECTOR, (await sample.leader_of(await first_task())).id)
    for page in (
        await stranger.get(link(of)),
        await officer.get(f"/console/tasks/{(await first_task()).number}"),
    ):
        assert url in page.text
        assert not [href for href in page.reader.links if "127.0.0.1" in href]
    _, ours = await asyncio.open_connection(*server.sockets[0].getsockname())
    ours.write(b"the first who comes\n")
    await until(lambda: called)
    ours.close()
    server.close()
    assert called == [b"the first who comes\n"]


# 自行整改


async def test_what_was_mended_is_verified_by_the_department_and_stands_beside_the_question(world):
    of, stranger = await given(), await world.browser()
    task = await first_task()
    assert (
        await hand_in(stranger, of, "mend", ("后.jpg", jpeg(5)), line="3", text="已换新 <b>")
    ).status == 303
    row = await Correction.get(task=task).select_related("question")
    assert (row.stage, row.question.prepare) == ("before", of.letter["materials"][2])
    team = await sample.team_of(task)
    theirs = next(people for code, people in team.items() if code == row.question.department)
    lead = await sample.leader_of(task)
    others = [people for code, people in team.items() if code != row.question.department]
    stranger_to_it = next(one for people in others for one in people if one.id != lead.id)
    address = f"/console/tasks/{task.number}/corrections/{row.id}"
    other = await world.browser(Role.INSPECTOR, stranger_to_it.id)
    assert (await other.post(address, act="agree")).status == 409
    officer = await world.browser(Role.INSPECTOR, theirs[0].id)
    assert "已换新 <b>" in (await officer.get(f"/console/tasks/{task.number}")).text
    assert (await officer.post(address, act="agree")).status == 303
    page = await officer.get(f"/console/tasks/{task.number}")
    assert "已自行整改，经核实" in page.text
    assert "已核实" in (await stranger.get(link(of))).text
    assert (await Correction.get(id=row.id)).decided_by == theirs[0].mark
    await whole()


async def test_what_is_not_accepted_needs_a_reason_and_may_be_sent_again(world):
    of, stranger = await given(), await world.browser()
    task = await first_task()
    for _ in range(2):
        await hand_in(stranger, of, "mend", line="1", text="已改")
    row = await Correction.get(task=task)
    leader = await sample.leader_of(task)
    browser = await world.browser(Role.INSPECTOR, leader.id)
    address = f"/console/tasks/{task.number}/corrections/{row.id}"
    assert (await browser.post(address, act="refuse", said="")).status == 409
    assert (await browser.post(address, act="refuse", said="照片不清楚")).status == 303
    assert "照片不清楚" in (await stranger.get(link(of))).text
    assert (await hand_in(stranger, of, "mend", line="1", text="重拍")).status == 303
    again = await Correction.filter(task=task).order_by("-id").first()
    await correction.decide(again.id, True, by=leader, at=CEREMONY)
    assert (await hand_in(stranger, of, "mend", line="1", text="又改")).status == 409
    await whole()


# 日历, 聊天


async def test_d71_the_visit_comes_as_a_calendar_file_with_escaped_and_folded_lines(world):
    async with written():
        await Target.all().update(address="示例路1号;\r\nATTENDEE:mailto:x@example.org," + "长" * 60)
    of, stranger = await given(), await world.browser()
    page = await stranger.get(f"{link(of)}.ics")
    assert page.response.content_type == "text/calendar"
    assert max(len(line) for line in page.body.split(b"\r\n")) <= 75
    whole_lines = page.html.replace("\r\n ", "")
    assert "\r\nATTENDEE" not in whole_lines
    assert "DTSTART:20261208T010000Z" in whole_lines
    assert f"UID:{(await first_task()).number}@district.example" in whole_lines
    assert f"{link(of)}.ics" in (await stranger.get(link(of))).reader.links


async def test_a_moved_visit_replaces_itself_in_the_calendar(world):
    await given()
    stranger = await world.browser()
    task, later = await first_task(), VISIT + timedelta(days=2)
    leader = await sample.leader_of(task)
    await schedule.propose(task.number, later, later + timedelta(hours=2), by=leader, at=CEREMONY)
    await schedule.fix(task.number, by=leader, at=CEREMONY, district=district())
    old, new = [
        await stranger.get(f"{link(one)}.ics") for one in await Notice.filter(task=task).order_by("version")
    ]
    assert "STATUS:CANCELLED" in old.html
    assert "SEQUENCE:3" in old.html and "SEQUENCE:4" in new.html
    assert old.html.split("UID:")[1].split("\r\n")[0] == new.html.split("UID:")[1].split("\r\n")[0]


async def test_the_page_makes_a_link_for_the_entitys_own_chat_where_there_is_a_bot(db):
    await sample.found()
    async with site(chat=True, deep_link=lambda token: f"https://t.me/example_bot?start={token}") as made:
        of, stranger = await given(), await made.browser()
        assert "在聊天里接收告知" in (await stranger.get(link(of))).text
        pages = [await stranger.post(f"{link(of)}/chat") for _ in range(2)]
        assert all("https://t.me/example_bot?start=" in " ".join(page.reader.links) for page in pages)
        assert (
            await Invitation.filter(account__target_id=(await first_task()).target_id, used_at=None).count()
            == 1
        )
        kept = await Invitation.all().order_by("-id").first()
        assert kept.token_sha256 not in pages[1].html
        async with written():
            await Binding.create(account_id=kept.account_id, telegram_id=1, bound_at=CEREMONY)
        assert "在聊天里接收告知" not in (await stranger.get(link(of))).text
        assert (await stranger.post(f"{link(of)}/chat")).status == 409


async def test_an_entity_without_a_registered_number_is_not_bound_by_its_letter(db):
    await sample.found()
    async with written():
        await Target.all().update(phone="")
    async with site(chat=True) as made:
        page = await (await made.browser()).post(f"{link(await given())}/chat")
        assert page.status == 409
        assert "请联系抽查组" in page.text


async def test_without_a_bot_there_is_no_button_and_no_link(world):
    of, stranger = await given(), await world.browser()
    assert "在聊天里接收告知" not in (await stranger.get(link(of))).text
    assert (await stranger.post(f"{link(of)}/chat")).status == 404


# 链接


async def test_d68_a_link_a_year_old_is_answered_like_one_that_never_was(world):
    of, stranger = await given(), await world.browser()
    world.clock.move(timedelta(days=367))
    old, unknown = await stranger.get(link(of)), await stranger.get("/n/" + "x" * 22)
    assert (old.status, old.body) == (404, unknown.body)
    assert sorted(old.response.headers) == sorted(unknown.response.headers)
    assert (await stranger.post(link(of), act="received")).body == unknown.body


async def test_d69_guesses_of_every_address_below_a_link_count(world):
    stranger = await world.browser()
    tails = ("", ".pdf", ".ics")
    answers = [(await stranger.get(f"/n/{n:022d}{tails[n % 3]}")).status for n in range(33)]
    assert answers == [404] * 30 + [429] * 3
    nobody = Notice(number="nobody")
    assert (await hand_in(stranger, nobody, "hand_in", ("a.pdf", PDF), line="1")).status == 429


async def test_d24_markup_in_what_the_entity_writes_is_shown_literally(world):
    hostile = "<script>alert(1)</script>{{ 7*7 }}\u202e"
    of, stranger = await given(), await world.browser()
    await hand_in(stranger, of, "mend", (hostile + ".pdf", PDF), line="1", text=hostile)
    await stranger.post(link(of), act="postpone", reason=hostile)
    officer = await world.browser(Role.INSPECTOR, (await sample.leader_of(await first_task())).id)
    for page in (
        await stranger.get(link(of)),
        await officer.get(f"/console/tasks/{(await first_task()).number}"),
    ):
        assert "<script>alert(1)</script>{{ 7*7 }}" in page.text
        assert "<script>" not in page.html
        assert "\u202e" not in page.html
