"""R15: what is left alone after a result is public is said at each threshold, once to each whom it concerns (Art. 19, 20)."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest

from models import store
from models.procedure import credit, reminder, retention
from models.rules.actor import Actor, Role
from models.rules.term.kinds import BY_NAME
from models.rules.visit import SHANGHAI
from models.tables import Account, Outbox, TermReminder
from tests.models.procedure.test_credit import LATER, PLACE, enter, letter_of, published
from tests.support import publishing
from tests.support.district import account
from tests.support.evidence import filled


async def left_alone(db: str, kind: str, begin: date, days: int) -> dict[str, list[tuple[str, int]]]:
    """By role what was said of this kind, day after day with a restart each, in order: the person and the threshold."""
    for ahead in range(days):
        for hour in (7, 9, 20):
            at = datetime.combine(begin + timedelta(ahead), time(hour), tzinfo=SHANGHAI)
            await reminder.sweep(at=at, district=PLACE)
        await store.close()
        await store.open(db)
    rows = await TermReminder.filter(kind=kind).order_by("id")
    assert set(Counter((row.subject, row.account_id, row.threshold) for row in rows).values()) == {1}
    owed = [term["kind"] for row in await Outbox.filter(kind="reminder") for term in row.payload["tasks"]]
    assert owed.count(kind) == len(rows)
    heard: dict[str, list[tuple[str, int]]] = {}
    for row in rows:
        person = await Account.get(id=row.account_id)
        heard.setdefault(str(person.role), []).append((person.department, row.threshold))
    return heard


async def test_a_result_that_nobody_enters_and_an_application_that_nobody_decides(db):
    task = await published(["R05"])
    await account(Role.OFFICE, "测试联席办")
    await account(Role.HEAD, "GA")
    heard = await left_alone(db, "credit", LATER.date() - timedelta(days=10), 40)
    kind = BY_NAME["credit"]
    assert {place for place, _ in heard["head"]} == {"GA"} and set(heard) == {"head"}
    assert [step for _, step in heard["head"]][: len(kind.thresholds)] == list(kind.thresholds)
    assert [step for _, step in heard["head"]][len(kind.thresholds) :] == [-1, -2, -3, -4, -5], (
        "each week anew"
    )
    await enter(task, LATER + timedelta(days=31))
    letter = await letter_of(task)
    await credit.apply(letter.number, "示例已改正", by=publishing.HOLDER, at=LATER + timedelta(days=31))
    heard = await left_alone(db, "repair", LATER.date() + timedelta(days=31), 50)
    assert [step for _, step in heard["head"]][:3] == [3, 0, -1]
    assert next(step for _, step in heard["office"]) == -1


@pytest.mark.usefixtures("object_store")
async def test_a_dossier_whose_term_ends(db):
    await filled()
    head, _ = await account(Role.HEAD, "GA"), await account(Role.OFFICE, "测试联席办")
    by = Actor(Role.HEAD, "GA", "示例", "GA", head.id)
    await retention.set_term(10, "示例规定", by=by, at=datetime(2027, 3, 1, 9, tzinfo=SHANGHAI))
    heard = await left_alone(db, "retention", date(2036, 11, 25), 50)
    assert [step for _, step in heard["office"]][:2] == [30, -1]
