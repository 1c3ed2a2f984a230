"""Whatever waits for a head is on the desk, in the server's list and decided there by one press (Art. 14 (2), 16, 17)."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from bot.buttons import Act, Value
from bot.callbacks import decode
from models import store
from models.procedure import (
    cooperation,
    entry,
    notice,
    objection,
    postponement,
    recusal,
    revision,
    team,
)
from models.procedure.enrolment import actor_of
from models.queries import waiting
from models.rules.actor import Actor, Role
from models.tables import Assignment, Notice, Task
from server.practice import Phone
from tests.bot.chat import Chat, chatting
from tests.support import district as place
from tests.support import onsite, publishing
from tests.support.district import CEREMONY, CREW, VISIT, account, district
from tests.support.page_forms import press_all, trying

LINK = Actor(Role.PUBLIC, "link")
AFTER = VISIT + timedelta(hours=3)


async def waits_for_heads() -> None:
    """One of each: a substitution, a withholding, a recusal, a wish, a refusal, an objection, a correction."""
    await place.found()
    await place.drawn()
    for code in CREW:
        await account(Role.HEAD, code)
    asked, withheld, fixed, public, corrected = await Task.all().order_by("rank").limit(5)
    people = await place.team_of(asked)
    await team.ask_out(asked.number, "post", "示例", by=people["WJ"][0], at=CEREMONY)
    await notice.ask_to_withhold(withheld.number, "示例依据", by=await place.leader_of(withheld), at=CEREMONY)
    await place.visit_fixed(fixed, district(), begins=VISIT + timedelta(days=1))
    letter = await Notice.get(task=fixed)
    seat = await Assignment.filter(task=fixed, until=None, department="XF").order_by("id").first()
    await recusal.ask(letter.number, seat.id, "示例亲属", by=LINK, at=CEREMONY)
    await postponement.ask(letter.number, "示例盘点", by=LINK, at=CEREMONY)
    at, crew = VISIT + timedelta(days=1), await place.team_of(fixed)
    door = onsite.Door(fixed, await place.leader_of(fixed), *crew["XF"], await place.leader_of(fixed))
    await door.photographed("refusal", at)
    report = await cooperation.report(fixed.number, [1], "示例", by=door.first, at=at)
    await cooperation.confirm(report, by=door.second, at=at)
    for n, task in enumerate((public, corrected)):
        await place.visit_fixed(task, district(), begins=VISIT + timedelta(hours=4 * n))
        await place.visit_concluded(task, district(), begins=VISIT + timedelta(hours=4 * n))
        head, when = actor_of(await account(Role.HEAD, "GA")), at + timedelta(hours=1)
        await place.entered(task, ["R01"], when)
        await entry.review(task.number, True, by=head, at=when)
        await publishing.published(task, head, when)
    public = await Task.get(id=public.id)
    letter = await Notice.filter(task=public).order_by("-version").first()
    when = public.published_at + timedelta(hours=1)
    await objection.object_to(letter.number, "示例不符", by=LINK, at=when, district=district())
    boss = await place.leader_of(corrected)
    await revision.propose(corrected.number, ["R14"], "示例更正", by=boss, at=when, reason="示例")


DECIDED_AT = {
    "substitution": "/console/substitutions/N", "withholding": "/console/withholdings/N", "recusal": "/console/recusals/N",
    "decide_refusal": "/console/refusals/N", "objection": "/console/objections/N", "revision": "/console/tasks/N",
}  # fmt: skip


async def test_each_thing_that_waits_is_on_the_desk_in_the_list_and_decided_by_a_press(db):
    await waits_for_heads()
    at = (await Task.filter(state="published").order_by("-published_at").first()).published_at + timedelta(
        hours=2
    )
    seen, wrong = set(), []
    async with trying() as made:
        made.clock.move(at)
        for code in CREW:
            browser = await made.browser(Role.HEAD, code)
            page = await browser.get("/console/")
            listed = {one.act for one in await waiting.for_head(code)}
            pressed = await press_all(browser, page, {"said": "示例", "reason": "示例"})
            wrong += [(code, one.name, one.code) for one in pressed if one.code]
            for act in listed - {"revision"}:
                assert any(one.name.startswith(DECIDED_AT[act]) for one in pressed), (code, act)
            seen |= listed
            if "revision" in listed:
                number = next(one.task for one in await waiting.for_head(code) if one.act == "revision")
                task = await browser.get(f"/console/tasks/{number}")
                wrong += [
                    (code, one.name, one.code)
                    for one in await press_all(browser, task, {"reason": "示例"})
                    if one.code
                ]
    assert seen == set(DECIDED_AT)
    assert wrong == [], wrong


async def test_each_thing_that_waits_is_decided_in_the_chat_too(db, caplog):
    """The head's list, each of its buttons, and each button of the card that it opens; undone again."""
    await waits_for_heads()
    at = (await Task.filter(state="published").order_by("-published_at").first()).published_at + timedelta(
        hours=2
    )
    caplog.set_level(logging.INFO, "bot.errors")
    wrong, decided = [], set()
    async with chatting(polling=False) as chat:
        chat.clock.move(at)
        for code in CREW:
            phone = await chat.phone(await account(Role.HEAD, code))
            await chat.press(phone, Act.LIST, 0)
            for first in keys(chat, phone):
                await store.rehearse(partial(chat.press, phone, first[0], *first[1]))
                for second in [one for one in keys(chat, phone) if one[0] in DECIDES]:
                    caplog.clear()
                    await store.rehearse(partial(both, chat, phone, first, second))
                    decided.add(second[0])
                    wrong += [(code, second, one.args) for one in caplog.records if one.msg == "refused: %s"]
        assert chat.errors == []
    assert wrong == [], wrong
    assert decided == DECIDES


async def both(chat: Chat, phone: Phone, *pressed: tuple[Act, tuple[Value, ...]]) -> None:
    for act, args in pressed:
        await chat.press(phone, act, *args)


DECIDES = {Act.SUBSTITUTION, Act.WITHHOLDING, Act.RECUSAL, Act.REFUSAL_DECIDED, Act.OBJECTION, Act.REVISION}


def keys(chat: Chat, phone: Phone) -> list[tuple[Act, tuple[Value, ...]]]:
    """The buttons of the newest message that has any, as they travel."""
    shown = next((one for one in reversed(phone.messages()) if one.from_bot and one.rows), None)
    data = [
        key["callback_data"] for row in (shown.rows if shown else []) for key in row if "callback_data" in key
    ]
    return [found for one in data if (found := decode(chat.services.district.secret, phone.id, one))]
