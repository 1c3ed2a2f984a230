"""The daily roots are there for everybody: to read, to keep, to check (Art. 16 (3), 20; R27)."""

import json
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from models.procedure import anchor
from models.rules import merkle
from models.tables import Anchor
from server import timestamping
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY
from tests.support.timestamp_authority import authority

NEXT = timedelta(days=1)


@pytest.fixture
async def world(db):
    """A batch drawn on 27 November; that day closed in time, the two after it late."""
    await sample.found()
    await sample.drawn()
    midnight = CEREMONY.replace(hour=0)
    await anchor.due(midnight + NEXT, sample.district())
    await anchor.due(midnight + 4 * NEXT, sample.district())
    async with site() as made:
        yield made


async def test_before_the_first_day_is_over_the_page_says_what_will_be_there(db):
    async with site() as made:
        page = await (await made.browser()).get("/roots")
    assert page.status == 200 and "尚无已结束的日期" in page.text


async def test_each_day_shows_its_root_when_it_was_closed_and_that_no_stamp_is_there(world):
    page = await (await world.browser()).get("/roots")
    rows = await Anchor.all()
    assert len(rows) == 4
    assert all(row.root in page.text.replace(" ", "") for row in rows)
    assert page.text.count("迟至") == 2 and page.text.count("尚无时间戳") == 4
    assert "/roots" in (await (await world.browser()).get("/")).reader.links


async def test_everybody_can_check_that_each_root_grew_from_the_one_before(world):
    answer = await (await world.browser()).client.get("/roots.json")
    days = list(reversed((await answer.json())["days"]))
    assert [one["day"] for one in days] == [str(date(2026, 11, 27) + n * NEXT) for n in range(4)]
    for before, after in pairwise(days):
        assert after["previous"] == before["root"]
        path = [bytes.fromhex(step) for step in after["consistency"]]
        ends = bytes.fromhex(before["root"]), bytes.fromhex(after["root"])
        assert merkle.consistent(before["size"], after["size"], *ends, path)


async def test_no_chain_and_no_person_can_be_read_from_what_is_published(world):
    browser = await world.browser()
    said = [(await browser.get("/roots")).text, await (await browser.client.get("/roots.json")).text()]
    said.append(await (await browser.client.get("/roots/2026-11-27.txt")).text())
    for one in await Anchor.all():
        for chain, _, sha256 in one.ends:
            assert not any(chain in text or sha256 in text for text in said)


async def test_pages_go_back_by_number(world):
    browser = await world.browser()
    days = json.loads(await (await browser.client.get("/roots.json?before=3")).text())["days"]
    assert [one["number"] for one in days] == [2, 1]
    for wrong in ("x", "0", "-1", "1e3", "９"):
        assert (await browser.client.get("/roots", params={"before": wrong})).status == 400


async def test_r27_a_stamp_and_the_text_it_covers_can_be_taken_home(world, tmp_path):
    browser = await world.browser()
    assert (await browser.client.get("/roots/2026-11-27.tsr")).status == 404
    async with authority(tmp_path / "tsa") as tsa:
        await timestamping.catch_up(tsa.url, tsa.certificates, world.clock)
    text = await browser.client.get("/roots/2026-11-27.txt")
    stamp = await browser.client.get("/roots/2026-11-27.tsr")
    assert text.content_type == "text/plain" and stamp.content_type == "application/timestamp-reply"
    timestamping.timestamp.trusted(await stamp.read(), await text.read(), tsa.certificates)
    day = json.loads(await (await browser.client.get("/roots.json")).text())["days"][-1]
    assert datetime.fromisoformat(day["stamped_at"]).tzinfo
    assert (await browser.get("/roots")).text.count("尚无时间戳") == 0


async def test_days_that_are_none_are_not_found(world):
    browser = await world.browser()
    for wrong in ("2026-11-26.txt", "2026-13-01.txt", "x.txt", "2026-11-27.zip", "..%2Fx.txt"):
        assert (await browser.client.get(f"/roots/{wrong}")).status == 404
