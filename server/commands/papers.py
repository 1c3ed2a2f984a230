"""`plan` and `scheme`: the year's plan and its schemes from signed files (Art. 12, 13)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from locales.refusals import named
from models import store
from models.procedure import plan, scheme
from models.queries import plan_drafts
from models.queries.person import departments
from models.rules.actor import Actor, Role
from models.rules.visit import local_day
from server.commands import DONE, Commands, Order


def add(commands: Commands) -> None:
    for name, adopt in (("plan", adopt_plan), ("scheme", adopt_scheme)):
        inner = Commands(commands.add(name), commands.words)
        parser = inner.add("adopt", adopt, key=f"{name}.adopt")
        parser.add_argument("file", type=Path)
        parser.add_argument("--amend", metavar="REASON", default="")
        if name == "plan":
            inner.add("drafts", drafts, key="plan.drafts").add_argument("year", type=int)


async def adopt_plan(order: Order) -> int:
    """Adopt a plan's file; the same file again changes nothing."""
    data = order.arguments.file.read_bytes()
    async with store.opened(order.settings.database):
        made = await plan.adopt(
            data, by=Actor(Role.OFFICE, "cli"), at=datetime.now(UTC), amend=order.arguments.amend
        )
        names = await departments()
        order.say(
            "cli.plan.done",
            year=made.year,
            department=names.get(made.department, made.department),
            version=made.version,
        )
        if made.late:
            order.say("cli.plan.late")
        for pair in made.mergeable:
            days = {"opens": order.words.day(pair.opens), "closes": order.words.day(pair.closes)}
            order.say("cli.plan.mergeable", one=pair.one, other=pair.other, shared=pair.shared, **days)
    return DONE


async def adopt_scheme(order: Order) -> int:
    """Adopt a scheme's file; its batches may then be committed."""
    data = order.arguments.file.read_bytes()
    async with store.opened(order.settings.database):
        made = await scheme.adopt(
            data, by=Actor(Role.OFFICE, "cli"), at=datetime.now(UTC), amend=order.arguments.amend
        )
        order.say("cli.scheme.done", code=made.code)
        names = await departments()
        for concern in made.concerns:
            params = named(concern.params, order.words, names)
            order.say(f"cli.concern.{concern.reason}", batch=concern.batch, **params)
    return DONE


async def drafts(order: Order) -> int:
    """How far each department is with its plan of a year, and the drafts with their numbers for `act do`."""
    year, words = order.arguments.year, order.words
    async with store.opened(order.settings.database):
        lines = await plan_drafts.standings(year, local_day(datetime.now(UTC)))
        found = await plan_drafts.drafts(Actor(Role.OFFICE, "cli"), year)
    for line in lines:
        late = words("web.drafts.late") if line.late else ""
        order.say(
            "cli.plan.standing",
            department=line.name,
            standing=words(f"web.drafts.{line.standing}"),
            late=late,
        )
    for draft in found:
        order.say("cli.plan.draft", id=draft.id, department=draft.name)
        for entry in draft.entries:
            lacking = words.joined(
                said.name for said in entry.participating if said.department in entry.missing
            )
            order.say(
                "cli.plan.draft_entry",
                id=entry.id,
                code=entry.form.code,
                title=entry.form.title,
                lacking=lacking or "–",
            )
    return DONE
