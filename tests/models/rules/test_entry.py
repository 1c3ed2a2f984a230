"""Result types that stand together: the table that the phone runs too (Art. 16 (3), 18)."""

import json

import pytest

from models.refusal import Refusal
from models.rules.entry import check_types, toggled
from tests.vectors import phone_table

TABLE = json.loads(phone_table.TABLE.read_text("ascii"))
WORDS = {
    "none": {"entry.no_type"},
    "established": {"entry.refusal_unnamed", "entry.absence_unnamed", "entry.gone_unnamed"},
    "alone": {"entry.no_problem_stands_alone"},
    "contradicts": {"entry.contradicts_answers"},
    "unnamed": {"entry.problem_unnamed"},
    "note_due": {"entry.other_needs_note"},
}


def test_the_table_is_the_one_that_is_made():
    assert phone_table.TABLE.read_text("ascii") == phone_table.written()
    assert len(TABLE["results"]) > 400


def said(row):
    """The code of the refusal, "" where the types stand."""
    try:
        check_types(row["types"], row["failures"], row["note"], row["established"])
    except Refusal as refusal:
        return refusal.code
    return ""


def test_each_choice_stands_or_is_refused_as_the_table_says():
    wrong = [row for row in TABLE["results"] if said(row) not in WORDS.get(row["refused"], {""})]
    assert wrong == []


@pytest.mark.parametrize("row", TABLE["taps"], ids=lambda row: f"{'+'.join(row['types'])}-{row['tapped']}")
def test_a_tap_changes_the_choice_as_the_table_says(row):
    assert list(toggled(row["types"], row["tapped"])) == row["after"]
