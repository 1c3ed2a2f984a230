"""`plan` and `scheme`: the year's plan and its schemes from signed files (Art. 12, 13)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from locales.refusals import named
from models import store
from models.procedure import plan, scheme, scheme_draft
from models.queries import plan_drafts, plan_merges, scheme_drafts
from models.queries.person import departments
from models.queries.scheme_drafts import DraftOfScheme
from models.rules.actor import Actor, Role
from models.rules.scheme_draft import form_in
from models.rules.visit import local_day
from server.commands import DONE, Commands, Order, values

OFFICE = Actor(Role.OFFICE, "cli")


def add(commands: Commands) -> None:
    for name, adopt in (("plan", adopt_plan), ("scheme", adopt_scheme)):
        inner = Commands(commands.add(name), commands.words)
        parser = inner.add("adopt", adopt, key=f"{name}.adopt")
        parser.add_argument("file", type=Path)
        parser.add_argument("--amend", metavar="REASON", default="")
        if name == "plan":
            inner.add("drafts", drafts, key="plan.drafts").add_argument("year", type=values.year)
        else:
            parser = inner.add("draft", draft_scheme, key="scheme.draft")
            parser.add_argument("file", type=Path)
            parser.add_argument("--amend", metavar="REASON", default="")
            inner.add("drafts", scheme_lines, key="scheme.drafts")


async def adopt_plan(order: Order) -> int:
    """Adopt a plan's file; the same file again changes nothing."""
    data = order.arguments.file.read_bytes()
    async with store.opened(order.settings.database):
        adopted = await plan.adopt(
            data, by=Actor(Role.OFFICE, "cli"), at=datetime.now(UTC), amend=order.arguments.amend
        )
        names = await departments()
        order.say(
            "cli.plan.done",
            year=adopted.year,
            department=names.get(adopted.department, adopted.department),
            version=adopted.version,
        )
        if adopted.late:
            order.say("cli.plan.late")
        for pair in adopted.mergeable:
            days = {"opens": order.words.day(pair.opens), "closes": order.words.day(pair.closes)}
            order.say("cli.plan.mergeable", one=pair.one, other=pair.other, shared=pair.shared, **days)
    return DONE


async def adopt_scheme(order: Order) -> int:
    """Adopt a scheme's file; its batches may then be committed."""
    data = order.arguments.file.read_bytes()
    async with store.opened(order.settings.database):
        adopted = await scheme.adopt(
            data, by=Actor(Role.OFFICE, "cli"), at=datetime.now(UTC), amend=order.arguments.amend,
            most=order.settings.visits_a_year,
        )  # fmt: skip
        order.say("cli.scheme.done", code=adopted.code)
        names = await departments()
        for concern in adopted.concerns:
            params = named(concern.params, order.words, names)
            order.say(f"cli.concern.{concern.reason}", batch=concern.batch, **params)
    return DONE


async def draft_scheme(order: Order) -> int:
    """Keep a scheme's file as a draft that the heads sign."""
    data, asked = order.arguments.file.read_bytes(), order.arguments
    async with store.opened(order.settings.database):
        draft = await scheme_draft.put(
            form_in(data), asked.amend, by=OFFICE, at=datetime.now(UTC), most=order.settings.visits_a_year
        )
    _say_draft(order, draft)
    return DONE


async def scheme_lines(order: Order) -> int:
    """The schemes that are drafted, with their numbers for `act do`, and who has not signed."""
    async with store.opened(order.settings.database):
        schemes = await scheme_drafts.drafts(OFFICE)
    for draft in schemes:
        _say_draft(order, draft)
    if not schemes:
        order.say("cli.scheme.no_drafts")
    return DONE


def _say_draft(order: Order, draft: DraftOfScheme) -> None:
    lacking = order.words.joined(line.name for line in draft.crews if not line.agreed)
    order.say(
        "cli.scheme.draft", id=draft.id, code=draft.form.code, title=draft.title, lacking=lacking or "–"
    )


async def drafts(order: Order) -> int:
    """How far each department is with its plan of a year, and the drafts with their numbers for `act do`."""
    year, words = order.arguments.year, order.words
    async with store.opened(order.settings.database):
        lines = await plan_drafts.standings(year, local_day(datetime.now(UTC)))
        results = await plan_drafts.drafts(Actor(Role.OFFICE, "cli"), year)
        merges = await plan_merges.merges(Actor(Role.OFFICE, "cli"), year)
    for line in lines:
        late = words("web.drafts.late") if line.late else ""
        order.say(
            "cli.plan.standing",
            department=line.name,
            standing=words(f"web.drafts.{line.standing}"),
            late=late,
        )
    for draft in results:
        order.say("cli.plan.draft", id=draft.id, department=draft.name)
        for entry in draft.entries:
            lacking = words.joined(
                consent.name for consent in entry.participating if consent.department in entry.missing
            )
            order.say(
                "cli.plan.draft_entry",
                id=entry.id,
                code=entry.form.code,
                title=entry.form.title,
                lacking=lacking or "–",
            )
    for merge in merges:
        if merge.open:
            lacking = words.joined(head.name for head in merge.heads if not head.agreed)
            order.say("cli.plan.merge", id=merge.id, code=merge.form.code, ends=merge.ends, lacking=lacking)
    return DONE
