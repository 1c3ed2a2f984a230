"""A product, project or conduct is named by what it is, with its responsible party, on notice and result (Art. 4)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from locales import words
from models.procedure import entry
from models.queries.record import facts
from models.rules.actor import Actor, Role
from models.tables import Notice, Target, Task
from server.letters import LetterRenderer
from server.records import _subject
from tests.server.pages import site
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import VISIT, district

HEAD = Actor(Role.HEAD, "GA", "测试负责人GA", "GA")
CREDIT_CODE = "统一社会信用代码"


@pytest.fixture
async def lift(db) -> tuple[Task, Target, Target]:
    """A drawn task whose target is a lift without any credit code; its user is a firm of the register."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").select_related("target").first()
    assert task
    firm = await Target.exclude(code=task.target.code).exclude(credit_code=None).first()
    assert firm
    async with sample.written():
        await Target.filter(code=task.target.code).update(
            credit_code=None, registration="", mark="示例-梯-001", kind="non_market", linked=firm.credit_code
        )
    return task, await Target.get(code=task.target.code), firm


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_letter_names_the_number_as_what_it_is_and_the_responsible_party(lift, language):
    task, target, firm = lift
    await sample.visit_fixed(task, district())
    notice = await Notice.get(task=task)
    text = (await LetterRenderer(district()).plain(notice.id, language)).text
    assert CREDIT_CODE not in text and "credit code" not in text
    label = {"zh": "对象编号", "en": "Target number"}[language]
    line = next(line for line in text.splitlines() if label in line)
    assert target.code in line
    party = next(
        line for line in text.splitlines() if {"zh": "责任主体", "en": "Responsible party"}[language] in line
    )
    assert firm.name in party and firm.credit_code in party


async def test_the_public_result_and_the_desk_say_the_same(lift):
    task, target, firm = lift
    await sample.visit_fixed(task, district())
    await sample.visit_concluded(await Task.get(id=task.id), district())
    await sample.entered(task, ["R01"], VISIT + timedelta(hours=3))
    await entry.review(task.number, True, by=HEAD, at=VISIT + timedelta(days=1))
    await publishing.published(task, HEAD, VISIT + timedelta(days=1))
    async with site() as world:
        stranger = await world.browser()
        page = await stranger.get("/results")
        for text in (f"对象编号 {target.code}", "责任主体", firm.name, firm.credit_code):
            assert text in page.text, text
        assert f"{CREDIT_CODE} {target.code}" not in page.text
        assert target.name in (await stranger.get(f"/results?q={firm.credit_code}")).text
        office = await world.browser(Role.OFFICE, "测试联席办")
        desk = await office.get(f"/console/tasks/{task.number}")
        assert f"对象编号 {target.code}" in desk.text and f"信用代码 {target.code}" not in desk.text
    written = SimpleNamespace(facts=await facts(await Task.get(id=task.id)), version=1, at=VISIT)
    assert ("对象编号", target.code) in _subject(written, words("zh_Hans"))


async def test_a_firm_keeps_its_credit_code_on_its_letter(db):
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").select_related("target").first()
    await sample.visit_fixed(task, district())
    notice = await Notice.get(task=task)
    text = (await LetterRenderer(district()).plain(notice.id, "zh")).text
    assert task.target.credit_code in next(line for line in text.splitlines() if CREDIT_CODE in line)
    assert [line for line in text.splitlines() if line.startswith("责任主体")] == []
    assert "party" not in notice.letter
