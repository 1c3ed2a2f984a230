"""Each day's root is stamped by an authority outside; while it is away the days wait (RFC 3161; R27)."""

import asyncio
import importlib.util
import subprocess
from base64 import b64decode
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from models.procedure import anchor
from models.queries import anchor as anchors
from models.queries import evidence, evidence_bundle
from models.rules import timestamp
from models.tables import Anchor, Event
from server import timestamping
from tests.support import district as sample
from tests.support.district import CEREMONY
from tests.support.evidence import LATER
from tests.support.timestamp_authority import authority, founded, openssl, short_lived
from tests.support.virtual_time import Steps
from tests.support.waiting import until

_spec = importlib.util.spec_from_file_location(
    "verify_evidence", Path(timestamping.__file__).parent / "public/static/verify_evidence.py"
)
verify_evidence = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(verify_evidence)
MORNING = timedelta(days=1)


def now():
    return datetime.now(UTC)


@pytest.fixture
async def days(db):
    """A drawn batch and the roots of three days."""
    await sample.found()
    await sample.drawn()
    return await anchor.due(CEREMONY + 3 * MORNING, sample.district())


async def test_r27_a_stamp_is_checked_by_openssl_alone(days, tmp_path):
    async with authority(tmp_path / "tsa") as tsa:
        assert await timestamping.catch_up(tsa.url, tsa.certificates, now) == 3
    task = (await Event.filter(kind="task.assigned").first()).chain.partition(":")[2]
    files = (await evidence_bundle.evidence_bundle(task, at=LATER)).files
    for name in ("root.txt", "root.tsr"):
        (tmp_path / name).write_bytes(files[name])
    check = ("ts", "-verify", "-in", tmp_path / "root.tsr", "-CAfile", tmp_path / "tsa/ca.pem", "-data")
    assert "Verification: OK" in openssl(*check, tmp_path / "root.txt")
    (tmp_path / "other.txt").write_bytes(files["root.txt"].replace(b"size", b"side"))
    with pytest.raises(AssertionError, match="FAILED"):
        openssl(*check, tmp_path / "other.txt")


async def test_fd2_a_good_stamp_stays_good_when_the_authoritys_certificate_has_run_out(days, tmp_path):
    async with authority(tmp_path / "tsa") as tsa:
        ends = short_lived(tsa, 6)
        assert await timestamping.catch_up(tsa.url, tsa.certificates, now) == 3
    task = (await Event.filter(kind="task.assigned").first()).chain.partition(":")[2]
    files = (await evidence_bundle.evidence_bundle(task, at=LATER)).files
    for name in ("root.txt", "root.tsr"):
        (tmp_path / name).write_bytes(files[name])
    (tmp_path / "AUTHORITY.pem").write_bytes(tsa.certificates)
    await until(lambda: now() > ends)
    printed = next(line for line in files["README.txt"].decode().splitlines() if "openssl" in line)
    line = "openssl" + printed.partition("openssl")[2]
    stamp = timestamp.read(files["root.tsr"], files["root.txt"])
    assert line.endswith(f"-attime {int(stamp.at.timestamp())}")
    assert line == verify_evidence.openssl_line(files["root.tsr"])

    def run(words):
        return subprocess.run(words, check=False, capture_output=True, text=True, cwd=tmp_path, timeout=600)

    assert "expired" in "".join((run(line.split()[:-2]).stderr, run(line.split()[:-2]).stdout))
    done = run(line.split())
    assert done.returncode == 0 and "Verification: OK" in done.stdout + done.stderr
    shown = (await anchors.days())[0]
    assert shown.check_line.endswith(f"-attime {int(shown.stamped_at.timestamp())}")
    assert (await evidence.verify(authorities=tsa.certificates)).whole


async def test_fd3_a_stamp_granted_with_changes_is_taken_and_the_change_noted(days, tmp_path):
    async with authority(tmp_path / "tsa") as tsa:
        tsa.altered = with_changes
        assert await timestamping.catch_up(tsa.url, tsa.certificates, now) == 3
        noted = [row.data["changed"] for row in await Event.filter(kind="anchor.stamped")]
        assert noted == ["示例 policy"] * 3
        assert (await evidence.verify(authorities=tsa.certificates)).whole
        day = await anchors.day((await anchors.days())[0].said.day)
        (tmp_path / "a.tsr").write_bytes(day.stamp)
        (tmp_path / "a.txt").write_bytes(day.said.text.encode())
        check = ("ts", "-verify", "-in", tmp_path / "a.tsr", "-CAfile", tmp_path / "tsa/ca.pem", "-data")
        assert "Verification: OK" in openssl(*check, tmp_path / "a.txt")
        stranger = founded(tmp_path / "stranger")
        assert not (await evidence.verify(authorities=stranger.certificates)).whole


def with_changes(response):
    """The response with PKIStatus 1 and a word of the authority; its token as it was."""
    words = "示例 policy".encode()
    text = b"\x30" + bytes([len(words) + 2]) + b"\x0c" + bytes([len(words)]) + words
    status = b"\x02\x01\x01" + text
    begin, _ = verify_evidence.value_at(response, 0)
    _, after = verify_evidence.value_at(response, begin)
    inner = b"\x30" + bytes([len(status)]) + status + response[after:]
    return b"\x30\x82" + len(inner).to_bytes(2, "big") + inner


async def test_r27_while_the_authority_is_away_the_days_wait_and_the_gap_is_shown(days, tmp_path):
    began = now() - timedelta(seconds=2)
    async with authority(tmp_path / "tsa") as tsa:
        tsa.refusing = True
        for _ in range(3):
            with pytest.raises(aiohttp.ClientResponseError):
                await timestamping.catch_up(tsa.url, tsa.certificates, now)
        assert len(tsa.asked) == 3
        assert all(day.stamped_at is None and not day.stamp for day in await anchors.days())
        assert (await evidence.verify()).unstamped == 3
        tsa.refusing = False
        assert await timestamping.catch_up(tsa.url, tsa.certificates, now) == 3
        report = await evidence.verify(authorities=tsa.certificates)
    assert report.whole and report.unstamped == 0
    shown = await anchors.days()
    assert [day.said.day for day in shown] == [date(2026, 11, 29), date(2026, 11, 28), date(2026, 11, 27)]
    assert all(day.stamped_at is not None and began <= day.stamped_at <= now() + MORNING for day in shown)
    assert await Event.filter(chain="anchors", kind="anchor.stamped").count() == 3


async def test_what_an_authority_answers_is_checked_before_it_is_kept(days, tmp_path):
    stranger = founded(tmp_path / "stranger")
    async with authority(tmp_path / "tsa") as tsa:
        with pytest.raises(timestamp.BadStamp):  # nobody who is trusted
            await timestamping.catch_up(tsa.url, stranger.certificates, now)
        async with aiohttp.ClientSession() as http:
            earlier = await timestamping.ask(http, tsa.url, b"other bytes")
        for instead in (earlier, b"<html>", b"\x30\x03\x02\x01\x00", tsa.stamp(b"no request")):
            tsa.instead = instead
            with pytest.raises(timestamp.BadStamp):
                await timestamping.catch_up(tsa.url, tsa.certificates, now)
        (_, first), *_ = await anchor.unstamped()
        tsa.instead = None
        async with aiohttp.ClientSession() as http:
            tsa.instead = await timestamping.ask(http, tsa.url, first)
        with pytest.raises(
            timestamp.BadStamp, match="another request"
        ):  # right bytes, an answer given before
            await timestamping.catch_up(tsa.url, tsa.certificates, now)
    assert len(await anchor.unstamped()) == 3


async def test_the_first_stamp_stays_and_a_changed_one_is_found(days, tmp_path):
    async with authority(tmp_path / "tsa") as tsa:
        await timestamping.catch_up(tsa.url, tsa.certificates, now)
        first = await Anchor.get(number=1)
        async with aiohttp.ClientSession() as http:
            again = await timestamping.ask(http, tsa.url, anchors.statement(first).text.encode())
        await anchor.stamped(first.day, again, by=timestamping.STAMPS, at=now())
        assert (await Anchor.get(number=1)).stamp == first.stamp
        assert b64decode(first.stamp) != again
        await Anchor.filter(number=1).update(stamp=(await Anchor.get(number=2)).stamp)
        found = {(one.kind, one.subject) for one in (await evidence.verify()).differences}
    assert found == {("day.stamp", f"anchor:{first.id}"), ("row.changed", f"anchor:{first.id}")}


async def test_the_house_goes_on_asking_until_a_stamp_comes(days, tmp_path):
    steps = Steps()
    async with authority(tmp_path / "tsa") as tsa:
        tsa.refusing = True
        asking = asyncio.create_task(timestamping.run(tsa.url, tsa.certificates, now, steps))
        try:
            with steps.watching(lambda: [asking]):
                await steps.passes(timestamping.EVERY * 2.5)
                assert len(tsa.asked) == 3
                tsa.refusing = False
                await steps.passes(timestamping.EVERY)
                assert not await anchor.unstamped()
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
    assert (await evidence.verify(authorities=tsa.certificates)).whole
