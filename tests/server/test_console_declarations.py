"""Declarations on the batch's page: with the document's hash, for whom they are, in both languages (Art. 3, 14)."""

import hashlib

import pytest
from aiohttp import FormData

from models.rules.actor import Role
from models.tables import Declaration, Draw, Target
from tests.server.pages import FORM, site
from tests.support import district as sample
from tests.support.district import BATCH

PAGE = f"/console/batches/{BATCH}"


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def declared(browser, ground, target="OBJ00002", paper=b"paper", sha256=""):
    data = FormData(default_to_multipart=True)
    csrf = browser.csrf
    for name, value in (
        ("csrf", csrf),
        ("ground", ground),
        ("target", target),
        ("document", "示例1号"),
        ("sha256", sha256),
    ):
        data.add_field(name, value)
    data.add_field("file", paper, filename="示例.pdf", content_type="application/octet-stream")
    return await browser.client.post(f"{PAGE}/declarations", data=data, headers=FORM, allow_redirects=False)


async def test_the_hash_is_computed_of_the_file_or_taken_as_typed(world):
    head = await world.browser(Role.HEAD, "GA")
    assert (await declared(head, "art3-2")).status == 303
    assert (await declared(head, "art3-2", "OBJ00003", b"", "A" * 64)).status == 303
    hashes = await Declaration.all().order_by("id").values_list("document_sha256", flat=True)
    assert hashes == [hashlib.sha256(b"paper").hexdigest(), "a" * 64]
    assert (await declared(head, "art3-2", "OBJ00004", b"")).status in (409, 422)


async def test_another_departments_head_and_an_officer_do_not_read_whom_a_clue_names(world):
    name = (await Target.get(code="OBJ00002")).name
    await declared(await world.browser(Role.HEAD, "GA"), "art3-3")
    for role, who, seen in (
        (Role.HEAD, "GA", True), (Role.OFFICE, "测试联席办", True), (Role.HEAD, "WJ", False), (Role.INSPECTOR, "INS-GA-1", False),
    ):  # fmt: skip
        page = (await (await world.browser(role, who)).get(PAGE)).html
        assert (name in page) == seen, who
        assert ("示例1号" in page) == seen, who


async def test_it_is_taken_back_with_a_reason_and_stays_on_the_page(world):
    head = await world.browser(Role.HEAD, "GA")
    await declared(head, "art3-4")
    id = (await Declaration.get()).id
    assert (await head.post(f"{PAGE}/declarations/{id}/withdraw", reason="误报")).status == 303
    page = (await head.get(PAGE)).html
    assert "误报" in page and f"declarations/{id}/withdraw" not in page


async def test_the_public_page_shows_ground_and_document_and_no_target(world):
    host = await world.browser(Role.OFFICE, "测试联席办")
    await declared(host, "art3-1")
    await declared(host, "art3-3", "OBJ00003", b"clue")
    await host.post(f"{PAGE}/commit")
    code = (await Draw.get()).code
    page = (await host.get(f"/draws/{code}")).html
    assert "示例1号" in page and "第三条第一项" in page and "第三条第三项" not in page
    assert (await Target.get(code="OBJ00002")).name not in page
