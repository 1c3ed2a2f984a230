"""The table of values and next questions that the house and the phone must agree on: `checklist.json`.

Made by `python -m tests.vectors.checklist_table`; what a value means stands here beside the ways to write it, so that
the table is right by how it is made and not by what the rules say today.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from tests.vectors.value_table import QUESTIONS, TODAY, Row, values

TABLE = Path(__file__).with_name("checklist.json")


def contradictions() -> list[Row]:
    """Whether a value is out of its question's own limits: question, value, verdict, beyond."""
    said = [
        ("pair", "10/9", "pass", True),
        ("pair", "10/10", "pass", False),
        ("pair", "10/9", "fail", False),
        ("pair", "9/10", "fail", True),
        ("pair", "9/10", "pass", True),
        ("pair", "0/0", "pass", False),
        ("pair", "10/9", "", False),
        ("pair", "10/9", "na", False),
        ("pair", "", "pass", False),
        ("pair", "10", "pass", False),
        ("rooms", "10/9", "pass", True),
        ("rooms", "10/10", "pass", False),
        ("rooms", "10/11", "fail", True),
        ("labels", "10/0", "pass", False),
        ("labels", "10/1", "pass", True),
        ("labels", "10/1", "fail", False),
        ("labels", "1/10", "fail", True),
        ("insured", "45/45", "pass", False),
        ("insured", "44/45", "pass", True),
        ("insured", "46/45", "fail", True),
        ("machines", "60/60", "pass", False),
        ("machines", "60/55", "pass", False),
        ("machines", "60/61", "pass", True),
        ("machines", "60/61", "fail", False),
        ("days", "30", "pass", False),
        ("days", "29", "pass", True),
        ("days", "29", "fail", False),
        ("days", "90", "pass", False),
        ("samples", "125/48", "pass", False),
        ("samples", "1/999", "pass", False),
        ("climate", "-18/60", "pass", False),
        ("staff", "0", "pass", False),
        ("money", "0", "pass", False),
        ("words", "x", "pass", False),
        ("until", "2026-12-08", "pass", False),
        ("until", "2026-12-07", "pass", True),
        ("until", "2026-12-07", "fail", False),
        ("until", "2027-01-01", "pass", False),
        ("day", "2020-01-01", "pass", False),
    ]
    return [
        {"question": q, "value": v, "verdict": verdict, "day": TODAY.isoformat(), "beyond": b}
        for q, v, verdict, b in said
    ]


VALUES = {
    "staff": ("", "12"),
    "pair": ("", "10/10", "10/9"),
    "until": ("", "2027-05-31", "2020-01-01"),
    "words": ("", "x"),
}


def sheets(count: int = 400) -> list[Row]:
    """Sections as they stand half way, with what each question lacks and which comes next, worked out here again."""
    dice = random.Random(20261208)
    return [_sheet(dice) for _ in range(count)]


def _sheet(dice: random.Random) -> Row:
    asks = [_ask(n, dice) for n in range(1, dice.randint(2, 9))]
    lacking = {ask["n"]: _lacks(ask) for ask in asks}
    open_ = [ask["n"] for ask in asks if {"answer", "value"} & set(lacking[ask["n"]]) and not ask["settled"]]
    after = dice.randint(0, len(asks))
    following = next((n for n in open_ if n > after), open_[0] if open_ else None)
    return {
        "asks": asks,
        "after": after,
        "lacking": {str(n): found for n, found in lacking.items()},
        "next": following,
    }


def _ask(n: int, dice: random.Random) -> Row:
    question = dice.choice(["", *VALUES])
    given = None
    if dice.random() < 0.75:
        given = {
            "verdict": dice.choice(["pass", "fail", "na", ""]),
            "value": dice.choice(VALUES.get(question, ("",))),
            "note": dice.choice(["", "", "已当场说明"]),
            "conflict": dice.random() < 0.08,
            "photos": dice.choice([0, 0, 1, 2]),
            "samples": dice.choice([0, 0, 1]),
        }
    return {
        "n": n,
        "question": question,
        "photo": dice.choice(["always", "on_fail", "no"]),
        "sample": dice.choice(["allowed", "allowed", "no", "required"]),
        "given": given,
        "settled": dice.random() < 0.1,
        "waiting": dice.random() < 0.1,
    }


def _lacks(ask: Row) -> list[str]:
    given = ask["given"]
    if given is None or not (given["verdict"] or given["value"]):
        return [] if ask["waiting"] else ["answer"]
    verdict, noted = given["verdict"], bool(given["note"])
    wrong = verdict == "pass" and given["value"] in ("10/9", "2020-01-01")
    due = ask["photo"] == "always" or (ask["photo"] == "on_fail" and verdict == "fail")
    found = [
        ("conflict", given["conflict"]),
        ("answer", not verdict and not ask["waiting"]),
        ("value", bool(ask["question"]) and not given["value"] and verdict != "na" and not ask["waiting"]),
        ("photo", due and not given["photos"] and verdict != "na"),
        ("note", verdict == "fail" and not noted),
        ("limit", wrong and not noted),
        (
            "sample",
            ask["sample"] == "required"
            and verdict in ("pass", "fail")
            and not noted
            and not given["samples"],
        ),
    ]
    return [name for name, lacks in found if lacks]


def table() -> dict[str, Any]:
    import msgspec

    from models.rules.value import ValueKind, limits

    asked = {
        name: {
            "kind": kind,
            "fill_in": fill_in,
            "limits": msgspec.to_builtins(limits(ValueKind(kind), fill_in)),
        }
        for name, (kind, fill_in) in QUESTIONS.items()
    }
    return {"questions": asked, "values": values(), "contradictions": contradictions(), "sheets": sheets()}


def written() -> str:
    """The table as its file holds it: a row a line."""
    parts = []
    for name, rows in table().items():
        each = rows.items() if isinstance(rows, dict) else enumerate(rows)
        lines = [
            (f"{json.dumps(key)}: " if isinstance(rows, dict) else "") + json.dumps(row, ensure_ascii=True)
            for key, row in each
        ]
        opening, closing = ("{", "}") if isinstance(rows, dict) else ("[", "]")
        parts.append(f"{json.dumps(name)}: {opening}\n" + ",\n".join(lines) + f"\n{closing}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    TABLE.write_text(written(), encoding="ascii")
