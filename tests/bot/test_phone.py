"""打开手机端: one link, once, for ten minutes, from the chat or by QR into the companion (Art. 15, 16)."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from models.tables import Invitation, Task
from tests.bot.chat import Chat
from tests.support import district


def address(shown) -> str:
    return next(key["url"] for row in shown.rows for key in row if key.get("url"))


async def test_the_card_and_the_list_open_the_companion_where_the_chat_is(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 4)
    card = officer.last()
    await site.tap(officer, "返回任务", "打开手机端")
    assert unquote(address(officer.last())).endswith(f"?next=/field/#/t/{task.number}")
    await site.tap(officer, "返回任务", "检查表", "要点列表", " 4 ")
    assert officer.find("第4项").id
    await officer.say("/phone")
    opened = await officer.wait_for("只能使用一次")
    assert unquote(address(opened)).endswith("?next=/field/")
    await officer.say("/today")
    await site.tap(officer, "打开手机端")
    assert await Invitation.filter(purpose="login", reason="").count() == 3
    assert card.id


async def test_the_link_leads_to_the_very_question_that_is_open(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 4)
    seal = next(
        b["callback_data"]
        for row in (await opened_task(site, officer)).rows
        for b in row
        if "手机端" in b["text"]
    )
    await site.tap(officer, "检查表", "要点列表", " 4 ")
    await officer.forge(seal, officer.last())
    shown = await officer.wait_for("只能使用一次")
    assert unquote(address(shown)).endswith(f"#/t/{task.number}/q/4")
    assert officer.find("第4项（").rows, "the question stays as it is"


async def opened_task(site: Chat, officer):
    await site.tap(officer, "返回任务")
    return officer.last()


@pytest.mark.parametrize("public_url", ["http://example.test", "http://10.0.0.7:8080"])
async def test_without_https_the_companion_is_not_offered(drawn: Chat, task: Task, public_url: str) -> None:
    object.__setattr__(drawn.services, "district", district.district(public_url))
    officer = await drawn.officer(await district.leader_of(task))
    await officer.say("/today")
    target = (await Task.get(id=task.id).select_related("target")).target.name
    listed = await officer.wait_for("我的任务")
    await drawn.tap(officer, target)
    assert not [one for one in (*listed.buttons, *officer.last().buttons) if "手机端" in one]
    await officer.say("/phone")
    await officer.wait_for("不是 https")
    assert await Invitation.filter(purpose="login", reason="示例").count() == 0


def test_https_and_the_own_machine_are_trusted_and_nothing_else() -> None:
    urls = (
        "https://a.test",
        "http://127.0.0.1:1",
        "http://localhost",
        "http://[::1]:8",
        "http://a.test",
        "http://1.2.3.4",
    )
    assert [district.district(url).trusted for url in urls] == [True, True, True, True, False, False]
