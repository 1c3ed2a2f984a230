"""`sample`: a fictitious district of any size in an empty database, to try the product on and to measure it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime

from models import store
from models.rules.visit import local_day
from server.commands import DONE, Commands, Order, values

Progress = Callable[[str, int, int], None]


def add(commands: Commands) -> None:
    parser = commands.add("sample", run)
    parser.add_argument("--targets", type=values.whole, default=200)
    parser.add_argument("--inspectors", type=values.whole, default=40)
    parser.add_argument("--tasks", type=values.whole, default=20)
    parser.add_argument("--seed", type=values.whole, default=1)


async def run(order: Order) -> int:
    """Make it, with progress; say how many tasks stand where."""
    from server import sample_district
    from server.config import district_of
    from server.sample_registers import SampleSize

    asked = order.arguments
    size = SampleSize(asked.targets, asked.inspectors, asked.tasks, asked.seed)
    async with store.opened(order.settings.database, objects_at=order.settings.objects):
        states = await sample_district.make(
            size, district_of(order.settings), today=local_day(datetime.now(UTC)), tell=_progress(order)
        )
    order.say("cli.sample.done", targets=size.targets, inspectors=size.inspectors, tasks=size.tasks)
    for state, tasks in sorted(states.items()):
        print(f"  {order.words(f'state.{state}')}: {tasks}")  # noqa: T201
    return DONE


def _progress(order: Order) -> Progress:
    """One line a step, written over where it is a terminal; else every tenth part."""
    live = sys.stdout.isatty()

    def tell(step: str, done: int, whole: int) -> None:
        if live:
            line = order.words(f"cli.sample.step.{step}", done=done, whole=whole)
            print(f"\r\033[K{line}", end="\n" if done == whole else "", flush=True)  # noqa: T201
        elif done == whole or done % max(1, whole // 10) == 0:
            order.say(f"cli.sample.step.{step}", done=done, whole=whole)

    return tell
