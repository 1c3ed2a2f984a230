"""Art. 14 (1): where chance comes from, and that nobody steers it."""

from hashlib import sha256
from typing import Any

import pytest

from models.refusal import Refusal
from models.rules.draw.entropy import (
    check_reveals,
    check_value,
    entropy_file,
    pledge,
    pledges_file,
    seed,
    ticket,
)
from tests.models.rules.drawing import DICE, VECTORS, rules

LOTTERY = "lottery:福彩3D 2026300"


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("witness:GA", DICE),
        ("witness:GA", "0f" * 16),
        ("witness:GA", "0f" * 32),
        ("beacon:drand quicknet 1", "0f" * 32),
        (LOTTERY, "5 0 7"),
        (LOTTERY, "01234567890123456789"),
    ],
)
def test_values_of_each_source_are_taken(source: str, value: str) -> None:
    assert check_value(source, value) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("witness:GA", DICE[:31]),
        ("witness:GA", DICE[:-1] + "-"),
        ("witness:GA", DICE + "\n"),
        ("witness:GA", " " + DICE),
        ("witness:GA", "0F" * 16),
        ("witness:GA", "0f" * 33),
        ("witness:GA", "5 0 7"),
        ("beacon:drand 1", "0f" * 31),
        (LOTTERY, "5  0 7"),
        (LOTTERY, "5 0 7 "),
        (LOTTERY, "５ 0 7"),
        (LOTTERY, ""),
        (LOTTERY, "5" * 21),
        ("horoscope:x 1", "5"),
    ],
)
def test_any_other_value_is_refused(source: str, value: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_value(source, value)
    assert refused.value.code == "draw.entropy_malformed"


def test_a_value_that_does_not_meet_its_pledge_is_refused_by_name() -> None:
    commitment, other = "ab" * 32, "0f" * 16
    pledges = [pledge(commitment, DICE), pledge(commitment, other)]
    check_reveals(rules(), commitment, pledges, [DICE, other])
    for values in ([DICE, "0e" * 16], [other, DICE]):
        with pytest.raises(Refusal) as refused:
            check_reveals(rules(), commitment, pledges, values)
        assert refused.value.code == "draw.reveal_breaks_pledge"
    assert refused.value.params == {"source": "witness:GA"}


def test_a_pledge_holds_for_one_commitment_alone() -> None:
    assert pledge("ab" * 32, DICE) != pledge("ac" * 32, DICE)
    assert pledge("ab" * 32, DICE) == sha256(f"{'ab' * 32}\n{DICE}\n".encode()).hexdigest()


def test_missing_pledges_and_values_are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        pledges_file(rules(), ["0" * 64])
    assert refused.value.code == "draw.pledge_missing"
    with pytest.raises(Refusal) as refused:
        pledges_file(rules(), ["0" * 64, "not a hash"])
    assert refused.value.code == "draw.pledge_malformed"
    with pytest.raises(Refusal) as refused:
        entropy_file(rules(), [DICE])
    assert refused.value.code == "draw.entropy_missing"


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_the_vectors_pledges_and_seeds_are_met(case: dict[str, Any]) -> None:
    entropy, files = case["files"]["entropy.txt"].encode(), case["files"]
    assert seed(case["name"], case["commitment"], entropy).hex() == case["seed"]
    values = files["entropy.txt"].splitlines()
    for value, row in zip(values, files["pledges.tsv"].splitlines(), strict=False):
        assert pledge(case["commitment"], value) == row.split("\t")[1]


def test_tickets_differ_by_kind() -> None:
    key = bytes(32)
    assert ticket(key, b"T", "x") == sha256(key + b"Tx").digest() != ticket(key, b"I", "x")
