"""短信: a short letter through whatever gateway there is, its faults understood, no other address called."""

import json

import pytest
from aiohttp import web

from models.delivery import TryLater, Undeliverable
from models.procedure import delivery, trail
from models.tables import Attempt, Notice, Outbox, Target, Task
from server.courier.sms import Gateway, Texter
from server.letters import Printer, units
from tests import district
from tests.server.courier.chats import at_work, now, settled

PLACE = district.district("https://inspection.district.example.test")
PRINTER = Printer(PLACE)


async def told(phone="138 0000 0001", name=None):
    """A fixed visit at a target with this telephone number: its task and the letter on its way."""
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("number").first()
    await Target.filter(code=task.target_id).update(phone=phone, **({"name": name} if name else {}))
    await district.visit_fixed(task, PLACE)
    return task, await trail.current(task)


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
    task, letter = await told(name=name)
    said = (await PRINTER.brief(letter.id, "zh_Hans")).text
    assert units(said) <= 134
    assert name[:4] in said
    for part in ("12-08 09:00", "https://inspection.district.example.test/n/", letter.check_code, "从不收费"):
        assert part in said
