"""Art. 16 on the phone: screenshots of the network check, methods, samples, entrusted agencies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from models.queries import evidence
from models.tables import Entrustment, Event, NetworkFinding, Photo, Sample
from tests.server.companion.phone import Visit, jpeg, new_key, on_site, phone, sha, task_of
from tests.server.pages import Site, site
from tests.support import assistance
from tests.support import district as sample_district


@pytest.fixture
async def house(db) -> AsyncIterator[Site]:
    await sample_district.found()
    await assistance.planned()
    async with site() as made:
        yield made


def online(shown: dict) -> dict:
    return next(one for one in shown["questions"] if one["network"] != "no")


FOUND = {
    "verdict": "open",
    "finding": "示例:与登记一致",
    "source": "示例平台",
    "link": "https://example.test/a?b=1",
}


async def test_a_finding_comes_with_its_screenshot_and_link_by_one_act(house):
    visit = await task_of(house, one_department=True)
    n = online(await visit.leader.task(visit.number))["n"]
    made = await visit.leader.photo(visit.number, n, jpeg(5), find=FOUND)
    assert (made.status, made.body["question"]) == (201, n)
    kept = await NetworkFinding.get()
    assert (kept.screenshot, kept.link, kept.by) == (sha(jpeg(5)), FOUND["link"], visit.leader.officer)
    assert await Photo.all().count() == 0
    found = online(await visit.leader.task(visit.number))["found"]
    assert (found["screenshot"], found["link"], found["by"]) == (kept.id, FOUND["link"], visit.leader.officer)
    assert found["at"]
    shown = await visit.leader.get(f"/findings/{kept.id}/screenshot")
    assert shown.body == jpeg(5)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert (await evidence.verify()).differences == []


async def test_d60_a_screenshot_is_unknown_to_officers_of_other_tasks(house):
    visit = await task_of(house, one_department=True)
    n = online(await visit.leader.task(visit.number))["n"]
    await visit.leader.photo(visit.number, n, jpeg(5), find=FOUND)
    ours = {one.officer for one in visit.everybody}
    stranger = await phone(house, next(f"INS-GA-{k}" for k in range(1, 7) if f"INS-GA-{k}" not in ours))
    assert (await stranger.get(f"/findings/{(await NetworkFinding.get()).id}/screenshot")).status == 404


@pytest.mark.parametrize("bad", [b"%PDF-1.7 x", b"<html>", b"\x89PNG\r\n\x1a\nxx"])
async def test_d39_what_is_no_picture_is_refused_and_no_finding_is_made(house, bad):
    visit = await task_of(house, one_department=True)
    n = online(await visit.leader.task(visit.number))["n"]
    assert (await visit.leader.photo(visit.number, n, bad, find=FOUND)).status >= 400
    assert await NetworkFinding.all().count() == 0


async def test_a_screenshot_sent_again_under_its_key_is_one_finding(house):
    visit = await task_of(house, one_department=True)
    n, key = online(await visit.leader.task(visit.number))["n"], new_key()
    await visit.leader.announce(visit.number, n, jpeg(5), key, find=FOUND)
    first = await visit.leader.put(key, jpeg(5))
    again = await visit.leader.announce(visit.number, n, jpeg(5), key, find=FOUND)
    assert (again.status, again.body) == (201, first.body)
    assert await NetworkFinding.all().count() == 1


async def test_d67_a_link_is_an_address_kept_as_text(house):
    visit = await task_of(house, one_department=True)
    n = online(await visit.leader.task(visit.number))["n"]
    for link in ("javascript:alert(1)", "file:///etc/passwd", "https://a b", "例子"):
        no = await visit.leader.act(visit.number, "find", question=n, **{**FOUND, "link": link})
        assert (no.status, no.body["error"]["code"]) == (409, "network.not_a_link"), link
    assert (await visit.leader.act(visit.number, "find", question=n, **FOUND)).status == 201


async def test_reopening_what_was_settled_asks_for_the_reason(house):
    visit = await task_of(house, one_department=True)
    full = next(
        one for one in (await visit.leader.task(visit.number))["questions"] if one["network"] == "full"
    )
    said = {"question": full["n"], "verdict": "pass", "source": "示例平台",
            "finding": {"DATE": "2027-05-31", "NUM": "1/1"}.get(full["kind"], "示例")}  # fmt: skip
    assert (await visit.leader.act(visit.number, "find", **said)).status == 201
    again = await visit.leader.act(visit.number, "find", **{**said, "verdict": "open"})
    assert again.body["error"]["code"] == "network.reopening_needs_reason"
    reopened = await visit.leader.act(
        visit.number, "find", **{**said, "verdict": "open", "reason": "示例:登记有误"}
    )
    assert reopened.status == 201
    assert (await NetworkFinding.all().order_by("-version").first()).reason == "示例:登记有误"


async def test_a_sample_and_its_report_from_the_phone(house):
    visit = await on_site(house, one_department=True)
    await assistance.planned()
    crew = next(people for people in visit.phones.values() if visit.leader in people)
    witness = next(one.officer for one in crew if one is not visit.leader)
    said = {
        "question": 2,
        "name": "示例毛巾",
        "quantity": "3条",
        "lot": "",
        "seal": "示例封9",
        "agency": "示例检测公司",
    }
    assert (
        await visit.leader.act(visit.number, "sample", witness=visit.leader.officer, **said)
    ).status == 409
    made = await visit.leader.act(visit.number, "sample", witness=witness, **said)
    assert made.status == 201, made.body
    shown = await visit.leader.task(visit.number)
    assert shown["questions"][1]["waiting"] is True
    assert (shown["samples"][0]["question"], shown["samples"][0]["outcome"]) == (2, "")
    paper = await visit.leader.photo(visit.number, None, jpeg(7), about="sample")
    assert paper.status == 201
    done = await visit.leader.act(
        visit.number,
        "sample_report",
        sample=made.body["sample"],
        outcome="pass",
        finding="示例",
        report="示例检1",
    )
    assert done.status == 201
    question = (await visit.leader.task(visit.number))["questions"][1]
    assert "waiting" not in question
    assert (question["given"]["verdict"], question["given"]["method"]) == ("pass", "sample")
    assert (await evidence.verify()).differences == []


async def test_an_agency_from_the_phone_before_the_visit(house):
    visit = await task_of(house, one_department=True)
    said = {
        "agency": "示例检测公司",
        "letter": "示例委1号",
        "scope": "示例",
        "people": [["示例师傅", "工程师"]],
    }
    member = next(one for one in visit.everybody if one is not visit.leader)
    assert (await member.act(visit.number, "entrust", **said)).body["error"]["code"] == "task.leader_only"
    made = await visit.leader.act(visit.number, "entrust", **said)
    assert made.status == 201
    assert (await member.task(visit.number))["agencies"][0]["people"] == [["示例师傅", "工程师"]]
    await visit.leader.act(visit.number, "entrust_end", entrustment=made.body["entrustment"])
    assert (await Entrustment.get()).ended_at is not None
    for wrong in ([], [["甲"]], [["甲", "乙", "丙"]]):
        assert (await visit.leader.act(visit.number, "entrust", **{**said, "people": wrong})).status == 400
    assert await Event.filter(kind__startswith="agency.").count() == 2
    assert await Sample.all().count() == 0


async def test_a_method_goes_with_the_answer(house):
    visit: Visit = await on_site(house, one_department=True)
    shown = await visit.leader.task(visit.number)
    assert shown["methods"] == ["document", "sample", "entrusted"]
    await visit.leader.act(visit.number, "answer", question=2, seen=0, verdict="pass", method="document")
    assert (await visit.leader.task(visit.number))["questions"][1]["given"]["method"] == "document"
    house.clock.move(timedelta(minutes=1))
    no = await visit.leader.act(
        visit.number, "answer", question=3, seen=0, verdict="pass", method="entrusted"
    )
    assert no.body["error"]["code"] == "method.no_agency"
