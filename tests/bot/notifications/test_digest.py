"""The convenor's digest in the chat: the headline, the page, and for the office the paper (Art. 5, 6, 21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from models.procedure import digest
from models.rules.actor import Role
from models.rules.visit import instant
from tests.support import district


@pytest.mark.parametrize(
    ("role", "of", "papers"), [(Role.OFFICE, "联席办", ["2026-11 月报（PDF）"]), (Role.HEAD, "GA", [])]
)
async def test_the_month_is_said_in_one_message_with_the_way_to_what_its_reader_may_open(
    drawn, role, of, papers
):
    account = await district.account(role, of)
    phone = await drawn.phone(account)
    await account.refresh_from_db()
    place = replace(drawn.services.district, convenor=(("sms", f"+86{account.phone}"),))
    drawn.clock.move(instant(date(2026, 12, 1), time(8)))
    for _ in range(2):
        await digest.sweep(at=drawn.clock(), district=place)
        await drawn.post()
    said = [one for one in phone.messages() if "召集人月报" in one.text]
    assert len(said) == 1 and "2026-11" in said[0].text
    assert "任务" in said[0].text and "未完成的议定事项 0 项，其中逾期 0 项" in said[0].text
    assert [label for label in said[0].buttons if "PDF" in label] == papers
    assert any("工作台" in label for label in said[0].buttons)
    assert drawn.errors == []
