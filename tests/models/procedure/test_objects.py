"""What an act that was cut short left in the store goes, and nothing that anything names (Art. 16 (3), 20)."""

from datetime import UTC, datetime, timedelta

import pytest

from models import store
from models.operations import event
from models.procedure import clock_watch, dialogue, notice, objects
from models.queries import evidence
from models.tables import Event, Notice, Photo
from tests.support.district import OFFICE
from tests.support.evidence import filled

NOW = datetime.now(UTC)  # files carry the machine's time


async def kept():
    return {name async for name in store.objects.names()}


@store.transactional
async def today(at):
    await event.record("registry", "registry.sample", by=OFFICE, at=at)


@pytest.fixture
async def made(db):
    found = await filled()
    await today(NOW + timedelta(days=400))
    return found


async def test_e7_bytes_without_a_row_go_into_the_bin_after_a_day(made):
    before = await kept()
    orphan = await store.objects.put(b"of an act that was refused at the last moment")
    assert await objects.sweep(at=NOW + timedelta(hours=23)) == ()
    assert await objects.sweep(at=NOW + timedelta(hours=25)) == (orphan,)
    assert await kept() == before
    [(_, name)] = await store.objects.binned()
    assert name == orphan
    assert (await Event.get(kind="objects.binned")).data["names"] == [orphan]
    assert await objects.sweep(at=NOW + timedelta(days=31)) == ()
    assert await store.objects.binned() != []
    await objects.sweep(at=NOW + timedelta(days=33))
    assert await store.objects.binned() != [], "the clock has jumped"
    await clock_watch.confirm("示例", by=OFFICE, at=NOW + timedelta(days=33))
    await objects.sweep(at=NOW + timedelta(days=33))
    assert await store.objects.binned() == []


async def test_e7_no_byte_of_evidence_is_ever_swept(made):
    """Photos, a paper that was printed anew, a screenshot whose finding is still being typed."""
    letter = await Notice.all().first()
    first, second = [await store.objects.put(b"%PDF-1.7 " + n + b"%%EOF") for n in (b"1", b"2")]
    for name in (first, second):
        await notice.printed(letter.id, name, at=NOW)
    shot = await store.objects.put(b"a screenshot")
    await dialogue.ask(7001, "network", at=NOW, shot=shot)
    before = await kept()
    assert {first, second, shot} <= before
    assert await objects.sweep(at=NOW + timedelta(days=399)) == ()
    assert await kept() == before


async def test_e7_what_a_row_names_after_all_comes_back_from_the_bin(made):
    name = (await Photo.all().first()).sha256
    await store.objects.to_bin(name, "2035-01-01")
    assert ("object.missing", name) in {
        (one.kind, one.seen.split()[-1]) for one in (await evidence.verify()).differences
    }
    await objects.sweep(at=NOW)
    assert (await evidence.verify()).whole
