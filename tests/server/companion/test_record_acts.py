"""The record from a phone: its acts once each, its signature a picture, its paper for the team alone (Art. 16 (3))."""

import asyncio
import json
from base64 import b64encode

import pytest

from models import store
from models.procedure import inspection, photo
from models.queries import evidence
from models.queries.sheet import sheet_of
from models.rules.actor import Actor, Role
from models.tables import Photo, Record, Signature
from tests.server.companion.phone import jpeg, new_key, on_site, phone, sha
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import VISIT
from tests.support.record import png


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def visited(world):
    visit = await on_site(world, one_department=True)
    by = Actor(Role.INSPECTOR, visit.leader.officer)
    for ask in (await sheet_of(visit.task)).asks:
        await inspection.answer(
            visit.number, ask.number, verdict="na" if ask.may_not_apply else "pass", note="示例", by=by, at=VISIT,
            value=None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind),
        )  # fmt: skip
    return visit


def glass(data=None):
    return b64encode(png() if data is None else data).decode()


async def drawn(visit):
    made = await visit.leader.act(visit.number, "record_draw")
    assert made.status == 201, made.body
    return made.body["sha256_of_record"]


async def test_the_record_is_drawn_up_read_signed_and_shown(world):
    visit = await visited(world)
    leader, number = visit.leader, visit.number
    before = (await leader.task(number))["record"]
    assert (before["versions"], before["drawable"], before["signed"]) == ([], True, False)
    assert (await leader.act(number, "record_hear", said="示例:情况属实")).status == 201
    sha256 = await drawn(visit)
    shown = (await leader.task(number))["record"]
    assert "示例:情况属实" in shown["text"] and "检查记录表" in shown["text"]
    assert (shown["current"], shown["versions"][0]["sha256"]) == (True, sha256)
    said = {"sha256": sha256, "role": "entity", "name": "示例经理", "position": "经理", "picture": glass()}
    assert (await leader.act(number, "record_sign", **said)).status == 201
    officer = {"sha256": sha256, "role": "officer", "officer": leader.officer, "picture": glass(png(2))}
    assert (await leader.act(number, "record_sign", **officer)).status == 201
    shown = (await leader.task(number))["record"]
    assert shown["heard"] and not shown["signed"] and shown["count"]["done"] == 2
    assert [one["role"] for one in shown["versions"][0]["signed"]] == ["entity", "officer"]
    assert leader.officer not in [one["id"] for one in shown["versions"][0]["missing"]]
    assert "0375-" not in json.dumps(shown)
    assert (await evidence.verify()).differences == []


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("no base64!", "signature.not_a_picture"), (glass(b""), "signature.not_a_picture"),
        (glass(jpeg()), "signature.not_a_picture"), (glass(png()[:-30]), "signature.not_a_picture"),
        (glass(png(size=(1700, 40))), "signature.not_a_picture"), (glass(bytes(44_999)), "signature.not_a_picture"),
    ],
)  # fmt: skip
async def test_a_signature_that_is_no_picture_is_refused_and_leaves_nothing(world, what, code):
    visit = await visited(world)
    sha256 = await drawn(visit)
    kept = {name async for name in store.objects.names()}
    no = await visit.leader.act(
        visit.number, "record_sign", sha256=sha256, role="entity", name="示例", picture=what
    )
    assert (no.status >= 400, no.body["error"]["code"]) == (True, code)
    assert await Signature.all().count() == 0
    assert {name async for name in store.objects.names()} == kept


async def test_e7_a_signature_that_the_act_refuses_is_not_kept(world):
    visit = await visited(world)
    sha256 = await drawn(visit)
    before = {name async for name in store.objects.names()}
    said = {"sha256": "0" * 64, "role": "entity", "name": "示例", "picture": glass()}
    assert (await visit.leader.act(visit.number, "record_sign", **said)).status == 409
    said = {"sha256": "0" * 64, "reason": "示例", "witness": "示例", "picture": glass()}
    assert (await visit.leader.act(visit.number, "record_refuse", **said)).status == 409
    assert {name async for name in store.objects.names()} == before
    said = {"sha256": sha256, "role": "entity", "name": "示例", "picture": glass()}
    assert (await visit.leader.act(visit.number, "record_sign", **said)).status == 201
    assert len({name async for name in store.objects.names()} - before) == 1


async def test_r4_the_picture_is_on_the_disk_when_the_act_is_receipted(world):
    visit = await visited(world)
    said = {"sha256": await drawn(visit), "role": "entity", "name": "示例", "picture": glass()}
    assert (await visit.leader.act(visit.number, "record_sign", **said)).status == 201
    signed = await Signature.get()
    assert await store.objects.exists(signed.picture)
    again = await visit.leader.act(visit.number, "record_sign", **said)
    assert again.body["error"]["code"] == "record.signed_already"


async def test_r7_one_signature_sent_five_times_at_once_is_one(any_db):
    await sample.found()
    async with site() as world:
        visit = await visited(world)
        body = json.dumps(
            {
                "key": new_key(),
                "sha256": await drawn(visit),
                "role": "entity",
                "name": "示例",
                "picture": glass(),
            }
        ).encode()
        path = f"/tasks/{visit.number}/record_sign"
        answers = await asyncio.gather(*(visit.leader.send(path, body) for _ in range(5)))
        assert {one.status for one in answers} == {201}
        assert {one.body["sha256"] for one in answers} == {sha(body)}
        assert await Signature.all().count() == 1


async def test_a_refusal_travels_with_its_witness(world):
    visit = await visited(world)
    sha256 = await drawn(visit)
    said = {
        "sha256": sha256,
        "reason": "示例:有异议",
        "witness": "示例见证人",
        "witness_position": "示例主任",
    }
    bare = {name: value for name, value in said.items() if name != "witness"}
    assert (await visit.leader.act(visit.number, "record_refuse", **bare)).status == 400
    assert (await visit.leader.act(visit.number, "record_refuse", **said, picture=glass())).status == 201
    refused, witness = await Signature.all().order_by("id")
    assert (refused.refused, witness.role, bool(witness.picture)) == (True, "witness", True)


async def test_d60_the_paper_is_for_the_team_alone(world):
    visit = await visited(world)
    await drawn(visit)
    paper = await visit.leader.get(f"/tasks/{visit.number}/record.pdf")
    assert (paper.status, paper.body[:5]) == (200, b"%PDF-")
    assert paper.headers["Cache-Control"] == "no-store"
    team = {one.officer for one in visit.everybody}
    other = next(f"INS-GA-{n}" for n in range(1, 7) if f"INS-GA-{n}" not in team)
    stranger = await phone(world, other)
    assert (await stranger.get(f"/tasks/{visit.number}/record.pdf")).status == 404
    assert (await stranger.act(visit.number, "record_draw")).status == 404
    assert await Record.all().count() == 1


async def test_where_a_face_was_hidden_only_the_copy_without_it_is_shown(world):
    visit = await visited(world)
    leader = visit.leader
    sent = await leader.photo(visit.number, 1, jpeg(4))
    id = sent.body["photo"]
    names = [await store.objects.put(data) for data in (b"small", b"stamped", b"hidden", b"hidden small")]
    await photo.developed(id, at=VISIT, thumbnail=names[0], stamped=names[1])
    mark = {"kind": "hide", "x1": 10, "y1": 10, "x2": 5000, "y2": 5000}
    assert (
        await leader.act(visit.number, "photo_mark", photo=id, marks=[mark | {"x2": 10_001}])
    ).status == 400
    assert (await leader.act(visit.number, "photo_mark", photo=id, marks=[mark])).status == 201
    for copy in ("thumbnail", "stamped"):
        assert (await leader.get(f"/photos/{id}/{copy}")).status == 404
    await photo.developed(id, at=VISIT, thumbnail=names[3], stamped=names[1], marked=names[2], marks=[mark])
    shown = {
        copy: (await leader.get(f"/photos/{id}/{copy}")).body
        for copy in ("thumbnail", "stamped", "plain", "original")
    }
    assert shown == {
        "thumbnail": b"hidden small",
        "stamped": b"hidden",
        "plain": b"stamped",
        "original": jpeg(4),
    }
    (told,) = [one for one in (await leader.task(visit.number))["photos"] if one["id"] == id]
    assert (told["marks"], told["copy"]) == ([mark], names[3][:8])
    assert (await Photo.get(id=id)).sha256 == sha(jpeg(4))
