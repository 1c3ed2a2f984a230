"""Art. 10: one target stands in the register once, by its codes and by its looks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.data import read
from models.rules import registry
from models.rules.registry import Checked, Known
from models.rules.registry.known import KnownTarget
from models.rules.registry.rows import TargetRow
from tests.models.rules.district import known, targets
from tests.support.register_files import OTHER_TARGET, TARGET, table

NUMBER = "410402600000016"
BARE = {**TARGET, "统一社会信用代码": "", "注册号": ""}
SHOP = {**BARE, "名称": "示例（光明路）小吃店", "注册号": NUMBER, "住所": "平顶山市新华区试例路1号"}
THING = next(row for row in targets() if row.mark)


def check(*rows: dict[str, str], at: Known | None = None) -> Checked[TargetRow]:
    return registry.check_targets(table(*rows), at or known())


def holding(**identity: str | None) -> Known:
    there = KnownTarget(
        **{
            "code": "OBJ09999",
            "name": "别的店",
            "address": "别处",
            "credit_code": None,
            "registration": "",
            "mark": "",
        }
        | identity  # type: ignore[arg-type]
    )
    return replace(known(), targets=(there,))


def test_a15_one_registration_number_under_two_numbers_is_refused_in_both_rows() -> None:
    twin = {**SHOP, "对象编号": "OBJ90001", "名称": "示例(光明路)小吃店"}
    assert [(b.number, b.column, b.reason) for b in check(SHOP, twin).bad] == [
        (2, "注册号", "twice"), (3, "注册号", "twice"),
    ]  # fmt: skip


def test_a15_the_number_counts_wherever_it_is_written_and_however_wide() -> None:
    twin = {
        **BARE,
        "对象编号": "OBJ90001",
        "名称": "另一块牌子",
        "统一社会信用代码": "４１０４０２６０００００" + "０１６",
    }
    assert [b.reason for b in check(SHOP, twin).bad] == ["twice", "twice"]
    wide = {**twin, "统一社会信用代码": "", "注册号": "'" + NUMBER}
    assert [b.reason for b in check(SHOP, wide).bad] == ["twice", "twice"]


def test_a15_of_a_list_without_numbers_of_its_own_one_remark_names_a_column_that_it_has() -> None:
    first = f"名称,对象类别,注册号\n示例（一）店,营利性,{NUMBER}\n示例(一)店,营利性,'{NUMBER}\n"
    checked = registry.check_targets(first.encode(), known())
    assert [(b.number, b.column, b.reason) for b in checked.bad] == [
        (2, "注册号", "twice"), (3, "注册号", "twice"),
    ]  # fmt: skip
    at = holding(code="OBJ09999", registration=NUMBER, credit_code=TARGET["统一社会信用代码"])
    at = replace(at, holders={TARGET["统一社会信用代码"]: "OBJ09999"})
    both = (
        f"名称,对象类别,统一社会信用代码,注册号\n甲店,营利性,,{NUMBER}\n乙店,,{TARGET['统一社会信用代码']},\n"
    )
    assert [(b.number, b.column, b.reason) for b in registry.check_targets(both.encode(), at).bad] == [
        (2, "注册号", "twice"), (3, "统一社会信用代码", "twice"),
    ]  # fmt: skip


def test_a15_a_registration_number_or_mark_of_the_register_is_refused_naming_its_holder() -> None:
    (bad,) = check(SHOP, at=holding(registration=NUMBER)).bad
    assert (bad.column, bad.reason, bad.params) == ("注册号", "held", {"holder": "OBJ09999"})
    assert check(SHOP, at=holding(code=SHOP["对象编号"], registration=NUMBER)).bad == []
    marked = {**BARE, "对象类别": "非市场主体", "非市场主体标识": "NM-1"}
    (bad,) = check(marked, at=holding(mark="NM-1")).bad
    assert (bad.column, bad.params) == ("非市场主体标识", {"holder": "OBJ09999"})


def test_a15_one_mark_for_two_objects_is_refused_in_both_rows() -> None:
    lift = {**BARE, "对象类别": "非市场主体", "名称": "示例电梯", "非市场主体标识": "NM-1"}
    assert [b.reason for b in check(lift, {**lift, "对象编号": "OBJ90001"}).bad] == ["twice", "twice"]


ALIKE = [
    ("示例(光明路)小吃店", "平顶山市新华区试例路1号"),
    ("示例 （光明路） 小吃店", "河南省平顶山市新华区试例路１号"),
    ("示例【光明路】小吃店", "试例路1号"),
    ("示例（光明路）小吃店（个体工商户）", "平顶山市新华区试例路 1号"),
    ("示例（光明路）小吃店有限公司", "平顶山市新华区试例路1号"),
    ("示例（光明路）小吃店", ""),
    ("示例（光明路）小吃店", "试例路一号"),
    ("示例（光明路）小吃店", "平顶山市新华区试例路1"),
    ("示例（光明路）小吃店", "平顶山市新华区试例路1号附2号"),
    ("示例（光明路）小吃店", "试例路1号（原示例厂院内）"),
    ("平顶山市示例（光明路）小吃店", "试例路1号"),
    ("河南省平顶山市新华区示例光明路小吃店", "试例路1号"),
    ("新华区示例光明路小吃店", "试例路1号"),
    ("示例（光明路）小吃店", "平頂山市新華區試例路1號"),
]


@pytest.mark.parametrize(("name", "address"), ALIKE)
def test_a15_names_and_addresses_that_read_alike_are_asked_about(name: str, address: str) -> None:
    other = {
        **BARE,
        "对象编号": "OBJ90001",
        "名称": name,
        "住所": address,
        "统一社会信用代码": OTHER_TARGET["统一社会信用代码"],
    }
    checked = check(SHOP, other)
    assert checked.bad == []
    assert [(q.number, q.reason, q.params["row"]) for q in checked.asked] == [(3, "alike", 2)]
    there = holding(name=name, address=address)
    assert [(q.reason, q.params["code"]) for q in check(SHOP, at=there).asked] == [
        ("alike_registered", "OBJ09999")
    ]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("示例（光明路）小吃店", "平顶山市新华区试例路2号"),
        ("示例（矿工路）小吃店", "平顶山市新华区试例路1号"),
        ("示例（光明路）小吃店", "平顶山市新华区试例路12号"),
        ("示例（光明路）小吃店", "试例路十一号"),
        ("示例（光明路）小吃店", "试例路二一号"),
    ],
)
def test_a15_a_branch_elsewhere_or_a_neighbour_is_not_asked_about(name: str, address: str) -> None:
    assert check(SHOP, at=holding(name=name, address=address)).asked == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("示例旅館", "示例旅馆"),
        ("平顶山市示例旅馆", "示例旅馆"),
        ("平頂山市示例賓館有限公司", "示例宾馆"),
        ("河南省示例县示例飯莊", "示例饭庄"),
    ],
)
def test_a15_traditional_letters_and_a_region_before_the_name_are_asked_about(
    first: str, second: str
) -> None:
    there = holding(name=first, address=SHOP["住所"])
    assert [q.reason for q in check({**SHOP, "名称": second}, at=there).asked] == ["alike_registered"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("甲超市示例店", "示例店"),
        ("试例小区示例便民店", "示例便民店"),
        ("平顶山市", "示例旅馆"),
        ("新华区示例旅馆", "新华区试例旅馆"),
    ],
)
def test_a15_a_market_or_an_estate_in_a_name_is_no_region(first: str, second: str) -> None:
    there = holding(name=first, address=SHOP["住所"])
    assert check({**SHOP, "名称": second}, at=there).asked == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("新华区示例旅馆", "试例路1号"), ("卫东区示例旅馆", "试例路1号")),
        (("新华区示例旅馆", ""), ("平顶山市卫东区示例旅馆", "")),
        (("示例旅馆", "平顶山市新华区试例路1号"), ("示例旅馆", "卫东区试例路1号")),
        (("新华区示例旅馆", "试例路1号"), ("示例旅馆", "平顶山市卫东区试例路1号")),
        (("平顶山市示例旅馆", "试例路1号"), ("洛阳市示例旅馆", "试例路1号")),
    ],
)
def test_a15_two_districts_are_two_houses(first: tuple[str, str], second: tuple[str, str]) -> None:
    there = holding(name=first[0], address=first[1])
    assert check({**SHOP, "名称": second[0], "住所": second[1]}, at=there).asked == []
    listed = {**SHOP, "对象编号": "OBJ90001", "统一社会信用代码": OTHER_TARGET["统一社会信用代码"]}
    rows = [
        {**row, "名称": name, "住所": address} for row, (name, address) in ((SHOP, first), (listed, second))
    ]
    assert check(*rows).asked == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("新华区示例旅馆", "试例路1号"), ("平顶山新华区示例旅馆", "试例路1号")),
        (("新华区示例旅馆", "试例路1号"), ("示例旅馆", "平顶山市新华区试例路1号")),
        (("新华区示例旅馆", ""), ("示例旅馆", "试例路1号")),
    ],
)
def test_a15_one_district_written_in_two_ways_is_asked_about(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    there = holding(name=first[0], address=first[1])
    asked = check({**SHOP, "名称": second[0], "住所": second[1]}, at=there).asked
    assert [q.reason for q in asked] == ["alike_registered"]


def test_a15_two_lifts_of_one_house_are_told_apart_by_their_marks() -> None:
    lift = {**BARE, "对象类别": "非市场主体", "名称": "示例电梯", "非市场主体标识": "NM-1"}
    assert check(lift, {**lift, "对象编号": "OBJ90001", "非市场主体标识": "NM-2"}).asked == []


def test_a15_what_the_register_holds_already_is_not_asked_about_again() -> None:
    first = KnownTarget(SHOP["对象编号"], SHOP["名称"], SHOP["住所"], None, NUMBER, "")
    second = first._replace(code="OBJ90001", registration="")
    both = replace(known(), targets=(first, second))
    assert check(SHOP, at=both).asked == []
    twin = {**SHOP, "对象编号": "OBJ90001", "注册号": "", "统一社会信用代码": TARGET["统一社会信用代码"]}
    assert check({**SHOP, "住所": "平顶山市新华区试例路1号 "}, twin, at=both).asked == []


def test_a15_the_sample_holds_no_two_that_read_alike() -> None:
    assert registry.check_targets(read("targets.csv"), known()).asked == []
