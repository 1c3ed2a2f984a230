"""CHAT_EVIDENCE=off: the chat carries numbers, times and links; no target, address, person or question (PIPL)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.buttons import NUMBER, TASK, TEXT, YES, Act
from bot.callbacks import encode
from bot.notifications.sending import KINDS, deliver
from locales import LANGUAGES, words
from models.procedure import postponement, schedule, team
from models.queries.sheet import sheet_of
from models.rules.actor import Role
from models.tables import (
    Account,
    Answer,
    Binding,
    Inspector,
    NetworkFinding,
    Notice,
    Photo,
    Prompt,
    Question,
    Target,
    Task,
)
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture
from tests.bot.test_views import asked_screens, screens
from tests.support import district


@pytest.fixture
def off(request: pytest.FixtureRequest) -> None:
    """Asked for after `drawn` or `site`: the district lets no evidence through the chat."""
    chat = request.getfixturevalue("site" if "site" in request.fixturenames else "drawn")
    object.__setattr__(chat.services, "district", replace(chat.services.district, chat_evidence=False))


async def forbidden() -> list[str]:
    """Everything that must not be read in the chat."""
    targets, officers = await Target.all(), await Inspector.all()
    heads = [one.name for one in await Account.filter(role=Role.HEAD)]
    return [
        *[one.name for one in targets], *[one.address for one in targets], *[one.representative for one in targets],
        *[one.contact for one in targets], *[one.name for one in officers], *heads, "示例检测", "秘密理由",
        *[one.text for one in await Question.all()], *[one.basis for one in await Question.all()],
    ]  # fmt: skip


def said(chat: Chat) -> str:
    """Everything that we sent to anybody: texts, buttons, captions, names of files."""
    ours = ("sendMessage", "editMessageText", "sendDocument", "sendPhoto", "answerCallbackQuery")
    sent = [call for method in ours for call in chat.stage.calls(method)]
    return "\n".join(_read(value) for call in sent for value in (*call.parameters.values(), *call.uploads))


def _read(value: Any) -> str:
    try:
        return json.dumps(json.loads(value), ensure_ascii=False)
    except (TypeError, ValueError):
        return str(value)


async def nothing_leaked(chat: Chat) -> None:
    text = said(chat)
    assert [one for one in await forbidden() if one and one in text] == []


async def test_every_view_stays_behind_the_curtain(site: Chat, task: Task, off: None) -> None:
    officer = await site.officer((await district.team_of(task))["GA"][0])
    turn_words = [words(language) for language in LANGUAGES]
    from bot.cards import CardBoard
    from bot.no_evidence import redactor

    for spoken in turn_words:
        table = CardBoard(
            site.app.bot, b"s" * 32, officer.id, curtain=redactor(site.services, officer.id, spoken)
        )
        for subject in (f"task:{task.number}", "list", "place", "welcome", "news:1", "out:1", "notice:999"):
            for _, view in (*screens(spoken), *asked_screens(spoken)):
                await table.show(subject, view)
        await table.send(view)
    text = said(site)
    assert "示例零一二三四五" not in text and "清洗消毒" not in text and "情况" not in text
    await nothing_leaked(site)


async def payloads(task: Task, place: Any, leader: Any) -> dict[str, Any]:
    """One payload that fits every kind of message, with real rows behind its numbers."""
    people = await district.team_of(task)
    leaving = next(one for one in people["XF"] if one.id != leader.id)
    asked = await team.ask_out(task.number, "post", "秘密理由", by=leaving, at=district.CEREMONY)
    told = await Notice.get(task=task)
    from tests.support.evidence import entity

    wish = await postponement.ask(told.number, "秘密理由", by=await entity(task), at=district.CEREMONY)
    due = {"task": task.number, "due": "2027-01-06", "left": 5, "threshold": 5, "provisional": False}
    return {
        "task": task.number, "tasks": [due], "notice": told.id, "substitution": asked.id, "postponement": wish,
        "subject": f"task:{task.number}", "member": "秘密理由", "granted": True, "agree": True, "reason": "秘密理由",
        "name": "秘密理由", "text": "秘密理由", "target": "秘密理由",
    }  # fmt: skip


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.HEAD, Role.OFFICE, Role.ENTITY])
async def test_every_kind_of_message_says_number_time_and_link_alone(
    drawn: Chat, task: Task, off: None, role: Role
) -> None:
    leader = await district.leader_of(task)
    await district.visit_fixed(task, drawn.services.district)
    payload = await payloads(task, drawn.services.district, leader)
    of = {
        Role.INSPECTOR: leader.id,
        Role.HEAD: "GA",
        Role.OFFICE: "联席办",
        Role.ENTITY: str(task.target_id),
    }[role]
    phone = await drawn.phone(await district.account(role, of))
    account = (await Binding.get(telegram_id=phone.id)).account_id
    for kind in KINDS:
        await deliver(
            drawn.app,
            account=account,
            telegram_id=phone.id,
            language="zh_Hans",
            kind=kind,
            payload=payload,
            key=kind,
        )
    assert drawn.stage.calls("sendDocument") == [] and drawn.stage.calls("sendPhoto") == []
    if role != Role.ENTITY:
        assert task.number in said(drawn)
    await nothing_leaked(drawn)


async def test_no_button_whatever_it_does_brings_evidence_or_writes_any(
    site: Chat, task: Task, off: None
) -> None:
    officer = await site.officer(await district.leader_of(task))
    await officer.say("/today")
    await officer.wait_for("我的任务")
    await site.tap(officer, task.number)
    number = next(iter((await sheet_of(task)).asks)).number
    for act in Act:
        likely = {TASK: task.id, NUMBER: number, TEXT: "en" if act == Act.LANGUAGE else "pass", YES: True}
        args = [likely[replace(one, optional=False)] for one in act.arguments]
        await officer.forge(encode(site.services.district.secret, officer.id, act, *args))
        await site.idle()
    assert await Answer.all().count() == await Photo.all().count() == await NetworkFinding.all().count() == 0
    await nothing_leaked(site)
    assert site.errors == []


async def test_what_is_sent_is_not_kept_and_that_is_said_with_the_way_to_the_companion(
    site: Chat, task: Task, off: None
) -> None:
    officer = await site.officer((await district.team_of(task))["WJ"][0])
    await Prompt.create(
        telegram_id=officer.id, flow="question", subject=f"task:{task.number}", opened_at=site.clock(),
        data={"task": task.id, "q": 9, "expects": "note", "seen": 0},
    )  # fmt: skip
    for send in (
        lambda: officer.say("布草间很脏"),
        lambda: officer.send_photo(picture(), "布草间"),
        lambda: officer.send_document(picture(), "a.jpg"),
        lambda: officer.share_location(33.7, 113.3),
        officer.sticker,
    ):
        await send()
        shown = await officer.wait_for("均未保存")
        await site.idle()
        assert "打开手机端" in shown.buttons
    assert await Answer.all().count() == await Photo.all().count() == 0
    assert site.stage.calls("getFile") == [], "it is not even fetched"
    kept = await Prompt.get(telegram_id=officer.id)
    assert "布草间" not in repr(kept.data) and "33.7" not in repr(kept.data)
    await nothing_leaked(site)


async def test_accepting_a_task_and_replying_to_a_time_still_take_one_tap(
    drawn: Chat, task: Task, off: None
) -> None:
    leader = await district.leader_of(task)
    people = await district.team_of(task)
    member = next(one for crew in people.values() for one in crew if one.id != leader.id)
    officer = await drawn.officer(member)
    await drawn.post()
    await officer.say("/today")
    await drawn.tap(officer, task.number, "接受任务")
    assert "接受任务" not in officer.last().buttons
    begins = district.VISIT
    await schedule.propose(task.number, begins, begins + timedelta(hours=2), by=leader, at=drawn.clock())
    await drawn.post()
    await drawn.tap(officer, task.number, "可以")
    assert "12月8日" in officer.last().text
    await drawn.tap(officer, "打开手机端")
    assert "只能使用一次" in officer.last().text
    await nothing_leaked(drawn)


async def test_an_entity_confirms_its_notice_and_reads_it_on_its_page(
    drawn: Chat, task: Task, off: None
) -> None:
    hotel = await drawn.phone(await district.account(Role.ENTITY, str(task.target_id)))
    await district.visit_fixed(task, drawn.services.district)
    await drawn.post()
    told = await Notice.get(task=task)
    assert told.number in hotel.last().text and "打开告知书" in hotel.last().buttons
    await drawn.tap(hotel, "收到")
    assert (await Notice.get(id=told.id)).acknowledged_at is not None
    assert "已确认收到" in hotel.last().text
    await nothing_leaked(drawn)


async def test_with_evidence_on_nothing_of_this_is_in_the_way(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    await site.tap(officer, "合格")
    assert await Answer.filter(task=task).count() == 1
