"""Whose an act is not is told so in words, and nothing is written: every act of a task, tried by everybody (Art. 14-18).

Each act is tried in a situation in which those whose it is succeed, so that a refusal is for the person alone. Acts of
plans, schemes, batches and draws: `test_every_batch`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from locales import words
from models import store
from models.procedure.enrolment import actor_of
from models.queries import sheet as sheets
from models.refusal import Refusal
from models.rules.actor import CLOCK, Actor, Role
from models.tables import (
    Absence,
    Correction,
    Event,
    Inspector,
    NonCooperation,
    Photo,
    Substitution,
    Target,
)
from tests.support.act_owners import MANY, WHO
from tests.support.district import CREW, account
from tests.support.situation import LINK, Situation, wanting_of
from tests.support.situations import walk
from tests.support.tried_acts import TRIED, last

NO_ACT = "nothing"
ELSEWHERE = {
    "plan",
    "plan_draft",
    "visit_join",  # of two tasks of two batches
    "reassignment",  # of two teams: tests/models/procedure/test_reassignment.py
    "away_time",  # an officer's own time, of no task
    "retention",  # of lists of dossiers, years later: tests/server/test_console_retention.py
    "plan_merge",
    "scheme",
    "scheme_draft",
    "declaration",
    "platform_draw",
    "platform_result",  # of many tasks by one file
    "draw",
    "ceremony",
    "batch",
    "template",
    "left_out",
    "register_entry",
    "item_list",
    "checklist_draft",
    "code_override",
    "calendar_feed",
    "snooze",
    "register_enquiry",
    "team_group",
    "conference",
    "digest",
}
"""Files whose acts are no act on a task: `test_every_batch`, `test_scheme_draft`, `test_console_templates`, `test_left_out`,
`test_liaison`, `test_checklist_draft`, `test_code_override`, `test_calendar_feed`, `test_snooze`, `test_conference`,
`test_register_enquiry`, `test_digest`."""


@dataclass
class Cast:
    """Everybody who may try. `people`: by a name; who is of the team by code too."""

    one: Situation
    people: dict[str, Actor] = field(default_factory=dict)

    async def gather(self) -> Cast:
        task = self.one.task
        serving = {by.id for by in self.one.people}
        for by in self.one.people:
            self.people["leader" if by.id == self.one.leader.id else f"member:{by.department}:{by.id}"] = by
        own = Inspector.filter(department=self.one.leader.department).exclude(code__in=serving)
        colleague, others = await own.first(), Inspector.filter(department="XF").exclude(code__in=serving)
        for name, found in (("colleague", colleague), ("stranger", await others.first())):
            assert found
            self.people[name] = actor_of(await account(Role.INSPECTOR, found.code))
        for code in CREW:
            self.people[f"head:{code}"] = actor_of(await account(Role.HEAD, code))
        self.people["liaison"] = actor_of(await account(Role.LIAISON, self.one.leader.department))
        self.people["office"] = actor_of(await account(Role.OFFICE, "联席办"))
        other = await Target.exclude(code=task.target_id).first()
        assert other
        self.people["entity"] = actor_of(await account(Role.ENTITY, str(task.target_id)))
        self.people["another entity"] = actor_of(await account(Role.ENTITY, other.code))
        self.people |= {"link": LINK, "clock": CLOCK}
        return self

    def named(self, allowed: str) -> set[str]:
        """`allowed`: names; `team` is leader and members, `crew:XF` those of one department, `lead` the leader's head."""
        found: set[str] = set()
        for name in allowed.split():
            kind, _, code = name.partition(":")
            if name == "team":
                found |= {one for one in self.people if one == "leader" or one.startswith("member:")}
            elif kind == "crew":
                found |= {
                    one for one, by in self.people.items() if by in self.one.people and by.department == code
                }
            elif name == "lead":
                found.add(f"head:{self.one.leader.department}")
            else:
                found.add(name)
        return found


async def _allowed(cast: Cast, said: str) -> set[str]:
    """With those who are named by what was done before."""
    one = cast.one
    known = {by.id: name for name, by in cast.people.items() if by in one.people}
    if said == "head:asked":
        return {f"head:{(await last(Substitution)).department}"}
    if said == "team but reporter":
        kind = Absence if one.name.startswith("absence") else NonCooperation
        return cast.named("team") - {known[(await last(kind)).by]}
    if said == "leader crew:asked":
        made = await last(Correction)
        ask = next(a for a in (await sheets.sheet_of(one.task)).asks if a.id == made.question_id)
        return cast.named(f"leader crew:{ask.department}")
    if said.endswith(":wanting"):
        return cast.named(said.replace("wanting", await wanting_of(one.task)))
    if said == "answered":
        given = (await sheets.sheet_of(one.task)).given.values()
        return {known[each.by] for each in given if each.version}
    if "taker" in said:
        return {*cast.named(said.replace("taker", "")), known[(await last(Photo)).by]}
    return cast.named(said)


async def _code(deed: Callable[[], Awaitable[Any]]) -> tuple[str, Refusal | None]:
    """ "" where it is done, NO_ACT where nothing is written, else the code of the refusal. Undone again."""
    written: list[int] = []

    async def counted() -> None:
        before = await Event.all().count()
        await deed()
        written.append(await Event.all().count() - before)

    try:
        await store.rehearse(counted)
    except Refusal as no:
        return no.code, no
    return ("" if written[0] else NO_ACT), None


def test_every_act_of_a_task_is_tried():
    known = {name for name in WHO if name.partition(".")[0] not in ELSEWHERE and name not in MANY}
    assert set(TRIED) == known


async def test_an_act_is_refused_in_words_to_everybody_whose_it_is_not(db):
    wrong, seen = [], set()
    async for one in walk():
        acts = {name: rest for name, (at, *rest) in TRIED.items() if at == one.name}
        if not acts:
            continue
        cast = await Cast(one).gather()
        for name, (whose, deed) in acts.items():
            allowed = await _allowed(cast, whose)
            seen.add(name)
            for who, by in cast.people.items():
                code, no = await _code(partial(deed, one, by))
                if (who in allowed) != (code == "") or (code == NO_ACT):
                    wrong.append((name, who, code or "done"))
                if no:
                    wrong += [(name, who, no.code, said) for said in _wordless(no)]
    assert wrong == [], "\n".join(map(str, wrong))
    assert seen == set(TRIED)


def _wordless(no: Refusal) -> list[str]:
    """The languages in which nobody worded this refusal."""
    return [language for language in ("zh_Hans", "en") if not words(language).has(f"refusal.{no.code}")]
