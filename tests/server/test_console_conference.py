"""联席会议 on the console: the office writes down, departments report, the minutes are a PDF (Art. 5, 6, 21)."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from models.queries import conference
from models.rules.actor import Role
from tests.server.pages import site
from tests.support import district as sample

PAGE = "/console/conference"


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def held(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    said = {
        "day": "2026-11-20", "title": "示例第一次会议", "chair": "示例召集人", "minutes": "示例:通报情况。", "department": "XF",
    }  # fmt: skip
    await office.post(PAGE, **said)
    [meeting] = await conference.meetings()
    return office, meeting


async def resolved(world):
    office, meeting = await held(world)
    await office.post(
        f"{PAGE}/{meeting.id}/resolutions", text="示例:更新名录库", owner="XF", due="2026-12-21"
    )
    [item] = await conference.open_resolutions()
    return office, meeting, item


async def test_the_office_writes_down_and_the_department_reports(world):
    _, _, item = await resolved(world)
    head = await world.browser(Role.HEAD, "XF")
    page = await head.get(PAGE)
    assert "示例:更新名录库" in page.text
    await head.post(f"{PAGE}/resolutions/{item.id}", said="示例:已更新")
    assert "没有待办的议定事项" in (await head.get(PAGE)).text
    assert "已办结 示例:已更新" in (await head.get(PAGE)).text


async def test_another_department_sees_it_among_the_minutes_and_cannot_report(world):
    _, _, item = await resolved(world)
    other = await world.browser(Role.HEAD, "GA")
    page = await other.get(PAGE)
    assert f"{PAGE}/resolutions/{item.id}" not in [one["action"] for one in page.reader.forms]
    assert (await other.post(f"{PAGE}/resolutions/{item.id}", said="示例")).status == 404


async def test_only_the_office_writes_down_and_gives_up(world):
    _, meeting, item = await resolved(world)
    head = await world.browser(Role.HEAD, "XF")
    for path in (PAGE, f"{PAGE}/{meeting.id}/resolutions", f"{PAGE}/resolutions/{item.id}/drop"):
        assert (await head.post(path, reason="示例")).status == 403
    assert (await (await world.browser(Role.INSPECTOR, "INS-GA-1")).get(PAGE)).status == 403


async def test_the_minutes_are_a_pdf_with_what_was_resolved(world):
    office, meeting, _ = await resolved(world)
    page = await office.get(f"{PAGE}/{meeting.id}.pdf")
    assert page.response.content_type == "application/pdf"
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(page.body)).pages).replace("\n", "")
    for part in ("示例第一次会议", "示例召集人", "示例:通报情况", "示例:更新名录库", "办理中"):
        assert part in text
    assert (await office.get(f"{PAGE}/99.pdf")).status == 404


async def test_a_wrong_day_is_refused(world):
    office, meeting = await held(world)
    for due, status in (("2026-02-31", 400), ("2026-11-01", 409)):
        page = await office.post(f"{PAGE}/{meeting.id}/resolutions", text="示例", owner="XF", due=due)
        assert page.status == status
