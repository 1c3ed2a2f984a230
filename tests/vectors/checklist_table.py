"""The table of values and next questions that the house and the phone must agree on: `checklist.json`.

Made by `python -m tests.vectors.checklist_table`; what a value means stands here beside the ways to write it, so that
the table is right by how it is made and not by what the rules say today.
"""

from __future__ import annotations

import itertools
import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("checklist.json")
TODAY = date(2026, 12, 8)
FULL_WIDTH = str.maketrans("0123456789+-./,:", "０１２３４５６７８９＋－．／，：")
QUESTIONS = {
    "staff": ("NUM", "在册人数"),
    "pair": ("NUM", "应持/实持"),
    "rooms": ("NUM", "抽查__间,已登记__间"),
    "labels": ("NUM", "抽查/不合格"),
    "insured": ("NUM", "参保/职工"),
    "machines": ("NUM", "许可/现场台数"),
    "days": ("NUM", "留存天数≥30"),
    "samples": ("NUM", "留样克数/小时数"),
    "climate": ("NUM", "℃ / %RH"),
    "money": ("NUM", "元"),
    "until": ("DATE", "有效期至"),
    "day": ("DATE", "检定日期"),
    "words": ("TEXT", "许可证编号"),
}
Row = dict[str, Any]


def value(question: str, raw: str, said: str | None, *, sure: bool = True, refused: str = "") -> Row:
    found = {"question": question, "raw": raw, "today": TODAY.isoformat()}
    return (
        {**found, "value": said, "sure": sure}
        if said is not None
        else {**found, "refused": f"checklist.{refused}"}
    )


def whole_numbers() -> list[Row]:
    rows = []
    for number in (0, 1, 7, 10, 19, 30, 128, 4096, 99_999, 999_999_999):
        said = str(number)
        ways = (
            said,
            said.translate(FULL_WIDTH),
            f" {said} ",
            f"{said}人",
            f"共{said}人",
            f"+{said}",
            f"\u200b{said}\ufeff",
            f"＋{said}",
        )
        rows += [value("staff", raw, said) for raw in ways]
        if number:
            rows += [
                value("staff", raw, None, refused="out_of_range")
                for raw in (f"-{said}", f"－{said}", f"{said}.5")
            ]
    wrong = (
        "二十",
        "十人",
        "abc",
        "1e5",
        "NaN",
        "inf",
        "一层",
        "没有",
        "10/9",
        "10 9",
        "20-30",
        "20~30",
        "1,200",
        "٣",
        "",
        "-",
        "½个",
        "10 個€",
    )
    rows += [value("staff", raw, None, refused="value_empty" if not raw else "not_a_number") for raw in wrong]
    rows += [
        value("staff", raw, None, refused="value_empty")
        for raw in ("   ", "\u3000", "\u200b", "\ufeff", "\u3164")
    ]
    rows += [
        value("staff", raw, None, refused="out_of_range")
        for raw in ("1000000000", "99999999999999999999", "0.5")
    ]
    rows += [
        value("staff", "007", "007"),
        value("staff", "-0", "0"),
        value("staff", "(10)", "10"),
        value("staff", "①", "1"),
    ]
    return rows


def pairs() -> list[Row]:
    rows = []
    for one, other in itertools.product((0, 1, 10, 300), (0, 9, 10, 45)):
        said = f"{one}/{other}"
        ways = (
            said,
            f"{one}／{other}",
            f"{one} {other}",
            f"{one},{other}",
            f"{one}，{other}",
            f"{one}、{other}",
            f"{one};{other}",
            f"应持{one}人，实持{other}人",
            said.translate(FULL_WIDTH),
        )
        rows += [
            value(question, raw, said)
            for question, raw in zip(itertools.cycle(("pair", "rooms")), ways, strict=False)
        ]
    rows += [
        value("pair", raw, None, refused="not_a_number")
        for raw in ("10", "10/", "/9", "10/9/8", "十/九", "10/x", "a/b", "10.5.1/9")
    ]
    rows += [
        value("pair", raw, None, refused="out_of_range")
        for raw in ("10/-9", "10-9", "10/9.5", "1000000000/1")
    ]
    return rows


def decimals() -> list[Row]:
    degrees = (
        ("-18", "-18"),
        ("-18.5", "-18.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+4", "4"),
        ("25", "25"),
        ("-0", "0"),
        ("-.5", "-0.5"),
    )
    wet = (("0", "0"), ("60", "60"), ("99.9", "99.9"), ("100", "100"))
    rows = []
    for (cold, cold_said), (damp, damp_said) in itertools.product(degrees, wet):
        said = f"{cold_said}/{damp_said}"
        rows += [
            value("climate", raw, said)
            for raw in (
                f"{cold}/{damp}",
                f"{cold}℃/{damp}%RH",
                f"{cold}°C，{damp}%",
                f"{cold} {damp}".translate(FULL_WIDTH),
            )
        ]
    rows += [
        value("climate", raw, None, refused="out_of_range")
        for raw in ("-101/60", "25/-1", "25/100.1", "25/101")
    ]
    rows += [
        value("money", raw, said)
        for raw, said in (
            ("1980", "1980"),
            ("1980.50元", "1980.50"),
            ("0.01", "0.01"),
            ("１９８０．５", "1980.5"),
        )
    ]
    rows += [value("money", raw, None, refused="out_of_range") for raw in ("-1", "-0.01", "1000000000.5")]
    rows += [
        value("money", raw, None, refused="not_a_number")
        for raw in ("1,980", "一千元", "1980USD", "￥abc", "€5")
    ]
    return rows


def dates() -> list[Row]:
    rows = []
    for one in (date(2027, 5, 31), date(2026, 12, 8), date(2028, 2, 29), date(2000, 2, 29), date(1999, 1, 1)):
        y, m, d = one.year, one.month, one.day
        ways = (
            f"{y}-{m:02}-{d:02}",
            f"{y}-{m}-{d}",
            f"{y}/{m}/{d}",
            f"{y}.{m}.{d}",
            f"{y}年{m}月{d}日",
            f"{y}年{m}月{d}",
            f"{y} 年 {m} 月 {d} 日",
            f"{y}{m:02}{d:02}",
            f" {y}-{m:02}-{d:02} ",
            f"{y}-{m:02}-{d:02}".translate(FULL_WIDTH),
        )
        rows += [value(question, raw, one.isoformat()) for question in ("until", "day") for raw in ways]
    spoken = {
        "今天": 0,
        "昨天": -1,
        "明天": 1,
        "前天": -2,
        "后天": 2,
        "today": 0,
        "Yesterday": -1,
        "TOMORROW": 1,
    }
    rows += [
        value("until", raw, (TODAY + timedelta(days=n)).isoformat(), sure=False) for raw, n in spoken.items()
    ]
    wrong = (
        "2026-02-29",
        "2100-02-29",
        "2027-13-01",
        "2027-00-10",
        "2027-05-32",
        "2027-05-00",
        "0000-01-01",
        "27-05-31",
        "长期有效",
        "2027",
        "2027-05",
        "05/31/2027",
        "20270532",
        "2027-05-31 10:00",
        "明年",
        "٢٠٢٧-٠٥-٣١",
        "2027--05-31",
    )
    rows += [value("until", raw, None, refused="not_a_date") for raw in wrong]
    rows += [value("until", raw, None, refused="value_empty") for raw in ("", " ")]
    return rows


def words() -> list[Row]:
    kept = ("粤食备2026-01号", "ＪＹ１２３４５", "🏨👨‍👩‍👧", "多行\n文字", "a/b/c", "１０／９")
    rows = [value("words", raw, raw) for raw in kept]
    rows += [
        value("words", raw, said)
        for raw, said in (
            ("  前后空格  ", "前后空格"),
            ("零\u200b宽", "零宽"),
            ("a\u202eb", "ab"),
            ("\u200d松开", "松开"),
            ("钟\x07", "钟"),
        )
    ]
    return [*rows, value("words", " \u3164 ", None, refused="value_empty")]


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
    values = [*whole_numbers(), *pairs(), *decimals(), *dates(), *words()]
    return {"questions": asked, "values": values, "contradictions": contradictions(), "sheets": sheets()}


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
