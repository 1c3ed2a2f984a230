"""Photos that are refused, double, somebody else's or too many: what is said, and what stays behind."""

import json
import zlib
from datetime import timedelta

import pytest

from models import store
from models.procedure import photo as photos
from models.tables import Event, Photo
from server.app_keys import DISTRICT
from server.companion import partial_uploads
from tests.server.companion.phone import jpeg, new_key, on_site, sha
from tests.server.companion.test_uploads import left_over
from tests.server.pages import site
from tests.support import district as sample


@pytest.fixture
async def visit(db):
    await sample.found()
    async with site() as made:
        yield await on_site(made, one_department=True)


def _png(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 4000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(_png(13_300, 13_300), "photo.too_many_pixels", id="d36_a_pixel_bomb"),
        pytest.param(_png(60_000, 60_000), "photo.too_many_pixels", id="d37_60000_squared"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo.not_an_image", id="d39_svg"),
        pytest.param(b"<!doctype html><script>1</script>", "photo.not_an_image", id="d39_html"),
        pytest.param(b"%PDF-1.7 nothing", "photo.format_not_accepted", id="d39_pdf"),
        pytest.param(jpeg(13)[:-400], "photo.truncated", id="d41_a_truncated_jpeg"),
    ],
)
async def test_d36_d37_d39_d41_what_is_no_photo_leaves_nothing_behind(visit, data, code):
    refused = await visit.leader.photo(visit.number, 9, data)
    assert refused.body["error"]["code"] == code
    assert refused.body["error"]["text"]
    assert not await Photo.exists()
    assert not await store.objects.exists(sha(data))
    assert left_over() == []


async def test_d43_d44_the_same_photo_twice_is_one_and_for_two_questions_is_linked_twice(visit):
    data = jpeg(14)
    first = await visit.leader.photo(visit.number, 9, data)
    again = await visit.leader.photo(visit.number, 9, data)
    assert (again.status, again.body["photo"]) == (201, first.body["photo"])
    other = await visit.leader.photo(visit.number, 11, data)
    assert other.body["photo"] != first.body["photo"]
    assert await Photo.filter(sha256=sha(data)).count() == 2


async def test_d50_a_full_disk_refuses_the_photo_and_says_so(visit, tmp_path):
    import errno

    with pytest.raises(Exception, match=r"photo\.disk_full"), partial_uploads._room():
        raise OSError(errno.ENOSPC, "full")
    assert (await visit.leader.act(visit.number, "answer", question=1, verdict="pass", seen=0)).status == 201


async def test_d51_the_501st_photo_of_a_task_is_refused(visit):
    same = {
        "task_id": visit.task.id,
        "size": 1000,
        "format": "JPEG",
        "grade": "C",
        "by": visit.leader.officer,
    }
    at = visit.site.clock()
    await Photo.bulk_create([Photo(sha256=f"{n:064x}", at=at, **same) for n in range(photos.PER_TASK)])
    refused = await visit.leader.photo(visit.number, 9, jpeg(15))
    assert refused.body["error"]["code"] == "photo.task_full"
    await Photo.filter(sha256=f"{0:064x}").delete()
    await Photo.filter(sha256=f"{1:064x}").update(size=photos.BYTES_PER_TASK - 10_000)
    refused = await visit.leader.photo(visit.number, 9, jpeg(15))
    assert refused.body["error"]["code"] == "photo.task_full"
    assert left_over() == []


async def test_d60_a_photo_is_shown_to_the_officers_of_its_task_alone(visit):
    from tests.server.companion.phone import phone

    taken = await visit.leader.photo(visit.number, 9, jpeg(16))
    path = f"/photos/{taken.body['photo']}/original"
    own = await visit.leader.get(path)
    assert (own.status, own.body) == (200, jpeg(16))
    assert own.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in own.headers["Content-Security-Policy"]
    serving = {one.officer for one in visit.everybody}
    officers = (f"INS-GA-{n}" for n in range(1, 7))
    stranger = await phone(visit.site, next(one for one in officers if one not in serving))
    assert (await stranger.get(path)).status == 404
    assert (await visit.leader.get("/photos/999999/original")).status == 404


async def test_nobody_reaches_another_persons_upload(visit):
    data, key = jpeg(17), new_key()
    other = next(one for one in visit.everybody if one is not visit.leader)
    await visit.leader.announce(visit.number, 9, data, key)
    assert (await other.put(key, data)).status == 404


async def test_after_final_no_photo_is_added(visit):
    for n in range(1, 14):
        await visit.leader.act(visit.number, "answer", question=n, verdict="na", seen=0)
    assert (await visit.leader.act(visit.number, "finalise")).status == 201
    assert (await visit.leader.photo(visit.number, 9, jpeg(18))).body["error"]["code"] == "checklist.final"


async def test_what_nobody_finishes_is_thrown_away_after_seven_days(visit):
    import os
    import time

    await visit.leader.announce(visit.number, 9, jpeg(19), new_key())
    partial_uploads.sweep()
    assert len(left_over()) == 1
    folder = partial_uploads._root() / left_over()[0]
    old = time.time() - 7 * 86400 - 60
    os.utime(folder, (old, old))
    partial_uploads.sweep()
    assert left_over() == []


async def in_store():
    return {name async for name in store.objects.names()}


async def test_e7_a_photo_that_is_refused_leaves_no_byte_in_the_store(visit):
    """The act is tried before the bytes are kept: refused at its end as before its beginning."""
    data, key = jpeg(18), new_key()
    for n in range(1, 14):
        await visit.leader.act(visit.number, "answer", question=n, verdict="na", seen=0)
    assert (await visit.leader.announce(visit.number, 9, data, key)).status == 200
    assert (await visit.leader.act(visit.number, "finalise")).status == 201
    before = await in_store()
    refused = await visit.leader.put(key, data)
    assert refused.body["error"]["code"] == "checklist.final"
    assert await in_store() == before


async def test_e7_a_photo_whose_trial_went_well_is_entered_once(visit):
    data, key = jpeg(19), new_key()
    before = await in_store()
    await visit.leader.announce(visit.number, 9, data, key)
    first, again = await visit.leader.put(key, data), await visit.leader.announce(visit.number, 9, data, key)
    assert (first.status, again.status, again.body["photo"]) == (201, 201, first.body["photo"])
    assert await in_store() - before == {sha(data)}
    assert await Event.filter(kind="photo.taken").count() == await Photo.all().count() == 1


async def test_e7_an_officer_enters_so_much_a_day(visit):
    world = visit.site.server.app
    before = await in_store()
    limit = world[DISTRICT].officer_day_mb
    same = {"task_id": visit.task.id, "format": "JPEG", "grade": "C", "by": visit.leader.officer}
    at = visit.site.clock()
    async with sample.written():
        await Photo.create(sha256="0" * 64, size=limit * 2**20 - 1000, removed_at=at, at=at, **same)
    refused = await visit.leader.photo(visit.number, 9, jpeg(15))
    assert refused.body["error"]["code"] == "photo.day_full"
    assert f"{limit} MB" in json.dumps(refused.body, ensure_ascii=False)
    assert await in_store() == before and left_over() == []
    other = next(one for one in visit.everybody if one is not visit.leader)
    assert (await other.photo(visit.number, 9, jpeg(16))).status == 201
    async with sample.written():
        await Photo.filter(sha256="0" * 64).update(at=at - timedelta(days=1))
    assert (await visit.leader.photo(visit.number, 9, jpeg(15))).status == 201


async def test_e7_what_is_never_finished_counts_too(visit):
    object.__setattr__(visit.site.server.app[DISTRICT], "officer_day_mb", 1)
    data, key = jpeg(15) + bytes(600_000), new_key()
    await visit.leader.announce(visit.number, 9, data, key)
    assert (await visit.leader.put(key, data, 0, len(data) - 1)).status == 200
    assert (await visit.leader.announce(visit.number, 9, data, key)).status == 200, "what was begun goes on"
    refused = await visit.leader.announce(visit.number, 9, data, new_key())
    assert refused.body["error"]["code"] == "photo.day_full"
    assert len(left_over()) == 1
