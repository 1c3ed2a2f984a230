"""`bench`: the measurements of `tests/bench`, where the source tree is there; the program as installed has none."""

from __future__ import annotations

import argparse
import ast
import asyncio
import sys
from pathlib import Path

from server.commands import DONE, FAILED, REFUSED, Commands, Order

ROOT = Path(__file__).parents[2]
FULL = "--full"


def add(commands: Commands) -> None:
    parser = commands.add("bench", run)
    parser.add_argument("name", nargs="?", default="")
    parser.add_argument(FULL, action="store_true")
    parser.add_argument("given", nargs=argparse.REMAINDER)


def benches(root: Path = ROOT) -> dict[str, Path]:
    """The benches of a source tree by their names; none where there is no such tree."""
    return {path.stem[6:]: path for path in sorted((root / "tests" / "bench").glob("bench_*.py"))}


def about(bench: Path) -> str:
    """The first line of what a bench says of itself."""
    return (ast.get_docstring(ast.parse(bench.read_text("utf-8"))) or "").splitlines()[0]


def full_size(bench: Path) -> bool:
    """Whether a bench knows the sizes of the performance page."""
    return f'"{FULL}"' in bench.read_text("utf-8")


async def run(order: Order) -> int:
    """List the benches, or run one in a process of its own; its table is printed as it comes."""
    asked, there = order.arguments, benches()
    if not there:
        order.say("cli.bench.no_tree", folder=ROOT / "tests" / "bench")
        return FAILED
    if not asked.name:
        order.say("cli.bench.list")
        for name, path in there.items():
            print(f"  {name:<12}{FULL if full_size(path) else '':<8}{about(path)}")  # noqa: T201
        return DONE
    if asked.name not in there:
        order.say("cli.bench.unknown", name=asked.name, names=order.words.joined(there))
        return REFUSED
    bench = there[asked.name]
    full, given = asked.full or FULL in asked.given, [word for word in asked.given if word != FULL]
    if full and not full_size(bench):
        order.say("cli.bench.one_size", name=asked.name)
        return REFUSED
    words = [*([FULL] if full else []), *given]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.bench.{bench.stem}", *words, cwd=ROOT
    )
    return DONE if await process.wait() == 0 else FAILED
