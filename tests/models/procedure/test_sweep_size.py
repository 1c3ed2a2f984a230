"""What the clock asks every twenty seconds costs what is due, however many tasks stand open (Art. 10-18)."""

from datetime import timedelta

import pytest

from models.procedure import availability, batch, delivery, reminder, staff_message, unaccepted
from models.queries import other_terms
from models.rules.actor import Role
from models.tables import Outbox, TermSweep
from tests.support import crowd_of_tasks
from tests.support import district as sample
from tests.support.rows_read import rows_read
from tests.support.statements import counted

PLACE = sample.district()
FEW, MANY = 300, 3000
SLACK = 60  # steps in hundreds, or rows: what an index grows in depth, and what its pages hold besides


async def in_the_morning(at):
    """The day's terms, asked once a day."""
    await TermSweep.all().delete()
    return await reminder.sweep(at=at, district=PLACE)


ROUND = {
    "terms of the day": in_the_morning,
    "terms of the hour": lambda at: reminder.sweep(at=at + timedelta(seconds=20), district=PLACE),
    "fitness": lambda at: availability.sweep(at=at),
    "unaccepted": lambda at: unaccepted.sweep(at=at),
    "batches that are over": batch.close_finished,
    "messages without a chat": lambda at: delivery.settle_unbound(at=at),
    "the next channel": lambda at: staff_message.fall_through(at=at, channels=(), quiet=PLACE.quiet_hours),
}


async def read_by(ask, at):
    async with rows_read() as reading:
        answer = await ask(at)
    return answer, reading.rows


@pytest.fixture
async def crowd(any_db):
    return await crowd_of_tasks.crowd()


async def test_with_nothing_due_ten_times_the_tasks_cost_no_more(crowd):
    await crowd.grow(FEW)
    for ask in ROUND.values():
        await ask(crowd.at)
    few = {name: await read_by(ask, crowd.at) for name, ask in ROUND.items()}
    await crowd.grow(MANY - FEW)
    many = {name: await read_by(ask, crowd.at) for name, ask in ROUND.items()}
    assert {name: answer for name, (answer, _) in many.items()} == dict.fromkeys(ROUND, 0)
    grown = {name: (few[name][1], rows) for name, (_, rows) in many.items() if rows > few[name][1] + SLACK}
    assert grown == {}


async def test_between_mornings_nothing_is_read_that_is_not_due(crowd):
    await crowd.grow(FEW)
    ask = ROUND["terms of the hour"]
    await ask(crowd.at)
    _, few = await read_by(ask, crowd.at)
    await crowd.grow(MANY - FEW)
    _, many = await read_by(ask, crowd.at)
    assert many <= few + 5


async def test_results_that_were_published_of_late_are_not_read_for_the_credit_record(crowd):
    await crowd.grow(FEW)
    waiting = await other_terms.of_the_day(crowd.at, PLACE.calendar, PLACE.terms)
    assert [term for term in waiting if term.kind == "credit"] == []
    later = await other_terms.of_the_day(crowd.at + timedelta(days=4), PLACE.calendar, PLACE.terms)
    copied, original = FEW // 3, 1
    assert len([term for term in later if term.kind == "credit"]) == copied + original


async def test_what_is_due_costs_the_same_among_few_tasks_and_among_many(crowd):
    await crowd.due_today(20)
    await crowd.grow(FEW)
    await in_the_morning(crowd.at)
    told, few = await read_by(in_the_morning, crowd.at + timedelta(minutes=1))
    await crowd.grow(MANY - FEW)
    again, many = await read_by(in_the_morning, crowd.at + timedelta(minutes=2))
    assert many <= few + SLACK
    assert (told, again) == (0, 0)  # said once


async def test_what_is_due_is_asked_in_as_many_statements_whatever_their_number(db):
    crowd = await crowd_of_tasks.crowd()
    await sample.team_of(crowd.task)
    for department in sample.CREW:
        await sample.account(Role.HEAD, department)
    asked = []
    for count in (20, 180):
        await crowd.due_today(count)
        await Outbox.all().delete()
        async with counted() as statements:
            await in_the_morning(crowd.at + timedelta(minutes=count))
        asked.append(len(statements.statements))
        listed = statements.listed()
        assert await Outbox.filter(kind="reminder").count() > 0
    few, many = asked
    assert many <= few, listed
