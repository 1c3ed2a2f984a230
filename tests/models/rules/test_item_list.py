"""What differs between two item lists, as a reader of the first finds it (Art. 9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.refusal import Refusal
from models.rules.item_list import COLUMNS, difference, read_reason

ROW = dict.fromkeys(COLUMNS, "")
LISTS = st.dictionaries(
    st.sampled_from("ABCDEF"), st.fixed_dictionaries({"name": st.sampled_from("甲乙"), "basis": st.sampled_from("丙丁")})
)  # fmt: skip


def listing(rows):
    return [ROW | {"code": code, **row} for code, row in rows.items()]


@given(LISTS, LISTS)
def test_a_list_and_what_differs_give_the_other_list(before, after):
    differs = difference(listing(before), listing(after))
    again = dict(before)
    for item in differs.removed:
        del again[item["code"]]
    for item in differs.added:
        again[item["code"]] = {"name": item["name"], "basis": item["basis"]}
    for item in differs.changed:
        assert all(was != since for _, was, since in item.columns)
        again[item.code] = again[item.code] | {column: since for column, _, since in item.columns}
    assert again == after and bool(differs) == (before != after)


def test_a_reason_is_one_of_the_regulations_three():
    assert read_reason("law") == "law"
    with pytest.raises(Refusal) as refused:
        read_reason("whim")
    assert refused.value.code == "items.reason"
