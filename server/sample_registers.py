"""The registers and papers of a fictitious district, as the files that a real one hands in.

Names say that they are fictitious; credit codes carry right check digits, with `WWW` where no real one has it.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from models import data
from models.rules.credit_code import CHARSET, check_digit, organisation_check

CREW = ("GA", "SCJG", "WJ", "XF")
ITEMS = ("XH-GA-02", "XH-GA-03", "XH-GA-04", "XH-GA-05")
CLASSES = "ABCD"
INDUSTRIES = (("H6110", "旅游饭店"), ("H6121", "经济型连锁酒店"), ("H6129", "其他一般旅馆"))
OFFICERS_A_SEAT = 2
LEAST_INSPECTORS = OFFICERS_A_SEAT * len(CREW)
TASKS_A_BATCH = 500
REGION = "999900"  # no administrative division has it
DISTRICT = "示例区"


@dataclass(frozen=True)
class SampleSize:
    """How many targets, inspectors and tasks; `seed` makes the same district again."""

    targets: int
    inspectors: int
    tasks: int
    seed: int

    @property
    def batches(self) -> int:
        return -(-self.tasks // TASKS_A_BATCH)


def _table(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    out = csv.DictWriter(text, list(rows[0]))
    out.writeheader()
    out.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.read(name).decode("utf-8-sig"))))


def departments() -> bytes:
    """The departments as they come with the program, each of the fictitious district."""
    return _table(
        [row | {"演示用区级单位名称": f"{DISTRICT}{row['领域名']}局"} for row in _rows("departments.csv")]
    )


def streets(size: SampleSize) -> bytes:
    """A street for every 500 targets, at least two."""
    return _table(
        [
            {"code": code, "name": name, "district": DISTRICT, "district_code": REGION}
            for code, name in _streets(size)
        ]
    )


def _streets(size: SampleSize) -> list[tuple[str, str]]:
    count = min(max(2, size.targets // 500), 999)
    return [(f"{REGION}{n:03d}", f"示例{n:03d}街道") for n in range(1, count + 1)]


def credit_code(n: int) -> str:
    """The code of the n-th company."""
    places = ""
    for _ in range(5):
        n, place = divmod(n, len(CHARSET))
        places = CHARSET[place] + places
    body = f"91{REGION}WWW{places}"
    body += organisation_check(body[8:16])
    return body + check_digit(body + "0")


def targets(size: SampleSize) -> bytes:
    """Hotels, as many of each risk class as of another."""
    chance, places = random.Random(size.seed), _streets(size)  # noqa: S311 - a sample, no draw
    return _table([_target(n, size, chance, places) for n in range(1, size.targets + 1)])


def _target(n: int, size: SampleSize, chance: random.Random, places: list[tuple[str, str]]) -> dict[str, str]:
    street, street_name = chance.choice(places)
    industry, industry_name = chance.choice(INDUSTRIES)
    return dict.fromkeys(_rows_header("targets.csv"), "") | {
        "对象编号": f"OBJ{n:07d}", "对象类别": "营利性", "主体类型": "有限责任公司",
        "名称": f"{DISTRICT}示例{n:07d}宾馆有限公司", "统一社会信用代码": credit_code(n),
        "行业代码": industry, "行业名称": industry_name,
        "住所": f"{DISTRICT}{street_name}示例路{n}号", "街道代码": street, "辖区街道": street_name,
        "法定代表人": f"示例人{n:07d}", "联系人": f"联络员{n:07d}", "电话": f"0375-{n % 1000:07d}",
        "登记机关": f"{DISTRICT}市场监督管理局(示例)", "登记状态": "存续",
        "成立日期": f"{chance.randint(2001, 2020)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",
        "信用风险等级": CLASSES[n % 4], "重点监管标记": "否", "监管部门": ";".join(CREW),
        "适用事项编号": ";".join(ITEMS), "本年度已抽查次数": "0", "投诉举报或立案标记": "否", "数据来源": "合成",
    }  # fmt: skip


_HEADERS: dict[str, list[str]] = {}


def _rows_header(name: str) -> list[str]:
    if name not in _HEADERS:
        _HEADERS[name] = list(_rows(name)[0])
    return _HEADERS[name]


def inspectors(size: SampleSize, today: date) -> bytes:
    """As many of each department of the crews as of another; every second may lead."""
    fields = {row["code"]: row["领域名"] for row in _rows("departments.csv")}
    rows = []
    for n in range(size.inspectors):
        code = CREW[n % len(CREW)]
        rows.append(
            dict.fromkeys(_rows_header("inspectors.csv"), "") | {
                "人员编号": f"INS{n + 1:05d}", "姓名": f"示例检员{n + 1:05d}", "性别": "女" if n % 3 else "男",
                "部门编码": code, "部门": fields[code], "科室": "示例科室", "执法证号": f"TEST-{code}-{n + 1:05d}",
                "执法证类型": "中华人民共和国行政执法证", "执法证有效期至": f"{today.year + 2}-12-31",
                "执法层级": "县级(区)", "执法区域": "全区", "可检查事项编号": "*", "职级": "股级",
                "可任组长": "是" if n // len(CREW) % 2 == 0 else "否", "是否专家(仅协助)": "否", "人员状态": "在岗",
                "电话": f"0375-{n % 1000:07d}",
            }
        )  # fmt: skip
    return _table(rows)


def _window(begun: date) -> tuple[date, date]:
    return begun, date(begun.year, 12, 31)


def plan(begun: date) -> bytes:
    """One entry for all hotels, from the day on which the sample begins to the end of its year."""
    opens, closes = _window(begun)
    return (
        f'year = {begun.year}\ndepartment = "GA"\nsubmitted = {min(begun, date(begun.year, 1, 20))}\n\n[[entries]]\n'
        f'code = "{begun.year}-SL-GA-02"\ntitle = "示例宾馆、旅店联合抽查"\nitems = {_list(ITEMS)}\n'
        f"targets = {{ industries = {_list(code for code, _ in INDUSTRIES)}, areas = [] }}\n"
        f'participating = ["WJ", "XF", "SCJG"]\nrates = {{ A = 1, B = 3, C = 25, D = 60 }}\n'
        f'from = {opens}\nuntil = {closes}\nmethod = ["NETWORK", "ON_SITE"]\n'
    ).encode()


def scheme(size: SampleSize, begun: date) -> bytes:
    """Batches of at most 500 tasks, drawn from all classes alike."""
    opens, closes = _window(begun)
    code = f"{begun.year}-SL-GA-02"
    signed = _map({department: f'"示例负责人{department}"' for department in CREW})
    text = f'plan_entry = "{code}"\ncode = "{code}-S"\nadopted_by = {signed}\n'
    for n, strata in enumerate(quantities(size), 1):
        text += (
            f'\n[[batches]]\ncode = "{code}-{n}"\nstrata = {_map(strata)}\n'
            f'teams = {{ "*" = {teams(size, sum(strata.values()))} }}\n'
            f"crew = {_map(dict.fromkeys(CREW, OFFICERS_A_SEAT))}\n"
            f'from = {opens}\nuntil = {closes}\nentropy = ["witness:GA", "witness:WJ"]\n'
            f'ceremony = "{begun} 09:00 示例会议室"\n'
        )
    return text.encode()


def quantities(size: SampleSize) -> Iterator[dict[str, int]]:
    """How many of each class each batch draws: together the tasks that were asked for."""
    order = [*CLASSES[1:], CLASSES[0]]  # the first target is of the second class
    for first in range(0, size.tasks, TASKS_A_BATCH):
        drawn = [order[n % len(order)] for n in range(first, min(first + TASKS_A_BATCH, size.tasks))]
        yield {name: drawn.count(name) for name in CLASSES if name in drawn}


def teams(size: SampleSize, tasks: int) -> int:
    """As many teams as there are officers for, and work."""
    return max(1, min(size.inspectors // LEAST_INSPECTORS, tasks))


def _list(values: object) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"  # type: ignore[attr-defined]


def _map(values: Mapping[str, object]) -> str:
    return "{ " + ", ".join(f"{name} = {value}" for name, value in values.items()) + " }"
