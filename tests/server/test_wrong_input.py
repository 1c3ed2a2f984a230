"""What cannot be taken is named, with the field and what was in it, on pages and in JSON (D61, D66)."""

import ast
from pathlib import Path

import pytest

import server
from locales import words
from models.rules.actor import Role
from models.tables import Notice, Task
from server import wrong_input
from tests.server.pages import notice_token, site
from tests.support import district as sample
from tests.support.district import district, visit_fixed
from tests.support.evidence import filled

HERE = Path(server.__file__).parent
OFFICE, HEAD = (Role.OFFICE, "测试联席办"), (Role.HEAD, "GA")
LIAISON = (Role.LIAISON, "GA")
ASKED = [
    (None, "/plans?year=twenty", ("年份", "twenty")), (None, "/plans?year=0000", ("年份", "0000")),
    (None, "/results?page=1&page=2", ("只填一个",)),
    (None, "/roots?before=x", ("翻页位置", "x")), (HEAD, "/console/merges?year=20x", ("年份", "20x")),
    (LIAISON, "/console/drafts?year=1", ("年份", "1")),
    (OFFICE, "/console/tasks?state=assigned&state=scheduled", ("state", "只填一个")),
    (OFFICE, "/console/calendar?week=2026-12-08&week=2026-12-15", ("week",)),
    (OFFICE, "/console/performance?month=1&month=2", ("month",)),
]  # fmt: skip
SENT = [
    (OFFICE, "/console/registers", {"kind": "地图"}, ("类别", "地图")),
    (OFFICE, "/console/untold", {"until": "昨天"}, ("截止位置", "昨天")),
    (OFFICE, "/console/me", {}, ("登录名", "没有填")),
    (OFFICE, "/console/me", {"person": "长" * 2001}, ("姓名", "个字")),
    (OFFICE, "/console/plans/adopt", {}, ("文件", "没有收到")),
    (OFFICE, "/console/people/link", {"role": "市长", "of": "1"}, ("身份", "市长")),
    (HEAD, "/console/approvals", {"id": "一"}, ("勾选的条目", "一")),
    (HEAD, "/console/approvals/1", {"act": "也许"}, ("操作", "也许")),
    (HEAD, "/console/refusals/1", {"act": "也许"}, ("操作", "也许")),
    (HEAD, "/console/templates/GA", {"act": "save", "seen": "二"}, ("页面版本", "二")),
    (HEAD, "/console/templates/GA", {"act": "也许", "seen": "0"}, ("操作", "也许")),
]  # fmt: skip


def trees():
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(HERE.rglob("*.py"))}


def test_d66_no_answer_says_only_that_something_was_wrong() -> None:
    bare = [
        f"{path.name}:{node.lineno}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "HTTPBadRequest"
    ]
    assert bare == [], "server.wrong_input names the field and its value"


def fields_read() -> set[str]:
    """Names of the fields that a page reads from a form or an address."""
    named = [
        called(node) for tree in trees().values() for node in ast.walk(tree) if isinstance(node, ast.Call)
    ]
    return {one.value for one in named if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def test_every_field_that_is_read_by_its_name_has_a_word_in_both_languages() -> None:
    read = fields_read()
    assert len(read) > 50
    lacking = {
        (language, name)
        for language in ("zh_Hans", "en")
        for name in read - {"csrf"}
        if not words(language).has(f"input.{name}")
    }
    assert lacking == set()


def called(call: ast.Call) -> ast.expr | None:
    """The field's name, of a call that reads or refuses one."""
    if isinstance(call.func, ast.Name):
        return call.args[1] if call.func.id in ("field", "form_field") and len(call.args) > 1 else None
    owner = getattr(getattr(call.func, "value", None), "id", "")
    reads = (owner, getattr(call.func, "attr", "")) == ("form", "text") or owner == "wrong_input"
    return call.args[0] if reads and call.args else None


@pytest.fixture
async def world(db):
    await filled()
    async with site() as made:
        yield made


async def test_d66_a_wrong_address_is_answered_with_what_is_wrong_in_it(world) -> None:
    for who, address, said in ASKED:
        browser = await world.browser(*who or ())
        page = await browser.get(address)
        assert page.status == 400 and all(word in page.text for word in said), (address, page.text)
        data = await browser.client.get(address, headers={"Accept": "application/json"})
        error = (await data.json())["error"]
        assert error["code"].startswith("request.") and said[-1] in error["text"] + "只填一个", address


async def test_d61_a_wrong_form_is_answered_with_what_is_wrong_in_it(world) -> None:
    for who, address, form, said in SENT:
        page = await (await world.browser(*who)).post(address, **form)
        assert page.status == 400 and all(word in page.text for word in said), (address, form, page.text)


async def test_d66_a_name_longer_than_any_that_is_kept_is_one_that_is_not_there(world) -> None:
    office = await world.browser(*OFFICE)
    long = "长" * 300
    for address in (
        f"/console/batches/{long}",
        f"/console/tasks/{long}",
        f"/console/registers/targets/{long}",
    ):
        page = await office.get(address)
        assert page.status == 404 and "没有找到" in page.text, (address, page.status)
    page = await office.post(f"/console/batches/{long}/close", reason="示例")
    assert page.status in (400, 404), page.text
    stranger = await world.browser()
    for address in (f"/draws/{long}", f"/results/{long}", f"/results?q={long}"):
        page = await stranger.get(address)
        assert page.status == 404 and "没有找到" in page.text, (address, page.status)


async def test_the_entitys_page_names_what_it_cannot_take(db) -> None:
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("number").first()
    await visit_fixed(task, district())
    letter = f"/n/{notice_token((await Notice.get(task=task)).number)}"
    async with site() as made:
        stranger = await made.browser()
        for form, said in (
            ({"act": "删除"}, ("操作", "删除")),
            ({"act": "postpone", "window": "明天", "reason": "停电"}, ("时间段", "明天")),
            (
                {"act": "postpone", "window": "2026-12-09T09:00", "reason": "停电"},
                ("时间段", "2026-12-09T09:00"),
            ),
            ({"act": "recuse", "officer": "张", "reason": "亲属"}, ("检查人员", "张")),
        ):
            page = await stranger.post(letter, **form)
            assert page.status == 400 and all(word in page.text for word in said), (form, page.text)
        english = await stranger.post(f"{letter}?lang=en", act="delete")
        assert "“delete” is none of the choices of “Action”" in english.text


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ("Object missing required field `reason`", "lacking", "reason"),
        ("Object contains unknown field `role`", "unasked", "role"),
    ],
)
def test_what_a_body_lacks_or_has_too_much_is_named(said: str, code: str, field: str) -> None:
    no = wrong_input.shape(ValueError(said))
    assert (no.code, no.params["field"]) == (f"request.{code}", field)
