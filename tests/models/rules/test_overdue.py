"""逾期: any term that has passed, from the rows alone (Art. 8, 14-18)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from models.data import workday_calendar
from models.rules.overdue import KINDS, Facts, Passed, passed, read_terms
from models.rules.visit import SHANGHAI
from models.states import TaskState as T

CALENDAR = workday_calendar()
CLOSES = date(2026, 12, 18)  # a Friday
ASSIGNED = datetime(2026, 11, 27, 9, 0, tzinfo=SHANGHAI)
VISIT = datetime(2026, 12, 8, 9, 0, tzinfo=SHANGHAI)
END = VISIT + timedelta(hours=2)
HELD = replace(
    Facts(T.CONCLUDED, CLOSES), started_at=VISIT, ended_at=END, entry_due=date(2027, 1, 6), visit_from=VISIT,
    visit_until=END,
)  # fmt: skip


def day(month: int, number: int, hour: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, number, hour, 0, tzinfo=SHANGHAI)


def kinds(facts: Facts, at: datetime) -> list[str]:
    return [one.kind for one in passed(facts, CALENDAR, at)]


SCHEDULED = Facts(T.SCHEDULED, CLOSES, visit_from=VISIT, visit_until=END)
ON_SITE = replace(SCHEDULED, state=T.ON_SITE, started_at=VISIT)
ENTERED = replace(HELD, state=T.ENTERED, entered_at=END, receipt_on=date(2026, 12, 9))
CASES = [
    ("accept", Facts(T.ASSIGNED, CLOSES, unaccepted=(ASSIGNED,)), ASSIGNED + timedelta(hours=24)),
    ("network", Facts(T.ASSIGNED, CLOSES), day(12, 15)),
    ("network", Facts(T.ASSIGNED, CLOSES, proposed_from=VISIT), day(12, 3)),
    ("answer", Facts(T.NETWORK_CHECKED, CLOSES, proposed_from=VISIT, unanswered=ASSIGNED), day(12, 1)),
    ("fix", Facts(T.NETWORK_CHECKED, CLOSES), day(12, 16)),
    ("fix", replace(SCHEDULED, visit_from=None, visit_until=None), day(12, 16)),
    ("notice", replace(SCHEDULED, reached=False), day(12, 4)),
    ("visit", SCHEDULED, END),
    ("on_site", ON_SITE, day(12, 9)),
    ("window", Facts(T.NETWORK_CHECKED, CLOSES), day(12, 19)),
    ("conclude", Facts(T.UNREACHABLE, CLOSES, looked_in_vain=VISIT), day(12, 11)),
    ("conclude", Facts(T.REFUSED, CLOSES, looked_in_vain=VISIT), day(12, 11)),
    ("entry", HELD, day(1, 7, year=2027)),
    ("confirm", replace(HELD, owing=False, last_entry=END), day(12, 11)),
    # with a silent department, from its last day on: 7 and 8 January
    ("confirm", replace(HELD, last_entry=END), day(1, 9, year=2027)),
    ("review", ENTERED, day(12, 12)),
    ("receipt", replace(HELD, state=T.PUBLISHED, published=True), day(1, 7, year=2027)),
    ("publication", replace(ENTERED, state=T.REVIEWED), day(12, 15)),
    ("sample", replace(HELD, waiting=(("sample", VISIT),)), day(12, 30)),
    ("substitution", Facts(T.NETWORK_CHECKED, CLOSES, waiting=(("substitution", ASSIGNED),)), day(12, 1)),
    ("wish", replace(SCHEDULED, waiting=(("wish", ASSIGNED),)), day(12, 2)),
    ("recusal", replace(SCHEDULED, waiting=(("recusal", ASSIGNED),)), day(12, 2)),
    ("correction", replace(SCHEDULED, waiting=(("correction", ASSIGNED),)), day(12, 2)),
    ("refusal", replace(ON_SITE, waiting=(("refusal", VISIT),)), day(12, 11)),
    ("sign", replace(HELD, unsigned=VISIT), day(12, 11)),
    ("sign", replace(ENTERED, unsigned=END + timedelta(days=2)), day(12, 15)),
    ("archive", replace(ENTERED, state=T.PUBLISHED, published=True, over=day(12, 14)), day(1, 27, year=2027)),
    (
        "objection",
        replace(ENTERED, state=T.PUBLISHED, published=True, waiting=(("objection", VISIT),)),
        day(12, 18),
    ),
    (
        "revision",
        replace(ENTERED, state=T.PUBLISHED, published=True, waiting=(("revision", VISIT),)),
        day(12, 11),
    ),
    (
        "revised",
        replace(ENTERED, state=T.PUBLISHED, published=True, waiting=(("revised", VISIT),)),
        day(12, 11),
    ),
    ("rectification", replace(ENTERED, orders=(("rectification", date(2026, 12, 20)),)), day(12, 21)),
    ("proof", replace(ENTERED, orders=(("proof", date(2026, 12, 8)),)), day(12, 16)),
    ("recheck", replace(ENTERED, orders=(("recheck", date(2026, 12, 20)),)), day(12, 21)),
    ("recheck_sign", replace(ENTERED, orders=(("recheck_sign", date(2026, 12, 8)),)), day(12, 11)),
    (
        "referral",
        replace(ENTERED, state=T.PUBLISHED, published=True, waiting=(("referral", VISIT),)),
        day(12, 18),
    ),
]


@pytest.mark.parametrize(("kind", "facts", "end"), CASES)
def test_a10_a_term_is_overdue_from_its_end_on_and_not_a_moment_before(kind, facts, end):
    assert kind not in kinds(facts, end - timedelta(microseconds=1))
    assert kind in kinds(facts, end)
    assert kind in kinds(facts, end + timedelta(days=200))


def test_a10_every_kind_of_term_has_a_case():
    assert {kind for kind, _, _ in CASES} == set(KINDS)


def test_a10_what_was_done_in_time_is_never_overdue():
    done = replace(HELD, state=T.PUBLISHED, published=True, receipt_on=date(2026, 12, 9))
    assert passed(done, CALENDAR, day(6, 1, year=2027)) == ()
    assert passed(Facts(T.ARCHIVED, CLOSES, unaccepted=(ASSIGNED,)), CALENDAR, day(6, 1, year=2027)) == ()


def test_a10_the_last_good_day_is_named():
    assert passed(HELD, CALENDAR, day(2, 1, year=2027))[0] == Passed("entry", date(2027, 1, 6))
    assert passed(ON_SITE, CALENDAR, day(3, 1, year=2027)) == (Passed("on_site", VISIT.date()),)


def test_a_result_is_owed_by_a_department_or_waits_for_the_leader():
    late = day(6, 1, year=2027)
    assert {"entry", "confirm"} & set(kinds(HELD, late)) == {"entry"}
    assert {"entry", "confirm"} & set(kinds(replace(HELD, owing=False, last_entry=END), late)) == {"confirm"}
    assert {"entry", "confirm"} <= set(kinds(replace(HELD, last_entry=END), late))


def test_a10_signatures_are_asked_for_while_they_can_be_given():
    late = day(6, 1, year=2027)
    assert "sign" not in kinds(replace(ON_SITE, unsigned=VISIT), late)  # the visit itself is overdue
    assert "sign" not in kinds(replace(ENTERED, state=T.PUBLISHED, published=True, unsigned=VISIT), late)


def test_a10_terms_are_settings_and_what_is_not_named_keeps_its_own():
    terms = read_terms("sign=5, archive=10 accept=48 objection=9", notice=5)
    assert (terms.sign, terms.archive, terms.accept, terms.notice) == (5, 10, timedelta(hours=48), 5)
    assert (terms.review, terms.waiting["objection"], terms.waiting["sample"]) == (3, 9, 15)
    assert read_terms(terms.written(), notice=5) == terms
    owed = replace(HELD, unsigned=VISIT)
    assert Passed("sign", date(2026, 12, 15)) in passed(owed, CALENDAR, day(1, 7, year=2027), terms)


@pytest.mark.parametrize("written", ["sign", "sign=", "sign=0", "sign=x", "rest=3", "sign=1000"])
def test_a10_a_term_that_is_none_is_named(written):
    with pytest.raises(ValueError, match=written):
        read_terms(f"review=4 {written}")
