"""What a letter's link brings is counted before it is kept, and what is refused leaves nothing (Art. 16 (2))."""

from datetime import timedelta

import pytest

from models import store
from models.queries import objects
from models.refusal import Refusal
from models.tables import Paper
from server import quota
from tests.server.notices import PDF, given, hand_in
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY

MB = 2**20


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def kept():
    return [name async for name in store.objects.names()]


async def test_e7_a_refused_form_leaves_no_byte_behind(world):
    of, stranger = await given(), await world.browser()
    before = await kept()
    for act, said in (
        ("hand_in", {"line": "99"}), ("mend", {"line": "99", "text": "示例"}), ("object", {"text": "示例"}),
        ("reply", {"text": ""}),
    ):  # fmt: skip
        answer = await hand_in(stranger, of, act, ("a.pdf", PDF + act.encode() + b"\n%%EOF\n"), **said)
        assert answer.status == 409, act
    answer = await hand_in(
        stranger, of, "hand_in", ("a.pdf", PDF + b"%%EOF\n"), ("b.pdf", b"no paper"), line="1"
    )
    assert answer.status >= 400
    assert await kept() == before
    assert (await objects.orphans())[0] == []
    assert (await hand_in(stranger, of, "hand_in", ("a.pdf", PDF + b"%%EOF\n"), line="1")).status == 303
    assert await Paper.all().count() == len(await kept()) - len(before) == 1


async def test_e7_a_link_may_bring_so_much_a_day(world):
    of, stranger = await given(), await world.browser()
    limits = world.server.app[quota.QUOTA]
    limits.per_link = 3 * MB
    paper = PDF + b"x" * MB + b"\n%%EOF\n"
    sent = [
        (
            await hand_in(stranger, of, "hand_in", (f"{n}.pdf", paper + b"%d" % n + b"\n%%EOF\n"), line="1")
        ).status
        for n in range(4)
    ]
    assert sent == [303, 303, 409, 409]
    answer = await hand_in(stranger, of, "hand_in", ("z.pdf", paper), line="1")
    assert "3 MB" in answer.text and "明日" in answer.text
    assert await Paper.all().count() == len(await kept()) == 2
    world.clock.move(timedelta(days=1))
    assert (await hand_in(stranger, of, "hand_in", ("z.pdf", paper), line="1")).status == 303


async def test_e7_refused_bytes_count_too(world):
    of, stranger = await given(), await world.browser()
    world.server.app[quota.QUOTA].per_link = 3 * MB
    paper = PDF + b"x" * MB + b"\n%%EOF\n"
    for _ in range(2):
        assert (await hand_in(stranger, of, "hand_in", ("a.pdf", paper), line="99")).status == 409
    answer = await hand_in(stranger, of, "hand_in", ("a.pdf", paper), line="1")
    assert "3 MB" in answer.text
    assert await kept() == []


def test_e7_an_address_and_all_together_have_their_limits_and_what_lies_aside():
    limits = quota.Quota(per_link=10, per_address=15, per_day=25, at_once=100)
    names = (("link A", 10), ("address 192.0.2.1", 15))
    limits.take(8, names, CEREMONY)
    with pytest.raises(Refusal):
        limits.take(3, names, CEREMONY)
    other = (("link B", 10), ("address 192.0.2.1", 15))
    limits.take(7, other, CEREMONY)
    with pytest.raises(Refusal):
        limits.take(1, other, CEREMONY)
    limits.take(10, (("link C", 10), ("address 192.0.2.2", 15)), CEREMONY)
    with pytest.raises(Refusal):
        limits.take(1, (("link D", 10), ("address 192.0.2.3", 15)), CEREMONY)
    limits.take(10, names, CEREMONY + timedelta(days=1))
    limits.at_once = limits.aside
    with pytest.raises(Refusal) as no:
        limits.take(1, other, CEREMONY + timedelta(days=1))
    assert no.value.code == "entity.too_many_at_once"


async def test_e7_a_disk_that_is_nearly_full_takes_nothing_from_links(world):
    of, stranger = await given(), await world.browser()
    world.server.app[quota.QUOTA].left_free = 2**60
    answer = await hand_in(stranger, of, "hand_in", ("a.pdf", PDF + b"%%EOF\n"), line="1")
    assert answer.status >= 400
    assert await kept() == []
