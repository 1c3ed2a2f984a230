"""What may take the place of a public result: the table that the phone runs too (Art. 16 (3))."""

import json

from models.refusal import Refusal
from models.rules.revision import check_types
from tests.models.rules.test_entry import WORDS
from tests.vectors import phone_table

TABLE = json.loads(phone_table.TABLE.read_text("ascii"))["revisions"]
REFUSED = {**WORDS, "unchanged": {"revision.nothing_changed"}}


def said(row):
    """The code of the refusal, "" where the correction stands."""
    try:
        check_types(row["types"], row["failures"], row["aside"], row["note"], row["before"])
    except Refusal as refusal:
        return refusal.code
    return ""


def test_each_correction_stands_or_is_refused_as_the_table_says():
    assert {row["refused"] for row in TABLE} == {
        "",
        "none",
        "alone",
        "contradicts",
        "unnamed",
        "note_due",
        "unchanged",
    }
    assert [row for row in TABLE if said(row) not in REFUSED.get(row["refused"], {""})] == []
