"""A photo's way in: cut, resumed, doubled, too large, not a photo; the receipt only for what is stored."""

import asyncio
import io
import json

import pytest

from models import store
from models.tables import Event, Photo
from server.companion import partial_uploads, uploads
from tests.server.companion.phone import jpeg, new_key, on_site, sha
from tests.server.pages import site
from tests.support import district as sample
from tests.support.waiting import pause, until


@pytest.fixture
async def visit(db):
    await sample.found()
    async with site() as made:
        yield await on_site(made, one_department=True)


def left_over() -> list[str]:
    return [path.name for path in partial_uploads._root().iterdir()]


async def test_the_receipt_carries_the_hash_of_what_is_stored(visit):
    data = jpeg(1)
    taken = await visit.leader.photo(visit.number, 9, data)
    assert taken.status == 201
    assert taken.body["sha256"] == sha(data)
    assert await store.objects.get(sha(data)) == data
    row = await Photo.get(task=visit.task)
    assert (row.id, row.grade, row.labels) == (taken.body["photo"], "A", [])
    assert left_over() == []
    shown = await visit.leader.task(visit.number)
    assert [one["question"] for one in shown["photos"]] == [9]


async def test_a_gallery_picture_is_taken_and_labelled(visit):
    taken = await visit.leader.photo(visit.number, 9, jpeg(2), gallery=True)
    assert taken.body["labels"] == ["gallery"]


async def test_a_picture_shrunk_on_the_phone_is_no_original(visit):
    taken = await visit.leader.photo(
        visit.number, 9, jpeg(2), shrunk=True, latitude=33.73, longitude=113.3, accuracy=12
    )
    assert (taken.body["grade"], taken.body["labels"]) == ("B", ["recompressed"])


async def test_b3_a_smaller_copy_names_its_original_and_is_graded_by_what_it_says(visit):
    original = {"original_sha256": sha(jpeg(99)), "original_size": 4_000_000}
    taken = await visit.leader.photo(visit.number, 9, jpeg(2), shrunk=True, exif="carried", **original)
    assert (taken.body["grade"], taken.body["labels"]) == ("B", ["recompressed"])
    row = await Photo.get(id=taken.body["photo"])
    assert row.exif["original"] == {"sha256": sha(jpeg(99)), "size": 4_000_000}
    assert row.exif["taken_at"].startswith("2026-12-08")


async def test_b3_what_an_older_app_sends_without_exif_is_not_the_files_fault(visit):
    silent = jpeg(3, taken="")
    taken = await visit.leader.photo(visit.number, 9, silent, shrunk=True)
    assert taken.body["labels"] == ["recompressed", "exif_lost"]
    other = await visit.leader.photo(visit.number, 11, silent, shrunk=True, exif="none")
    assert other.body["labels"] == ["recompressed", "no_exif"]


async def test_b4_a_time_that_cannot_be_read_is_labelled_so(visit):
    taken = await visit.leader.photo(visit.number, 9, jpeg(3, taken="2026:13:08 09:00:00"))
    assert taken.body["labels"] == ["unreadable"]
    assert (await Photo.get(id=taken.body["photo"])).exif["unreadable"] == ["time"]


async def test_d33_d34_a_photo_without_exif_or_with_a_wrong_clock_is_taken_and_says_so(visit):
    late = await visit.leader.photo(visit.number, 9, jpeg(3, taken="2019:01:01 00:00:00"))
    assert late.status == 201
    assert late.body["labels"][0].startswith("clock_off:")
    silent = await visit.leader.photo(visit.number, 9, jpeg(3, taken=""))
    assert (silent.status, silent.body["grade"], silent.body["labels"]) == (201, "C", ["no_exif"])


async def test_d48_an_upload_cut_at_99_per_cent_goes_on_and_is_there_once(visit):
    data, key = jpeg(4, (2000, 1500), noise=60), new_key()
    assert (await visit.leader.announce(visit.number, 9, data, key)).body["offset"] == 0
    cut = len(data) * 99 // 100
    assert (await visit.leader.put(key, data, 0, cut)).body == {"key": key, "offset": cut}
    again = await visit.leader.announce(visit.number, 9, data, key)
    assert again.body == {"key": key, "offset": cut}
    done = await visit.leader.put(key, data, cut)
    assert done.status == 201
    assert (await visit.leader.announce(visit.number, 9, data, key)).body == done.body
    assert await Photo.filter(task=visit.task).count() == 1


async def test_d48_an_upload_whose_last_byte_came_before_the_process_ended_is_finished_when_asked(visit):
    data, key = jpeg(4), new_key()
    await visit.leader.announce(visit.number, 9, data, key)
    partial_uploads.append(partial_uploads.partial_upload(visit.leader.officer, key), data)
    done = await visit.leader.announce(visit.number, 9, data, key)
    assert (done.status, done.body["sha256"]) == (201, sha(data))
    assert await Photo.filter(task=visit.task).count() == 1
    assert left_over() == []


async def test_d48_what_came_before_the_line_was_cut_is_kept(visit):
    data, key = jpeg(5, (2000, 1500), noise=60), new_key()
    await visit.leader.announce(visit.number, 9, data, key)
    half = len(data) // 2

    async def cut():
        yield data[:half]
        raise ConnectionResetError

    headers = visit.leader.headers | {
        "Content-Type": "application/octet-stream",
        "Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}",
    }
    with pytest.raises(Exception):  # noqa: B017 - whatever the client calls a cut line
        await visit.leader.browser.client.put(f"/field/api/uploads/{key}", data=cut(), headers=headers)

    async def offset_of():
        return (await visit.leader.announce(visit.number, 9, data, key)).body["offset"]

    offset = await until(offset_of)
    assert 0 < offset <= half
    assert (await visit.leader.put(key, data, offset)).status == 201


async def slowly(phone, key, data, pieces, between, then=0.0):
    """Send `pieces` of the whole, each after a pause, and keep the line open for `then` seconds without a byte."""

    async def trickle():
        for piece in pieces:
            yield piece
            await pause(between)
        await pause(then)

    headers = phone.headers | {
        "Content-Type": "application/octet-stream",
        "Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}",
    }
    return await phone.browser.client.put(f"/field/api/uploads/{key}", data=trickle(), headers=headers)


async def test_d48_a_line_that_falls_silent_is_given_up_and_what_came_is_kept(db):
    await sample.found()
    async with site(extra=lambda app: app.__setitem__(uploads.SILENCE, 0.3)) as world:
        assert uploads.SILENT == 60
        leader = (visit := await on_site(world, one_department=True)).leader
        data, key = jpeg(20, (800, 600), noise=60), new_key()
        half = len(data) // 2
        await leader.announce(visit.number, 9, data, key)
        cut = await slowly(leader, key, data, [data[:half]], 0, then=1000)
        assert cut.status == 400
        assert (await leader.announce(visit.number, 9, data, key)).body == {"key": key, "offset": half}
        assert (await leader.put(key, data, half)).body["sha256"] == sha(data)


async def test_a_slow_line_is_not_a_silent_one(db):
    await sample.found()
    async with site(extra=lambda app: app.__setitem__(uploads.SILENCE, 5.0)) as world:
        leader = (visit := await on_site(world, one_department=True)).leader
        data, key = jpeg(21, (800, 600), noise=60), new_key()
        step = len(data) // 7
        await leader.announce(visit.number, 9, data, key)
        pieces = [data[at : at + step] for at in range(0, len(data), step)]
        assert (await slowly(leader, key, data, pieces, 0.8)).status == 201


async def test_r32_every_application_has_a_hall_of_its_own(db):
    async with site() as one, site() as other:
        halls = [world.server.app[uploads.UPLOAD_LIMITS] for world in (one, other)]
        assert halls[0] is not halls[1]
        assert [world.server.app[uploads.SILENCE] for world in (one, other)] == [60, 60]


async def test_a_part_from_elsewhere_is_told_where_to_go_on(visit):
    data, key = jpeg(6), new_key()
    await visit.leader.announce(visit.number, 9, data, key)
    wrong = await visit.leader.put(key, data, 100)
    assert (wrong.status, wrong.body) == (409, {"key": key, "offset": 0})


async def test_r9_a_part_that_is_repeated_from_its_beginning_adds_what_is_new(visit):
    """A browser repeats a request by itself when its connection was cut, from where the request began."""
    data, key = jpeg(6, (800, 600), noise=60), new_key()
    await visit.leader.announce(visit.number, 9, data, key)
    third, half = len(data) // 3, len(data) // 2
    assert (await visit.leader.put(key, data, 0, third)).body["offset"] == third
    assert (await visit.leader.put(key, data, 0, half)).body == {"key": key, "offset": half}
    known = await visit.leader.put(key, data, 0, third)
    assert (known.status, known.body["offset"]) == (409, half)
    assert (await visit.leader.put(key, data, third)).body["sha256"] == sha(data)


@pytest.mark.parametrize("times", [1, 2, 5])
async def test_r7_a_photo_sent_by_several_requests_at_once_is_there_once(visit, times):
    data, key = jpeg(7), new_key()
    await visit.leader.announce(visit.number, 9, data, key)
    answers = await asyncio.gather(*(visit.leader.put(key, data) for _ in range(times)))
    assert [one.status for one in answers].count(201) == 1
    asked = await asyncio.gather(*(visit.leader.announce(visit.number, 9, data, key) for _ in range(times)))
    assert len({json.dumps(one.body) for one in asked}) == 1
    assert await Photo.filter(task=visit.task).count() == 1
    assert await Event.filter(kind="photo.taken").count() == 1


async def test_d49_other_bytes_under_the_key_of_a_photo_are_refused_with_both_hashes(visit):
    one, other, key = jpeg(8), jpeg(9), new_key()
    await visit.leader.announce(visit.number, 9, one, key)
    before = await visit.leader.announce(visit.number, 9, other, key)
    await visit.leader.put(key, one)
    after = await visit.leader.announce(visit.number, 9, other, key)
    for refused in (before, after):
        assert refused.status == 409
        assert (refused.body["error"]["kept"], refused.body["error"]["given"]) == (sha(one), sha(other))


async def test_bytes_that_are_not_what_was_announced_are_not_taken(visit):
    data, key = jpeg(10), new_key()
    other = jpeg(11)
    other += b"\0" * (len(data) - len(other)) if len(other) < len(data) else b""
    await visit.leader.announce(visit.number, 9, data, key)
    refused = await visit.leader.put(key, other[: len(data)])
    assert refused.status == 409
    assert not await Photo.exists()
    assert (await visit.leader.announce(visit.number, 9, data, key)).body.get("offset", 0) == 0


async def test_d35_a_photo_over_20_mb_is_refused_before_a_byte_is_sent(visit):
    body = {
        "key": new_key(),
        "task": visit.number,
        "question": 9,
        "sha256": "0" * 64,
        "size": 20 * 1024 * 1024 + 1,
    }
    refused = await visit.leader.send("/photos", json.dumps(body).encode())
    assert refused.body["error"]["code"] == "photo.too_large"
    assert "20" in refused.body["error"]["text"]
    assert left_over() == []


async def test_no_more_bytes_are_taken_than_were_announced(visit):
    data, key = jpeg(12), new_key()
    await visit.leader.announce(visit.number, 9, data, key)
    headers = visit.leader.headers | {
        "Content-Type": "application/octet-stream",
        "Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}",
    }
    response = await visit.leader.browser.client.put(
        f"/field/api/uploads/{key}", data=io.BytesIO(data * 3), headers=headers
    )
    assert response.status == 400
    assert not await Photo.exists()
