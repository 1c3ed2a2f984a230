"""期限表: each kind of term of the regulation has its row, and what hangs on the rows agrees with it (Art. 5-22)."""

from datetime import timedelta
from itertools import pairwise

import pytest

from models.rules.overdue import DEFAULT, KINDS, WAITING, read_terms
from models.rules.term import Unit, Who
from models.rules.term.kinds import BY_NAME, OF_A_TASK, REMINDED
from models.rules.term.kinds import KINDS as TABLE
from models.tables import Snooze, TermReminder


def test_every_kind_stands_once():
    assert len(BY_NAME) == len(TABLE)


@pytest.mark.parametrize("rows", [TermReminder, Snooze])
def test_every_kinds_name_has_room_in_the_rows_that_name_it(rows):
    """PostgreSQL refuses a longer one, SQLite takes it."""
    room = rows._meta.fields_map["kind"].max_length
    assert [kind.name for kind in TABLE if len(kind.name) > room] == []


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.name)
def test_a_kind_is_whole_or_says_what_it_lacks(kind):
    assert kind.article, "the regulation's article"
    assert kind.told, "somebody who hears"
    assert kind.act, "what they can do"
    assert list(kind.thresholds) == sorted(set(kind.thresholds), reverse=True)
    assert (kind.name in REMINDED) != bool(kind.later)


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.name)
def test_who_hears_of_a_threshold_hears_of_every_tighter_one(kind):
    """Nobody who was told early is left out when it is late."""
    steps = [*kind.thresholds, -1, -2]  # the day after, and a week later
    heard = [set(kind.hears(step)) for step in steps]
    assert all(before <= after for before, after in pairwise(heard))
    assert heard[-1] == {one.who for one in kind.told}


def test_what_is_overdue_takes_its_lengths_from_the_table():
    assert KINDS == OF_A_TASK
    assert dict(WAITING) == {name: BY_NAME[name].length for name in WAITING}
    assert DEFAULT.accept == timedelta(hours=BY_NAME["accept"].length)
    for name in ("review", "publication", "archive", "sign", "conclude"):
        assert DEFAULT.length(BY_NAME[name]) == BY_NAME[name].length == getattr(DEFAULT, name)


def test_a_districts_own_length_is_told_in_the_kinds_own_unit():
    terms = read_terms("accept=8 objection=5 review=1", notice=4)
    assert [terms.length(BY_NAME[name]) for name in ("accept", "objection", "review", "notice", "entry")] == [
        8, 5, 1, 4, 20,
    ]  # fmt: skip
    assert BY_NAME["accept"].unit == Unit.HOURS


def test_the_twenty_days_are_the_regulations_own():
    entry = BY_NAME["entry"]
    assert (entry.length, entry.unit, entry.thresholds, entry.setting) == (
        20,
        Unit.WORKDAYS,
        (10, 5, 2, 1, 0),
        False,
    )
    assert Who.HEAD not in entry.hears(1)
    assert Who.HEAD in entry.hears(0)
