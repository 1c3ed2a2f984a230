"""The table of smaller rules that the house and the phone must agree on: `phone.json`.

Made by `python -m tests.vectors.phone_table`. What is right is written out here or worked out anew from the words of
the regulation, and not by the rules that are tested: results that stand together (Art. 16 (3), 18), two officers of
each department on site (Art. 15), the district's day and hour of an instant, SHA-256 as a witness's device makes it.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("phone.json")
NAMES_A_PROBLEM = {"R02", "R03", "R05", "R06", "R08", "R14"}
Row = dict[str, Any]


def results() -> list[Row]:
    """Every choice of up to three of these types, with and without failures, note and what is established."""
    types = ("R01", "R04", "R06", "R09", "R14")
    chosen = [list(some) for count in range(4) for some in itertools.combinations(types, count)]
    established = ([], ["R06"], ["R04"], ["R09"])
    return [
        {
            "types": some,
            "failures": wrong,
            "note": note,
            "established": fixed,
            "refused": _refused(some, wrong, note, fixed),
        }
        for some, wrong, note, fixed in itertools.product(chosen, ([], [3, 7]), (" ", "见附件"), established)
    ]


def _refused(types: list[str], failures: list[int], note: str, established: list[str]) -> str:
    """Which word is said first, "" where the choice stands."""
    reasons = [
        ("none", not types),
        ("established", not set(established) <= set(types)),
        ("alone", "R01" in types and len(types) > 1),
        ("contradicts", "R01" in types and bool(failures)),
        ("unnamed", bool(failures) and not NAMES_A_PROBLEM & set(types)),
        ("note_due", "R14" in types and not note.strip()),
    ]
    return next((name for name, holds in reasons if holds), "")


def revisions() -> list[Row]:
    """Every choice of up to two types in the place of what is public, with failed points that stand or are set aside."""
    types = ("R01", "R02", "R07", "R14")
    chosen = [list(some) for count in range(3) for some in itertools.combinations(types, count)]
    failed = (([], []), ([3, 7], []), ([3, 7], [3]), ([3, 7], [3, 7]))
    return [
        {
            "types": some,
            "failures": wrong,
            "aside": aside,
            "note": note,
            "before": before,
            "refused": _revision_refused(
                some, [n for n in wrong if n not in aside], bool(aside), note, before
            ),
        }
        for some, (wrong, aside), note, before in itertools.product(
            chosen, failed, (" ", "见附件"), (["R01"], ["R14", "R02"])
        )
    ]


def _revision_refused(types: list[str], left: list[int], aside: bool, note: str, before: list[str]) -> str:
    """A correction changes the types, sets a point aside, or says something."""
    same = sorted(types) == sorted(before) and not aside and not note.strip()
    return _refused(types, left, note, []) or ("unchanged" if same else "")


def taps() -> list[Row]:
    rows = [
        ([], "R02", ["R02"]),
        (["R02"], "R02", []),
        (["R02"], "R05", ["R02", "R05"]),
        (["R05"], "R02", ["R02", "R05"]),
        (["R02", "R05"], "R01", ["R01"]),
        (["R01"], "R02", ["R02"]),
        (["R01"], "R01", []),
        (["R01"], "R14", ["R14"]),
    ]
    return [{"types": before, "tapped": code, "after": after} for before, code, after in rows]


def crews() -> list[Row]:
    """Officers by department, and how many of each came."""
    rows = []
    for crew in itertools.product((0, 1, 2, 3), repeat=3):
        came = dict(zip(("GA", "SJ", "XF"), crew, strict=True))
        rows.append({"came": came, "short": [name for name, count in came.items() if count < 2]})
    return rows


def times() -> list[Row]:
    """Instants around midnight, new year and a leap day; the district is eight hours ahead of UTC, all year."""
    edges = [
        datetime(2026, 12, 31, 16),
        datetime(2028, 2, 28, 16),
        datetime(2026, 6, 1),
        datetime(2026, 11, 1, 6),
    ]
    rows = []
    for edge, away in itertools.product(edges, (-60, -1, 0, 1, 59)):
        at = edge.replace(tzinfo=UTC) + timedelta(seconds=away)
        there = at + timedelta(hours=8)
        rows.append({"at": at.isoformat(), "day": f"{there:%Y-%m-%d}", "clock": f"{there:%H:%M}"})
    return rows


def hashes() -> list[Row]:
    """Lengths around the blocks of SHA-256, and signs of two, three and four bytes."""
    texts = ["a" * n for n in (*range(4), *range(54, 58), *range(62, 67), *range(118, 122), 1000)]
    texts += ["双随机", "ü", "🎲" * 16, f"{'ab' * 32}\n{'123456' * 8}12\n"]
    return [{"text": text, "sha256": hashlib.sha256(text.encode()).hexdigest()} for text in texts]


def written() -> str:
    """The table as its file holds it: a row a line."""
    tables = {
        "results": results(),
        "revisions": revisions(),
        "taps": taps(),
        "crews": crews(),
        "times": times(),
        "hashes": hashes(),
    }
    parts = [
        f"{json.dumps(name)}: [\n" + ",\n".join(map(json.dumps, rows)) + "\n]"
        for name, rows in tables.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    TABLE.write_text(written(), encoding="ascii")
