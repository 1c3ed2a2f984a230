"""A certificate that ends soon is told of 60, 30 and 7 days before, once each, by day (Art. 10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.procedure import certificate
from models.rules.actor import Role
from models.tables import Account, Inspector, LeftOut, Outbox
from tests.support import district as sample
from tests.support.district import CEREMONY

NOON = CEREMONY.replace(hour=12)
TODAY = NOON.date()


@pytest.fixture
async def here(db):
    await sample.found()
    await ends(TODAY + timedelta(days=61))


async def ends(day: date) -> None:
    async with sample.written():
        await Inspector.filter(code="INS-GA-1").update(certificate_until=day)


async def told(at=NOON) -> set[str]:
    before = {row.id for row in await Outbox.filter(kind="certificate.ends")}
    await certificate.sweep(at=at)
    new = [row for row in await Outbox.filter(kind="certificate.ends") if row.id not in before]
    return {str((await Account.get(id=row.account_id)).role) for row in new}


async def test_each_threshold_is_told_once_to_officer_liaison_and_head(here):
    for role, of in (
        (Role.INSPECTOR, "INS-GA-1"),
        (Role.LIAISON, "GA"),
        (Role.HEAD, "GA"),
        (Role.HEAD, "WJ"),
    ):
        await sample.account(role, of)
    assert await told() == set()
    for days in (60, 30, 7):
        at = NOON + timedelta(days=61 - days)
        assert await told(at) == {"inspector", "liaison", "head"}, days
        assert await told(at + timedelta(days=1)) == set(), days
    assert await Outbox.filter(kind="certificate.ends").count() == 9
    assert {row.payload["left"] for row in await Outbox.filter(kind="certificate.ends")} == {60, 30, 7}


async def test_nothing_is_said_at_night_and_nothing_of_who_left_or_has_renewed(here):
    await sample.account(Role.LIAISON, "GA")
    soon = NOON + timedelta(days=40)
    assert await told(soon.replace(hour=23)) == set()
    async with sample.written():
        await Inspector.filter(code="INS-GA-1").update(status="left")
    assert await told(soon) == set()
    async with sample.written():
        await Inspector.filter(code="INS-GA-1").update(status="in_post", certificate_until=date(2029, 1, 1))
    assert await told(soon) == set()


async def test_what_passed_while_the_server_was_off_is_said_once_with_the_tightest(here):
    await sample.account(Role.LIAISON, "GA")
    assert await told(NOON + timedelta(days=57)) == {"liaison"}
    assert [row.payload["left"] for row in await Outbox.filter(kind="certificate.ends")] == [4]


async def test_where_nobody_has_an_account_the_office_sees_who_was_not_told(here):
    assert await told(NOON + timedelta(days=2)) == set()
    assert {(row.whose, row.of) for row in await LeftOut.filter(about="certificate.ends")} == {
        ("inspector", "INS-GA-1"), ("head", "GA"),
    }  # fmt: skip
