"""公开抽取的说法: whatever the rows of a draw hold, the page says no more and hides no contradiction (Art. 14 (1))."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules.public.draw import (
    OPENED_AFTER,
    CeremonyStep,
    Chance,
    DrawFacts,
    SourceFacts,
    VerificationState,
    draw_state,
    percent,
    public_draw,
    public_source,
)
from models.rules.public.verify import RootFacts, agreement, public_root
from models.rules.visit import SHANGHAI, local_day
from models.states import UNTIL_CONCLUDED, BatchState, TaskState

AT = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
CLOSES = date(2026, 12, 31)
HANDS = [
    "",
    *["own", "read"] * 5,
    "typed",
]  # a typed value makes all a rehearsal: seldom, or nothing else is seen

instants = st.integers(-5, 5).map(lambda hours: AT + timedelta(hours=hours))


@st.composite
def source(draw) -> SourceFacts:
    """A row as any hand, or a damaged database, might leave it."""
    witness, value = draw(st.booleans()), draw(st.booleans())
    return SourceFacts(
        witness, witness and draw(st.booleans()), value, draw(instants) if value else None,
        draw(st.none() | instants), None if witness else draw(st.none() | instants),
        draw(st.sampled_from(HANDS)), draw(st.sampled_from(["", "head", "inspector", "office"])),
        draw(st.booleans()),
    )  # fmt: skip


draws = st.builds(
    DrawFacts,
    practice=st.sampled_from([False] * 4 + [True]),
    sources=st.lists(source(), min_size=1, max_size=4).map(tuple),
    held_at=st.none() | instants,
    voided_at=st.none() | instants,
    tasks=st.lists(st.sampled_from(TaskState), max_size=3).map(tuple),
    batch=st.sampled_from(BatchState),
    closes=st.just(CLOSES),
    today=st.none() | st.integers(-40, 40).map(lambda days: CLOSES + timedelta(days=days)),
    shown=st.booleans(),
)


@given(draws)
def test_that_nobody_could_choose_the_outcome_is_said_only_of_what_came_after_the_last_reveal(
    facts: DrawFacts,
) -> None:
    said = public_draw(facts)
    outside = [one for one in facts.sources if not one.witness]
    reveals = [one.revealed_at for one in facts.sources if one.witness]
    if said.chance == Chance.UNSTEERABLE:
        assert not facts.practice and all(one.hand != "typed" for one in facts.sources)
        assert all(one.value for one in facts.sources if one.witness)
        assert any(
            one.value
            and one.confirmed_at
            and one.comes_out
            and all(at and at < one.comes_out for at in reveals)
            for one in outside
        )
    if said.chance == Chance.EXPECTED:
        assert not facts.held_at and not facts.voided_at, "what is over is not expected any more"
        assert any(one.comes_out for one in outside)
    if said.chance == Chance.LATE:
        assert any(one.comes_out and at and at >= one.comes_out for one in outside for at in reveals)
    if facts.practice or any(one.hand == "typed" for one in facts.sources):
        assert said.chance == Chance.REHEARSAL, "what one hand typed is never passed over"


@given(draws)
def test_a_witness_who_spoke_after_every_outside_value_is_not_passed_over(facts: DrawFacts) -> None:
    said = public_draw(facts)
    out = [one.comes_out for one in facts.sources if one.comes_out]
    reveals = [one.revealed_at for one in facts.sources if one.witness and one.revealed_at]
    if out and reveals and max(reveals) >= max(out):
        assert said.chance in (Chance.REHEARSAL, Chance.LATE)


@given(draws)
def test_who_was_drawn_opens_when_nobody_can_be_warned_of_a_visit(facts: DrawFacts) -> None:
    said = public_draw(facts)
    assert said.opened <= (facts.held_at is not None), "what was not held has no result"
    waiting = not facts.tasks or any(state in UNTIL_CONCLUDED for state in facts.tasks)
    term = facts.today is not None and facts.today > facts.closes + OPENED_AFTER
    if waiting and not term and facts.batch != BatchState.CLOSED and not (facts.shown and facts.practice):
        assert not said.opened
    assert (said.proof == VerificationState.OPEN) == said.opened
    assert (said.proof == VerificationState.NOTHING) <= (
        facts.held_at is None and facts.voided_at is not None
    )
    assert said.voided == (facts.voided_at is not None), "a voided draw is said to be voided, held or not"
    assert said.held == (facts.held_at is not None and facts.voided_at is None)
    if said.step in (CeremonyStep.REVEALS, CeremonyStep.OUTSIDE, CeremonyStep.HOLD):
        assert all(one.pledged for one in facts.sources if one.witness)
    if said.step == CeremonyStep.HOLD:
        assert all(public_source(one).given for one in facts.sources)


@given(source())
def test_who_gave_a_value_is_said_as_it_came_in_and_not_otherwise(facts: SourceFacts) -> None:
    said = public_source(facts)
    assert said.given <= facts.value
    assert said.given <= (facts.witness or facts.confirmed_at is not None), (
        "an outside value is confirmed first"
    )
    assert (said.hand == "typed") == (facts.hand == "typed")
    assert (said.hand == "head") <= (facts.witness and facts.role == "head" and facts.hand == "own")
    assert (said.hand == "named") <= (facts.witness and facts.role == "inspector" and facts.hand == "own")
    assert (said.hand == "signature") <= (facts.proof and not facts.witness)
    assert (said.hand == "confirmed") <= (facts.confirmed_at is not None)


@given(st.none() | instants, st.none() | instants)
def test_a_draw_in_the_chain_is_called_what_it_is(
    held_at: datetime | None, voided_at: datetime | None
) -> None:
    said = draw_state(held_at, voided_at)
    assert (said == "voided") == (voided_at is not None)
    assert (said == "held") == (held_at is not None and voided_at is None)


@given(draws)
def test_that_a_draw_repeats_proves_chance_only_where_chance_came_from_outside(facts: DrawFacts) -> None:
    chance = public_draw(facts).chance
    assert (agreement(chance) == "good") == (chance == Chance.UNSTEERABLE)
    assert (agreement(chance) == "good.rehearsal") == (chance == Chance.REHEARSAL)


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), instants, st.none() | instants)
def test_a_root_is_late_when_its_next_day_was_over_and_stamped_only_with_a_stamp(
    day: date, closed_at: datetime, stamped_at: datetime | None
) -> None:
    said = public_root(RootFacts(day, closed_at, stamped_at))
    assert said.stamped == (stamped_at is not None)
    assert said.late == ((local_day(closed_at) - day).days > 1)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_chance_is_said_as_certain_or_impossible_where_it_is_and_nowhere_else(count, more):
    size = count + more
    said = percent(count, size)
    assert (said == "100") == (count == size > 0)
    assert (said == "0") == (count == 0)
    if 0 < count < size:
        near = abs(float(said) - 100 * count / size)
        assert 0.01 <= float(said) <= 99.99
        assert near <= 0.0051 or said in ("0.01", "99.99")


def test_a_chance_is_rounded_to_two_places():
    assert [percent(3, 161), percent(1, 3), percent(2, 3), percent(3, 3), percent(1, 100_000)] == [
        "1.86", "33.33", "66.67", "100", "0.01",
    ]  # fmt: skip
