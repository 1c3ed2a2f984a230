"""`untold`: who should have been told and was not: the list, and how somebody was told after all (Art. 5-7)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from models import store
from models.procedure import left_out
from models.queries import left_out as queries
from models.rules.actor import Actor, Role
from models.rules.left_out import Whose
from server.commands import DONE, REFUSED, Commands, Order

OFFICE = Actor(Role.OFFICE, "cli")


def add(commands: Commands) -> None:
    inner = Commands(commands.add("untold"), commands.words)
    inner.add("list", overview, key="untold.list").add_argument("--json", action="store_true")
    parser = inner.add("settle", settle, key="untold.settle")
    parser.add_argument("whose", choices=[str(whose) for whose in Whose])
    parser.add_argument("of", metavar="CODE")
    parser.add_argument("--said", required=True)


async def overview(order: Order) -> int:
    async with store.opened(order.settings.database):
        people = await queries.untold()
    if order.arguments.json:
        rows = [
            {
                "whose": untold.whose,
                "of": untold.of,
                "name": untold.name,
                "why": untold.why,
                "since": str(untold.since),
                "about": untold.about,
            }
            for untold in people
        ]
        print(json.dumps(rows, ensure_ascii=False))  # noqa: T201
        return DONE
    for person in people:
        kinds = dict.fromkeys(kind for kind, _ in person.about)
        about = [f"left_out.about.{kind}" for kind in kinds if order.words.has(f"left_out.about.{kind}")]
        order.say(
            "cli.untold.line", whose=order.words(f"left_out.whose.{person.whose}"), of=person.of, name=person.name,
            why=order.words(f"left_out.why.{person.why}"), about=order.words.joined([order.words(key) for key in about]),
        )  # fmt: skip
    order.say("cli.untold.count", n=len(people))
    return DONE


async def settle(order: Order) -> int:
    """Of everything that stands there now."""
    asked = order.arguments
    async with store.opened(order.settings.database):
        until = max(
            (
                person.until
                for person in await queries.untold()
                if (person.whose, person.of) == (asked.whose, asked.of)
            ),
            default=0,
        )
        n = await left_out.told_otherwise(
            asked.whose, asked.of, until, asked.said, by=OFFICE, at=datetime.now(UTC)
        )
    if not n:
        order.say("cli.untold.nobody", whose=order.words(f"left_out.whose.{asked.whose}"), of=asked.of)
        return REFUSED
    order.say("cli.untold.settled", n=n)
    return DONE
