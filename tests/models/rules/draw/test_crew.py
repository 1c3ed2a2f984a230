"""Art. 14 (2), 15: inspectors are drawn, and seated, by ticket."""

from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.refusal import Refusal
from models.rules.draw import crew
from models.rules.draw.rows import RosterRow
from tests.models.rules import literal
from tests.models.rules.drawing import VECTORS, random_draw, roster, rules


def seed(number: int) -> bytes:
    return sha256(b"%d" % number).digest()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_the_quick_way_seats_exactly_whom_the_page_seats(number: int) -> None:
    drawn, _ = random_draw(number)
    committed = drawn.committed
    assert set(drawn.seats) == literal.crews(drawn.seed, committed.rules, committed.roster)


def test_look_ahead_is_needed_in_some_of_these_draws() -> None:
    """Otherwise the test above would prove little."""
    short = 0
    for number in range(40):
        drawn, _ = random_draw(number)
        for department in drawn.committed.rules.crew:
            rows = [row for row in drawn.committed.roster if row.department == department]
            kept = crew.admitted(drawn.committed.rules, department, crew.by_ticket(drawn.seed, rows))
            short += crew._place(crew.CandidatePool(drawn.committed.rules, department, kept), None) is None
    assert short > 5


def test_every_seat_is_filled_by_one_who_may_sit_there() -> None:
    for number in range(30):
        drawn, _ = random_draw(number)
        rows = {row.certificate: row for row in drawn.committed.roster}
        made = drawn.committed.rules
        assert len({seat.certificate for seat in drawn.seats}) == len(drawn.seats)
        assert all(seat.area in rows[seat.certificate].areas for seat in drawn.seats)
        assert all(rows[seat.certificate].lead for seat in drawn.seats if seat.leader)
        count = Counter((seat.area, seat.team, seat.department) for seat in drawn.seats)
        assert set(count.values()) <= set(made.crew.values())
        leaders = [seat for seat in drawn.seats if seat.leader]
        assert {seat.department for seat in leaders} == {made.initiating}
        assert len(leaders) == sum(made.areas.values()) == len({seat[:2] for seat in leaders})


def test_a_department_that_cannot_fill_its_seats_is_refused_with_numbers() -> None:
    people = [row for row in roster() if not (row.department == "WL" and row.certificate > "1604WL004")]
    with pytest.raises(Refusal) as refused:
        crew.check(rules(), "WL", people)
    assert refused.value.code == "draw.crew_short"
    assert refused.value.params["seats"] == 6
    assert refused.value.params["filled"] == 5
    assert refused.value.params["inspectors"] == 5


def test_enough_people_in_the_wrong_area_are_not_enough() -> None:
    east = [RosterRow(f"GA{n}", "GA", ("东区",), True) for n in range(20)]
    with pytest.raises(Refusal) as refused:
        crew.check(rules(), "GA", [*east, RosterRow("GA99", "GA", ("西区",), True)])
    assert refused.value.params["areas"] == ["西区"]
    assert refused.value.params["filled"] == 3


def test_too_few_who_may_lead_are_named_as_such() -> None:
    people = [RosterRow(f"GA{n}", "GA", ("东区", "西区"), n < 2) for n in range(9)]
    with pytest.raises(Refusal) as refused:
        crew.check(rules(), "GA", people)
    assert refused.value.params["leaders"] is True
    assert refused.value.params["filled"] == 5


def test_who_is_indispensable_is_who_leaves_a_seat_empty() -> None:
    for number in range(40):
        drawn, _ = random_draw(number)
        made, people = drawn.committed.rules, drawn.committed.roster
        for department in made.crew:
            own = [row for row in people if row.department == department]
            seats = literal.places(made, department)
            needed = {row.certificate for row in own if not fills(seats, [r for r in own if r != row])}
            assert set(crew.indispensable(made, department, people)) == needed


def fills(seats: list[literal.Place], people: list[RosterRow]) -> bool:
    kept: list[RosterRow] = []
    for row in people:
        if literal.all_seated([*kept, row], seats):
            kept.append(row)
    return len(kept) == len(seats)


def test_inspectors_with_the_same_areas_and_lead_are_equally_likely() -> None:
    made, people, draws = rules(), roster(10), 3000
    seated: Counter[str] = Counter()
    for number in range(draws):
        seated.update(seat.certificate for seat in crew.crews(seed(number), made, people))
    for department in ("GA", "WL"):
        for lead in (True, False):
            alike = [r.certificate for r in people if r.department == department and r.lead == lead]
            assert chi_square([seated[c] for c in alike], draws) < 33  # 5 alike: p = 1e-6


def test_one_who_may_lead_is_seated_more_often() -> None:
    made, people = rules(), roster(10)
    seated: Counter[bool] = Counter()
    for number in range(500):
        chosen = {seat.certificate for seat in crew.crews(seed(number), made, people)}
        seated.update(row.lead for row in people if row.department == "GA" and row.certificate in chosen)
    assert seated[True] > 1.1 * seated[False]


def chi_square(seen: list[int], draws: int) -> float:
    """Of how often each of the alike was seated; all or nothing: the variance is p (1 - p)."""
    mean = sum(seen) / len(seen)
    p = mean / draws
    return sum((x - mean) ** 2 for x in seen) / (draws * p * (1 - p)) if 0 < p < 1 else 0.0


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_the_vectors_teams_are_met_byte_for_byte(case: dict[str, dict[str, str]]) -> None:
    from models.rules.draw.commitment import read_commitment

    committed = read_commitment({name: text.encode() for name, text in case["files"].items()})
    seats = crew.crews(bytes.fromhex(str(case["seed"])), committed.rules, committed.roster)
    assert crew.teams_file(seats).decode() == case["results"]["teams.tsv"]
