"""News in the chat that a certificate ends soon (Art. 10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.procedure import reminder
from models.rules.actor import Role
from models.tables import Inspector
from tests.bot.chat import Chat
from tests.support import district


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "执法证到期"), ("en", "Certificate runs out")])
async def test_a_liaison_reads_whose_certificate_ends_and_when(site: Chat, language: str, said: str) -> None:
    liaison = await site.phone(await district.account(Role.LIAISON, "GA"), language=language)
    async with district.written():
        ends = site.clock().date() + timedelta(days=6)
        await Inspector.filter(code="INS-GA-1").update(certificate_until=ends)
    site.clock.move(site.clock().replace(hour=9))
    assert await reminder.sweep(at=site.clock(), district=site.services.district)
    await site.post()
    name = (await Inspector.get(code="INS-GA-1")).name
    assert said in liaison.last().text and name in liaison.last().text
