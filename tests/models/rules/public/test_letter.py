"""告知书的说法: who comes follows the team of now, whom the letter names and who was replaced is said (Art. 16 (2))."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules import text
from models.rules.public.letter import (
    LetterFacts,
    LetterOfficer,
    LetterValidity,
    Named,
    names_others,
    public_letter,
    team_changes,
)
from models.rules.visit import SHANGHAI
from models.states import BEFORE_THE_VISIT, NoticeState, TaskState

BEGINS = datetime(2026, 12, 8, 9, 0, tzinfo=SHANGHAI)
UNITS = ("公安", "卫健", "消防")
PEOPLE = [(f"{name}检员", UNITS[n % 3], f"{n:04d}") for n, name in enumerate("甲乙丙丁戊己庚辛")]

crews = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=6, unique=True)
instants = st.integers(-72, 72).map(lambda hours: BEGINS + timedelta(hours=hours))
agencies = st.lists(st.sampled_from(["示例检测一", "示例检测二"]), unique=True).map(tuple)


Crew = list[tuple[str, str, str]]


def printed(crew: Crew, *, held: bool = True) -> tuple[Named, ...]:
    """`held`: the letter holds the seats as well."""
    return tuple(
        Named(*person, n == 0, PEOPLE.index(person) + 1 if held else 0) for n, person in enumerate(crew)
    )


def seats(crew: Crew) -> tuple[LetterOfficer, ...]:
    return tuple(LetterOfficer(PEOPLE.index(person) + 1, *person, n == 0) for n, person in enumerate(crew))


facts = st.builds(
    LetterFacts,
    state=st.sampled_from(NoticeState),
    task=st.sampled_from(TaskState),
    begins=st.just(BEGINS),
    fixed=st.none() | st.just(BEGINS),
    began=st.none() | instants,
    ended=st.none() | instants,
    acknowledged_at=st.none() | instants,
    printed=crews.map(printed),
    seats=crews.map(seats),
    agencies=agencies,
    assisting=agencies,
)


@given(facts, instants)
def test_what_is_said_of_a_letter_is_held_by_its_rows(rows: LetterFacts, at: datetime) -> None:
    said = public_letter(rows, at)
    assert said.received == rows.acknowledged_at
    assert said.valid <= (rows.state not in (NoticeState.REPLACED, NoticeState.REVOKED, NoticeState.DRAFTED))
    assert said.valid <= (rows.ended is None), "what is over is not announced any more"
    assert (said.standing == LetterValidity.ON_SITE) <= (rows.task == TaskState.ON_SITE)
    assert (said.standing == LetterValidity.OVER) <= (rows.began is not None and rows.ended is not None)
    assert (said.standing == LetterValidity.NO_VISIT) <= (rows.began is None and rows.ended is not None)
    assert (said.standing == LetterValidity.LAPSED) <= (rows.ended is None), "a day that passed ends nothing"
    assert said.planned <= (rows.task in BEFORE_THE_VISIT and at.date() <= BEGINS.date())
    if rows.ended is not None and not said.void:
        assert said.standing == (LetterValidity.OVER if rows.began else LetterValidity.NO_VISIT)


@given(facts, instants)
def test_who_comes_is_who_has_a_seat_and_nobodys_whole_name_is_shown(rows: LetterFacts, at: datetime) -> None:
    said = public_letter(rows, at)
    if said.void:
        assert not said.team and not said.assisting and not said.changes, "nobody comes with a void letter"
        return
    assert [(one.id, one.unit, one.tail, one.leader) for one in said.team] == [
        (one.id, one.unit, one.tail, one.leader) for one in rows.seats
    ]
    assert said.assisting == rows.assisting
    assert all(one.name == text.masked(seat.name) for one, seat in zip(said.team, rows.seats, strict=True))
    shown = repr((said.team, said.changes))
    assert not any(name in shown for name, _, _ in PEOPLE)


@given(crews, crews, agencies, agencies, st.booleans())
def test_everybody_whom_the_letter_names_and_who_left_is_named_as_replaced(
    before: Crew, now: Crew, had: tuple[str, ...], have: tuple[str, ...], held: bool
) -> None:
    changes = team_changes(printed(before, held=held), seats(now), had, have)
    gone, new = set(before) - set(now), set(now) - set(before)
    assert {(one.name, one.unit, one.tail) for one in changes.replaced} == gone
    for one in changes.replaced:
        assert Counter(one.instead) == Counter(name for name, unit, _ in new if unit == one.unit)
    mentioned = {name for one in changes.replaced for name in one.instead} | set(changes.joined)
    assert mentioned == {name for name, _, _ in new}, "nobody comes unsaid"
    assert changes.leader == ("" if now[0] == before[0] else now[0][0])
    assert set(changes.agencies_gone) == set(had) - set(have)
    assert set(changes.agencies_new) == set(have) - set(had)


@given(crews, crews)
def test_a_letter_names_others_whenever_a_change_is_said(before: Crew, now: Crew) -> None:
    rows = {"officers": [[p.name, p.unit, p.tail, p.leader] for p in printed(before)], "agencies": []}
    comers = {"officers": [[one.name, one.unit, one.tail, one.leader] for one in seats(now)], "agencies": []}
    assert names_others(rows, comers) == bool(team_changes(printed(before), seats(now)))


def test_a_name_mended_in_the_register_or_a_department_by_another_name_is_no_other_person() -> None:
    crew = (Named("甲检员", "市监", "0001", True, 7),)
    assert not team_changes(crew, (LetterOfficer(7, "甲乙检员", "市场监督管理", "0009", True),))
