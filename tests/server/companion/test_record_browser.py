"""The record signed on glass with a finger, without reception, and a photo annotated (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from models import store
from models.procedure import inspection, photo, record
from models.queries import evidence
from models.queries import record as queries
from models.queries.sheet import sheet_of
from models.rules.actor import Actor, Role
from models.tables import Photo, Record, Signature, Statement
from tests.server.companion.phone import Visit, jpeg, on_site, sha
from tests.server.companion.screen import installed, loopback, open_app, path, signed_in
from tests.support import district as sample
from tests.support.district import VISIT, district
from tests.support.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture
async def visit(db) -> AsyncIterator[Visit]:
    await sample.found()
    async with loopback() as site:
        yield await on_site(site, one_department=True)


async def answered(visit: Visit) -> None:
    """Every question of the leader's answered and the section closed."""
    by = Actor(Role.INSPECTOR, visit.leader.officer)
    for ask in (await sheet_of(visit.task)).asks:
        await inspection.answer(
            visit.number, ask.number, verdict="na" if ask.may_not_apply else "pass", note="示例", by=by, at=VISIT,
            value=None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind),
        )  # fmt: skip
    await inspection.finalise(visit.number, by=by, at=VISIT)


async def write(page: Any, down: int = 0) -> None:
    """A name with the mouse on the pane."""
    box = await page.locator("canvas.pane").bounding_box()
    x, y = box["x"] + 40, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    for step in range(24):
        await page.mouse.move(x + step * 10, y + (40 if step % 2 else -40) + down)
    await page.mouse.up()


async def test_signatures_given_without_reception_arrive_once(visit, browser):
    await answered(visit)
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, complaints = await open_app(context, visit.site, path(visit))
    await installed(page)
    await page.locator("a.button.main", has_text="检查记录表").click()
    await page.locator("#said").fill("情况属实，将尽快改正。")
    await page.locator("button", has_text="保存意见").click()
    await page.locator("#draw").click()
    await page.locator("[data-current=true]").wait_for()
    made = await Record.get()
    assert (await Statement.get()).text == "情况属实，将尽快改正。"
    assert "情况属实，将尽快改正。" in await page.locator(".reading").inner_text()

    await context.set_offline(True)
    await page.locator("a.button", has_text="签字").first.click()
    assert await page.locator("#sign").is_disabled()
    assert made.sha256[:4] in await page.locator(".found .hash").inner_text()
    await page.locator("#name").fill("示例经理")
    await write(page)
    await page.locator("#sign").click()
    await page.locator("[data-signed=true]", has_text="已签 1 方").wait_for()
    await page.locator("li.row a.button").first.click()
    await write(page, 6)
    await page.locator("#sign").click()
    await page.locator(".pill[data-waiting='2']").wait_for()
    assert await Signature.all().count() == 0

    await context.set_offline(False)
    await page.locator(".pill[data-waiting='0'][data-line=on]").wait_for(timeout=30_000)
    entity, officer = await Signature.all().order_by("id")
    assert (entity.role, entity.name, entity.record_id) == ("entity", "示例经理", made.id)
    assert (officer.role, officer.name) == (
        "officer",
        (await queries.papers(visit.task.id)).versions[0].facts["team"][0][0],
    )
    for one in (entity, officer):
        assert (await store.objects.get(one.picture)).startswith(b"\x89PNG")
        assert await store.objects.size(one.picture) < 45_000
    assert [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []
    assert (await evidence.verify()).differences == []


async def test_a_refusal_to_sign_names_reason_and_witness(visit, browser):
    await answered(visit)
    await record.draw_up(
        visit.number, by=Actor(Role.INSPECTOR, visit.leader.officer), at=VISIT, district=district()
    )
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, complaints = await open_app(context, visit.site, path(visit, "sign", "refused"))
    await page.locator(".choice", has_text="对认定有异议").click()
    assert await page.locator("#refuse").is_disabled()
    await page.locator("#witness_name").fill("示例见证人")
    await page.locator("#refuse").click()
    await page.locator(".chip.bad", has_text="拒绝签字").wait_for()
    await page.locator(".pill[data-waiting='0'][data-line=on]").wait_for()
    refused, witness = await Signature.all().order_by("id")
    assert (refused.role, refused.refused, refused.reason) == ("entity", True, "对认定有异议")
    assert (witness.role, witness.name, witness.picture) == ("witness", "示例见证人", "")
    assert complaints == []


async def test_the_leader_is_told_that_the_record_is_not_signed(visit, browser):
    await answered(visit)
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site, path(visit))
    asked: list[str] = []

    async def no(dialog: Any) -> None:
        asked.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", no)
    await page.locator("button", has_text="结束检查").click()
    assert "记录表还没有全部签署" in asked[0]


async def test_a_face_is_hidden_with_a_finger_on_a_copy(visit, browser):
    data = jpeg(3, (800, 600))
    kept = await store.objects.put(data)
    by = Actor(Role.INSPECTOR, visit.leader.officer)
    made = await photo.take(
        visit.number, 3, by=by, at=VISIT, sha256=kept, size=len(data), format="JPEG", width=800, height=600, grade="A",
        labels=[], exif={},
    )  # fmt: skip
    await photo.developed(made.id, at=VISIT, thumbnail=kept, stamped=kept)
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, complaints = await open_app(context, visit.site, path(visit, "mark", made.id))
    await page.locator(".choice", has_text="遮挡").click()
    box = await page.locator(".marking svg").bounding_box()
    await page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5, steps=5)
    await page.mouse.up()
    assert await page.locator(".marking .veil").count() == 1
    await page.locator("#save").click()

    async def marked() -> bool:
        return bool((await Photo.get(id=made.id)).marks)

    await until(marked)
    (mark,) = (await Photo.get(id=made.id)).marks
    assert mark["kind"] == "hide"
    assert abs(mark["x1"] - 2500) < 60 and abs(mark["y2"] - 5000) < 60
    assert sha(await store.objects.get(kept)) == kept
    assert complaints == []
