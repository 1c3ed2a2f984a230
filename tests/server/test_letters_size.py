"""Letters that wait for a person are shown, printed and noted page by page, however many there are (Art. 16 (2))."""

import io
import re

import pytest
from pypdf import PdfReader

from models.queries import manual_deliveries
from models.queries.board import ALL
from models.rules.actor import Role
from models.states import NoticeState
from models.tables import Notice, Outbox, Target
from server.letters import LetterRenderer
from tests.server.pages import site
from tests.support import crowd_of_tasks
from tests.support.district import district, written
from tests.support.statements import counted

LARGEST = 120_000  # bytes of a page
LETTER = re.compile(r'<h3><a href="/console/tasks/([^"#]+)#telephone"')


@pytest.fixture
async def crowd(db):
    tasks = await crowd_of_tasks.crowd()
    async with site(letter=LetterRenderer(district())) as world:
        world.clock.at = tasks.at
        yield world, tasks


async def looked_at(browser, page=1):
    async with counted() as asked:
        shown = await browser.get(f"/console/letters?page={page}")
    assert shown.status == 200
    return len(asked.statements), shown


@pytest.mark.parametrize(
    "who", [(Role.OFFICE, "测试联席办"), (Role.HEAD, "GA"), (Role.INSPECTOR, "INS-GA-1")]
)
async def test_a_page_of_letters_costs_what_it_shows(crowd, who):
    world, tasks = crowd
    reader = await world.browser(*who)
    await tasks.grow(600)
    await tasks.by_hand(every=2)
    few, _ = await looked_at(reader)
    await tasks.grow(600)
    await tasks.by_hand(every=1)
    many, page = await looked_at(reader)
    assert many <= few
    assert len(page.body) <= LARGEST


async def test_every_letter_stands_on_one_of_the_pages_the_next_visit_first(crowd):
    world, tasks = crowd
    await tasks.grow(800)
    await tasks.by_hand(every=1)
    head, shown, number = await world.browser(Role.HEAD, "GA"), [], 1
    while True:
        _, page = await looked_at(head, number)
        shown += LETTER.findall(page.html)
        if 'rel="next"' not in page.html:
            break
        number += 1
    waiting = Notice.filter(state=NoticeState.BY_HAND, task__state="scheduled")
    assert sorted(shown) == sorted(await waiting.values_list("task__number", flat=True))
    assert number == 3


async def test_each_page_is_printed_by_itself(crowd):
    world, tasks = crowd
    async with written():
        await Target.filter(code=tasks.task.target_id).update(channels=["post"])
    await tasks.grow(318)
    await tasks.by_hand(every=1)
    office = await world.browser(Role.OFFICE, "测试联席办")
    _, page = await looked_at(office, 2)
    assert "打印 3 份告知书" in page.text and "/console/letters.pdf?page=2" in page.reader.links
    answer = await office.client.get("/console/letters.pdf?page=2")
    words = "".join(PdfReader(io.BytesIO(await answer.read())).pages[0].extract_text().split())
    assert all(number.removesuffix("T1") in words for number in LETTER.findall(page.html))


async def test_a_channel_that_was_owed_a_letter_has_had_its_turn(crowd):
    _, tasks = crowd
    await tasks.grow(18)
    await tasks.by_hand(every=1)
    async with written():
        await Target.filter(code=tasks.task.target_id).update(
            channels=["email", "fax"], email="a@example.cn", fax="0375-1"
        )
    first, second, third = await manual_deliveries.outgoing(ALL)
    assert {first.channel, second.channel, third.channel} == {"email"}
    async with written():
        await Outbox.create(key=f"notice:{second.id}:email", channel="email", kind="notice", due_at=tasks.at)
    channels = {one.id: one.channel for one in await manual_deliveries.outgoing(ALL)}
    assert channels == {first.id: "email", second.id: "fax", third.id: "email"}
