"""What waits on a phone stays there until it is receipted, whatever its clock says and however full it is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from importlib.resources import files
from typing import Any

import pytest

from models.tables import Answer, Event, Photo
from server.companion.bundle import bundle
from tests.server.companion.phone import Visit, jpeg, on_site, sha
from tests.server.companion.screen import Hand, installed, loopback, open_app, path, sign_in, signed_in
from tests.server.companion.test_companion_browser import VAULT
from tests.support import district as sample
from tests.support.waiting import until

pytestmark = pytest.mark.browser

DAY = 86_400_000
STORE = (
    bundle(
        {
            "encrypted_store": files("server")
            .joinpath("companion/static/encrypted_store.js")
            .read_text("utf-8")
        },
        "encrypted_store",
    )
    + "await $encrypted_store.open();"
)


@pytest.fixture
async def visit(db) -> AsyncIterator[Visit]:
    await sample.found()
    async with loopback() as site:
        yield await on_site(site, one_department=True)


def clock(days: float) -> str:
    """The phone's clock, wrong by so many days."""
    return f"""(() => {{ const Real = globalThis.Date, wrong = {int(days * DAY)};
      globalThis.Date = class extends Real {{
        constructor(...said) {{ if (said.length) super(...said); else super(Real.now() + wrong); }}
        static now() {{ return Real.now() + wrong; }}
      }}; }})()"""


async def left(page: Any) -> int:
    return await page.evaluate("async () => {" + VAULT + 'return (await all("items")).length; }')


async def answered_offline(visit: Visit, browser: Any, tmp_path: Any, **how: Any) -> tuple[Any, Any]:
    """Question 1 answered and question 9 photographed without reception; the app installed."""
    context = await signed_in(browser, visit.site, visit.leader.officer, **how)
    page, _ = await open_app(context, visit.site, path(visit, "q", 1))
    await page.locator("[data-verdict=pass]").wait_for()
    await installed(page)
    await context.set_offline(True)
    await page.locator("[data-verdict=pass]").click()
    await page.locator(".pill[data-waiting='1']").wait_for()
    await page.evaluate(f"location.hash = '{path(visit, 'q', 9)}'")
    await Hand(page, tmp_path).at(9)
    await Hand(page, tmp_path).photograph(9, jpeg(9))
    await page.locator(".pill[data-waiting='2']").wait_for()
    return context, page


async def later(context: Any, page: Any, visit: Visit, days: float, line: bool, at: str = "") -> Any:
    """The app opened again when the phone's clock shows so many days more."""
    await page.close()
    await context.set_offline(not line)
    again = await context.new_page()
    await again.add_init_script(clock(days))
    await again.goto(str(visit.site.server.make_url("/field/")) + at)
    await again.wait_for_selector("body.ready")
    return again


@pytest.mark.parametrize("days", [9, 4000, -4000], ids=["nine_days_on", "years_ahead", "years_back"])
async def test_b1_what_waited_is_sent_before_anything_else_whatever_the_clock_says(
    visit, browser, tmp_path, days
):
    context, page = await answered_offline(visit, browser, tmp_path)
    page = await later(context, page, visit, days, line=True)
    await page.locator(".pill[data-waiting='0'][data-line=on]").wait_for(timeout=30_000)
    assert await Answer.filter(task=visit.task, verdict="pass").count() == 1
    assert [one.sha256 for one in await Photo.filter(task=visit.task)] == [sha(jpeg(9))]
    assert await left(page) == 0


async def test_b1_after_seven_days_offline_the_store_locks_and_signing_in_opens_it(visit, browser, tmp_path):
    context, page = await answered_offline(visit, browser, tmp_path)
    page = await later(context, page, visit, 8, line=False, at=path(visit, "q", 9))
    await page.locator("#locked", has_text="2 条未上传内容全部保留").wait_for()
    assert await page.locator(".question, .card.task").count() == 0
    page = await later(context, page, visit, -300, line=False)
    await page.locator("#locked").wait_for()  # a clock put back opens nothing
    assert await left(page) == 2
    await context.clear_cookies()
    page = await later(context, page, visit, 8, line=True)
    await page.locator("#locked", has_text="请本人登录").wait_for()
    await sign_in(context, visit.site, visit.leader.officer)
    page = await later(context, page, visit, 8, line=True)
    await page.locator(".pill[data-waiting='0'][data-line=on]").wait_for(timeout=30_000)
    assert await Photo.filter(task=visit.task).count() == 1
    assert await left(page) == 0


async def test_b1_nothing_can_be_cleared_from_a_phone_that_holds_what_has_no_receipt(
    visit, browser, tmp_path
):
    _, page = await answered_offline(visit, browser, tmp_path)
    await page.evaluate("location.hash = '#/me'")
    await page.locator(".banner", has_text="本机还有 2 条没有回执").wait_for()
    assert await page.locator("button.danger").count() == 0
    assert (
        await page.evaluate(f"async () => {{ {STORE} return await $encrypted_store.forgetAll(); }}") is False
    )
    assert await left(page) == 2


async def test_b1_giving_up_a_photo_takes_a_reason_and_waits_for_the_receipt(visit, browser, tmp_path):
    context, page = await answered_offline(visit, browser, tmp_path)
    await page.locator(".thumb").click()
    await page.locator("dialog.viewer button", has_text="放弃").click()
    await page.locator("dialog.why button", has_text="返回").click()
    await page.locator(".pill[data-waiting='2']").wait_for()
    await page.locator(".thumb").click()
    await page.locator("dialog.viewer button", has_text="放弃").click()
    await page.locator("dialog.why button.choice", has_text="拍错").click()
    await page.locator(".thumb").wait_for(state="detached")
    assert await left(page) == 3  # the photo too, until the house knows
    await context.set_offline(False)
    await page.locator(".pill[data-waiting='0'][data-line=on]").wait_for(timeout=30_000)
    await until(lambda: Event.exists(kind="evidence.given_up"))
    given_up = await Event.get(kind="evidence.given_up")
    assert (given_up.data["sha256"], given_up.data["question"]) == (sha(jpeg(9)), 9)
    assert "拍错" in given_up.data["reason"]
    assert await Photo.filter(task=visit.task).count() == 0
    await until(lambda: _none(page))


async def _none(page: Any) -> bool:
    return await left(page) == 0


async def test_b1_what_cannot_be_read_stays_and_is_told(visit, browser, tmp_path):
    context, page = await answered_offline(visit, browser, tmp_path)
    await page.evaluate(
        "async () => {"
        + VAULT
        + """
      const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
      const writing = base.transaction("keys", "readwrite");
      writing.objectStore("keys").put(key, "aes");
      await new Promise((done) => { writing.oncomplete = done; });
    }"""
    )
    page = await later(context, page, visit, 0, line=True)
    await page.locator(".banner.bad", has_text="2 条读不出来").wait_for()
    assert await left(page) == 2


FILL = """async () => {
  const told = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const asked = indexedDB.open("other-things", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("files", { autoIncrement: true });
  const base = await told(asked);
  for (let size = 4e6; size >= 1; size = Math.floor(size / 2)) {
    for (let fits = true; fits;) {
      const writing = base.transaction("files", "readwrite", { durability: "strict" }), bytes = new Uint8Array(size);
      for (let n = 0; n < size; n += 65536) crypto.getRandomValues(bytes.subarray(n, n + 65536));
      writing.objectStore("files").put(bytes);
      fits = await new Promise((done) => { writing.oncomplete = () => done(true); writing.onabort = () => done(false); });
    }
  }
}"""


class Room:
    """The room that the browser gives to this house, so that a phone can be full."""

    def __init__(self, devtools: Any, origin: str) -> None:
        self.devtools, self.origin = devtools, origin

    async def of(self, size: int) -> None:
        await self.devtools.send("Storage.overrideQuotaForOrigin", {"origin": self.origin, "quotaSize": size})


async def full(context: Any, visit: Visit, at: str) -> tuple[Any, Room]:
    """The app open on a phone where not one byte more fits."""
    page = await context.new_page()
    await page.goto(str(visit.site.server.make_url("/field/words-en.json")))
    room = Room(await context.new_cdp_session(page), str(visit.site.server.make_url("/")).rstrip("/"))
    await room.of(3_000_000)
    await page.goto(str(visit.site.server.make_url("/field/")) + at)
    await page.wait_for_selector("body.ready")
    await page.locator("[data-verdict=pass]").wait_for()
    await installed(page)
    await page.evaluate(FILL)
    return page, room


async def test_b2_a_full_phone_says_at_once_what_it_did_not_keep_and_keeps_it_on_the_screen(
    visit, browser, tmp_path
):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, room = await full(context, visit, path(visit, "q", 9))
    await context.set_offline(True)
    await page.locator("textarea").fill("前台无登记簿")
    await page.locator("[data-verdict=fail]").click()
    await page.locator(".toast.bad", has_text="没有存下").wait_for()
    await page.locator("#unkept", has_text="1 条没有存下").wait_for()
    assert await page.locator("textarea").input_value() == "前台无登记簿"
    assert "没有存下 1" in await page.locator(".pill").inner_text()
    assert await page.locator(".verdict.on").count() == 0  # nothing looks saved
    await room.of(50_000_000)
    await page.locator("#unkept button").click()
    await page.locator(".pill[data-waiting='1']").wait_for()
    await context.set_offline(False)
    await until(lambda: Answer.exists(task=visit.task, verdict="fail", note="前台无登记簿"))


async def test_b2_a_full_phone_with_a_line_works_on_and_what_is_told_as_saved_is_at_the_house(
    visit, browser, tmp_path
):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await full(context, visit, path(visit, "q", 9))
    await page.locator(".pill[data-line=on]").wait_for()
    await page.locator("[data-verdict=pass]").click()
    await page.locator("[data-verdict=pass].on, .question .number:text-is('10')").first.wait_for()
    assert await Answer.exists(task=visit.task, verdict="pass")
    assert await page.locator("#unkept").count() == 0
    await page.reload()
    await page.locator(".pill[data-line=on]").wait_for()  # a copy that does not fit is no lost line


async def test_b2_the_store_is_asked_to_stay_and_its_room_is_shown(visit, browser):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site, "#/queue")
    await page.locator("#room", has_text="约剩").wait_for()
    asked = await page.evaluate("navigator.storage.persisted()")
    assert await page.locator("#room").get_attribute("data-persisted") == str(asked).lower()
    assert ("已承诺" in await page.locator("#room").inner_text()) is asked


async def test_b9_the_first_opening_says_downloading_then_when_it_was_synced_and_offline_when_it_is(
    visit, browser
):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    comes = asyncio.Event()

    async def slowly(route: Any) -> None:
        await comes.wait()
        await route.continue_()

    await context.route("**/field/api/tasks", slowly)
    page, _ = await open_app(context, visit.site, path(visit))
    await page.locator(".pill", has_text="正在下载").wait_for()
    await page.locator("main", has_text="正在下载任务").wait_for()
    assert "不在待办" not in await page.locator("main").inner_text()
    await page.evaluate("location.hash = '#/'")
    await page.locator(".empty", has_text="正在下载任务").wait_for()
    comes.set()
    await page.locator(".card.task").first.wait_for()
    assert re.search(r"已同步 \d\d:\d\d", await page.locator(".pill").inner_text())
    await context.set_offline(True)
    await page.locator(".pill[data-line=off]").wait_for()
    assert "已同步" not in await page.locator(".pill").inner_text()
    assert "离线" in await page.locator(".pill").inner_text()


async def test_b9_a_task_that_is_gone_is_said_to_be_gone_only_once_the_list_came(visit, browser):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site, "#/t/NO-SUCH-TASK")
    await page.locator("main", has_text="该任务已不在待办中").wait_for()
    await installed(page)
    await context.set_offline(True)
    await page.reload()
    await page.wait_for_selector("body.ready")
    await page.locator("main", has_text="离线。本机").wait_for()
    assert "不在待办" not in await page.locator("main").inner_text()


async def test_b3_an_ordinary_phone_photo_made_smaller_keeps_what_the_camera_wrote(visit, browser, tmp_path):
    from models import store
    from models.imaging import examine

    large = phone_photo()
    assert len(large) > 1_500_000
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site, path(visit, "q", 9))
    await page.locator("[data-verdict=pass]").wait_for()
    await Hand(page, tmp_path).photograph(9, large)
    await page.locator(".toast", has_text="拍摄信息已带入").wait_for()
    await until(lambda: Photo.exists(task=visit.task))
    row = await Photo.get(task=visit.task)
    assert (row.grade, row.labels) == ("B", ["recompressed"])
    assert row.size < len(large)
    assert row.exif["original"] == {"sha256": sha(large), "size": len(large)}
    sent, original = examine(await store.objects.get(row.sha256)), examine(large)
    assert sent.claims == original.claims
    assert sent.claims.taken_at and sent.claims.place
    assert (original.orientation, sent.orientation) == (6, 1)
    assert sent.width < sent.height  # upright, as the phone was held
    await page.locator(".pill[data-waiting='0']").wait_for()
    assert await page.evaluate("async () => {" + VAULT + 'return (await all("blobs")).length; }') == 0


async def test_b3_the_original_waits_until_the_receipt_and_can_be_sent_instead(visit, browser, tmp_path):
    large = phone_photo()
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site, path(visit, "q", 9))
    await page.locator("[data-verdict=pass]").wait_for()
    await context.set_offline(True)
    await Hand(page, tmp_path).photograph(9, large)
    assert await page.evaluate("async () => {" + VAULT + 'return (await all("blobs")).length; }') == 2
    await page.locator(".thumb").click()
    await page.locator("dialog.viewer button", has_text="改传原图").click()
    await context.set_offline(False)
    await until(lambda: Photo.exists(task=visit.task))
    row = await Photo.get(task=visit.task)
    assert (row.sha256, row.grade, row.labels) == (sha(large), "A", [])


def phone_photo() -> bytes:
    """A photo as a phone gives it: more than the limit, turned, with time, offset and place."""
    import io

    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2026:12:08 09:00:00"
    exif.get_ifd(0x8769)[0x9011] = "+08:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 43.0, 48.0), 3: "E", 4: (113.0, 18.0, 0.0)})
    out = io.BytesIO()
    Image.effect_noise((3600, 2700), 40).convert("RGB").save(out, "JPEG", exif=exif, quality=80)
    return out.getvalue()
