"""The companion at the door: the key of the day, arriving, and what stops a visit, over HTTP (Art. 16 (2), 18)."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path

import pytest

from models.procedure import cooperation, enrolment
from models.queries import evidence
from models.rules import arrival
from models.rules.actor import Role
from models.states import TaskState
from models.tables import Absence, Arrival, Assignment, NonCooperation, Photo, Task
from tests.server.companion.phone import Visit, jpeg, new_key, task_of
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, district

FIELD = Path(__file__).parents[3] / "server" / "companion"


@pytest.fixture
async def visit(db):
    await sample.found()
    async with site() as world:
        made = await task_of(world)
        await sample.visit_fixed(made.task, district())
        yield made


@pytest.fixture
async def door(visit) -> Visit:
    await visit.dawns()
    return visit


async def standing(visit: Visit) -> TaskState:
    return (await Task.get(id=visit.task.id)).state


async def test_a_phone_has_the_key_of_its_own_place_for_the_visits_day(visit):
    one, other = visit.phones["XF"]
    told = (await one.task(visit.number))["code"]
    seat = await Assignment.get(task=visit.task, inspector_id=one.officer, until=None)
    assert (told["assignment"], told["day"]) == (seat.id, VISIT.date().isoformat())
    key = urlsafe_b64decode(told["key"] + "=")
    assert key == arrival.day_key(district().secret, seat.id, VISIT.date())
    assert (await other.task(visit.number))["code"]["key"] != told["key"]


async def test_arriving_by_location_and_by_hand_once_each(door):
    one = door.phones["XF"][0]
    place = {"latitude": 33.737, "longitude": 113.292, "accuracy": 20}
    for _ in range(2):
        said = await one.act(door.number, "arrive_located", **place)
        assert (said.status, said.body["distance"]) == (201, None)
    assert (await one.act(door.number, "arrive_by_hand", reason="示例")).status == 201
    assert await Arrival.filter(inspector_id=one.officer).count() == 2
    told = await door.leader.task(door.number)
    assert told["here"] == [one.officer]
    assert {row["how"] for row in told["arrivals"]} == {"location", "hand"}
    assert (await evidence.verify()).differences == []


async def test_nobody_arrives_before_the_day(visit):
    visit.site.clock.move(CEREMONY + timedelta(hours=1))
    said = await visit.phones["XF"][0].act(visit.number, "arrive_by_hand", reason="示例")
    assert said.body["error"]["code"] == "arrival.not_the_day"


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("arrive_located", {"latitude": 91, "longitude": 113}),
        ("arrive_located", {"latitude": 33}),
        ("arrive_by_hand", {}),
        ("refusal", {"grounds": [6], "facts": "示例"}),
        ("refusal", {"grounds": [1], "facts": "示例", "more": 1}),
        ("confirm_refusal", {"report": 0}),
        ("suspend", {"reason": 1}),
    ],
)
async def test_d61_what_is_not_exactly_asked_for_is_refused(door, act, said):
    assert (await door.leader.act(door.number, act, **said)).status == 400


async def test_a_refusal_from_two_phones_to_its_result(door):
    one, two = door.phones["XF"]
    assert (await one.photo(door.number, None, jpeg(1), about="refusal")).status == 201
    made = await one.act(door.number, "refusal", grounds=[1], facts="示例:拒绝开门")
    report = made.body["report"]
    told = (await two.task(door.number))["refusal"]
    assert (told["id"], told["photos"], told["confirmed"]) == (report, 1, "")
    assert (await one.act(door.number, "confirm_refusal", report=report)).status == 409
    assert (await two.act(door.number, "confirm_refusal", report=report)).status == 201
    lead = await sample.leader_of(door.task)
    head = enrolment.actor_of(await sample.account(Role.HEAD, lead.department))
    await cooperation.decide(report, True, by=head, at=door.site.clock())
    assert (await door.leader.act(door.number, "conclude")).status == 201
    assert (await door.leader.task(door.number))["established"] == ["R06"]
    wrong = await door.leader.act(door.number, "enter", types=["R01"])
    assert wrong.body["error"]["code"] == "entry.refusal_unnamed"
    assert (await door.leader.act(door.number, "enter", types=["R06"])).status == 201
    assert (await evidence.verify()).differences == []


async def test_nobody_there_from_two_phones(door):
    one, two = door.phones["XF"]
    assert (await one.act(door.number, "absence", facts="示例")).body["error"]["code"] == "absence.no_photo"
    await one.photo(door.number, None, jpeg(2), about="place")
    report = (await one.act(door.number, "absence", facts="示例:无人")).body["report"]
    assert (await two.act(door.number, "confirm_absence", report=report)).status == 201
    assert await standing(door) == TaskState.UNREACHABLE
    assert (await Absence.get(id=report)).confirmed_by == two.officer


async def test_breaking_off_and_the_same_answers_when_it_goes_on(door):
    await door.leader.act(
        door.number, "begin", present=[one.officer for one in door.everybody], untold="示例:当面告知"
    )
    assert (await door.phones["XF"][0].act(door.number, "suspend", reason="示例")).status == 403
    assert (await door.leader.act(door.number, "suspend", reason="示例:停电")).status == 201
    told = await door.leader.task(door.number)
    assert (told["state"], told["visit_from"], told["code"]) == ("scheduled", None, None)
    assert told["breaks"][0]["reason"] == "示例:停电"


async def test_the_same_report_sent_twice_is_one(door):
    one, key = door.phones["XF"][0], new_key()
    said = [await one.act(door.number, "refusal", key=key, grounds=[1], facts="示例") for _ in range(2)]
    assert [answer.status for answer in said] == [201, 201] and said[0].body == said[1].body
    assert await NonCooperation.all().count() == 1


async def test_a_photo_about_what_we_do_not_know_is_refused(door):
    one = door.phones["XF"][0]
    assert (await one.announce(door.number, None, jpeg(3), new_key(), about="lunch")).status == 400
    assert not await Photo.exists()


def test_what_is_vendored_is_what_its_authors_gave_out():
    """Bytes unchanged, under their hash, with the licence beside them; nothing else of others' is in the app."""
    for name, known in json.loads((FIELD / "vendored.json").read_text()).items():
        data = (FIELD / "static" / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == known["sha256"], name
        licence = (FIELD / "licences" / known["licence_text"]).read_text()
        assert known["licence"] in licence and known["author"] in licence
