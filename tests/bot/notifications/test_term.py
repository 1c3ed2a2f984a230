"""The morning word in the chat: late, today, coming; each line's act is a button that works (Art. 12-16, U24)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.views import term as views
from locales import LANGUAGES, words
from models.procedure import plan_draft, reminder, scheme_draft
from models.rules.actor import Actor, Role
from models.rules.term.kinds import KINDS, REMINDED
from models.tables import DraftEntry, SchemeDraft
from tests.models.procedure.test_plan_draft import FORM
from tests.models.procedure.test_scheme_draft import FORM as SCHEME
from tests.support import district

LIAISON = Actor(Role.LIAISON, "GA", department="GA")


def a_term(kind: str, left: int) -> dict[str, object]:
    return {"task": "2026-HOTEL-1-001", "kind": kind, "left": left, "due": "2027-01-06", "threshold": left}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(REMINDED))
def test_every_kind_is_said_in_one_line_with_its_day(kind, language):
    spoken = words(language)
    for left in (2, 0, -1):
        line = views.line(a_term(kind, left), spoken)
        assert spoken(f"term.kind.{kind}") in line and "2026-HOTEL-1-001" in line
        assert ("⚠" in line) == (left < 0)
    assert {one.name for one in KINDS} >= REMINDED


def test_late_stands_before_today_and_today_before_what_comes():
    spoken = words("zh_Hans")
    said = "\n".join(views.grouped([a_term("entry", -1), a_term("sign", 0), a_term("review", 1)], spoken))
    assert said.index("已逾期") < said.index("今天到期") < said.index("即将到期")
    only = "\n".join(views.grouped([a_term("sign", 0)], spoken))
    assert "即将到期" not in only


async def test_the_word_of_a_consent_leads_to_the_consent(drawn):
    """The head presses twice; then nobody asks any more."""
    head = await drawn.phone(await district.account(Role.HEAD, "WJ"))
    office = await drawn.phone(await district.account(Role.OFFICE, "联席办"))
    drafted = await plan_draft.put(2027, FORM, by=LIAISON, at=drawn.clock())
    await plan_draft.ask(drafted.id, by=LIAISON, at=drawn.clock())
    await drawn.post()
    drawn.clock.move((drawn.clock() + timedelta(days=9)).replace(hour=9))
    assert await reminder.sweep(at=drawn.clock(), district=drawn.services.district)
    await drawn.post()
    await head.wait_for("参加部门同意")
    await office.wait_for("参加部门同意")
    assert any("去决定" in label for label in head.last().buttons)
    assert any("查看" in label for label in office.last().buttons)
    await drawn.tap(head, "去决定 参加部门同意")
    await drawn.tap(head, "同意参与")
    assert (await DraftEntry.get()).consents["WJ"]["agreed"]
    drawn.clock.move(drawn.clock() + timedelta(days=7))
    await reminder.sweep(at=drawn.clock(), district=drawn.services.district)
    await drawn.post()
    assert sum("参加部门同意" in message.text for message in head.messages()) == 1
    assert drawn.errors == []


async def test_the_word_of_a_scheme_leads_to_the_signature(drawn):
    head = await drawn.phone(await district.account(Role.HEAD, "WJ"))
    draft = await scheme_draft.put(replace(SCHEME, batches=SCHEME.batches[1:]), by=LIAISON, at=drawn.clock())
    await scheme_draft.ask(draft.id, by=LIAISON, at=drawn.clock())
    await drawn.post()
    drawn.clock.move((drawn.clock() + timedelta(days=12)).replace(hour=9))
    assert await reminder.sweep(at=drawn.clock(), district=drawn.services.district)
    await drawn.post()
    kind = words("zh_Hans")("term.kind.scheme")
    await head.wait_for(kind)
    await drawn.tap(head, f"去决定 {kind}")
    await drawn.tap(head, words("zh_Hans")("scheme.sign"))
    assert (await SchemeDraft.get(id=draft.id)).signatures["WJ"]["agreed"]
    assert drawn.errors == []
