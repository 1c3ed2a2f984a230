"""本人姓名: acts of the office and of heads bear a person's name, never a login or a department's code (Art. 5, 7)."""

import pytest

from models.procedure import enrolment, naming, team
from models.queries import officers, task_page
from models.queries.board import ALL
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.overdue import DEFAULT
from models.tables import Account, Assignment, Event, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE, district

CLI = Actor(Role.OFFICE, "cli")


async def _office(login: str = "office"):
    """The first account of the office as `init` makes it."""
    made = await enrolment.account_of_office(login, CEREMONY)
    await enrolment.set_password(made.id, login, "x", by=CLI, at=CEREMONY)
    return made


async def test_c9_an_act_of_the_office_shows_the_persons_name_and_before_that_the_office(db):
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    seat = await Assignment.filter(task=task).order_by("id").first()
    made = await _office()
    await team.request_substitution(
        task.number, seat.inspector_id, "conflict", "示例", by=made.actor, at=CEREMONY
    )

    async def shown() -> tuple[str, str]:
        page = await task_page.task_page(
            task.number, sight=ALL, at=CEREMONY, calendar=district().calendar, terms=DEFAULT
        )
        last = [one for one in page.events if one.role == "office"][-1]
        return last.by, last.role

    assert await shown() == ("", "office")
    await naming.call(made.id, " 李示例 ", by=made.actor, at=CEREMONY)
    assert await shown() == ("李示例", "office")
    assert (await enrolment.account_of_office("office", CEREMONY)).id == made.id
    assert await Event.filter(chain=f"account:{made.id}", kind="enrolment.named").count() == 1


async def test_c9_a_head_opened_under_the_departments_code_is_shown_by_name_once_there_is_one(db):
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    head = await enrolment.account_of_head("XF", CEREMONY)
    await Account.filter(id=head.id).update(name="XF")  # as it was opened before names were asked for
    assert (await Account.get(id=head.id)).name == "XF" and "head:XF" not in await officers.people(task)
    await naming.call(head.id, "王示例", by=head.actor, at=CEREMONY)
    assert (await officers.people(task))["head:XF"] == "王示例"


async def test_a_register_names_its_people_and_nobody_names_another(db):
    await sample.found()
    officer = await enrolment.account_of_inspector("INS-GA-1", CEREMONY)
    one, other = await _office("office"), await _office("second")
    for account, name, by, code in (
        (officer.id, "示例", OFFICE, "naming.register"),
        (other.id, "示例", one.actor, "naming.register"),
        (one.id, " \u200b ", one.actor, "naming.empty"),
    ):
        with pytest.raises(Refusal) as no:
            await naming.call(account, name, by=by, at=CEREMONY)
        assert no.value.code == code
