"""检查地图: the points of a day and the same in a list, for those who may see the visits (Art. 15)."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from models.procedure import inspection, schedule
from models.rules.actor import Role
from models.tables import Assignment, Inspector, Target, Task
from tests.server.companion.screen import loopback, sign_in
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, district
from tests.support.page_looks import opened

DAY = "/console/map?day=2026-12-08"
OFFICE = (Role.OFFICE, "测试联席办")
SHOTS = os.environ.get("SHOTS", "")
"""A folder for pictures of the pages, for who wants to look."""


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    async with site() as made:
        yield made


async def two_visits() -> tuple[Task, Task]:
    """Of one team on one day: the first fixed, the second proposed two hours later."""
    first = await Task.all().order_by("number").first()
    await sample.visit_fixed(first, district())
    other = await Task.filter(team_id=first.team_id).exclude(id=first.id).order_by("number").first()
    leader, begins = await sample.leader_of(other), VISIT + timedelta(hours=2)
    await inspection.close_network_check(other.number, by=leader, at=CEREMONY)
    await schedule.propose(other.number, begins, begins + timedelta(hours=2), by=leader, at=CEREMONY)
    first, other = [await Task.get(id=task.id).select_related("target") for task in (first, other)]
    await stands(first.target, 33_750_000, "WGS84")
    await stands(other.target, 33_780_000, "CGCS2000")
    return first, other


async def stands(target: Target, latitude: int | None, datum: str) -> None:
    longitude = None if latitude is None else 113_300_000
    async with sample.written():
        await Target.filter(code=target.code).update(
            latitude_e6=latitude, longitude_e6=longitude, datum=datum
        )


async def test_the_days_visits_are_points_on_a_dashed_route_and_lines_of_the_list(world):
    first, other = await two_visits()
    page = await (await world.browser(Role.INSPECTOR, (await sample.leader_of(first)).id)).get(DAY)
    picture, listed = page.html.split("</figure>")
    assert "2次检查" in page.text
    assert '<circle class="mark to_come"' in picture
    assert '<path class="mark proposed"' in picture
    assert picture.count('class="leg proposed"') == 1
    for label, task in (("A1", first), ("A2", other)):
        assert f">{label}</text>" in picture
        assert label in listed
        assert task.target.name in listed
        assert f"/console/tasks/{task.number}" in page.reader.links
    assert "距上一站直线约3.3公里" in page.text
    assert ">1公里</text>" in picture


@pytest.mark.parametrize(
    ("latitude", "datum", "why"), [(None, "", "名录里没有位置"), (33_780_000, "", "名录没有写明坐标系")]
)
async def test_a_visit_without_a_position_is_named_in_the_list_and_no_line_leads_past_it(
    world, latitude, datum, why
):
    _, other = await two_visits()
    await stands(other.target, latitude, datum)
    page = await (await world.browser(*OFFICE)).get(DAY)
    assert "其中1次没有画在图上" in page.text
    assert why in page.text
    assert other.target.name in page.text
    assert ">A2</text>" not in page.html
    assert 'class="leg' not in page.html


async def test_a_day_on_which_nothing_has_a_position_is_a_list_alone(world):
    for task in await two_visits():
        await stands(task.target, None, "")
    page = await (await world.browser(*OFFICE)).get(DAY)
    assert "<figure>" not in page.html
    assert page.text.count("名录里没有位置") == 2


@pytest.mark.parametrize(("role", "of"), [(Role.HEAD, "XF"), OFFICE])
async def test_head_and_office_see_what_is_theirs_to_see(world, role, of):
    first, _ = await two_visits()
    assert first.target.name in (await (await world.browser(role, of)).get(DAY)).text


async def test_the_office_looks_at_one_department(world):
    first, _ = await two_visits()
    browser = await world.browser(*OFFICE)
    assert first.target.name not in (await browser.get(f"{DAY}&department=JY")).text
    assert (await browser.get(f"{DAY}&department=nowhere")).status == 400
    assert (await browser.get(f"{DAY}&week=2026-12-08")).status == 400


async def test_whoever_is_not_of_the_team_is_not_shown_whom_it_will_visit(world):
    first, _ = await two_visits()
    serving = await Assignment.filter(task=first, until=None).values_list("inspector_id", flat=True)
    stranger = await Inspector.filter(department="GA").exclude(code__in=serving).first()
    page = await (await world.browser(Role.INSPECTOR, stranger.code)).get(f"{DAY}&whose=all")
    assert page.status == 200
    assert first.target.name not in page.text


async def test_a_liaison_and_a_stranger_have_no_map(world):
    assert (await (await world.browser()).get(DAY)).status == 303
    assert (await (await world.browser(Role.LIAISON, "GA")).get(DAY)).status == 403


async def test_the_days_beside_it_and_the_week_are_a_press_away(world):
    await two_visits()
    browser = await world.browser(*OFFICE)
    page = await browser.get("/console/map")
    assert "这一天没有检查" in page.text
    for link in ("map?day=2026-11-26", "map?day=2026-11-28", "calendar?week=2026-11-27"):
        assert f"/console/{link}" in page.reader.links
    assert DAY in (await browser.get("/console/calendar?week=2026-12-08")).reader.links


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "0001-01-01"])
async def test_what_is_no_day_is_refused_in_words(world, day):
    page = await (await world.browser(*OFFICE)).get(f"/console/map?day={day}")
    assert page.status == 400
    assert day in page.text


async def test_the_map_is_in_english_too(world):
    await two_visits()
    page = await (await world.browser(*OFFICE)).get(f"{DAY}&lang=en")
    assert "2 visits" in page.text
    assert "about 3.3 km from the stop before" in page.text


@pytest.fixture
async def house(db):
    await sample.found()
    await sample.drawn()
    async with loopback() as made:
        yield made


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en")])
async def test_the_map_has_no_serious_finding_and_fits_the_screen(house, browser, width, language):
    await two_visits()
    context = await browser.new_context(viewport={"width": width, "height": 844}, locale=language)
    await sign_in(context, house, OFFICE[1], OFFICE[0])
    page = await context.new_page()
    await page.goto(str(house.server.make_url("/")).rstrip("/") + DAY)
    assert await page.locator("figure svg text").count() == 4  # two labels, the scale, the north
    assert await opened(page) == []
    if SHOTS:
        await page.screenshot(path=Path(SHOTS, f"map-{width}-{language}.png"), full_page=True)
