"""Forwarded addresses, crooked paths, filters nobody offered, guesses (D64-D66, D69)."""

import asyncio
import re
from datetime import timedelta
from io import BytesIO

import pytest
from aiohttp import web

from models.rules.actor import Role
from models.tables import Inspector, Notice, Task
from server import access
from server.access import ANYONE
from server.app_keys import PASSAGE
from server.throttle import GUESSES
from tests.server.pages import FORM, Browser, Site, notice_token, site
from tests.support import district as sample
from tests.support.district import BATCH, district


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


async def test_d64_a_forwarded_address_counts_only_from_a_trusted_proxy(db):
    seen = []

    async def whoami(request):
        seen.append(request[PASSAGE].address)
        return web.Response()

    def extra(app):
        app.router.add_get("/whoami", access.declare(whoami, ANYONE))

    spoofed = {
        "X-Forwarded-For": "198.51.100.7, 203.0.113.9",
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
    }
    async with site(extra=extra) as made:
        await (await made.browser()).get("/whoami", **spoofed)
    async with site(extra=extra, trusted_proxies=["127.0.0.0/8"]) as made:
        await (await made.browser()).get("/whoami", **spoofed)
    async with site(extra=extra, trusted_proxies=["127.0.0.0/8", "203.0.113.0/24"]) as made:
        await (await made.browser()).get("/whoami", **spoofed)
    assert seen == ["127.0.0.1", "203.0.113.9", "198.51.100.7"]


EVIL = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}


async def test_d64_a_spoofed_host_changes_no_link(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    answer = await office.client.post(
        "/console/people/link", data={"csrf": office.csrf, "role": "head", "of": "GA", "reason": "示例"},
        headers={**FORM, **EVIL, "X-Forwarded-Proto": "https"},
    )  # fmt: skip
    body = await answer.text()
    assert "evil.example" not in body
    assert "http://district.example/login/" in re.sub(r"</?wbr>", "", body)


CROOKED = (
    "/static/..%2f..%2fapp.py", "/static/%00", "/static/%2e%2e/app.py", "//console/", "/console//tasks",
    "/verify/../app.py",
    "/n/%00", "/n/..%2f..%2fetc", "/static/ssj.css/x", "/static/../../app.py", "/console/tasks/..%2f..%2fx",
    "/%c0%ae%c0%ae/",
)  # fmt: skip


async def test_d65_crooked_paths_lead_nowhere(world):
    browser = await world.browser(Role.OFFICE, "测试联席办")
    for path in CROOKED:
        assert await _raw(world, f"GET {path} HTTP/1.1", browser) == 404, path
        assert b"import" not in _last[0], path
    for method in ("TRACE", "PUT", "DELETE", "PATCH"):
        assert await _raw(world, f"{method} /console/tasks HTTP/1.1", browser) == 405, method


_last = [b""]


async def _raw(made: Site, line: str, browser: Browser) -> int:
    """The status of an answer to a request line that no client would send; its body goes to `_last`."""
    reader, writer = await asyncio.open_connection(made.server.host, made.server.port)
    cookie = browser.client.session.cookie_jar.filter_cookies(browser.client.make_url("/")).output(
        header="", sep=";"
    )
    writer.write(f"{line}\r\nHost: district.example\r\nCookie:{cookie}\r\nConnection: close\r\n\r\n".encode())
    _last[0] = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(_last[0].split()[1])


NOT_OFFERED = (
    "sort=password", "sort=-number", "state=1%20OR%201", "page=0", "page=-1", "page=%EF%BC%91", "team=x",
    "due=never",
    "id=1%20OR%201", "state=assigned&state=scheduled", "batch__scheme__source=x",
)  # fmt: skip


async def test_d66_only_offered_filters_are_taken(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    for asked in NOT_OFFERED:
        page = await office.get(f"/console/tasks?{asked}")
        assert page.status == 400, asked
    for asked in ("kind=office", "kind=system", "page=x", "order=phone", "waiting=2"):
        assert (await office.get(f"/console/people?{asked}")).status == 400, asked


async def test_e15_a_link_that_is_known_answers_however_many_a_stranger_guessed(world):
    notice = await Notice.all().first()
    stranger = await world.browser()
    for n in range(GUESSES + 3):
        await stranger.get(f"/n/{n:022d}")
    link = f"/n/{notice_token(notice.number)}"
    assert [(await stranger.get(link)).status for _ in range(3)] == [200] * 3
    assert (await stranger.post(link, act="received")).status == 303
    assert (await stranger.get(f"/n/{1:022d}")).status == 429


async def test_e15_a_sign_in_link_is_good_after_a_strangers_guesses_from_the_same_address(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    answer = await office.post("/console/people/link", role="head", of="GA", reason="示例")
    link = re.search(r"/login/[\w-]{20,}", re.sub(r"</?wbr>", "", answer.html))[0]
    stranger = await world.browser()
    for n in range(GUESSES + 3):
        await stranger.post(f"/login/{n:022d}")
    assert (await stranger.post(link)).status == 303


async def test_d69_guesses_are_throttled_by_address(world):
    stranger = await world.browser()
    answers = [(await stranger.get(f"/n/{n:022d}")).status for n in range(GUESSES + 3)]
    assert answers == [404] * GUESSES + [429] * 3
    world.clock.move(timedelta(seconds=61))
    assert (await stranger.get(f"/n/{0:022d}")).status == 404


async def test_d69_many_guesses_at_once_gain_nothing(world):
    stranger = await world.browser()
    answers = await asyncio.gather(*(stranger.get(f"/n/{n:022d}") for n in range(90)))
    assert sum(page.status == 404 for page in answers) == GUESSES
    assert sum(page.status == 429 for page in answers) == 60


async def test_d69_whoever_opens_notices_that_exist_is_not_throttled(world):
    notice = await Notice.all().first()
    stranger = await world.browser()
    for _ in range(GUESSES + 5):
        assert (await stranger.get(f"/n/{notice_token(notice.number)}")).status == 200


async def test_d69_sign_in_links_are_guessed_no_faster(world):
    stranger = await world.browser()
    answers = [(await stranger.post(f"/login/{n:022d}")).status for n in range(8)]
    assert 303 not in answers
    assert answers[:5] == [403] * 5
    assert set(answers[5:]) == {429}


async def test_d61_a_form_that_cannot_be_read_is_the_senders_fault(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    for kind, body in (
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("application/x-www-form-urlencoded; charset=no-such-charset", b"a=b"),
        ("application/x-www-form-urlencoded; charset=utf-8", b"a=\xff\xfe"),
    ):
        answer = await office.client.post("/console/me", data=body, headers={**FORM, "Content-Type": kind})
        assert answer.status in (400, 403), kind


async def test_d70_a_nul_reaches_no_database(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    for path in ("/console/tasks?search=%00", "/results?q=a%00b", "/console/tasks/a%00b", "/draws/%00"):
        assert (await office.get(path)).status == 404, path


async def test_a_body_that_is_too_large_is_refused_in_words(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await office.client.post(
        "/console/me", data=BytesIO(b"login=" + b"x" * 1_100_000), headers=FORM | kind
    )
    assert answer.status == 413
    assert "太大" in await answer.text()


async def test_every_page_opens_on_both_databases(any_db):
    await sample.found()
    row = await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district())
    await sample.visit_concluded(await Task.get(id=task.id), district())
    asked = [
        "/",
        "/plans",
        "/draws",
        "/results",
        "/results?q=宾馆",
        f"/draws/{row.code}",
        "/console/",
        "/console/plans",
    ]
    asked += [
        f"/console/tasks{q}"
        for q in ("", "?due=overdue", "?due=unreached", "?due=soon", "?search=宾馆&sort=due")
    ]
    asked += [f"/console/tasks?department=XF&team=1&state={task.state}", f"/console/tasks/{task.number}"]
    asked += [
        f"/console/people{q}"
        for q in ("", "?kind=head", "?kind=entity", "?kind=entity&search=示例", "?waiting=1")
    ]
    asked += [f"/console/batches/{BATCH}", f"/console/draws/{row.code}", "/readyz"]
    async with site() as made:
        for of in ((Role.OFFICE, "测试联席办"), (Role.HEAD, "GA")):
            browser = await made.browser(*of)
            for path in asked:
                assert (await browser.get(path)).status == 200, path
