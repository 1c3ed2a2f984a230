"""Turns on PostgreSQL are taken in one order; acts that cross all the same both come to their end (Art. 16 (3))."""

import asyncio
import logging
import re
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter

import pytest

from models import store
from models.operations import event
from models.procedure import enrolment, on_behalf
from models.rules.actor import CLOCK, Role
from models.tables import Account, Binding, Event
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE, account
from tests.support.evidence import filled
from tests.support.snapshots import done_anew

CHAT = 7101
LOCK = "pg_advisory_xact_lock"


class Turns(logging.Handler):
    """The turns that each transaction took, in its order, as the database was asked for them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.taken: dict[int, tuple[object, list[str]]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if record.args and LOCK in str(record.args[0]):
            act = store.connection()
            names = self.taken.setdefault(id(act), (act, []))[1]
            names += [name for name in record.args[1] if name not in names]

    @property
    def acts(self) -> list[list[str]]:
        return [names for _, names in self.taken.values()]


@pytest.fixture
def turns():
    heard, log = Turns(), logging.getLogger("tortoise.db_client")
    before = log.level, log.propagate
    log.propagate = False
    log.addHandler(heard)
    log.setLevel(logging.DEBUG)
    yield heard
    log.removeHandler(heard)
    log.level, log.propagate = before
    log.setLevel(log.level)


async def _two_accounts_of_one_chat() -> list[int]:
    """Two accounts of a person, the one with the higher number bound first."""
    await sample.found()
    first, second = await account(Role.HEAD, "GA"), await account(Role.HEAD, "WJ")
    made = sorted([first.id, second.id])
    for number in reversed(made):
        await Binding.create(account_id=number, telegram_id=CHAT, bound_at=CEREMONY, blocked_at=CEREMONY)
    return made


async def test_accounts_are_taken_by_number_whatever_the_order_of_their_rows(pg_db, turns):
    first, second = await _two_accounts_of_one_chat()
    turns.taken.clear()
    await enrolment.unblocked(CHAT, at=CEREMONY)
    await enrolment.speak([second, first], "en", at=CEREMONY)
    for names in turns.acts:
        assert [name for name in names if name.startswith("chain account:")] == [
            f"chain account:{first}",
            f"chain account:{second}",
        ]


async def test_who_acts_for_another_takes_the_account_before_anything_else(pg_db, turns):
    await sample.found()
    head = await account(Role.HEAD, "GA")

    async def deed(by):
        return await event.record("registry", "registry.noted", by=by, at=CEREMONY)

    turns.taken.clear()
    await on_behalf.stand_in(head.id, "示例", "示例", "示例:本人不在", deed, by=OFFICE, at=CEREMONY)
    (names,) = [one for one in turns.acts if "chain registry" in one]
    assert names.index(f"chain account:{head.id}") < names.index("chain registry")


async def test_no_act_of_a_whole_district_takes_an_account_after_something_that_others_take_first(
    pg_db, turns
):
    with done_anew():
        await filled()
    before: dict[str, set[str]] = defaultdict(set)
    for names in turns.acts:
        accounts = [int(name.rpartition(":")[2]) for name in names if name.startswith("chain account:")]
        assert accounts == sorted(accounts)
        tasks = [name for name in names if name.startswith("chain task:")]
        assert tasks == sorted(tasks)
        kinds = list(dict.fromkeys(re.match("chain [a-z]+|[a-z]+", name).group() for name in names))
        for at, kind in enumerate(kinds):
            before[kind] |= {one for one in kinds[:at] if "account" in kind or "account" in one}
    assert len(turns.acts) > 50
    try:
        tuple(TopologicalSorter(before).static_order())
    except CycleError as cycle:
        raise AssertionError(f"turns cross: {cycle.args[1]}") from None


async def test_two_acts_that_wait_for_each_other_both_come_to_their_end(pg_db):
    met = asyncio.Barrier(2)
    tries: list[str] = []

    @store.transactional
    async def act(first: str, second: str) -> None:
        tries.append(first)
        await event.record(first, "registry.noted", by=CLOCK, at=CEREMONY)
        if len(tries) <= 2:
            await met.wait()
        await event.record(second, "registry.noted", by=CLOCK, at=CEREMONY)

    await asyncio.gather(act("registry:1", "registry:2"), act("registry:2", "registry:1"))
    assert len(tries) == 3
    assert await Event.filter(chain__in=["registry:1", "registry:2"]).count() == 4
    for chain in ("registry:1", "registry:2"):
        assert await event.first_broken_link(chain) is None
    assert await Account.all().count() == 0
