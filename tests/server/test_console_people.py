"""Signing in, invitations, ending a binding; the own language and password (Art. 7, 10)."""

from datetime import timedelta

import pytest
import zxingcpp

from models.procedure import enrolment
from models.rules import tokens
from models.rules.actor import Role
from models.tables import Binding, Department, Invitation, LeftOut, Miss, Session
from tests.server.pages import Browser, site
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE

PASSWORD = "correct horse battery"


@pytest.fixture
async def world(db):
    await sample.found()
    async with site(deep_link=lambda token: f"https://t.example/bot?start={token}") as made:
        yield made


async def office(world) -> Browser:
    return await world.browser(Role.OFFICE, "测试联席办")


async def with_password(world, name: str = "lianxi") -> None:
    host = await office(world)
    assert (await host.post("/console/me", login=name, password=PASSWORD)).status == 303


def token_in(page) -> str:
    return page.html.replace("<wbr>", "").split("start=")[1][:22]


# 登录


async def test_opening_a_sign_in_link_does_not_spend_it(world):
    account = await sample.account(Role.HEAD, "GA")
    await enrolment.invite(account.id, "t" * 22, by=OFFICE, at=CEREMONY, purpose="login", reason="示例")
    browser = await world.browser()
    for _ in range(3):
        page = await browser.get("/login/" + "t" * 22)
        assert page.status == 200
    assert (await Invitation.get(account=account)).used_at is None
    entered = await browser.post("/login/" + "t" * 22, follow=True)
    assert "测试负责人GA" in entered.text
    assert (await (await world.browser()).post("/login/" + "t" * 22)).status == 403


async def test_a_sign_in_link_is_good_for_ten_minutes(world):
    account = await sample.account(Role.HEAD, "GA")
    await enrolment.invite(account.id, "t" * 22, by=OFFICE, at=CEREMONY, purpose="login", reason="示例")
    world.clock.move(timedelta(minutes=10, seconds=1))
    assert (await (await world.browser()).post("/login/" + "t" * 22)).status == 403


async def test_an_invitation_to_the_chat_does_not_open_the_console(world):
    account = await sample.account(Role.HEAD, "GA")
    await enrolment.invite(account.id, "t" * 22, by=OFFICE, at=CEREMONY)
    assert (await (await world.browser()).post("/login/" + "t" * 22)).status == 403


async def test_d59_every_link_that_is_not_good_gets_one_answer(world):
    account = await sample.account(Role.HEAD, "GA")
    for n, life in enumerate(("used", "expired", "bind", "never")):
        token = f"{life}{n}".ljust(22, "x")
        if life != "never":
            await enrolment.invite(
                account.id,
                token,
                by=OFFICE,
                at=CEREMONY,
                purpose="bind" if life == "bind" else "login",
                reason="示例",
            )
        if life == "used":
            await Invitation.filter(token_sha256=tokens.hashed(token)).update(used_at=CEREMONY)
        if life == "expired":
            await Invitation.filter(token_sha256=tokens.hashed(token)).update(expires_at=CEREMONY)
    browser = await world.browser()
    answers = [
        await browser.post("/login/" + f"{life}{n}".ljust(22, "x"))
        for n, life in enumerate(("used", "expired", "bind", "never"))
    ]
    said = {(page.status, page.text) for page in answers}
    assert len(said) == 1


async def test_name_and_password_open_the_console_where_there_is_no_chat(world):
    await with_password(world)
    browser = await world.browser()
    entered = await browser.post("/login", login="lianxi", password=PASSWORD, next="/console/tasks")
    assert entered.response.headers["Location"] == "/console/tasks"
    assert (await browser.get("/console/tasks")).status == 200


async def test_d75_five_wrong_passwords_lock_for_a_quarter_of_an_hour(world):
    await with_password(world)
    browser = await world.browser()
    for _ in range(5):
        page = await browser.post("/login", login="lianxi", password="wrong password")
        assert page.status == 403
        assert "不对" in page.text
    assert (await browser.post("/login", login="lianxi", password=PASSWORD)).status == 429
    assert await Miss.filter(guesser__startswith="login:").count() == 5
    world.clock.move(timedelta(minutes=15, seconds=1))
    assert (await browser.post("/login", login="lianxi", password=PASSWORD)).status == 303


async def test_an_unknown_name_answers_like_a_wrong_password(world):
    await with_password(world)
    browser = await world.browser()
    wrong = await browser.post("/login", login="lianxi", password="wrong password")
    unknown = await browser.post("/login", login="nobody", password="wrong password")
    assert (wrong.status, wrong.text) == (unknown.status, unknown.text)


async def test_a_disabled_account_signs_in_no_more(world):
    await with_password(world)
    account = await sample.account(Role.OFFICE, "测试联席办")
    await enrolment.disable(account.id, by=OFFICE, at=CEREMONY)
    assert (await (await world.browser()).post("/login", login="lianxi", password=PASSWORD)).status == 403


async def test_a_short_password_is_refused_in_words(world):
    page = await (await office(world)).post("/console/me", login="lianxi", password="short")
    assert page.status == 409
    assert "12" in page.text


async def test_a_password_is_kept_as_argon2_and_shown_nowhere(world):
    await with_password(world)
    account = await sample.account(Role.OFFICE, "测试联席办")
    assert account.password.startswith("$argon2id$")
    assert PASSWORD not in (await (await office(world)).get("/console/me")).html


async def test_a_person_chooses_the_language(world):
    host = await office(world)
    page = await host.post("/console/me", language="en", follow=True)
    assert 'lang="en"' in page.html
    assert (await sample.account(Role.OFFICE, "测试联席办")).language == "en"


# 邀请


async def test_an_invitation_is_shown_once_with_its_code_to_scan(world):
    page = await (await office(world)).post("/console/people/invite", role="inspector", of="INS-GA-1")
    token = token_in(page)
    kept = await Invitation.get(token_sha256=tokens.hashed(token))
    assert kept.expires_at == CEREMONY + timedelta(hours=24)
    assert "<svg" in page.html
    again = await (await office(world)).get("/console/people?search=甲检员GA")
    assert token not in again.html
    assert "已邀请" in again.text


async def test_the_code_to_scan_holds_the_link(world):
    from PIL import Image, ImageDraw

    host = await office(world)
    assert (
        await host.post("/console/people/number", role="head", of="WJ", number="138 0000 0001")
    ).status == 303
    page = await host.post("/console/people/invite", role="head", of="WJ")
    drawing = page.html.split('<path d="')[1].split('"')[0]
    side = int(page.html.split('viewBox="0 0 ')[1].split()[0])
    picture = Image.new("L", (side * 8, side * 8), 255)
    pen = ImageDraw.Draw(picture)
    for cell in drawing.split("M")[1:]:
        x, y = (int(n) * 8 for n in cell.split("h")[0].split())
        pen.rectangle((x, y, x + 7, y + 7), fill=0)
    assert zxingcpp.read_barcode(picture).text == f"https://t.example/bot?start={token_in(page)}"


async def test_after_a_heads_number_the_page_of_the_heads_comes_back_and_says_so(world):
    """So that the invitation is the next press, and the language can still be changed there."""
    host = await office(world)
    after = await host.post("/console/people/number", follow=True, role="head", of="XF", number="13800000002")
    assert after.status == 200
    assert "0002" in after.text
    assert "已保存" in after.text
    ended = await host.post("/console/people/end", follow=True, role="head", of="XF")
    assert "0002" in ended.text, "still the heads' page"


async def test_a_refused_invitation_leads_back_to_a_page_that_is_there(world):
    host = await office(world)
    refused = await host.post("/console/people/invite", role="head", of="XF")
    assert refused.status == 409
    assert "先在名录中登记号码" in refused.text
    assert "/console/people" in refused.reader.links
    assert "/console/people/invite" not in refused.reader.links


async def test_the_office_invites_heads_inspectors_and_entities(world):
    host = await office(world)
    assert (
        await host.post("/console/people/number", role="head", of="XF", number="13800000002")
    ).status == 303
    for role, of in (("inspector", "INS-WJ-1"), ("head", "XF"), ("entity", "OBJ00001")):
        assert (await host.post("/console/people/invite", role=role, of=of)).status == 200
    assert (await host.post("/console/people/invite", role="office", of="谁")).status == 400
    assert (await host.post("/console/people/invite", role="inspector", of="INS-NOBODY")).status == 409


async def test_a_head_invites_the_own_departments_officers_only(world):
    head = await world.browser(Role.HEAD, "GA")
    assert (await head.post("/console/people/invite", role="inspector", of="INS-GA-1")).status == 200
    for role, of in (("inspector", "INS-WJ-1"), ("head", "GA"), ("entity", "OBJ00001")):
        assert (await head.post("/console/people/invite", role=role, of=of)).status == 404, of
    assert (await head.post("/console/people/link", role="inspector", of="INS-GA-1")).status == 403
    page = await head.get("/console/people?kind=entity&department=WJ")
    assert "甲检员GA" in page.text
    assert "检员WJ" not in page.text
    assert "示例001宾馆" not in page.text


async def test_a_sign_in_link_made_by_the_office_signs_that_person_in(world):
    asked = {"role": "inspector", "of": "INS-GA-1", "reason": "没有聊天工具"}
    page = await (await office(world)).post("/console/people/link", **asked)
    token = page.html.replace("<wbr>", "").split("/login/")[1][:22]
    entered = await (await world.browser()).post(f"/login/{token}", follow=True)
    assert "甲检员GA" in entered.text


async def test_d31_ending_a_binding_ends_every_session(world):
    account = await sample.account(Role.INSPECTOR, "INS-GA-1")
    await Binding.create(account=account, telegram_id=1, bound_at=CEREMONY)
    theirs = await world.browser(Role.INSPECTOR, "INS-GA-1")
    host = await office(world)
    assert "已绑定" in (await host.get("/console/people?search=甲检员GA")).text
    assert (await host.post("/console/people/end", role="inspector", of="INS-GA-1")).status == 303
    assert await Binding.filter(account=account, ended_at=None).count() == 0
    assert await Session.filter(account=account, ended_at=None).count() == 0
    assert (await theirs.get("/console/")).status == 303


async def test_u44_the_desk_says_who_has_a_task_and_cannot_be_reached(world):
    await sample.drawn()
    page = await (await office(world)).get("/console/people?waiting=1")
    assert len([line for line in page.reader.forms if line["action"].endswith("/invite")]) == 16
    account = await sample.account(Role.INSPECTOR, page.reader.forms[3]["of"])
    await Binding.create(account=account, telegram_id=1, bound_at=CEREMONY)
    assert "15 有任务但联系不上" in (await (await office(world)).get("/console/")).text
    await enrolment.blocked(account.id, at=CEREMONY)
    assert "16 有任务但联系不上" in (await (await office(world)).get("/console/")).text


async def test_a12_the_office_sees_on_its_desk_whom_nothing_reaches(world):
    await sample.drawn()
    host = await office(world)
    headless = (
        f"{(await Department.get(code='XF')).name}没有负责人账号"  # the witnesses of the draw have one each
    )
    assert headless in (await host.get("/console/")).text
    asked = {"role": "head", "of": "XF"}
    assert (await host.post("/console/people/number", **asked, email="no address")).status == 409
    assert (await host.post("/console/people/number", **asked, email="head@example.test")).status == 303
    page = await host.get("/console/")
    assert headless not in page.text
    assert "没有绑定聊天" in page.text


async def test_a12_the_desk_lists_who_was_left_out_and_its_form_settles_them(world):
    await sample.drawn()
    host = await office(world)
    row = await LeftOut.filter(settled_at=None).order_by("id").first()
    page = await host.get("/console/")
    assert "未告知人员" in page.text and 'id="untold"' in page.html
    last = await LeftOut.filter(whose=row.whose, of=row.of).order_by("-id").first()
    asked = {"whose": row.whose, "of": row.of, "until": str(last.id)}
    assert (await host.post("/console/untold", **asked, said=" ")).status == 409
    assert await LeftOut.filter(whose=row.whose, of=row.of, settled_at=None).exists()
    assert (await host.post("/console/untold", **asked, said="示例:已电话告知")).status == 303
    settled = await LeftOut.filter(whose=row.whose, of=row.of)
    assert {one.settled for one in settled} == {"示例:已电话告知"}
    left = await LeftOut.filter(settled_at=None).count()
    assert ('id="untold"' in (await host.get("/console/")).html) == bool(left)
    head = await world.browser(Role.HEAD, "GA")
    assert 'id="untold"' not in (await head.get("/console/")).html
    assert (await head.post("/console/untold", **asked, said="示例")).status in (403, 404)


async def test_c9_the_office_says_its_persons_name_at_the_desk(world):
    host = await office(world)
    assert (await host.post("/console/me", person="李示例")).status == 303
    assert "李示例" in (await host.get("/console/me")).text
    officer = await world.browser(Role.INSPECTOR, "INS-GA-1")
    assert 'name="person"' not in (await officer.get("/console/me")).html
    assert (await officer.post("/console/me", person="别名")).status in (403, 409)


async def test_c16_the_desk_greets_nobody_by_a_code(db):
    await sample.found()
    async with site() as world:
        office = await world.browser(Role.OFFICE, "office")
        assert "联席会议办公室" in heading(await office.get("/console/"))
        assert "office" not in heading(await office.get("/console/me"))


def heading(page) -> str:
    return page.html.partition("<h1>")[2].partition("</h1>")[0]
