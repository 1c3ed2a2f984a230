"""What `bench_press` measured, as the page of figures shows it: medians, and the medians of the pairs of each round."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

THIS = "this tree"
SHOWN = {
    "per_second": ("presses a second, closed loop", "{:.0f}"),
    "cpu_ms": ("processor time a press, closed loop", "{:.1f} ms"),
    "open_cpu_ms": ("processor time an update, open loop", "{:.1f} ms"),
    "first_p50_ms": ("first answer p50, open loop", "{:.0f} ms"),
    "first_p99_ms": ("first answer p99, open loop", "{:.0f} ms"),
    "taken_p99_ms": ("webhook's 2xx p99, open loop", "{:.0f} ms"),
}
NOTE = (
    "Closed loop: forty officers, each sends the next when the card of the last has come. Open loop: {rate} updates a second "
    "at times fixed beforehand, each counted from when it was due. Each row: this tree, then the others, in brackets the "
    "median over the rounds of this tree's figure divided by theirs, and its range. The peers acknowledge before anything "
    "is stored; this tree after it is on disk. The processor time of PostgreSQL itself is not counted. Of five updates one is a "
    "typed note, which brings a new message: of those the product sends thirty a second, as Telegram takes them, so that it "
    "comes to some two hundred updates a second whatever the machine (the row of this tree within the limit). The peers keep "
    "no limit, so it is lifted for all else."
)


def pairs(ours: list[dict[str, float]], theirs: list[dict[str, float]], name: str) -> str:
    """The median of ours divided by theirs, round by round, and the lowest and the highest."""
    ratios = [mine[name] / other[name] for mine, other in zip(ours, theirs, strict=True)]
    return f"{statistics.median(ratios):.2f}; {min(ratios):.2f} to {max(ratios):.2f}"


def figures(measured: dict[str, Any]) -> dict[str, str]:
    """A line for each thing measured, and one for what was counted."""
    ours, lines = measured[THIS], {}
    for name, (label, form) in SHOWN.items():
        parts = [form.format(ours["median"][name])]
        for side, other in measured.items():
            if side != THIS:
                ratio = pairs(ours["rounds"], other["rounds"], name)
                parts.append(f"{side} {form.format(other['median'][name])} ({ratio})")
        lines[label] = "; ".join(parts)
    lines["updates not answered 20 s after the last, open loop, all rounds"] = "; ".join(
        f"{side} {sum(figures['missing'] for figures in other['rounds']):.0f}"
        for side, other in measured.items()
    )
    for side, other in measured.items():
        if "statements" in other:
            lines[f"a verdict: statements, commits, {side}"] = (
                f"{other['statements']:.1f}, {other['commits']:.1f}; in the background meanwhile "
                f"{other['background_statements']:.1f}, {other['background_commits']:.1f}"
            )
    return lines


def version_there(python: str) -> str:
    """aiogram's, as the interpreter that has it says."""
    asked = [python, "-c", "import aiogram; print(aiogram.__version__)"]
    return subprocess.run(asked, capture_output=True, check=True, text=True).stdout.strip()


def result(measured: dict[str, Any], given: argparse.Namespace) -> dict[str, Any]:
    """As `tests.support.measured` reads it."""
    loads = [figures["load"] for side in measured.values() for figures in side["rounds"]]
    others = "".join(
        f" {option}"
        for option, wanted in (
            ("--postgres", given.postgres),
            ("--before TREE", given.before),
            ("--aiogram PYTHON", given.aiogram),
        )
        if wanted
    )
    return {
        "command": f"python -m tests.bench.bench_press --rounds {given.rounds} --seconds {given.seconds:g}{others}",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores of a rented server with other work on them "
        f"(load {min(loads):.0f} to {max(loads):.0f})",
        "versions": {"python": sys.version.split()[0]}
        | {name: version(name) for name in ("python-telegram-bot", "tortoise-orm", "aiohttp")}
        | ({"aiogram": version_there(given.aiogram)} if given.aiogram else {}),
        "figures": figures(measured),
        "note": NOTE.format(rate=given.rate),
    }
