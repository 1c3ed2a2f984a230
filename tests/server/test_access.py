"""Closed by default: every route, role and object; forms from elsewhere; guesses (ASVS 3.5, 7, 8)."""

from datetime import timedelta

import pytest
from aiohttp import web

from models.procedure import enrolment
from models.rules import tokens
from models.rules.actor import Role
from models.tables import Account, Draw, Inspector, Notice, Session, Substitution, Target, Task
from server import access
from server.access import MACHINE, MEMBERS, Audience
from tests.server.pages import FORM, Browser, Site, letter, notice_token, site
from tests.support import district as sample
from tests.support.district import BATCH, district
from tests.support.statements import counted

PEOPLE = {
    "office": (Role.OFFICE, "测试联席办"),
    "head": (Role.HEAD, "GA"),
    "inspector": (Role.INSPECTOR, "INS-GA-1"),
    "liaison": (Role.LIAISON, "GA"),
    "entity": (Role.ENTITY, "OBJ00001"),
}


@pytest.fixture
async def world(db):
    """A drawn batch with one notice given, and a department that takes no part in it."""
    await sample.found()
    await Inspector.create(
        code="INS-JY-1", name="甲检员JY", department="JY", certificate="TEST-JY-001", level="县级(区)",
        areas=["*"],
        items=["*"], status="in_post",
    )  # fmt: skip
    await sample.drawn()
    await sample.visit_fixed(await Task.all().order_by("rank").first(), district())
    async with site() as made:
        yield made


def console_routes(made: Site) -> list[tuple[str, str, Audience]]:
    found = []
    for resource in made.server.app.router.resources():
        for route in resource:
            audience = access.audience_of(route)
            ours = not resource.canonical.startswith("/field")
            if ours and audience and audience.roles is not None and route.method != "HEAD":
                found.append((route.method, resource.canonical, audience))
    return found


async def filled(path: str) -> str:
    """The route's pattern with things that exist in the drawn batch."""
    task = await Task.all().order_by("rank").first()
    draw = await Draw.all().first()
    things = {
        "/console/batches/{code}": BATCH, "/console/draws/{code}": draw.code,
        "{number}.pdf": f"{task.number}-T1.pdf",
        "{number}": task.number, "{id}": "1", "{copy}": "thumbnail", "{form}": "csv", "{month}": "2026-11",
        "revision/{act}": "revision/ask", "said/{act}": "said/received", "{act}": "accept",
        "{kind}": "targets", "{code}": "OBJ00001", "{token}": notice_token(f"{task.number}-T1"), "{department}": "GA",
    }  # fmt: skip
    for pattern, thing in things.items():
        path = path.replace(
            pattern, pattern.rpartition("/")[0] + "/" + thing if pattern.startswith("/") else thing
        )
    assert "{" not in path, path
    return path


async def ask(browser: Browser, method: str, path: str, **how):
    return await (browser.get(path) if method == "GET" else browser.post(path, **how))


async def test_there_are_routes_to_ask(world):
    assert len(console_routes(world)) > 25


async def test_every_page_for_members_is_refused_to_strangers(world):
    stranger = await world.browser()
    for method, pattern, _ in console_routes(world):
        page = await ask(stranger, method, await filled(pattern))
        if method == "GET":
            assert page.status == 303, pattern
            assert page.response.headers["Location"].startswith("/login?next="), pattern
        else:
            assert page.status == 403, pattern


@pytest.mark.parametrize("who", PEOPLE)
async def test_every_page_is_refused_to_roles_it_does_not_name(world, who):
    role, of = PEOPLE[who]
    browser = await world.browser(role, of)
    refused = [(m, p) for m, p, audience in console_routes(world) if role not in audience.roles]
    if who == "entity":
        assert len(refused) == len(console_routes(world))
    for method, pattern in refused:
        page = await ask(browser, method, await filled(pattern))
        assert page.status == 403, (method, pattern)


@pytest.mark.parametrize(("role", "of"), [(Role.HEAD, "JY"), (Role.INSPECTOR, "INS-JY-1")])
async def test_d60_another_departments_things_are_not_there(world, role, of):
    leader = await sample.leader_of(await Task.all().order_by("rank").first())
    task = await Task.all().order_by("rank").first()
    await Substitution.create(
        team_id=task.team_id,
        department="GA",
        outgoing=leader.id,
        reason="post",
        asked_by=leader.mark,
        asked_at=world.clock(),
    )
    browser = await world.browser(role, of)
    asked = 0
    for method, pattern, audience in console_routes(world):
        if "{" not in pattern.replace("{form}", "") or role not in audience.roles:
            continue
        page = await ask(
            browser, method, await filled(pattern), act="agree", source="witness:GA", pledge="0" * 64,
            value="1" * 50,
            reason="示例", consenting="示例", receipt="示例", reached="yes", said="示例", until="2027-12-31",
        )  # fmt: skip
        assert page.status == 404, (method, pattern)
        asked += 1
    assert asked >= 9


async def test_d60_an_unknown_id_answers_like_another_departments(world):
    task = await Task.all().order_by("rank").first()
    browser = await world.browser(Role.HEAD, "JY")
    theirs = await browser.get(f"/console/tasks/{task.number}")
    nobodys = await browser.get("/console/tasks/2026-XX-1-999")
    assert (theirs.status, theirs.text) == (nobodys.status, nobodys.text)


async def test_d60_a_departments_board_holds_its_own_tasks_only(world):
    task = await Task.all().order_by("rank").first()
    mine = await (await world.browser(Role.INSPECTOR, (await sample.leader_of(task)).id)).get(
        "/console/tasks"
    )
    theirs = await (await world.browser(Role.INSPECTOR, "INS-JY-1")).get("/console/tasks")
    assert task.number in mine.text
    assert task.number not in theirs.text


async def test_every_form_needs_its_sessions_token(world):
    for who in ("office", "head", "inspector", "liaison"):
        role, of = PEOPLE[who]
        browser = await world.browser(role, of)
        browser.csrf = "csrf-of-somebody-else"
        for method, pattern, audience in console_routes(world):
            if method == "POST" and role in audience.roles:
                assert (await browser.post(await filled(pattern))).status == 403, pattern


CROSS = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://district.example.evil.example"},
    {},
]


@pytest.mark.parametrize("headers", CROSS, ids=str)
async def test_d62_a_form_from_elsewhere_is_refused(world, headers):
    office = await world.browser(Role.OFFICE, "测试联席办")
    page = await office.post(f"/console/batches/{BATCH}/commit", headers=headers)
    assert page.status == 403
    notice = await Notice.all().first()
    page = await (await world.browser()).post(
        f"/n/{notice_token(notice.number)}", headers=headers, act="received"
    )
    assert page.status == 403
    assert (await Notice.get(id=notice.id)).acknowledged_at is None
    assert (
        await (await world.browser()).post("/login", headers=headers, login="x", password="y")
    ).status == 403


async def test_d62_a_body_that_is_no_form_is_refused(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    for kind in ("text/plain", "application/json", "application/octet-stream"):
        answer = await office.client.post(
            "/console/me",
            data=b'{"language":"en"}',
            headers={**FORM, "Content-Type": kind, "X-CSRF-Token": office.csrf},
        )
        assert answer.status == 403, kind


async def test_an_older_browser_that_names_our_origin_is_believed(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    page = await office.post("/console/me", headers={"Origin": "http://district.example"}, language="en")
    assert page.status == 303


async def test_d63_a_cookie_that_was_there_before_gets_nobody_in(world):
    account = await sample.account(Role.OFFICE, "测试联席办")
    await enrolment.invite(
        account.id, "t" * 22, by=sample.OFFICE, at=world.clock(), purpose="login", reason="示例"
    )
    browser = await world.browser()
    browser.client.session.cookie_jar.update_cookies(
        {"ssj": "fixed-by-somebody"}, browser.client.make_url("/")
    )
    entered = await browser.post("/login/" + "t" * 22)
    given = entered.response.cookies["ssj"]
    assert entered.status == 303
    assert given.value != "fixed-by-somebody"
    assert len(given.value) >= 43
    assert given["httponly"]
    assert given["samesite"] == "Lax"
    assert not await Session.exists(token_sha256=tokens.hashed("fixed-by-somebody"))


async def test_d63_signing_in_again_ends_the_session_before(world):
    account = await sample.account(Role.OFFICE, "测试联席办")
    browser = await world.browser(Role.OFFICE, "测试联席办")
    await enrolment.invite(
        account.id, "t" * 22, by=sample.OFFICE, at=world.clock(), purpose="login", reason="示例"
    )
    await browser.post("/login/" + "t" * 22)
    assert await Session.filter(account=account, ended_at=None).count() == 1
    assert (await browser.get("/console/")).status == 200


async def test_over_https_the_cookie_belongs_to_this_host_alone(db):
    await sample.found()
    async with site(public_url="https://district.example") as made:
        account = await sample.account(Role.OFFICE, "测试联席办")
        await enrolment.invite(
            account.id, "t" * 22, by=sample.OFFICE, at=made.clock(), purpose="login", reason="示例"
        )
        entered = await (await made.browser()).post("/login/" + "t" * 22)
        cookie = entered.response.cookies["__Host-ssj"]
        assert cookie["secure"]
        assert cookie["path"] == "/"
        assert not cookie["domain"]
        assert "Strict-Transport-Security" in entered.response.headers


async def test_an_ended_session_ends_at_once(world):
    account = await sample.account(Role.INSPECTOR, "INS-GA-1")
    browser = await world.browser(Role.INSPECTOR, "INS-GA-1")
    assert (await browser.get("/console/")).status == 200
    await enrolment.disable(account.id, by=sample.OFFICE, at=world.clock())
    assert (await browser.get("/console/")).status == 303


async def test_a_session_does_not_outlive_its_account(world):
    browser = await world.browser(Role.INSPECTOR, "INS-GA-1")
    await Account.filter(role=Role.INSPECTOR).update(disabled_at=world.clock())
    assert (await browser.get("/console/")).status == 303


async def test_a_session_ends_by_itself(world):
    browser = await world.browser(Role.OFFICE, "测试联席办")
    world.clock.move(enrolment.SESSION_LIFE + timedelta(seconds=1))
    assert (await browser.get("/console/")).status == 303


async def test_whoever_signs_out_is_out(world):
    browser = await world.browser(Role.OFFICE, "测试联席办")
    assert (await browser.post("/logout")).status == 303
    browser.client.session.cookie_jar.update_cookies({"ssj": browser.token}, browser.client.make_url("/"))
    assert (await browser.get("/console/")).status == 303


def test_a_route_without_an_audience_does_not_start(tmp_path):
    from server.app import make_app

    async def open_to_all(request):
        return web.Response()

    def build(extra):
        return make_app(
            district=district(), now=sample.Clock(), wake=lambda: None, letter=letter, extra=extra
        )

    with pytest.raises(RuntimeError, match="no audience declared: HEAD /leak"):
        build(lambda app: app.router.add_get("/leak", open_to_all))
    part = web.Application()
    part.router.add_post("/hook", open_to_all)
    with pytest.raises(RuntimeError, match="no audience declared: /part"):
        build(lambda app: app.add_subapp("/part", part))
    build(lambda app: app.add_subapp("/part", access.admit(part, MACHINE)))


async def test_a_machines_part_needs_no_form_and_gets_its_body(db):
    part = web.Application()

    async def hook(request):
        return web.Response(text=(await request.read()).decode())

    part.router.add_post("/hook", hook)
    async with site(extra=lambda app: app.add_subapp("/part", access.admit(part, MACHINE))) as made:
        browser = await made.browser()
        answer = await browser.client.post("/part/hook", data=b'{"update_id":1}')
        assert (answer.status, await answer.text()) == (200, '{"update_id":1}')


async def test_a_machines_part_is_asked_for_no_session_and_what_it_has_not_is_not_found(db):
    part = web.Application()

    async def hook(request):
        return web.Response()

    part.router.add_post("/hook", hook)
    async with site(extra=lambda app: app.add_subapp("/part", access.admit(part, MACHINE))) as made:
        client = (await made.browser()).client
        async with counted() as count:
            answer = await client.post("/part/hook", data=b"{}", cookies={"ssj": "nobody"})
        assert (answer.status, count.statements) == (200, [])
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert (await client.post("/part/elsewhere", data=b"{}")).status == 404
        assert (await client.get("/part/hook")).status == 405


async def test_a_part_for_members_is_closed_to_strangers(db):
    part = web.Application()

    async def inside(request):
        return web.Response()

    part.router.add_get("/inside", inside)
    async with site(extra=lambda app: app.add_subapp("/part", access.admit(part, MEMBERS))) as made:
        assert (await (await made.browser()).get("/part/inside")).status == 303


async def test_every_answer_carries_the_guards(world):
    stranger, office = await world.browser(), await world.browser(Role.OFFICE, "测试联席办")
    answers = [
        await stranger.get(path) for path in ("/", "/nothing", "/static/ssj.css", "/healthz", "/console/")
    ]
    for page in (*answers, await office.get("/console/")):
        headers, path = page.response.headers, page.response.url.path
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe-inline" not in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert "Strict-Transport-Security" not in headers, path
        assert "Python" not in headers["Server"], path


async def test_nothing_private_is_kept_by_a_cache(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    for method, pattern, audience in console_routes(world):
        if method == "GET" and Role.OFFICE in audience.roles and "photos" not in pattern:
            page = await office.get(await filled(pattern))
            assert page.response.headers.get("Cache-Control") == "no-store", pattern


async def test_after_signing_in_one_goes_on_within_the_console(world):
    account = await sample.account(Role.OFFICE, "测试联席办")
    for n, (asked, reached) in enumerate([
        ("/console/tasks?due=overdue", "/console/tasks?due=overdue"), ("https://evil.example/", "/console/"),
        ("//evil.example/console/", "/console/"), ("/console//evil.example", "/console/"),
        ("/\\evil.example", "/console/"),
        ("/console/../\\evil", "/console/"),
            ("/login", "/console/"),
            ("javascript:alert(1)", "/console/"),
    ]):  # fmt: skip
        token = f"{n:022d}"
        await enrolment.invite(
            account.id, token, by=sample.OFFICE, at=world.clock(), purpose="login", reason="示例"
        )
        browser = await world.browser()
        page = await browser.client.post(
            f"/login/{token}", params={"next": asked}, data={}, headers=FORM, allow_redirects=False
        )
        assert page.headers["Location"] == reached


async def test_an_entity_has_no_console(world):
    account = await sample.account(Role.ENTITY, (await Target.all().first()).code)
    await enrolment.invite(
        account.id, "t" * 22, by=sample.OFFICE, at=world.clock(), purpose="login", reason="示例"
    )
    page = await (await world.browser()).post("/login/" + "t" * 22)
    assert page.status == 409
    assert "ssj" not in page.response.cookies
