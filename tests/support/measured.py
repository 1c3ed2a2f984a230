"""The table of docs/performance.md, made of the figures in tests/bench/results: `python -m tests.support.measured` writes it.

A file there: `command` that repeats it, `date`, `machine` in words, `versions`, `note`, and `figures`: what to what.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "tests" / "bench" / "results"
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def results() -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(RESULTS.glob("*.json"))}


def tables() -> str:
    """A heading, where and when, and the figures, for each file."""
    parts = []
    for name, result in results().items():
        versions = ", ".join(f"{what} {version}" for what, version in result["versions"].items())
        parts += [
            f"### {name}\n",
            f"`{result['command']}`, {result['date']}. {result['machine']}; {versions}.\n",
        ]
        parts.append(
            "\n".join(["| | |", "|---|---|", *(f"| {k} | {v} |" for k, v in result["figures"].items())])
        )
        parts.append(f"\n{result['note']}\n")
    return "\n".join(parts) + "\n"


def page() -> str:
    """The page as it should read."""
    head, rest = PAGE.read_text("utf-8").split(BEGIN)
    return head + BEGIN + "\n" + tables() + "\n" + END + rest.split(END)[1]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
