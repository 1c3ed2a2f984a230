"""Values and next questions: the table that the phone runs too (Art. 7, 16)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
import pytest

from models.refusal import Refusal
from models.rules import checklist
from models.rules.checklist import Ask, ChecklistSheet, GivenAnswer, Network
from models.rules.value import TypedValue, ValueKind, beyond, limits, read
from tests.vectors import checklist_table

TABLE = json.loads(checklist_table.TABLE.read_text("ascii"))


def ask(n: int, name: str, photo: str = "no", sample: str = "allowed") -> Ask:
    asked = TABLE["questions"].get(name, {"kind": "TRI", "fill_in": ""})
    return Ask(
        n, n, "GA", "", "", ValueKind(asked["kind"]), asked["fill_in"], photo, "full", "", True, sample=sample
    )


def test_b10_the_table_is_the_one_that_is_made_and_holds_hundreds():
    assert checklist_table.TABLE.read_text("ascii") == checklist_table.written()
    assert len(TABLE["values"]) >= 400 and len(TABLE["sheets"]) >= 400


def test_b10_the_limits_that_travel_are_the_rules_own():
    for asked in TABLE["questions"].values():
        travels = msgspec.json.encode(limits(ValueKind(asked["kind"]), asked["fill_in"]))
        assert json.loads(travels) == asked["limits"]


def test_b10_every_typed_value_is_read_as_the_table_says():
    wrong = [row for row in TABLE["values"] if _read(row) != _wanted(row)]
    assert wrong == []


def _read(row: dict[str, Any]) -> TypedValue | str:
    try:
        return read(ask(1, row["question"]), row["raw"], date.fromisoformat(row["today"]))
    except Refusal as no:
        return no.code


def _wanted(row: dict[str, Any]) -> TypedValue | str:
    return row["refused"] if "refused" in row else TypedValue(row["value"], row["sure"])


def test_b12_a_value_out_of_its_own_limits_contradicts_the_verdict():
    wrong = [
        row
        for row in TABLE["contradictions"]
        if beyond(limits(ValueKind(TABLE["questions"][row["question"]]["kind"]), TABLE["questions"][row["question"]]["fill_in"]),
                  row["value"], row["verdict"], row["day"]) is not row["beyond"]
    ]  # fmt: skip
    assert wrong == []


def sheet(row: dict[str, Any]) -> ChecklistSheet:
    given, network = {}, {}
    for one in row["asks"]:
        if said := one["given"]:
            given[one["n"]] = GivenAnswer(
                1,
                said["verdict"],
                said["value"],
                said["note"],
                said["photos"],
                said["conflict"],
                day="2026-12-08",
                samples=said["samples"],
            )
        if one["settled"]:
            network[one["n"]] = Network("pass", "", "", settles=True)
    asks = tuple(ask(one["n"], one["question"], one["photo"], one["sample"]) for one in row["asks"])
    return ChecklistSheet(
        asks, given, network, waiting=frozenset(one["n"] for one in row["asks"] if one["waiting"])
    )


def test_b10_what_is_missing_and_what_comes_next_are_as_the_table_says():
    for row in TABLE["sheets"]:
        made = sheet(row)
        found = {str(one.number): [str(gap) for gap in checklist.lacking(made, one)] for one in made.asks}
        following = checklist.next_open(made, "GA", after=row["after"])
        assert (found, following and following.number) == (row["lacking"], row["next"]), row


@pytest.mark.parametrize(("note", "gaps"), [("", ["note"]), ("前台无登记簿", [])])
def test_b12_a_failed_point_asks_for_a_word_whatever_is_said_of_photos(note, gaps):
    for photo in ("always", "on_fail", "no"):
        given = GivenAnswer(1, "fail", "", note, photos=1)
        assert [str(gap) for gap in checklist.gaps(ask(1, "", photo), given)] == gaps
