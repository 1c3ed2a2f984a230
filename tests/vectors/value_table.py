"""Values as people type them, each with what the house and the phone read: a part of `checklist.json`."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

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


def values() -> list[Row]:
    return [*whole_numbers(), *pairs(), *decimals(), *dates(), *words()]
