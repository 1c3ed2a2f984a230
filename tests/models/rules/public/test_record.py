"""检查记录表的说法: genuine, the newest, signed by whom: as far as the rows go, and as far as they contradict (Art. 16 (3))."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules import text
from models.rules.public.record import (
    Entity,
    PresentOfficer,
    RecordFacts,
    RecordValidity,
    SignatureFacts,
    Signing,
    findings,
    public_record,
    signing,
)
from models.rules.visit import SHANGHAI

AT = datetime(2026, 12, 8, 12, 0, tzinfo=SHANGHAI)
PEOPLE = [
    PresentOfficer(f"INS-{n}", f"{name}检员", unit)
    for n, (name, unit) in enumerate(zip("甲乙丙丁", "公公卫消", strict=True))
]
PEOPLE.append(PresentOfficer("INS-9", "甲检员", "公"))  # two of one name in one department

officers = st.sampled_from(PEOPLE).flatmap(
    lambda one: st.builds(
        SignatureFacts, st.just("officer"), st.just(one.name), st.just(one.unit), st.just(False), st.just(AT)
    )
)
entities = st.builds(
    SignatureFacts,
    st.just("entity"),
    st.sampled_from(["示例经理", ""]),
    st.just(""),
    st.booleans(),
    st.just(AT),
)
witnesses = st.builds(
    SignatureFacts, st.just("witness"), st.just("示例见证"), st.just("居委会"), st.just(False), st.just(AT)
)
records = st.builds(
    RecordFacts,
    version=st.integers(1, 3),
    newest=st.integers(1, 3),
    changed=st.booleans(),
    came=st.lists(st.sampled_from(PEOPLE), unique=True).map(tuple),
    signatures=st.lists(officers | entities | witnesses, max_size=7).map(tuple),
    paper=st.integers(0, 2),
)  # fmt: skip


@given(records)
def test_a_sheet_is_said_to_be_signed_by_all_only_if_each_who_came_and_the_entity_signed(
    facts: RecordFacts,
) -> None:
    said = public_record(facts)
    own = [one for one in facts.signatures if one.role == "entity"]
    entity_signed = any(not one.refused for one in own) or facts.paper > 0
    assert said.to_sign == len(facts.came) + 1
    assert said.signed + len(said.missing) + (not entity_signed) == said.to_sign, "each is counted once"
    assert (said.signing == Signing.ALL) == (entity_signed and not said.missing)
    assert (said.entity == Entity.MISSING) == (not own and not facts.paper)
    if own and all(one.refused for one in own) and not facts.paper:
        assert said.entity == Entity.REFUSED, "a refusal is no signature and is not passed over"
        assert said.signing != Signing.ALL


@given(records)
def test_each_row_under_a_version_is_told_as_what_it_is_and_no_name_in_full(facts: RecordFacts) -> None:
    said = public_record(facts)
    assert [(one.role, one.at) for one in said.lines] == [(one.role, one.at) for one in facts.signatures]
    for line, row in zip(said.lines, facts.signatures, strict=True):
        assert (line.how == "refused") == row.refused
        assert (line.how == "witnessed") <= (row.role == "witness")
        assert line.name == (text.masked(row.name) if row.name else "")
    assert not any(one.name in repr(said) for one in PEOPLE)
    missing = [unit for _, unit in said.missing]
    assert all(missing.count(unit) <= [one.unit for one in facts.came].count(unit) for unit in missing)


@given(records)
def test_only_the_newest_version_that_says_what_stands_is_called_genuine(facts: RecordFacts) -> None:
    said = public_record(facts)
    assert (said.sheet == RecordValidity.REPLACED) == (facts.newest > facts.version)
    assert said.genuine == (facts.newest <= facts.version and not facts.changed)
    assert (said.sheet == RecordValidity.CHANGED) == (facts.newest <= facts.version and facts.changed)


@given(st.booleans(), st.integers(0, 6), st.integers(1, 6))
def test_how_far_a_sheet_is_signed_is_said_of_a_sheet_that_is_there(
    drawn_up: bool, signed: int, to_sign: int
) -> None:
    said = signing(drawn_up, signed, to_sign)
    assert (said == Signing.NONE) == (not drawn_up)
    assert (said == Signing.ALL) == (drawn_up and signed >= to_sign)
    assert (said == Signing.UNSIGNED) == (drawn_up and signed == 0)


verdicts = st.sampled_from(["", "pass", "fail", "na"])


@st.composite
def recorded(draw) -> dict:
    """Facts of a record: answers by part, findings of the network check, samples with and without a report."""
    numbers = draw(st.lists(st.integers(1, 9), unique=True))
    answers = [[number, "示例", draw(verdicts), "", "", "", ""] for number in numbers]
    cut = draw(st.integers(0, len(answers)))
    network = [
        [number, "示例", "示例", draw(st.sampled_from(["pass", "fail", "open"])), "", "", ""]
        for number in draw(st.lists(st.integers(1, 9), unique=True))
    ]
    samples = [
        [
            "sample",
            (AT + timedelta(minutes=number)).isoformat(),
            "",
            {"question": number, "report": draw(st.sampled_from(["", "R-1"]))},
        ]
        for number in draw(st.lists(st.integers(1, 9), max_size=3, unique=True))
    ]
    return {
        "parts": [{"answers": answers[:cut]}, {"answers": answers[cut:]}],
        "network": network,
        "happened": samples,
    }


@given(recorded())
def test_that_nothing_was_found_wanting_is_said_only_if_nothing_failed_and_nothing_is_open(
    facts: dict,
) -> None:
    said = findings(facts)
    on_site = {row[0]: row[2] for part in facts["parts"] for row in part["answers"]}
    online = {row[0]: row[3] for row in facts["network"] if row[0] not in on_site}
    every = on_site | online
    assert said.total == len(every)
    assert set(said.failed) == {number for number, verdict in every.items() if verdict == "fail"}
    assert said.passed == list(every.values()).count("pass")
    listed = [number for number in said.waiting if number in every]
    assert said.passed + len(said.failed) + said.not_applicable + said.left + len(listed) == said.total
    owed = {
        row[3]["question"]
        for row in facts["happened"]
        if not row[3]["report"] and not every.get(row[3]["question"])
    }
    assert set(said.waiting) == owed, "a sample whose report is owed is not passed over"
    assert said.nothing_wrong <= bool(every), "of what was not asked nothing is said"
    if said.nothing_wrong:
        assert all(verdict in ("pass", "na") for verdict in every.values()) and not owed
