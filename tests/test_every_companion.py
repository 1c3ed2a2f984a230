"""What the companion offers is decided on the phone, by its own rules: all of it is pressed against the house, and what
the house would take is offered (Art. 14-18)."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from models.rules.acts import Doer, may
from models.states import TaskState
from server.companion import acts as phone
from tests.server.companion.phone import Phone, jpeg, new_key, sha
from tests.server.companion.test_javascript import node
from tests.server.pages import Site
from tests.support.page_forms import IN_VAIN, WRITTEN, trying
from tests.support.record import png
from tests.support.situation import Situation
from tests.support.situations import walk

SCRIPT = Path(__file__).parent / "server" / "companion" / "offered.mjs"
BY_TOAST = {"undo": "offered for some seconds below an answer that was given here"}
"""Acts of the phone that stand on no screen of their own."""
UNOFFERED = {
    ("", "reply", "leader"): "whoever proposes a time has agreed to it",
    ("", "record_sign", ""): "a signature under the version that was read is taken, however late it comes",
    ("notice: acknowledged", "telephoned", ""): "the entity has confirmed the letter",
    ("notice: acknowledged", "handed", ""): "the entity has confirmed the letter",
}
"""By situation, act and person, empty for every: what the house would take and the phone does not offer, and why."""
NEXT_DAY = ("2026-12-15T09:00:00+08:00", "2026-12-15T11:00:00+08:00")
GLASS = b64encode(png()).decode()


@dataclass
class Rules:
    """The phone's rules, run by node: one process for the whole walk."""

    process: asyncio.subprocess.Process

    async def offered(self, task: dict[str, Any], at: datetime) -> dict[str, list[dict[str, Any]]]:
        assert self.process.stdin and self.process.stdout
        line = json.dumps({"task": task, "at": at.isoformat()}, ensure_ascii=False)
        self.process.stdin.write(f"{line}\n".encode())
        await self.process.stdin.drain()
        return json.loads(await self.process.stdout.readline())


@asynccontextmanager
async def rules() -> AsyncIterator[Rules]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(node(), str(SCRIPT), stdin=pipe, stdout=pipe, limit=2**24)
    try:
        yield Rules(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


@dataclass
class Told:
    """A task as one phone has it, and what stands in the fields when its buttons are pressed."""

    one: Situation
    task: dict[str, Any]

    def least(self, act: str, target: dict[str, Any]) -> dict[str, Any]:
        """What somebody sends who fills in only what must be; `target` names the thing."""
        record = (self.task.get("record") or {}).get("versions") or [{}]
        here = [one["id"] for one in self.task["members"] if not one["elsewhere"]]
        others = [one for one in self.task["members"] if one["present"] and one["id"] != self.task["me"]]
        asked = next((q for q in self.task["questions"] if q["n"] == target.get("question")), {})
        seen = (asked.get("given") or {}).get("version", 0)
        said: dict[str, dict[str, Any]] = {
            "ask_out": {"reason": "other", "note": "示例"},
            "find": {"verdict": "open", "finding": "示例", "source": "示例网", "reason": "示例"},
            "end_online": {} if self.task["endable"] else {"result": "R10", "source": "示例网", "finding": "示例"},
            "propose": {"begins": NEXT_DAY[0], "ends": NEXT_DAY[1]},
            "reply": {"can": True, "begins": self.task["proposed_from"]},
            "fix": {"reason": "示例"},
            "withhold": {"basis": "示例依据"},
            "telephoned": {"reached": False, "said": "示例:无人接听"},
            "handed": {"outcome": "no_answer", "said": "示例"},
            "postponement": {"granted": False},
            "entrust": {"agency": "示例机构", "letter": "示例委〔2026〕9号", "scope": "示例", "people": [["示例甲", "工程师"]]},
            "begin": {"present": here, "reason": "示例", "untold": "示例"},
            "arrive_located": {"latitude": 33.7, "longitude": 113.2, "accuracy": 20},
            "arrive_by_hand": {"reason": "示例"},
            "refusal": {"grounds": [1], "facts": "示例"},
            "absence": {"facts": "示例"},
            "suspend": {"reason": "示例"},
            "reopen": {"reason": "示例"},
            "answer": {"note": "示例", "seen": seen},
            "sample": {
                "name": "示例", "quantity": "1", "seal": "示例封9999", "agency": "示例机构",
                "witness": others[0]["id"] if others else "",
            },
            "sample_report": {"outcome": "pass", "finding": "示例", "report": "示例检9999"},
            "record_hear": {"said": "示例"},
            "record_sign": {"sha256": record[-1].get("sha256", "0" * 64), "name": "示例经理", "picture": GLASS},
            "record_refuse": {"sha256": record[-1].get("sha256", "0" * 64), "reason": "示例", "witness": "示例见证人"},
            "photo_void": {"reason": "示例"},
            "photo_mark": {"marks": [{"kind": "box", "x1": 1, "y1": 1, "x2": 900, "y2": 900}]},
            "correction": {"accepted": True},
            "receipt": {"receipt": "示例-2026-999", "day": None},
            "rectify": {"due": "2027-01-15"},
            "verify": {"outcome": "not_done", "reason": "示例"},
            "recheck_set": {
                "begins": (self.one.at + timedelta(hours=1)).isoformat(),
                "second": next((one["id"] for one in self.task["members"] if one["id"] != self.task["me"]), ""),
            },
            "recheck_end": {"findings": self._found(target)},
            "recheck_sign": {**self._sheet(target), "name": "示例经理", "picture": GLASS},
            "recheck_refuse": {**self._sheet(target), "reason": "示例", "witness": "示例见证人"},
            "rectify_extend": {"until": "2027-03-15", "reason": "示例"},
            "revision_propose": {"types": ["R03", "R14"], "note": "示例", "reason": "示例"},
            "enter": {"types": ["R14", *self.task["established"]], "note": "示例"},
        }  # fmt: skip
        return {**said.get(act, {}), **target}

    def _sheet(self, target: dict[str, Any]) -> dict[str, str]:
        every = [one for order in self.task["orders"] for one in order["rechecks"]]
        signed = [one["sha256"] for one in every if one["id"] == target.get("recheck")]
        return {"sha256": next(iter(signed), "") or "0" * 64}

    def _found(self, target: dict[str, Any]) -> list[dict[str, Any]]:
        order = next(
            (
                one
                for one in self.task["orders"]
                if any(each["id"] == target.get("recheck") for each in one["rechecks"])
            ),
            {"points": []},
        )
        return [{"n": one["n"], "found": "rectified"} for one in order["points"] if not one["done"]]

    def any_target(self, act: str) -> dict[str, Any] | None:
        """The thing to which an act would be done that is not offered; None where there is no such thing."""
        task = self.task
        questions = [{"question": q["n"]} for q in task["questions"] if q["department"] == task["department"]]
        reports = {"confirm_refusal": task["refusal"], "confirm_absence": task["absence"]}
        things: dict[str, list[dict[str, Any]]] = {
            "find": [one for one in questions if self._online(one["question"])],
            "answer": questions, "sample": questions,
            "sample_report": [{"sample": one["id"]} for one in task["samples"] if not one["outcome"]],
            "entrust_end": [{"entrustment": one["id"]} for one in task["agencies"] if not one["ended_at"]],
            "postponement": [{"wish": task["wish"]["id"]}] if task["wish"] else [],
            "photo_void": [{"photo": one["id"]} for one in task["photos"]],
            "photo_mark": [{"photo": one["id"]} for one in task["photos"]],
            "correction": [
                {"correction": one["id"]}
                for one in (task["entity"] or {}).get("corrections", [])
                if one["accepted"] is None
            ],
            "record_sign": [{"role": "entity"}],
            "verify": [{"order": order["id"]} for order in task["orders"] if order["provable"]],
            "rectify_extend": [{"order": order["id"]} for order in task["orders"] if order["open"]],
            "recheck_set": [{"order": order["id"]} for order in task["orders"] if order["provable"]],
            **{
                act: [{"recheck": one["id"]} for order in task["orders"] for one in order["rechecks"]]
                for act in ("recheck_begin", "recheck_end", "recheck_refuse")
            },
            "recheck_sign": [
                {"recheck": one["id"], "officer": who["id"]}
                for order in task["orders"]
                for one in order["rechecks"]
                for who in one["missing"]
            ],
            **{act: [{"report": one["id"]}] if one and one["by"] != task["me"] else [] for act, one in reports.items()},
        }  # fmt: skip
        return next(iter(things.get(act, [{}])), None)

    def _online(self, number: int) -> bool:
        return any(q["n"] == number and q["network"] != "no" for q in self.task["questions"])


async def _phone(made: Site, phones: dict[tuple[str, date], Phone], officer: str) -> Phone:
    """Signed in, once a day."""
    today = (officer, made.clock().date())
    if today not in phones:
        phones[today] = Phone(await made.browser(), officer)
        await phones[today].sign_in()
    return phones[today]


async def test_every_offer_of_the_companion_is_taken_and_what_is_taken_is_offered(db):
    """For leader and a member of another department in each situation: one press of each act on each kind of thing."""
    wrong, pressed, possible = [], set(), []
    async with trying() as made, rules() as node_:
        phones: dict[tuple[str, date], Phone] = {}
        async for one in walk():
            made.clock.move(one.at)
            for who, actor in (("leader", one.people[0]), ("member", one.member)):
                hand = await _phone(made, phones, actor.id)
                told = Told(one, await hand.task(one.number))
                if one.name == "still at another visit":
                    assert any(each["elsewhere"] for each in told.task["members"])
                offered = await node_.offered(told.task, one.at)
                for act, targets in offered.items():
                    for target in _kinds(act, targets):
                        code = await _pressed(hand, told, act, target)
                        pressed.add(act)
                        if code:
                            wrong.append((one.name, who, act, target, code))
                doer = Doer.LEADER if who == "leader" else Doer.MEMBER
                allowed = {act for act in phone.ACTS if may(act, doer, TaskState(told.task["state"]))}
                outside = {act for act, targets in offered.items() if targets} - allowed - {"photo"}
                wrong += [(one.name, who, act, "not in the table of acts") for act in outside]
                for act in sorted(allowed - set(BY_TOAST)):
                    if offered[act]:
                        continue
                    target = told.any_target(act)
                    if target is not None and await _would_write(hand, told, act, target):
                        possible.append((one.name, who, act))
    assert wrong == [], "\n".join(map(str, wrong))
    assert [each for each in possible if not _explained(*each)] == [], "\n".join(map(str, possible))
    assert pressed == {*phone.ACTS, "photo"} - set(BY_TOAST)


def _explained(situation: str, who: str, act: str) -> bool:
    return any((name, act, one) in UNOFFERED for name in ("", situation) for one in ("", who))


def _kinds(act: str, targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One of each kind: the entity's hand and an officer's, a photo of a question and of the place."""
    kinds: dict[Any, dict[str, Any]] = {}
    for one in targets:
        kinds.setdefault(one.get("role") or one.get("about") or "", one)
    return list(kinds.values())


async def _pressed(hand: Phone, told: Told, act: str, target: dict[str, Any]) -> str:
    """The code with which the house refuses it, "" if it takes it. Undone again."""
    return (await _tried(hand, told, act, target))[0]


async def _would_write(hand: Phone, told: Told, act: str, target: dict[str, Any]) -> bool:
    code, written = await _tried(hand, told, act, target)
    return not code and written > 0


async def _tried(hand: Phone, told: Told, act: str, target: dict[str, Any]) -> tuple[str, int]:
    if act == "photo":
        return await _photographed(hand, told, target), 0
    body = json.dumps({"key": new_key(), **told.least(act, target)}, ensure_ascii=False).encode()
    said = await hand.send(f"/tasks/{told.one.number}/{act}", body, **{IN_VAIN: "1"})
    written = int(said.headers.get(WRITTEN, 0))
    return "" if said.status == 201 else str(said.body["error"].get("code", said.status)), written


async def _photographed(hand: Phone, told: Told, target: dict[str, Any]) -> str:
    data, key = jpeg(len(told.one.name)), new_key()
    body = {
        "key": key,
        "task": told.one.number,
        "question": None,
        "sha256": sha(data),
        "size": len(data),
        **target,
    }
    said = await hand.send("/photos", json.dumps(body).encode(), **{IN_VAIN: "1"})
    return "" if said.status in (200, 201) else str(said.body["error"].get("code", said.status))
