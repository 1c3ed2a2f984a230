"""短信: a short letter through whatever gateway there is, its faults understood, no other address called."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from aiohttp import web

from models.delivery import TryLater, Unclear, Undeliverable
from models.procedure import delivery, notice_records
from models.queries import evidence
from models.tables import Attempt, Notice, Outbox, Target, Task
from server.courier.sms import Gateway, Texter
from server.letters import LetterRenderer, units
from tests.server.courier.chats import at_work, now, settled
from tests.support import district
from tests.support.district import written

PLACE = district.district("https://inspection.district.example.test")
PRINTER = LetterRenderer(PLACE)


async def told(phone="138 0000 0001", name=None):
    """A fixed visit at a target with this telephone number: its task and the letter on its way."""
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("number").first()
    async with written():
        await Target.filter(code=task.target_id).update(phone=phone, **({"name": name} if name else {}))
    await district.visit_fixed(task, PLACE)
    return task, await notice_records.current(task)


async def parcel():
    [one] = [one for one in await delivery.claim("w", at=now()) if one.channel == "sms"]
    return one


async def test_the_letter_goes_into_a_folder_as_one_file_a_message(db, tmp_path):
    _, letter = await told()
    async with at_work(sms=Texter(Gateway(f"file://{tmp_path}/out"), PRINTER.brief)):
        await settled(f"notice:{letter.id}:sms")
    [file] = (tmp_path / "out").iterdir()
    message = json.loads(file.read_text())
    row = await Outbox.get(channel="sms")
    assert (message["phone"], file.stem, message["id"]) == ("13800000001", row.reference, row.reference)
    assert (await Notice.get(id=letter.id)).state == "sent"
    assert (await Attempt.get(notice=letter)).outcome == "accepted"


@pytest.mark.parametrize("name", ["示例宾馆", "示例区" + "很长的名字" * 30, "示例😀" * 40])
async def test_the_text_says_who_when_where_to_check_and_that_nothing_is_charged(db, name):
    _, letter = await told(name=name)
    said = (await PRINTER.brief(letter.id, "zh_Hans")).text
    assert units(said) <= 134
    assert name[:4] in said
    for part in ("12-08 09:00", "https://inspection.district.example.test/n/", letter.check_code, "从不收费"):
        assert part in said


class Answer:
    """What the gateway answers, and what it was asked."""

    def __init__(self, status=200, body="{}", headers=None):
        self.status, self.body, self.headers, self.asked = status, body, headers or {}, []

    async def say(self, request):
        self.asked.append((request.method, request.rel_url, dict(request.headers), await request.text()))
        return web.Response(status=self.status, text=self.body, headers=self.headers)


@asynccontextmanager
async def gateway(answer):
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer.say)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_a_gateway_is_asked_as_its_template_says_and_names_the_message(db):
    await told(name='示例"宾馆\\{id}')
    one, answer = await parcel(), Answer(body='{"code":0,"data":{"msgid":"A-77"}}')
    async with gateway(answer) as url:
        how = Gateway(
            f"{url}/send?to={{e164}}", body='{"to":"{phone}","say":"{text}","ref":"{id}"}',
            headers={"Authorization": "Bearer secret"}, success="/code=0", id="/data/msgid",
        )  # fmt: skip
        handed = await Texter(how, PRINTER.brief)(one)
    [(method, address, headers, body)] = answer.asked
    sent = json.loads(body)
    assert (method, address.query["to"], headers["Authorization"]) == (
        "POST",
        "+8613800000001",
        "Bearer secret",
    )
    assert (sent["to"], sent["ref"]) == ("13800000001", one.reference)
    assert sent["say"].startswith('示例"宾馆\\{id}')
    assert handed.reference == "A-77"
    assert "Bearer" not in repr(how)


async def test_a_gateway_of_the_old_kind_takes_a_form_or_an_address_and_answers_in_text(db):
    await told()
    one, answer = await parcel(), Answer(body="OK:4711")
    async with gateway(answer) as url:
        how = Gateway(f"{url}/?m={{phone}}&c={{text}}", "GET", success="^OK:", id=r"^OK:(\d+)")
        assert (await Texter(how, PRINTER.brief)(one)).reference == "4711"
        form = Gateway(f"{url}/", body="mobile={phone}&content={text}", success="^OK", id="")
        assert (await Texter(form, PRINTER.brief)(one)).reference == one.reference
    assert "从不收费" in answer.asked[0][1].query["c"]
    assert dict(parse_qsl(answer.asked[1][3]))["mobile"] == "13800000001"


@pytest.mark.parametrize(
    ("answer", "error", "seconds"),
    [
        (Answer(429, headers={"Retry-After": "37"}), TryLater, 37),
        (Answer(429, headers={"Retry-After": "soon"}), TryLater, 0),
        (Answer(500), TryLater, 0),
        (Answer(503), TryLater, 0),
        (Answer(302, headers={"Location": "http://127.0.0.1:1/inside"}), TryLater, 0),
        (Answer(400, "bad number"), Undeliverable, None),
        (Answer(200, '{"code":12}'), Undeliverable, None),
        (Answer(200, "<html>login</html>"), Undeliverable, None),
    ],
)
async def test_what_a_gateway_says_is_understood(db, answer, error, seconds):
    await told()
    answer.asked.clear()
    async with gateway(answer) as url:
        with pytest.raises(error) as no:
            await Texter(Gateway(url, body="{phone}", success="/code=0"), PRINTER.brief)(await parcel())
    assert len(answer.asked) == 1
    assert getattr(no.value, "seconds", None) == seconds


async def test_e15_a_gateway_that_breaks_off_after_it_was_asked_is_unclear(db):
    await told()
    asked = []

    async def serve(reader, writer):
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        with pytest.raises(Unclear):
            await Texter(Gateway(url, body="{phone}"), PRINTER.brief)(await parcel())
    assert len(asked) == 1


async def test_a_gateway_that_is_away_is_asked_again_later(db):
    await told()
    async with gateway(Answer()) as url:
        pass
    with pytest.raises(TryLater):
        await Texter(Gateway(url, body="{phone}"), PRINTER.brief)(await parcel())


async def test_d67_a_gateway_that_points_elsewhere_is_not_followed(db):
    await told()
    inside = Answer(200, '{"code":0}')
    async with gateway(inside) as there, gateway(Answer(307, headers={"Location": f"{there}/inside"})) as url:
        with pytest.raises(TryLater):
            await Texter(Gateway(url, body="{phone}", success="/code=0"), PRINTER.brief)(await parcel())
    assert inside.asked == []


async def test_d67_an_address_in_the_register_is_never_called(db):
    answer = Answer(body='{"code":0}')
    async with gateway(answer) as inside, gateway(Answer(body='{"code":0}')) as url:
        await told(name=f"{inside}/?{{phone}}")
        await Texter(Gateway(f"{url}/?t={{text}}", "GET", success="/code=0"), PRINTER.brief)(await parcel())
    assert answer.asked == []


async def test_a_landline_takes_no_text_message(db):
    _, letter = await told(phone="0375-0000001")
    assert not await Outbox.exists(channel="sms")
    assert (await Notice.get(id=letter.id)).state == "by_hand"


async def test_a_gateway_that_always_asks_to_wait_is_given_up_and_somebody_telephones(db):
    _, letter = await told()
    at = now()
    for _ in range(8):
        [one] = [one for one in await delivery.claim("w", at=at) if one.channel == "sms"]
        await delivery.retry_later(one, 600.0, "429", at=at)
        at += timedelta(minutes=11)
    assert (await Notice.get(id=letter.id)).state == "by_hand"


async def test_without_a_gateway_nothing_is_said_to_have_been_tried(db):
    _, letter = await told()
    async with at_work():
        await settled(f"notice:{letter.id}:sms")
    assert await Attempt.filter(notice=letter).count() == 0
    assert (await Notice.get(id=letter.id)).state == "by_hand"
    assert (await evidence.verify()).differences == []
