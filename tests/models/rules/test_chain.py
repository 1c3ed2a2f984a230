"""What the hash of an event covers (Art. 16 (3), 20)."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.chain import GENESIS, canonical, digest

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
)


def reordered(value):
    """As another database may give it back: keys turned round, whole floats as integers."""
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [reordered(one) for one in value]
    return int(Decimal(repr(value))) if isinstance(value, float) and value.is_integer() else value


@given(values)
def test_the_order_of_keys_and_the_spelling_of_numbers_do_not_count(value):
    assert canonical(reordered(value)) == canonical(value)
    assert canonical(json.loads(canonical(value))) == canonical(value)


def test_numbered_keys_are_sorted_as_they_are_read_back():
    assert canonical({10: 1, 9: 2}) == canonical({"10": 1, "9": 2}) == '{"10":1,"9":2}'


def test_the_same_instant_in_another_zone_is_the_same_event():
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    assert digest("task:1", 1, "k", "office:x", AT, {}, GENESIS) == digest(
        "task:1", 1, "k", "office:x", shanghai, {}, GENESIS
    )


def test_every_part_of_an_event_is_covered():
    whole = ["task:1", 1, "answer.given", "inspector:A", AT, {"verdict": "pass"}, GENESIS]
    other = [
        "task:2",
        2,
        "answer.taken",
        "inspector:B",
        AT + timedelta(microseconds=1),
        {"verdict": "fail"},
        "f" * 64,
    ]
    changed = [digest(*[*whole[:i], other[i], *whole[i + 1 :]]) for i in range(7)]
    assert len({digest(*whole), *changed}) == 8


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError):
        canonical({"x": float("nan")})
