"""Art. 7, 10: everybody of a department without a chat is invited at once, and nobody is passed over in silence."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from itertools import count

import pytest

from models.procedure import enrolment, invitation
from models.queries import evidence, invitations
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.tokens import hashed
from models.tables import Binding, Inspector, Invitation, Outbox
from server.staff_news import StaffWording
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE

LINK = "https://t.me/example?start={}".format
SECRET = sample.district().secret
HEAD = Actor(Role.HEAD, "WJ", department="WJ")


@pytest.fixture(autouse=True)
async def district(db: str) -> None:
    await sample.found()


def tokens():
    numbers = count(1)
    return lambda: f"{next(numbers):022d}"


async def bound(code: str, number: int) -> None:
    account = await sample.account(Role.INSPECTOR, code)
    async with sample.written():
        await Binding.create(account=account, telegram_id=number, bound_at=CEREMONY)


async def test_a_sheet_holds_a_link_for_everybody_who_is_not_bound_and_names_who_cannot_be_invited() -> None:
    await bound("INS-WJ-1", 1)
    async with sample.written():
        await Inspector.filter(code="INS-WJ-2").update(phone="")
    together = await invitation.on_a_sheet("WJ", tokens(), by=HEAD, at=CEREMONY)
    left = await Inspector.filter(department="WJ", code__gte="INS-WJ-3").order_by("code")
    assert [one.name for one in together.invited] == [row.name for row in left]
    assert together.without == ((await Inspector.get(code="INS-WJ-2")).name,)
    for one in together.invited:
        row = await Invitation.get(token_sha256=hashed(one.token))
        assert row.expires_at == CEREMONY + timedelta(days=7) == one.until
    line = next(one for one in await invitations.lines(None, CEREMONY) if one.department == "WJ")
    assert (line.officers, line.bound, line.invited, line.neither) == (6, 1, 4, 1)
    assert (await evidence.verify()).differences == []


async def test_a_head_invites_the_own_department_alone_and_the_office_any() -> None:
    with pytest.raises(Refusal) as no:
        await invitation.on_a_sheet("XF", tokens(), by=HEAD, at=CEREMONY)
    assert no.value.code == "enrolment.other_department"
    officer = Actor(Role.INSPECTOR, "INS-WJ-1", department="WJ")
    with pytest.raises(Refusal):
        await invitation.on_a_sheet("WJ", tokens(), by=officer, at=CEREMONY)
    await sample.account(Role.HEAD, "XF")
    together = await invitation.on_a_sheet("XF", tokens(), by=OFFICE, at=CEREMONY)
    assert together.invited[0].role == Role.HEAD and len(together.invited) == 7


async def test_by_message_each_gets_the_own_link_by_the_channel_that_there_is() -> None:
    async with sample.written():
        await Inspector.filter(code="INS-WJ-1").update(phone="0375-0000001", email="a@example.invalid")
        await Inspector.filter(code="INS-WJ-2").update(phone="0375-0000002", email="")
    together = await invitation.by_message("WJ", tokens(), SECRET, ("sms", "email"), by=HEAD, at=CEREMONY)
    channels = {one.detail: one.channel for one in together.invited}
    assert channels["TEST-WJ-001"] == "email" and channels["TEST-WJ-003"] == "sms"
    assert together.without == ((await Inspector.get(code="INS-WJ-2")).name,)
    owed = await Outbox.filter(kind="staff").order_by("id")
    assert len(owed) == 5 and len({row.payload["data"]["invitation"] for row in owed}) == 5
    for language, spoken in (("zh_Hans", "绑定"), ("en", "bind your chat")):
        news = StaffWording(sample.district(), LINK)(owed[0].payload, language)
        assert "https://t.me/example?start=" in news.text and spoken in news.text
        assert "https://t.me/example?start=" in news.brief
    nowhere = await invitation.by_message("XF", tokens(), SECRET, (), by=OFFICE, at=CEREMONY)
    assert nowhere.invited == () and len(nowhere.without) == 6


async def test_no_message_that_waits_or_went_out_holds_a_link_that_anybody_who_reads_the_row_could_use() -> (
    None
):
    async with sample.written():
        await Inspector.filter(code="INS-WJ-1").update(phone="0375-0000001", email="a@example.invalid")
    await invitation.by_message("WJ", tokens(), SECRET, ("sms", "email"), by=HEAD, at=CEREMONY)
    known = set(await Invitation.all().values_list("token_sha256", flat=True))
    wording = StaffWording(sample.district(), LINK)
    for row in await Outbox.filter(kind="staff"):
        link = wording(row.payload, "zh_Hans").text.split("?start=")[1][:22]
        assert hashed(link) in known
        words = re.findall(r"[\w-]{22,}", json.dumps([row.key, row.payload, row.reference]))
        assert link not in words and not known & {hashed(word) for word in words}
        assert await enrolment.open_link(link, 700 + row.id, at=CEREMONY)


async def test_who_is_still_not_bound_is_counted_day_by_day() -> None:
    await bound("INS-WJ-1", 1)
    at = CEREMONY + timedelta(days=2)
    days = await invitations.days("WJ", at)
    assert [one.unbound for one in days[-4:]] == [6, 5, 5, 5]
    assert len(days) == invitations.DAYS and days[-1].day == at.date()
    await Binding.filter(telegram_id=1).update(ended_at=CEREMONY + timedelta(days=1))
    assert [one.unbound for one in (await invitations.days("WJ", at))[-4:]] == [6, 5, 6, 6]
