"""公示的说法: whatever happened, nothing public says more than the rows (Art. 8, 16 (3))."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules.checklist import Ask, ChecklistSheet, GivenAnswer, Network, ValueKind
from models.rules.public.record import Signing
from models.rules.public.result import PublicationRow, TaskFacts, public_result
from models.rules.visit import SHANGHAI

AT = datetime(2026, 12, 9, 10, 0, tzinfo=SHANGHAI)
DEPARTMENTS = ("GA", "WJ", "XF")
ITEMS = ("甲", "乙", "丙")
MOST = 8


def ask(number: int) -> Ask:
    department = DEPARTMENTS[number % len(DEPARTMENTS)]
    return Ask(number, number, department, f"要点{number}", "", ValueKind.TRI, "", "no", "full", "", True)


verdicts = st.sampled_from(["", "pass", "fail", "na"])
given_ = st.dictionaries(
    st.integers(1, MOST),
    st.builds(GivenAnswer, version=st.just(1), verdict=verdicts, photos=st.integers(0, 2)),
)
found_ = st.dictionaries(
    st.integers(1, MOST),
    st.builds(
        Network,
        st.sampled_from(["pass", "fail", "open"]),
        st.just("源"),
        st.just("见"),
        settles=st.booleans(),
    ),
)
sheets = st.builds(lambda g, f: ChecklistSheet(tuple(map(ask, range(1, MOST + 1))), g, f), given_, found_)
serves = st.fixed_dictionaries({item: st.frozensets(st.integers(1, MOST)) for item in ITEMS})
instants = st.integers(0, 500).map(lambda hours: AT + timedelta(hours=hours))


@st.composite
def publications(draw) -> tuple[PublicationRow, ...]:
    """Published first, then corrected and withdrawn in any order."""
    kinds = draw(st.lists(st.sampled_from(["corrected", "withdrawn"]), max_size=4))
    if not draw(st.booleans()) and not kinds:
        return ()
    times = sorted(draw(st.lists(instants, min_size=len(kinds) + 1, max_size=len(kinds) + 1)))
    rows = []
    for n, kind in enumerate(["published", *kinds]):
        types = () if kind == "withdrawn" else (f"R{n + 1:02d}",)
        rows.append(PublicationRow(kind, types, f"原因{n}", times[n]))
    return tuple(rows)


histories = st.builds(
    TaskFacts,
    publications=publications(),
    sheet=sheets,
    serves=serves,
    began=st.none() | st.just(date(2026, 12, 8)),
    ended=st.none() | st.just(date(2026, 12, 8)),
    objections=st.lists(st.tuples(instants, st.sampled_from([None, True, False])), max_size=3).map(tuple),
    correcting=st.booleans(),
    record=st.booleans(),
    signed=st.integers(0, 6),
    to_sign=st.integers(1, 6),
)


@given(histories)
def test_a3_no_public_page_says_more_than_the_rows(facts: TaskFacts) -> None:
    public = public_result(facts)
    if not facts.publications:
        assert public is None
        return
    assert public is not None
    answered = {n for n, one in facts.sheet.given.items() if one.verdict}
    settled = {n for n, one in facts.sheet.network.items() if one.settles}
    for item in public.on_site:
        assert facts.serves[item] & answered, "an item is inspected only if a question of it was answered"
    for item in public.online:
        assert facts.serves[item] & settled and not facts.serves[item] & answered
    assert {*public.items} == {item for item in ITEMS if facts.serves[item] & (answered | settled)}
    for department in public.departments:
        assert any(one.number in answered | settled for one in facts.sheet.of(department))
    assert public.visited is None or (facts.began and public.visited == facts.ended)
    last = facts.publications[-1]
    assert (public.kind, public.since) == (last.kind, last.at)
    assert public.types == (() if last.kind == "withdrawn" else last.types)
    assert public.signing != Signing.ALL or (facts.record and facts.signed >= facts.to_sign)
    assert public.signing != Signing.NONE or not facts.record
    if public.objection == "open":
        assert any(upheld is None for _, upheld in facts.objections)
    if public.objection == "upheld":
        assert any(upheld for _, upheld in facts.objections)
    if any(upheld is None for _, upheld in facts.objections):
        assert public.objection == "open", "an open objection is never passed over in silence"


@given(histories)
def test_a4_what_was_withdrawn_is_not_said_again(facts: TaskFacts) -> None:
    public = public_result(facts)
    if public is None or not any(one.kind == "withdrawn" for one in facts.publications):
        return
    last = max(n for n, one in enumerate(facts.publications) if one.kind == "withdrawn")
    gone = {code for one in facts.publications[:last] for code in one.types}
    shown = {code for one in public.earlier for code in one.types} | set(public.types)
    assert not shown & gone


@given(sheets)
def test_a3_an_item_nothing_of_which_was_answered_or_settled_is_not_inspected(sheet: ChecklistSheet) -> None:
    facts = TaskFacts(
        (PublicationRow("published", ("R01",), "", AT),), sheet, {"甲": frozenset(), "乙": frozenset({1})}
    )
    public = public_result(facts)
    assert public and "甲" not in public.items
    touched = (1 in sheet.given and sheet.given[1].verdict) or (
        1 in sheet.network and sheet.network[1].settles
    )
    assert ("乙" in public.items) == bool(touched)
