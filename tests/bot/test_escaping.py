"""Names with < and & break no card, whatever they name: what is not `Html` by its type is shown literally (D24)."""

from __future__ import annotations

from bot.views import View, bold, joined, lines, literal, tagged
from locales import Html, words
from models.states import TaskState
from models.tables import Account, Checklist, Department, Inspector, Item, PlanEntry, Question, Target, Task
from server.practice import Phone
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture
from tests.support import district

BAD = "<b>&A</i>"


def test_e15_only_html_by_type_is_html() -> None:
    said = words()
    assert lines("a<b", Html("<i>x</i>")) == "a&lt;b\n<i>x</i>"
    assert bold("R&D") == "<b>R&amp;D</b>"
    assert bold(literal("R&D")) == "<b>R&amp;D</b>"
    assert joined(" · ", ["<", Html("<u>1</u>")]) == "&lt; · <u>1</u>"
    assert "a" + literal("<") + "<" == "a&lt;&lt;"
    assert tagged("blockquote expandable", "<") == "<blockquote expandable>&lt;</blockquote>"
    assert said("list.due", due=Html("<b>1</b>")).count("<b>") == 1
    assert "&lt;b&gt;" in lines(said("card.sections", sections=said.joined([BAD])))
    assert isinstance(said.joined([literal("<"), "<"]), Html)


async def _spoil() -> None:
    """Every name of the district."""
    for department in await Department.all():
        await Department.filter(code=department.code).update(name=f"{department.name}{BAD}", unit=BAD)
    for table, column in (
        (Target, "name"), (Inspector, "name"), (Account, "name"), (Item, "name"), (PlanEntry, "title"), (Checklist, "name"),
        (Question, "text"), (Question, "basis"), (Question, "fill_in"), (Question, "network_source"), (Target, "address"),
    ):  # fmt: skip
        for row in await table.all():
            kept = getattr(row, column)
            await table.filter(pk=row.pk).update(**{column: f"{kept}{BAD}"[:300]})


def _data(phone: Phone) -> list[str]:
    return [key["callback_data"] for row in phone.last().rows for key in row if "callback_data" in key]


async def _pressed(site: Chat, phone: Phone, data: str) -> None:
    """Press it if it is still there."""
    if data in _data(phone):
        await phone.press(data)
        await site.idle()
        assert "&lt;" not in "".join(phone.last().buttons)


async def test_e15_every_card_of_an_officer_stands_names_with_signs_of_html(site: Chat, task: Task) -> None:
    await _spoil()
    leader = await district.leader_of(task)
    phone = await site.officer(leader)
    await site.post()
    await phone.say("/today")
    await phone.wait_for("我的任务")
    opened = next(row[0] for row in phone.last().rows if row[0].get("callback_data", "").startswith("o:"))
    await _pressed(site, phone, opened["callback_data"])
    for data in _data(phone):
        await _pressed(site, phone, data)
        for deeper in _data(phone)[:3]:
            await _pressed(site, phone, deeper)
        await phone.say("/today")
        await site.idle()
        await _pressed(site, phone, opened["callback_data"])
    await phone.send_photo(picture())
    await site.idle()
    assert site.errors == []
    assert any(BAD in one.text for one in phone.messages())


async def test_e15_a_department_with_an_ampersand_keeps_its_cards(site: Chat, task: Task) -> None:
    await Department.filter(code="WJ").update(name="卫生<健康>&疾控")
    assert (await Task.get(id=task.id)).state == TaskState.ON_SITE
    officer = await site.at_question(task, "WJ", 9)
    assert "卫生<健康>&疾控" in officer.last().text
    await site.tap(officer, "备注")
    await officer.say("<&>")
    await site.idle()
    assert "<&>" in officer.last().text
    assert site.errors == []


def test_e15_a_view_of_plain_text_is_shown_literally() -> None:
    assert Html.escape(View("a<b").text) == "a&lt;b"
