"""Art. 5 in the chat: a head hears of a resolution at once and reports from there."""

from __future__ import annotations

from datetime import timedelta

from models.procedure import conference
from models.rules.actor import Role
from models.rules.conference import MeetingForm
from models.rules.visit import local_day
from models.tables import Resolution
from tests.support import district
from tests.support.district import OFFICE


async def test_a12_a_head_hears_of_a_resolution_at_once_and_reports_with_a_press_and_a_line(drawn):
    head = await drawn.phone(await district.account(Role.HEAD, "XF"))
    liaison = await drawn.phone(await district.account(Role.LIAISON, "XF"))
    today = local_day(drawn.clock())
    form = MeetingForm(today, "示例会议", "示例召集人", ("XF",), "示例纪要")
    met = await conference.hold(form, by=OFFICE, at=drawn.clock())
    due = today + timedelta(days=40)
    given = await conference.resolve(met.id, "示例:更新<名录库>", "XF", due, by=OFFICE, at=drawn.clock())
    await drawn.post()
    assert "示例:更新<名录库>" in (await head.wait_for("一项议定事项")).text
    assert "议定事项" not in (await liaison.wait_for("一项议定事项")).buttons
    await drawn.tap(head, "议定事项")
    await head.say("示例:已更新")
    await drawn.idle()
    assert (await Resolution.get(id=given.id)).report == "示例:已更新"
    other = await conference.resolve(met.id, "示例:另一项", "XF", due, by=OFFICE, at=drawn.clock())
    await conference.drop(other.id, "示例:并入下次", by=OFFICE, at=drawn.clock())
    await drawn.post()
    await head.wait_for("示例:并入下次")
    assert drawn.errors == []
