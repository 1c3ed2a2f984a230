"""The ceremony on the console: commit, pledge, reveal, hold, void, proof (Art. 14 (1))."""

import io
import re
import zipfile
from datetime import datetime, timedelta

import pytest

from models.rules.actor import Role
from models.rules.draw import entropy
from models.rules.visit import SHANGHAI
from models.states import BatchState
from models.tables import Batch, Draw, Pledge, Task
from tests.server.pages import Browser, site
from tests.support import district as sample
from tests.support.crowd_of_tasks import crowd
from tests.support.district import BATCH, CEREMONY, VALUES

LOTTERY = "lottery:示例彩票@2026-11-27T10:00+08:00 2026300"
OUT = CEREMONY + timedelta(hours=1)


@pytest.fixture
async def world(db):
    await sample.found()
    await Batch.filter(code=BATCH).update(entropy=[*VALUES, LOTTERY])
    async with site() as made:
        yield made


async def office(world) -> Browser:
    return await world.browser(Role.OFFICE, "测试联席办")


async def committed(world) -> tuple[Browser, Draw, str]:
    host = await office(world)
    await host.post(f"/console/batches/{BATCH}/commit")
    draw = await Draw.all().first()
    return host, draw, f"/console/draws/{draw.code}"


async def pledged(world, draw: Draw, room: str) -> dict[str, Browser]:
    """Every witness has pledged from an own session; the sessions."""
    heads = {source: await world.browser(Role.HEAD, source.partition(":")[2]) for source in VALUES}
    for source, head in heads.items():
        sealed = entropy.pledge(draw.commitment, VALUES[source])
        assert (await head.post(f"{room}/pledge", source=source, pledge=sealed)).status == 303
    return heads


async def ready(world) -> tuple[Browser, Draw, str]:
    host, draw, room = await committed(world)
    heads = await pledged(world, draw, room)
    for source, head in heads.items():
        assert (await head.post(f"{room}/reveal", source=source, value=VALUES[source])).status == 303
    world.clock.move(OUT)
    for reader in (host, heads["witness:WJ"]):
        assert (await reader.post(f"{room}/reveal", source=LOTTERY, value="5 0 7")).status == 303
    return host, draw, room


async def test_a_batch_is_committed_with_one_press(world):
    host = await office(world)
    assert "固定名单并公布承诺值" in (await host.get(f"/console/batches/{BATCH}")).text
    page = await host.post(f"/console/batches/{BATCH}/commit", follow=True)
    draw = await Draw.all().first()
    assert draw.commitment in page.html.replace("<wbr>", "")
    assert (await Batch.get(code=BATCH)).state == BatchState.COMMITTED
    shown = await host.get(f"/console/batches/{BATCH}")
    for said in ("pool.tsv", "roster.tsv", "holds.tsv", "抽取前已确定的事"):
        assert said in shown.text, said
    assert {form["action"] for form in shown.reader.forms} == {"/logout"}


async def test_committing_twice_keeps_the_first(world):
    host, draw, _ = await committed(world)
    await host.post(f"/console/batches/{BATCH}/commit")
    assert await Draw.all().count() == 1
    assert (await Draw.all().first()).commitment == draw.commitment


async def test_the_whole_ceremony_gives_tasks(world):
    host, _, room = await ready(world)
    page = await host.post(f"{room}/hold", follow=True)
    assert "派发 5 个任务" in page.text
    assert await Task.all().count() == 5
    assert world.clock.woken >= 2


async def test_the_hold_button_pressed_twice_draws_once(world):
    host, draw, room = await ready(world)
    await host.post(f"{room}/hold")
    first = await Draw.get(code=draw.code)
    assert (await host.post(f"{room}/hold")).status == 303
    assert (await Draw.get(code=draw.code)).results_sha256 == first.results_sha256
    assert await Task.all().count() == 5


async def test_a_witness_speaks_for_the_own_department_only(world):
    _, draw, room = await committed(world)
    ga = await world.browser(Role.HEAD, "GA")
    sealed = entropy.pledge(draw.commitment, VALUES["witness:WJ"])
    page = await ga.get(room)
    assert {form["source"] for form in page.reader.forms if "source" in form} == {"witness:GA"}
    assert (await ga.post(f"{room}/pledge", source="witness:WJ", pledge=sealed)).status == 403
    own = entropy.pledge(draw.commitment, VALUES["witness:GA"])
    assert (
        await ga.post(f"{room}/pledge", source="witness:GA", pledge=own.upper(), witness="别人")
    ).status == 303
    kept = await Pledge.get(draw=draw, source="witness:GA")
    assert (kept.pledge, kept.witness, kept.given_by) == (own, "测试负责人GA", "head:GA")


async def test_e2_the_office_finds_no_field_for_a_witness_and_what_it_posts_is_refused(world):
    host, draw, room = await committed(world)
    page = await host.get(room)
    assert not [form for form in page.reader.forms if form.get("source", "").startswith("witness:")]
    sealed = entropy.pledge(draw.commitment, VALUES["witness:GA"])
    page = await host.post(f"{room}/pledge", source="witness:GA", pledge=sealed)
    assert page.status == 403 and "不能代录" in page.text
    await pledged(world, draw, room)
    assert (await host.post(f"{room}/reveal", source="witness:GA", value=VALUES["witness:GA"])).status == 403
    assert not await Pledge.filter(draw=draw).exclude(value="").exists()


async def test_e2_a_session_opened_by_the_offices_link_does_not_count_as_the_witness(world):
    host, draw, room = await committed(world)
    link = await host.post("/console/people/link", role="head", of="GA", reason="账号无法登录")
    token = re.search(r"/login/([\w-]+)", link.html).group(1)
    stranger = await world.browser()
    await stranger.get(f"/login/{token}")
    await stranger.post(f"/login/{token}")
    page = await stranger.get(room)
    stranger.csrf = page.reader.forms[-1]["csrf"]
    sealed = entropy.pledge(draw.commitment, VALUES["witness:GA"])
    page = await stranger.post(f"{room}/pledge", source="witness:GA", pledge=sealed)
    assert page.status in (403, 409) and "他人开出的登录链接" in page.text
    assert not await Pledge.filter(draw=draw).exclude(pledge="").exists()


async def test_e4_a_head_names_a_witness_on_the_console(world):
    _, _, room = await committed(world)
    ga = await world.browser(Role.HEAD, "GA")
    assert "指定见证人" in (await ga.get(room)).text
    assert (await ga.post(f"{room}/witness", source="witness:GA", inspector="INS-GA-2")).status == 303
    officer = await world.browser(Role.INSPECTOR, "INS-GA-2")
    page = await officer.get(room)
    assert [form["source"] for form in page.reader.forms if "source" in form] == ["witness:GA"]
    other = await world.browser(Role.INSPECTOR, "INS-GA-3")
    assert not [form for form in (await other.get(room)).reader.forms if "source" in form]


async def test_e2_the_public_page_says_who_gave_what_without_names(world):
    _, draw, _ = await ready(world)
    page = await (await world.browser()).get(f"/draws/{draw.code}")
    assert "由该部门负责人用本人账号交出" in page.text
    assert "由两人分别录入" in page.text
    assert "测试负责人" not in page.text


async def test_a_value_that_breaks_its_pledge_is_refused_in_words(world):
    _, draw, room = await committed(world)
    heads = await pledged(world, draw, room)
    page = await heads["witness:GA"].post(f"{room}/reveal", source="witness:GA", value="1" * 50)
    assert page.status == 409
    assert "没有办成" in page.text
    assert "reveal_breaks_pledge" not in page.text
    assert (await Pledge.get(draw=draw, source="witness:GA")).value == ""


async def test_nobody_reveals_before_all_have_pledged(world):
    _, draw, room = await committed(world)
    host = await world.browser(Role.HEAD, "GA")
    sealed = entropy.pledge(draw.commitment, VALUES["witness:GA"])
    await host.post(f"{room}/pledge", source="witness:GA", pledge=sealed)
    assert (await host.post(f"{room}/reveal", source="witness:GA", value=VALUES["witness:GA"])).status == 409


async def test_dice_written_in_groups_are_the_same_dice(world):
    _, draw, room = await committed(world)
    host = (await pledged(world, draw, room))["witness:GA"]
    value = VALUES["witness:GA"]
    grouped = " ".join(value[n : n + 5] for n in range(0, 50, 5))
    assert (await host.post(f"{room}/reveal", source="witness:GA", value=grouped)).status == 303
    assert (await Pledge.get(draw=draw, source="witness:GA")).value == value


async def test_only_the_host_holds_the_draw(world):
    _, _, room = await ready(world)
    xf = await world.browser(Role.HEAD, "XF")
    assert f"{room}/hold" not in {form["action"] for form in (await xf.get(room)).reader.forms}
    assert (await xf.post(f"{room}/hold")).status == 403
    ga = await world.browser(Role.HEAD, "GA")
    assert (await ga.post(f"{room}/hold")).status == 303


async def test_a_draw_is_voided_with_reason_and_consent_before_the_first_value(world):
    host, draw, room = await committed(world)
    assert (await host.post(f"{room}/void", reason="", consenting="测试负责人")).status == 409
    page = await host.post(f"{room}/void", reason="见证人缺席", consenting="测试负责人", follow=True)
    assert "见证人缺席" in page.text
    assert (await Draw.get(code=draw.code)).voided_at is not None
    assert (await host.post(f"/console/batches/{BATCH}/commit")).status == 303
    assert await Draw.all().count() == 2


async def test_e4_once_every_value_is_there_a_draw_cannot_be_voided(world):
    host, _, room = await ready(world)
    assert "作废" not in (await host.get(room)).text
    assert (await host.post(f"{room}/void", reason="后悔", consenting="测试负责人")).status == 409


async def test_e4_a_silent_witness_is_voided_with_another_heads_own_word(world):
    host, draw, room = await committed(world)
    heads = await pledged(world, draw, room)
    await heads["witness:GA"].post(f"{room}/reveal", source="witness:GA", value=VALUES["witness:GA"])
    world.clock.move(OUT)
    assert "揭示时间已过" in (await host.get(room)).text
    await host.post(f"{room}/void", reason="见证人没有揭示")
    assert (await Draw.get(code=draw.code)).voided_at is None
    assert "待另一部门负责人" in (await host.get(room)).text
    assert (await host.post(f"{room}/void/consent", agree="1")).status == 403
    await heads["witness:WJ"].post(f"{room}/void/consent", agree="1")
    assert (await Draw.get(code=draw.code)).voided_at == OUT


async def test_the_proof_in_both_editions_is_for_the_office_and_the_witnesses(world):
    host, _, room = await ready(world)
    await host.post(f"{room}/hold")
    for browser in (host, await world.browser(Role.HEAD, "WJ")):
        full = await browser.get(f"{room}/bundle.zip?edition=full")
        public = await browser.get(f"{room}/bundle.zip?edition=public")
        assert "keys.tsv" in zipfile.ZipFile(io.BytesIO(full.body)).namelist()
        assert "keys.tsv" not in zipfile.ZipFile(io.BytesIO(public.body)).namelist()
    for role, of in ((Role.HEAD, "XF"), (Role.INSPECTOR, "INS-GA-1")):
        assert (await (await world.browser(role, of)).get(f"{room}/bundle.zip?edition=full")).status == 403


async def test_before_the_draw_there_is_no_proof(world):
    host, _, room = await committed(world)
    assert (await host.get(f"{room}/bundle.zip")).status == 403


async def test_the_page_says_whether_anybody_could_steer(world):
    _, _, room = await committed(world)
    assert "任何人，包括联席会议办公室" in (await (await office(world)).get(room)).text


@pytest.mark.browser
async def test_a_witnesss_phone_makes_the_pledge_that_the_draw_expects(world, browser):
    _, draw, _ = await committed(world)
    page = await browser.new_page()
    errors = []
    page.on("console", lambda message: errors.append(message.text))
    await page.goto(str(world.server.make_url(f"/draws/{draw.code}/witness")))
    for value in (VALUES["witness:GA"], "ab" * 32, "0123456789abcdef" * 2):
        await page.fill("#value", value)
        assert await page.inner_text("#pledge") == entropy.pledge(draw.commitment, value)
    await page.fill("#value", "123")
    assert await page.inner_text("#pledge") == ""
    await page.click("#random")
    made = await page.input_value("#value")
    assert len(made) == 64
    assert await page.inner_text("#pledge") == entropy.pledge(draw.commitment, made)
    assert errors == []
    await page.close()


@pytest.mark.browser
async def test_one_press_repeats_a_published_draw_in_the_browser(world, browser):
    row = await sample.drawn()
    await Task.all().update(state="concluded")
    page = await browser.new_page(locale="zh-CN")
    await page.goto(str(world.server.make_url(f"/draws/{row.code}")))
    await page.click("#verify button")
    await page.wait_for_selector("#verify[outcome]", timeout=20000)
    assert await page.get_attribute("#verify", "outcome") == "agrees"
    assert "一致" in await page.inner_text("#verify [role=status]")
    await page.close()


async def test_a7_the_batchs_page_extends_and_closes(world):
    await sample.drawn()
    world.clock.move(datetime(2026, 12, 19, 9, 0, tzinfo=SHANGHAI))
    host, ga = await office(world), await world.browser(Role.HEAD, "GA")
    page = f"/console/batches/{BATCH}"
    assert f"{page}/extend" not in {form["action"] for form in (await host.get(page)).reader.forms}
    assert (await host.post(f"{page}/extend", until="2026-12-30", reason="大雪")).status == 403
    assert "不能延长" in (await ga.post(f"{page}/extend", until="2026-12-18", reason="大雪")).text
    shown = await ga.post(f"{page}/extend", until="2026-12-30", reason="大雪停业", follow=True)
    assert "大雪停业" in shown.text
    draw = await Draw.all().first()
    assert "大雪停业" in (await (await world.browser()).get(f"/draws/{draw.code}")).text
    numbers = [task.number for task in await Task.all()]
    assert (await host.post(f"{page}/close", **{numbers[0]: "已注销"})).status == 409
    closed = await host.post(f"{page}/close", **dict.fromkeys(numbers, "已注销"), follow=True)
    assert "已注销" in closed.text
    assert (await Batch.get(code=BATCH)).state == BatchState.CLOSED


@pytest.fixture
async def crowded(db):
    """A batch of 240 tasks more, 160 of them not over."""
    many = await crowd()
    await many.grow(240)
    async with site() as made:
        made.clock.at = many.at
        yield made


async def test_a_batch_with_many_tasks_left_names_the_first_and_asks_one_reason_for_the_others(crowded):
    office = await crowded.browser(Role.OFFICE, "测试联席办")
    page = await office.get(f"/console/batches/{BATCH}")
    assert "未办结的 160 个任务" in page.text
    assert "其余110项任务共同的原因" in page.text
    assert len(page.html) < 60_000
    named = [given["name"] for _, given, _ in page.reader.fields if given.get("name", "").startswith("X")]
    assert len(named) == 50
    form = dict.fromkeys(named, "已注销") | {"rest": "并入下一批次"}
    assert (
        await office.post(f"/console/batches/{BATCH}/close", **dict.fromkeys(named, "已注销"))
    ).status == 409
    assert (await office.post(f"/console/batches/{BATCH}/close", **form)).status == 303
    batch = await Batch.get(code=BATCH)
    assert sorted(batch.left.values()) == ["已注销"] * 50 + ["并入下一批次"] * 110
    assert {batch.left[number] for number in named} == {"已注销"}
