"""A letter, a substitution, a sample, a correction, a record, an objection, a result: wherever it stands somebody goes
on, and nothing is offered, at the desk, on the entity's page or in the chat, that is then refused (Art. 14-18)."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from bot.callbacks import decode
from bot.handlers import screen
from locales import words
from models import store
from models.queries import card as cards
from models.rules.actor import Actor, Role
from models.tables import Inspector, Notice
from server.practice import Phone
from tests.bot.chat import Chat, chatting
from tests.server.pages import Browser, Site, notice_token
from tests.support.district import CREW, account
from tests.support.page_forms import Pressed, press_all, trying
from tests.support.situation import Situation
from tests.support.situations import walk

SAID = {
    "day": "2026-12-15",
    "clock": "09:00",
    "begins": "2026-12-15T09:00",
    "note": "示例",
    "reason": "示例",
    "said": "示例",
    "result": "personal.told",
    "who": "示例前台",
    "people": "示例甲 示例职务",
}
"""Words for fields that take more than anything."""
WORTH_IT = ("checklist.gaps", "checklist.sections_open", "checklist.nothing_to_undo", "archive.missing")
"""Their refusal is the list of what is missing, or that nothing was said yet: worth the press."""
GOES_ON = {
    "substitution: asked": "/console/substitutions/N",
    "an agency is entrusted": "/console/tasks/N/acts/entrust_end",
    "a time is proposed before the network check is over": "/console/tasks/N/acts/reply",
    "network check closed": "/console/tasks/N/acts/fix",
    "notice: approved": "/n/N",
    "another time is asked for": "/console/tasks/N/postponements/N",
    "a recusal is asked for": "/console/recusals/N",
    "correction: waits before the visit": "/console/tasks/N/corrections/N",
    "notice: drafted": "/console/approvals/N",
    "notice: revoked": "/console/tasks/N/acts/fix",
    "notice: telephoned in vain": "/console/tasks/N/telephoned",
    "notice: sent": "/n/N",
    "notice: to be withheld": "/console/withholdings/N",
    "notice: withheld": "/console/tasks/N/acts/propose",
    "absence: reported": "/console/tasks/N/acts/confirm_absence",
    "unreachable after one attempt": "/console/tasks/N/acts/propose",
    "unreachable after two attempts": "/console/tasks/N/acts/conclude",
    "refusal: reported": "/console/tasks/N/acts/confirm_refusal",
    "refusal: waits for the head": "/console/refusals/N",
    "refused": "/console/tasks/N/acts/conclude",
    "still at another visit": "/console/tasks/N/acts/begin",
    "sample: taken": "/console/tasks/N/acts/sample_report",
    "broken off": "/console/tasks/N/acts/propose",
    "on site past midnight": "/console/tasks/N/acts/suspend",
    "every section is closed": "/console/tasks/N/acts/conclude",
    "record: drawn up": "/console/tasks/N/acts/record_sign",
    "record: signing refused": "/console/tasks/N/acts/record_sign",
    "concluded, a report is out": "/console/tasks/N/acts/sample_report",
    "sample: reported": "/console/tasks/N/acts/enter",
    "correction: waits after the visit": "/console/tasks/N/corrections/N",
    "result: entered": "/console/tasks/N/review",
    "result: returned": "/console/tasks/N/acts/enter",
    "result: reviewed": "/n/N",
    "order: issued": "/console/tasks/N/acts/verify",
    "order: proof handed in": "/console/tasks/N/acts/verify",
    "order: not done": "/console/tasks/N/acts/verify",
    "recheck: announced": "/console/tasks/N/acts/recheck_begin",
    "recheck: begun": "/console/tasks/N/acts/recheck_end",
    "recheck: ended": "/console/tasks/N/acts/recheck_sign",
    "order: extended": "/console/tasks/N/acts/verify",
    "order: lapsed": "/console/orders/N/file",
    "order: filed": "/console/tasks/N/acts/verify",
    "result: agreed to": "/console/tasks/N/publish",
    "objection: waits": "/console/objections/N",
    "revision: asked": "/console/tasks/N/revision/propose",
    "revision: proposed": "/console/tasks/N/revision/agree",
    "result: published": "/console/tasks/N/revision/ask",
    "revision: made": "/console/tasks/N/revision/ask",
    "objection: not upheld": "/console/tasks/N/revision/withdraw",
}
"""By situation: where somebody brings the thing on."""


MEMBER_TOO = (
    "substitution",
    "a time",
    "absence",
    "refusal",
    "sample",
    "record",
    "correction",
    "order",
    "recheck",
    "on site",
)
HEADS = ("result", "objection", "revision", "order")
ASKED = ("substitution", "a recusal", "notice: drafted", "notice: to be", "refusal: waits", "order: lapsed")
ENTITY_TOO = ("notice", "another time", "correction", "result", "objection")


@dataclass
class Desks:
    """Browsers that are signed in, each once a day."""

    made: Site
    open: dict[tuple[Role | None, str, date], Browser] = field(default_factory=dict)

    async def of(self, role: Role | None, of: str) -> Browser:
        key = (role, of, self.made.clock().date())
        if key not in self.open:
            self.open[key] = await (self.made.browser(role, of) if role else self.made.browser())
        return self.open[key]

    async def people(self, one: Situation, new: bool) -> dict[str, tuple[Browser, list[str]]]:
        """Whose pages may have changed, with their addresses; everybody's in a state that is `new`."""
        task, desk = f"/console/tasks/{one.number}", "/console/"
        found = {"leader": (await self.of(Role.INSPECTOR, one.leader.id), [task])}
        if new or one.name.startswith(MEMBER_TOO):
            found["member"] = (await self.of(Role.INSPECTOR, one.member.id), [task])
        if new:
            found["office"] = (await self.of(Role.OFFICE, "联席办"), [task, desk])
        heads = CREW if one.name.startswith(ASKED) else ("GA",) if new or one.name.startswith(HEADS) else ()
        for code in heads:
            found[f"head:{code}"] = (await self.of(Role.HEAD, code), [task, desk])
        if new or one.name.startswith(ENTITY_TOO):
            letter = await Notice.filter(task=one.task).exclude(token_sha256="").order_by("-version").first()
            if letter:
                found["entity"] = (await self.of(None, ""), [f"/n/{notice_token(letter.number)}"])
        return found


async def test_at_the_desk_and_on_the_entitys_page_every_offer_is_done_and_somebody_goes_on(db):
    wrong: list[tuple[str, str, Pressed]] = []
    done: dict[str, set[str]] = {}
    seen: dict[tuple[str, str], set[str]] = {}
    async with trying() as made:
        desks = Desks(made)
        async for one in walk():
            made.clock.move(one.at)
            new = (str(one.task.state), "office") not in seen
            for who, (browser, pages) in (await desks.people(one, new)).items():
                pressed_there = seen.setdefault((str(one.task.state), who), set())
                way = GOES_ON.get(one.name, "")
                pressed_there -= {each for each in pressed_there if way and each.startswith(way)}
                for address in pages:
                    page = await browser.get(address)
                    assert page.status == 200, (one.name, who, address)
                    for each in await press_all(browser, page, SAID, {}, pressed_there):
                        if each.code and each.code not in WORTH_IT:
                            wrong.append((one.name, who, each))
                        elif not each.code:
                            done.setdefault(one.name, set()).add(each.name)
    assert wrong == [], "\n".join(map(str, wrong))
    stuck = {name for name, way in GOES_ON.items() if not any(each.startswith(way) for each in done[name])}
    assert not stuck, "\n".join(f"{name}: {sorted(done[name])}" for name in stuck)


async def test_a_task_is_unknown_to_those_whom_it_does_not_concern(db):
    """Officers of its departments who do not serve in it, and whoever is not signed in, in each of its states."""
    seen = set()
    async with trying() as made:
        async for one in walk():
            if one.task.state in seen:
                continue
            seen.add(one.task.state)
            made.clock.move(one.at)
            serving = {by.id for by in one.people}
            stranger = await Inspector.filter(department="XF").exclude(code__in=serving).first()
            assert stranger
            address = f"/console/tasks/{one.number}"
            page = await (await made.browser(Role.INSPECTOR, stranger.code)).get(address)
            assert '<form method="post" action="/console/tasks/' not in page.html, one.name
            assert (await (await made.browser()).get(address)).status in (302, 303, 401), one.name


async def test_no_button_in_the_chat_is_then_refused(db, caplog):
    """The task's card for leader and member, and every message that came to them or to a head meanwhile."""
    wrong, pressed = [], set()
    read: dict[int, int] = {}
    caplog.set_level(logging.INFO, "bot.errors")
    async with chatting(polling=False) as chat:
        heads: list[Phone] = []
        async for one in walk():
            chat.clock.move(one.at)
            if not heads:
                heads = [await chat.phone(await account(Role.HEAD, code)) for code in CREW]
            hands = {"leader": one.leader, "member": one.member}
            phones = {who: await chat.holder(by) for who, by in hands.items()}
            await chat.post()
            keys = {(who, *key) for who, by in hands.items() for key in await _card(one, by)}
            for who, phone in (*phones.items(), *((f"head {n}", each) for n, each in enumerate(heads))):
                keys |= {(who, *key) for key in _news(chat, phone, read)}
            everybody = phones | {f"head {n}": each for n, each in enumerate(heads)}
            for who, act, args in sorted(keys, key=str):
                mark = (str(one.task.state), who, act) if one.name not in GOES_ON else (one.name, who, act)
                if mark in pressed:
                    continue
                pressed.add(mark)
                caplog.clear()
                await store.rehearse(partial(chat.press, everybody[who], act, *args))
                codes = [each.args[0] for each in caplog.records if each.msg == "refused: %s"]
                wrong += [(one.name, who, act.name, code) for code in codes if code not in WORTH_IT]
            assert chat.errors == [], one.name
    assert wrong == [], "\n".join(map(str, wrong))


async def _card(one: Situation, by: Actor) -> list[tuple]:
    shown = screen.view(await cards.task_card(one.number, by.id, one.at), None, words("zh_Hans"), one.at)
    return [(key.act, tuple(key.args)) for row in shown.rows for key in row if key.act]


def _news(chat: Chat, phone: Phone, read: dict[int, int]) -> list[tuple]:
    """The buttons of what came since the last look."""
    found = [one for one in phone.messages() if one.from_bot and one.id > read.get(phone.id, 0)]
    read[phone.id] = max([read.get(phone.id, 0), *(one.id for one in found)])
    data = [
        key["callback_data"] for one in found for row in one.rows for key in row if "callback_data" in key
    ]
    decoded = [decode(chat.services.district.secret, phone.id, each) for each in data]
    return [(each[0], tuple(each[1])) for each in decoded if each]
