"""回执: what a gateway says later of a text message; known once, and only to who knows the address."""

import json

import pytest

from models.delivery import ChannelReceipt
from models.procedure import delivery, notice
from models.queries import evidence
from models.rules.actor import Actor, Role
from models.tables import Attempt, Notice, Outbox
from server.courier.receipts import Receipts, hooks
from tests.server.courier.chats import now
from tests.server.courier.test_sms import parcel, told
from tests.server.pages import site

SECRET = "a-secret-of-the-gateway"
RULES = "/id /status DELIVRD UNDELIV|EXPIRED"


class Hooked:
    """The site with its hooks, and a machine that pushes to it."""

    def __init__(self, made, client):
        self.made, self.client = made, client

    async def push(self, body, *, path="sms", secret=SECRET, **headers):
        answer = await self.client.post(f"/hooks/{path}/{secret}", data=body, headers=headers)
        return answer.status


@pytest.fixture
async def hooked(db):
    def extra(app):
        hooks(SECRET, Receipts.of(RULES), now, lambda: None).join(app)

    async with site(extra=extra) as made:
        yield Hooked(made, (await made.browser()).client)


async def gone_out():
    _, letter = await told()
    one = await parcel()
    await delivery.sent(one, at=now(), receipt=ChannelReceipt("a" * 64, "M-1"))
    return letter


async def way(letter):
    return [
        (one.channel, one.outcome, one.detail) for one in await Attempt.filter(notice=letter).order_by("id")
    ]


@pytest.mark.parametrize("form", [False, True])
async def test_a_receipt_pushed_three_times_is_written_down_once(hooked, form):
    letter = await gone_out()
    told = {"id": "M-1", "status": "DELIVRD"}
    for _ in range(3):
        assert await hooked.push(told if form else json.dumps([told])) == 200
    assert await way(letter) == [("sms", "accepted", ""), ("sms", "delivered", "DELIVRD")]
    assert (await evidence.verify()).differences == []


async def test_a_message_that_did_not_arrive_ends_with_a_call(hooked):
    letter = await gone_out()
    assert (await Notice.get(id=letter.id)).state == "sent"
    await hooked.push('{"id":"M-1","status":"EXPIRED"}')
    assert (await Notice.get(id=letter.id)).state == "by_hand"
    assert await Outbox.filter(kind="notice.by_hand").count() == 1
    await hooked.push('{"id":"M-1","status":"DELIVRD"}')
    assert (await Notice.get(id=letter.id)).state == "sent"
    assert (await evidence.verify()).differences == []


async def test_once_confirmed_a_late_failure_is_noted_and_sends_nothing(hooked):
    letter = await gone_out()
    await notice.acknowledge(letter.number, by=Actor(Role.PUBLIC, "link"), at=now())
    before = await Outbox.filter(kind__startswith="notice.by_hand").count()
    await hooked.push('{"id":"M-1","status":"UNDELIV"}')
    assert (await way(letter))[-1][1] == "bounced"
    assert (await Notice.get(id=letter.id)).state == "acknowledged"
    assert await Outbox.filter(kind__startswith="notice.by_hand").count() == before


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", "[1, null, {}]", '{"id":"M-1"}', '{"id":"M-1","status":"ENROUTE"}', '{"id":"M-2","status":"DELIVRD"}',
     '{"id":{"a":1},"status":["DELIVRD"]}', "\x00\ud7ff", "id=M-1&status=DELIVRD"],
)  # fmt: skip
async def test_what_tells_nothing_changes_nothing(hooked, body):
    letter = await gone_out()
    assert await hooked.push(body) == 200
    assert len(await way(letter)) == 1


async def test_who_does_not_know_the_address_finds_nothing_and_is_slowed_down(hooked):
    letter = await gone_out()
    said = [await hooked.push('{"id":"M-1","status":"DELIVRD"}', secret=f"guess{n:012}") for n in range(32)]
    assert set(said[:30]) == {404}
    assert said[31] == 429
    assert len(await way(letter)) == 1


async def test_a_body_beyond_measure_is_refused(hooked):
    await gone_out()
    assert await hooked.push("x" * 300_000) == 413
