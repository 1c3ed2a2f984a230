"""作废: a wrong photo leaves the record with a reason, by whoever took it or the leader, on every surface (Art. 16 (3))."""

import pytest

from models import store
from models.queries.record import papers
from models.queries.sheet import sheet_of
from models.tables import Event, Photo
from tests.server.companion.phone import jpeg, on_site, sha
from tests.server.pages import site
from tests.support import district as sample


@pytest.fixture
async def visit(db):
    await sample.found()
    async with site() as made:
        yield await on_site(made, one_department=True)


async def taken(by, visit, n=1) -> int:
    return (await by.photo(visit.number, 9, jpeg(n))).body["photo"]


async def test_b13_a_voided_photo_is_off_the_record_and_in_the_trail(visit):
    photo = await taken(visit.leader, visit)
    done = await visit.leader.act(visit.number, "photo_void", photo=photo, reason="拍错了门店")
    assert done.status == 201
    assert (await visit.leader.task(visit.number))["photos"] == []
    assert (await sheet_of(visit.task)).given.get(9) is None
    assert await store.objects.get(sha(jpeg(1))) == jpeg(1)
    row = await Event.get(kind="photo.voided")
    assert (row.data["photo"], row.data["reason"], row.data["sha256"]) == (photo, "拍错了门店", sha(jpeg(1)))
    assert (await papers(visit.task.id)).last is None


async def test_b13_without_a_reason_nothing_is_voided(visit):
    photo = await taken(visit.leader, visit)
    refused = await visit.leader.act(visit.number, "photo_void", photo=photo, reason=" \u200b ")
    assert refused.body["error"]["code"] == "photo.void_reason"
    assert await Photo.filter(removed_at=None).count() == 1


async def test_b13_a_colleague_voids_nobodys_photo_and_the_leader_anybodys(visit):
    other, third = [one for one in visit.everybody if one is not visit.leader][:2]
    department = (await visit.leader.task(visit.number))["department"]
    other = next(one for one in visit.phones[department] if one is not visit.leader)
    third = next(one for one in visit.everybody if one not in (other, visit.leader))
    photo = await taken(other, visit)
    refused = await third.act(visit.number, "photo_void", photo=photo, reason="重复")
    assert refused.body["error"]["code"] == "photo.void_not_yours"
    assert (await visit.leader.act(visit.number, "photo_void", photo=photo, reason="重复")).status == 201


async def test_b13_voiding_twice_keeps_the_first_reason_and_the_same_photo_can_be_taken_again(visit):
    photo = await taken(visit.leader, visit)
    for reason in ("拍错", "又按了一次"):
        assert (await visit.leader.act(visit.number, "photo_void", photo=photo, reason=reason)).status == 201
    assert (await Photo.get(id=photo)).removed_why == "拍错"
    assert await Event.filter(kind="photo.voided").count() == 1
    assert await taken(visit.leader, visit) != photo


async def test_b13_the_console_voids_with_a_reason_and_shows_what_was_voided(visit):
    photo = await taken(visit.leader, visit)
    browser = visit.leader.browser
    page = (await browser.get(f"/console/tasks/{visit.number}")).html
    assert f"/photos/{photo}/void" in page
    answer = await browser.post(f"/console/tasks/{visit.number}/photos/{photo}/void", reason="拍到无关人员")
    assert answer.status == 303
    page = (await browser.get(f"/console/tasks/{visit.number}")).html
    assert "作废的照片" in page and "拍到无关人员" in page
    assert f"/photos/{photo}/void" not in page
