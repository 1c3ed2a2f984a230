"""检查记录表: a question belongs to an item, and a second visit in the year asks of the cited items alone (Art. 7, 14)."""

from models.queries import card, checklists, letter, public, question, sheet
from models.rules.registry.rows import own_items
from models.tables import Item, Question, Target, Task
from tests.support import district as sample
from tests.support.district import BATCH, ITEMS, VISIT, district

KEY = "XH-GA-03"


async def _drawn_again() -> Task:
    """A task whose target was inspected this year already and was drawn for one key item."""
    await sample.found()
    await Item.filter(code=KEY).update(key=True)
    await Target.all().update(checked_this_year=1)
    await sample.drawn()
    return await Task.all().order_by("rank").first()


async def test_a3_a_target_drawn_again_is_asked_the_questions_of_the_cited_item_alone(any_db):
    task = await _drawn_again()
    whole = await Question.filter(checklist__code="XH-GA-02/03/04/05").order_by("number")
    own = {one.number for one in whole if one.items == [KEY]}
    asked = (await sheet.sheet_of(task)).asks
    assert own and {ask.number for ask in asked} == own
    assert {ask.items for ask in asked} == {(KEY,)}
    leader = await sample.leader_of(task)
    assert (await question.question_card(task.number, leader.id)).sheet.asks == asked
    shown = await card.task_card(task.id, leader.id)
    assert (shown.again, shown.items) == (True, ("宾馆、旅店检查03",))


async def test_a3_the_letter_of_a_second_visit_names_the_cited_item_as_the_exception(any_db):
    task = await _drawn_again()
    facts = await letter.facts(task, "示例", 1, at=VISIT, district=district(), texts={})
    assert [code for code, _, _ in facts["items"]] == [KEY]
    assert facts["again"] == ["宾馆、旅店检查03"] and facts["visit_of_year"] == 2


async def test_a3_a_first_visit_asks_everything_and_cites_nothing(any_db):
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    assert len((await sheet.sheet_of(task)).asks) == 13
    assert await sheet.cited(task) == ()
    assert "again" not in await letter.facts(task, "示例", 1, at=VISIT, district=district(), texts={})


async def test_a3_an_item_is_inspected_by_its_own_questions_and_by_no_neighbours(any_db):
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    facts = (await public.facts_of([task]))[task.id]
    assert set(facts.serves) == set(ITEMS)
    numbers = list(facts.serves.values())
    assert all(numbers) and sum(map(len, numbers)) == len(frozenset().union(*numbers)) == 12
    general = {ask.number for ask in (await sheet.sheet_of(task)).asks if not ask.items}
    assert len(general) == 1 and not general & frozenset().union(*numbers)
    assert str(task.batch_id) == BATCH


async def test_a3_an_item_without_a_question_of_its_own_cannot_be_planned(any_db):
    await sample.found()
    assert await checklists.without(ITEMS) == []
    for row in await Question.all():
        if row.items == [KEY]:
            await row.delete()
    assert await checklists.without(ITEMS) == [KEY]


def test_a3_a_list_that_names_no_items_serves_all_of_them_with_each_question():
    both = ("XH-GA-02", "XH-GA-03")
    assert own_items("XH-GA-02/03", [(), ()]) == [both, both]
    assert own_items("XH-GA-02/03", [("XH-GA-03",), ()]) == [("XH-GA-03",), ()]
