"""An officer's, expert's or agency's certificate that ends: told of 60, 30, 7 and 0 days before, weekly after (Art. 10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from models import store
from models.operations import event
from models.procedure import reminder
from models.rules.actor import CLOCK, Role
from models.tables import Account, Agency, Inspector, LeftOut, Outbox
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
    """Who reads of the certificate in this morning's word."""
    before = {row.id for row in await Outbox.filter(kind="reminder")}
    await reminder.sweep(at=at, district=sample.district())
    new = [row for row in await Outbox.filter(kind="reminder") if row.id not in before]
    return {str((await Account.get(id=row.account_id)).role) for row in new if terms(row)}


def terms(row: Outbox) -> list[dict[str, Any]]:
    return [term for term in row.payload["tasks"] if term["kind"] in ("certificate", "expert", "agency")]


async def left() -> list[int]:
    """Days that were left, as they were said."""
    return [
        term["left"] for row in await Outbox.filter(kind="reminder").order_by("id") for term in terms(row)
    ]


async def test_each_threshold_is_told_once_to_officer_liaison_and_head(here):
    for role, of in (
        (Role.INSPECTOR, "INS-GA-1"),
        (Role.LIAISON, "GA"),
        (Role.HEAD, "GA"),
        (Role.HEAD, "WJ"),
    ):
        await sample.account(role, of)
    assert await told() == set()
    for days in (60, 30, 7, 0, -1, -8, -15):
        at = NOON + timedelta(days=61 - days)
        assert await told(at) == {"inspector", "liaison", "head"}, days
        assert await told(at + timedelta(days=1) if days > 0 else at) == set(), days
    assert sorted(await left()) == [-1] * 9 + [day for day in (0, 7, 30, 60) for _ in range(3)]


async def test_nothing_is_said_at_night_and_nothing_of_who_left_or_has_renewed(here):
    await sample.account(Role.LIAISON, "GA")
    soon = NOON + timedelta(days=40)
    assert await told(soon.replace(hour=23)) == set()
    async with sample.written():
        await Inspector.filter(code="INS-GA-1").update(status="left")
    assert await told(soon) == set()
    async with sample.written():
        await Inspector.filter(code="INS-GA-1").update(status="in_post", certificate_until=date(2029, 1, 1))
    assert await told(soon + timedelta(days=1)) == set()


async def test_what_passed_while_the_server_was_off_is_said_once_with_the_tightest(here):
    await sample.account(Role.LIAISON, "GA")
    assert await told(NOON + timedelta(days=57)) == {"liaison"}
    assert await left() == [4]


async def test_what_an_older_version_told_of_in_the_trail_alone_is_not_said_again(here):
    await sample.account(Role.LIAISON, "GA")
    until = TODAY + timedelta(days=61)
    async with store.transaction():
        await event.record(
            "registry", "certificate.ends", by=CLOCK, at=NOON, key=f"certificate:INS-GA-1:{until}:60"
        )
    assert await told(NOON + timedelta(days=2)) == set()
    assert await told(NOON + timedelta(days=31)) == {"liaison"}


async def test_where_nobody_has_an_account_the_office_sees_who_was_not_told(here):
    assert await told(NOON + timedelta(days=2)) == set()
    missed = await LeftOut.filter(about="reminder", chain="registry")
    assert {(row.whose, row.of) for row in missed if row.whose != "office"} == {
        ("inspector", "INS-GA-1"), ("head", "GA"),
    }  # fmt: skip


async def test_an_experts_certificate_is_told_to_liaison_and_head_alone(here):
    for role, of in (
        (Role.INSPECTOR, "INS-GA-1"),
        (Role.LIAISON, "GA"),
        (Role.HEAD, "GA"),
        (Role.LIAISON, "WJ"),
    ):
        await sample.account(role, of)
    async with sample.written():
        await Inspector.filter(code="INS-GA-1").update(expert=True)
    for days in (60, 30, 7, 0, -1):
        assert await told(NOON + timedelta(days=61 - days)) == {"liaison", "head"}, days
    kinds = {term["kind"] for row in await Outbox.filter(kind="reminder") for term in terms(row)}
    assert kinds == {"expert"}


async def agency(*departments: str, **columns: Any) -> None:
    await Agency.create(
        code="JG-示例-1", name="示例检测有限公司", departments=list(departments), certificate="示例CMA-1",
        certificate_until=TODAY + timedelta(days=61), **columns,
    )  # fmt: skip


async def test_an_agencys_certificate_is_told_to_the_liaison_of_each_department_that_keeps_its_row(here):
    liaisons = [await sample.account(Role.LIAISON, of) for of in ("GA", "WJ", "XF")]
    await ends(date(2029, 1, 1))
    async with sample.written():
        await agency("GA", "WJ")
    assert await told() == set()
    for days in (60, 30, 7, 0, -1):
        assert await told(NOON + timedelta(days=61 - days)) == {"liaison"}, days
    heard = {row.account_id for row in await Outbox.filter(kind="reminder") if terms(row)}
    assert heard == {liaisons[0].id, liaisons[1].id}
    [row, *_] = [row for row in await Outbox.filter(kind="reminder").order_by("id") if terms(row)]
    assert [(term["kind"], term["named"], term["left"]) for term in terms(row)] == [
        ("agency", "示例检测有限公司", 60)
    ]


async def test_nothing_is_said_of_an_agency_that_was_taken_out(here):
    await sample.account(Role.LIAISON, "GA")
    await ends(date(2029, 1, 1))
    async with sample.written():
        await agency("GA", retired_at=NOON)
    assert await told(NOON + timedelta(days=40)) == set()
