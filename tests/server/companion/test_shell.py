"""The app itself: small, closed to everything from elsewhere, worded in both languages, open without an account."""

import gzip
import hashlib
import json
import re
from importlib.resources import files

import pytest

from locales import LANGUAGES, sentences
from models.rules.actor import Role
from server import access
from server.companion.shell import PAGE, WORKER, bare, shell
from tests.server.companion.phone import task_of
from tests.server.pages import FORM, site
from tests.support import district as sample

SHAPES = files("server").joinpath("companion", "types.d.ts").read_text("utf-8")


@pytest.fixture
async def world(db):
    async with site() as made:
        yield made


def scripts() -> dict[str, str]:
    return {path: one.data.decode() for path, one in shell().items() if path.endswith(".js")}


async def test_the_app_opens_without_an_account_and_holds_no_data(world):
    await sample.found()
    page = await (await world.browser()).get(PAGE)
    assert page.status == 200
    assert "宾馆" not in page.html
    assert page.response.headers["Permissions-Policy"] == "camera=(self), microphone=(), geolocation=(self)"
    policy = page.response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert (await (await world.browser()).get("/field")).status == 308


async def test_only_inspectors_have_a_companion(world):
    for resource in world.server.app.router.resources():
        for route in resource:
            signing_in = resource.canonical in ("/field/api/me", "/field/api/launch")
            if resource.canonical.startswith("/field/api/") and not signing_in:
                audience = access.audience_of(route)
                assert audience.roles == frozenset({Role.INSPECTOR}), resource.canonical


async def test_the_app_is_small_and_comes_in_few_files(world):
    """All that a phone is sent and keeps to work without reception, in one language, as it comes over HTTP."""
    browser = await world.browser()
    sizes = {}
    for path in shell():
        page = await browser.get(path)
        sizes[path] = int(page.response.headers["Content-Length"])
    other = min(size for path, size in sizes.items() if "/words-" in path)
    assert sum(sizes.values()) - other <= 100_000
    assert len(sizes) <= 12


async def test_only_comments_and_indentation_of_a_script_stay_behind():
    for file in files("server").joinpath("companion", "static").iterdir():
        if file.name.endswith(".js") and file.name != "sw.js":
            source = file.read_text("utf-8")
            assert not [one for one in re.findall(r"`[^`]*`", source) if "\n" in one], file.name
            rows = [row.strip() for row in re.sub(r"(?ms)^ *\/\*\*.*?\*\/$", "", source).splitlines()]
            assert bare(source).splitlines() == [row for row in rows if row and not row.startswith("//")]


async def test_the_phone_carries_no_sentence_of_the_chat_or_the_console():
    for language in LANGUAGES:
        said = json.loads(shell()[f"/field/words-{language}.json"].data)
        assert [key for key in said if key.startswith(("onsite.chat.", "onsite.console."))] == []


async def test_every_file_comes_packed_and_unchanged_ones_not_at_all(world):
    browser = await world.browser()
    for path, one in shell().items():
        page = await browser.get(path, **{"Accept-Encoding": "identity"})
        assert (page.status, page.body) == (200, one.data), path
        again = await browser.get(path, **{"If-None-Match": one.tag})
        assert (again.status, again.body) == (304, b"")
        if one.packed:
            assert gzip.decompress(one.packed) == one.data
            assert (await browser.get(path)).response.headers["Content-Encoding"] == "gzip"


async def test_the_worker_keeps_what_it_can_prove(world):
    """A hotel's sign-in page in place of a module has another hash, and is not kept."""
    worker = shell()[WORKER].data.decode()
    kept = json.loads(re.search(r"const SHELL = (\{.*?\});", worker)[1])
    offline = [path for path in shell() if path != WORKER and "icon-" not in path]
    assert kept == {path: hashlib.sha256(shell()[path].data).hexdigest() for path in offline}


async def test_nothing_comes_from_elsewhere():
    for path, one in shell().items():
        if one.type.startswith(("text/", "application/")):
            text = one.data.decode().replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?://|//[a-z]+\.[a-z]", text), path
            assert "innerHTML" not in text, path
            assert "eval(" not in text, path


async def test_every_sentence_of_the_app_is_worded_in_both_languages():
    used = {key for text in scripts().values() for key in re.findall(r'[^\w]t\("([\w.]+)"', text)}
    used |= {
        key for text in scripts().values() for key in re.findall(r'"(field\.[a-z_]+(?:\.[a-zA-Z_]+)*)"', text)
    }
    used -= {"field.gone"}
    for language in LANGUAGES:
        assert used - set(sentences(language)) == set(), language
        said = json.loads(shell()[f"/field/words-{language}.json"].data)
        assert used <= set(said)
        for state in ("assigned", "on_site", "concluded"):
            assert f"state.{state}" in said
        assert {f"result.R{n:02d}" for n in range(1, 15)} <= set(said)
        line = re.search(r"line: ((?:\"\w+\"[ |]*)+);", SHAPES)
        assert line
        assert {f"field.line.{state}" for state in re.findall(r"\w+", line[1])} <= set(said)


async def test_no_sentence_of_the_app_is_left_over():
    text = "\n".join(scripts().values()) + "field.open"
    patterns = [re.escape(one).replace(r"\$\{x\}", r"[\w.]+") for one in _templates(text)]
    known = re.compile("|".join(patterns))
    left = [
        key
        for key in sentences("en")
        if key.startswith("field.") and key not in text and not known.fullmatch(key)
    ]
    assert left == []


def _templates(text: str) -> set[str]:
    found = re.findall(r"`(field\.[^`]+)`", text)
    return {re.sub(r"\$\{[^}]*(?:\{[^}]*\}[^}]*)*\}", "${x}", one) for one in found}


async def test_the_desk_leads_an_inspector_to_the_companion_and_signing_in_too(world):
    await sample.found()
    visit = await task_of(world)
    desk = await world.browser(Role.INSPECTOR, visit.leader.officer)
    page = await desk.get("/console/")
    assert "/field/" in page.reader.links
    office = await world.browser(Role.OFFICE, "测试联席办")
    assert "/field/" not in (await office.get("/console/")).reader.links
    stranger = await world.browser()
    from models.procedure import enrolment
    from server.passwords import hasher

    account = await sample.account(Role.INSPECTOR, visit.leader.officer)
    await enrolment.set_password(
        account.id, "jia", hasher().hash("a long password"), by=sample.OFFICE, at=world.clock()
    )
    entered = await stranger.post(
        "/login", headers=FORM, login="jia", password="a long password", next="/field/"
    )
    assert entered.response.headers["Location"] == "/field/"
