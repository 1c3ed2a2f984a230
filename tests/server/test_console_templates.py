"""A department words its own letters, sees them before they are kept, and letters keep theirs (Art. 16 (2))."""

import io

import pytest
from pypdf import PdfReader

from models.procedure import template
from models.queries import evidence
from models.queries.notices import told
from models.queries.template import standing
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.states import NoticeState
from models.tables import Event, Notice, Task, Template
from server.letters import LetterRenderer
from tests.server.pages import Browser, site
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE, VISIT, district

HEAD = Actor(Role.HEAD, "GA", "测试负责人GA", "GA")
PAGE = "/console/templates/GA"
OWN = {
    "opening.zh_Hans": "示例:请安排熟悉情况的人员在场。", "bring.zh_Hans": "示例:请备好旅客登记系统账号。\n示例:请备好值班表。",
    "contact.zh_Hans": "示例科 0375-000000", "closing.zh_Hans": "示例:欢迎监督。", "closing.en": "Example: thank you.",
}  # fmt: skip


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def head(world) -> Browser:
    return await world.browser(Role.HEAD, "GA")


async def letter_of(task: Task) -> Notice:
    return await Notice.filter(task=task).order_by("-version").first()


async def test_the_heads_words_stand_in_the_next_letter_and_the_earlier_one_keeps_its_own(world):
    await sample.drawn()
    first, second = await Task.all().order_by("rank").limit(2)
    await sample.visit_fixed(first, district())
    before = await letter_of(first)
    answer = await (await head(world)).post(PAGE, act="save", seen="0", **OWN)
    assert answer.status == 303
    await sample.visit_fixed(second, district(), begins=VISIT.replace(day=9))
    after, printer = await letter_of(second), LetterRenderer(district())
    assert (before.template_id, after.template_id) == (None, (await Template.get()).id)
    made, common = await printer(after.id, "zh_Hans"), await printer(before.id, "zh_Hans")
    for words in OWN["bring.zh_Hans"].splitlines() + [
        OWN[f"{part}.zh_Hans"] for part in ("opening", "contact", "closing")
    ]:
        assert words in made.text and words not in common.text
    assert "现将有关事项告知如下" in common.text
    assert OWN["closing.en"] in (await printer(after.id, "en")).text
    assert (await told(before.id)).facts == before.letter
    assert (await evidence.verify()).differences == []


async def test_what_was_typed_is_seen_on_a_fictitious_letter_before_it_is_saved(world):
    browser = await head(world)
    page = await browser.post(PAGE, act="preview", seen="0", **OWN)
    assert page.html.count("data:image/png;base64,") >= 1
    assert OWN["opening.zh_Hans"] in page.html  # still in the form
    pdf = await browser.post(PAGE, act="pdf", seen="0", **OWN)
    read = "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf.body)).pages).replace("\n", "")
    assert OWN["closing.zh_Hans"] in read and "示例酒店有限公司" in read
    assert await Template.all().count() == 0


async def test_each_change_is_a_version_with_its_own_event_and_the_same_words_make_none(world):
    browser = await head(world)
    await browser.post(PAGE, act="save", seen="0", **OWN)
    await browser.post(PAGE, act="save", seen="1", **OWN)
    changed = await browser.post(PAGE, act="save", seen="1", **{**OWN, "closing.zh_Hans": "示例:再会。"})
    assert changed.status == 303
    assert [one.version for one in await Template.all().order_by("version")] == [1, 2]
    events = await Event.filter(chain="template:GA").order_by("seq")
    assert [(one.kind, one.data["version"]) for one in events] == [
        ("template.worded", 1),
        ("template.worded", 2),
    ]
    assert "第 2 版" in (await browser.get(PAGE)).text


async def test_a_version_saved_meanwhile_is_not_overwritten_unread(world):
    await template.word("GA", {"closing": {"zh_Hans": "示例一"}}, seen=0, by=HEAD, at=CEREMONY)
    page = await (await head(world)).post(PAGE, act="save", seen="0", **OWN)
    assert page.status == 409
    assert "第 1 版" in page.text
    assert (await standing("GA")).texts == {"closing": {"zh_Hans": "示例一"}}


async def test_only_the_office_and_the_departments_own_head_may_word_its_letters(world):
    assert (await (await world.browser(Role.HEAD, "WJ")).get(PAGE)).status == 404
    assert (await (await world.browser(Role.INSPECTOR, "INS-GA-1")).get(PAGE)).status == 403
    office = await world.browser(Role.OFFICE, "测试联席办")
    assert PAGE in (await office.get("/console/templates")).reader.links
    assert (await office.post(PAGE, act="save", seen="0", **OWN)).status == 303
    with pytest.raises(Refusal, match=r"team\.other_department"):
        await template.word("WJ", {}, seen=0, by=HEAD, at=CEREMONY)


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"closing": {"zh_Hans": "文" * 301}}, "too_long"), ({"bring": {"zh_Hans": "一\n" * 9}}, "too_many_lines"),
        ({"opening": {"en": "Example"}}, "english_alone"),
    ],
)  # fmt: skip
async def test_words_that_are_too_many_are_refused_and_nothing_is_kept(world, texts, code):
    with pytest.raises(Refusal, match=rf"template\.{code}"):
        await template.word("GA", texts, seen=0, by=OFFICE, at=CEREMONY)
    assert await Template.all().count() == 0


async def test_d24_own_words_are_plain_text_wherever_they_are_shown(world):
    hostile = '#read("/etc/passwd") <b>示例</b> {{ 7*7 }} _*[x]\u202e'
    page = await (await head(world)).post(PAGE, act="preview", seen="0", **{"closing.zh_Hans": hostile})
    assert page.status == 200 and "<b>示例</b> {{" not in page.html
    await template.word("GA", {"closing": {"zh_Hans": hostile}}, seen=0, by=OFFICE, at=CEREMONY)
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district())
    assert (await letter_of(task)).state == NoticeState.BY_HAND
    assert (
        hostile.replace("\u202e", "")
        in (await LetterRenderer(district())((await letter_of(task)).id, "zh_Hans")).text
    )
