"""Art. 14: the public page repeats a draw in the browser, on the reader's device, without a network."""

import random
import zipfile
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from models.rules import bundle, draw
from models.rules.draw.commitment import commit
from models.rules.draw.rows import PoolRow, target_id
from tests.models.rules.drawing import VECTORS, held, padding, random_draw, roster, rules
from tests.server.public.bundles import eventful, of_the_platform, vector_files, verifier, with_sums
from tests.server.public.test_verify_ceremony import FALSE_CEREMONIES, LOTTERY_ROWS, TRUE, witnessed
from tests.server.public.test_verify_draw import REFUSED_AT_COMMIT

pytestmark = pytest.mark.browser
STATIC = Path(verifier.__file__).parent
POLICY = {"Content-Security-Policy": "default-src 'self'; base-uri 'none'; object-src 'none'"}
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>核验</title>
<script type="module" src="/verify/verify-draw.js"></script><verify-draw></verify-draw></html>"""


@pytest.fixture
async def page(browser: Any) -> AsyncIterator[Any]:
    """A page with the verifier on it, under the policy of the public pages."""

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html", headers=POLICY)

    app = web.Application()
    app.router.add_get("/", show)
    app.router.add_static("/verify/", STATIC)
    server = TestServer(app)
    await server.start_server()
    opened = await browser.new_page()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    await opened.goto(str(server.make_url("/")))
    try:
        yield opened
    finally:
        await opened.close()
        await server.close()


async def check(page: Any, data: bytes, expect: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the browser's verifier says of a ZIP."""
    found: dict[str, Any] = await page.evaluate(
        """async ([data, expect]) => {
            const {verifyDraw} = await import("/verify/verify-draw.js");
            const bytes = Uint8Array.from(atob(data), char => char.charCodeAt(0));
            return verifyDraw(new File([bytes], "b.zip"), {expect});
        }""",
        [b64encode(data).decode(), list(expect)],
    )
    return found


def packed(files: dict[str, bytes], path: Path, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return path.read_bytes()


async def both_say_the_same(page: Any, files: dict[str, bytes], path: Path, method: int = 8) -> bool:
    """Whether the draw agrees, once both verifiers, in two languages, have said the same of it."""
    ours = await check(page, packed(files, path, method))
    theirs = verifier.check(str(path))
    assert sorted(ours["lines"]) == sorted(theirs.lines)
    assert (ours["count"], ours["notes"], ours["facts"]) == (theirs.count, theirs.notes, theirs.facts)
    return bool(ours["agrees"])


async def test_the_vectors_agree_in_the_browser_too(page: Any, tmp_path: Path) -> None:
    for case in VECTORS:
        assert await both_say_the_same(page, vector_files(case), tmp_path / "b.zip")


async def test_both_verifiers_agree_on_whole_histories(page: Any, tmp_path: Path) -> None:
    for number in range(40):
        drawn, keys = random_draw(3_000_000 + number)
        files = draw.bundle_files(drawn, keys)
        assert await both_say_the_same(page, files, tmp_path / "b.zip", number % 2 * 8)
        hashes = (drawn.committed.commitment, draw.results_hash(drawn), draw.course_hash(drawn))
        assert (await check(page, bundle.packed(files), hashes))["agrees"]
        assert not (await check(page, bundle.packed(files), ("0" * 64,)))["agrees"]


async def test_neither_verifier_says_ok_of_a_draw_of_the_provincial_platform(
    page: Any, tmp_path: Path
) -> None:
    files, path = of_the_platform(), tmp_path / "b.zip"
    assert not await both_say_the_same(page, files, path)
    found = await check(page, packed(files, path))
    assert (found["foreign"], found["count"]) == (True, 0)
    await page.set_input_files("input[type=file]", path)
    await page.wait_for_selector("verify-draw[outcome=foreign]")
    assert "不可复算" in await page.inner_text("verify-draw")
    changed = {**files, "matches.tsv": b""}
    assert not await both_say_the_same(page, changed, path)
    assert not (await check(page, packed(changed, path)))["foreign"]


async def test_both_verifiers_name_the_same_differences(page: Any, tmp_path: Path) -> None:
    _, files = eventful()
    chance = random.Random(11)
    for _ in range(80):
        name = chance.choice([name for name, data in files.items() if data])
        rows = files[name].splitlines(keepends=True)
        at = chance.randrange(len(rows))
        changed = chance.choice([[], [rows[at]] * 2, [rows[at][:-2] + b"x\n"], [rows[at][:-1]]])
        forged = {**files, name: b"".join([*rows[:at], *changed, *rows[at + 1 :]])}
        forged = with_sums(forged) if chance.random() < 0.5 else forged
        await both_say_the_same(page, forged, tmp_path / "b.zip")
    for _, _, forge in REFUSED_AT_COMMIT:
        assert not await both_say_the_same(
            page, with_sums(forge(vector_files(VECTORS[0]))), tmp_path / "b.zip"
        )


async def test_hostile_archives_are_refused_in_words(page: Any, tmp_path: Path) -> None:
    good = packed(vector_files(VECTORS[0]), tmp_path / "b.zip")
    for hostile in (
        b"",
        b"PK\5\6" + b"\xff" * 18,
        good[: len(good) // 2],
        packed({"../pool.tsv": b""}, tmp_path / "b.zip"),
        packed({"pool.tsv": b""}, tmp_path / "b.zip", zipfile.ZIP_LZMA),
        packed({"pool.tsv": bytes(40 << 20)}, tmp_path / "b.zip"),
        packed({**vector_files(VECTORS[0]), "rules.json": b"[" * 100_000}, tmp_path / "b.zip"),
    ):
        found = await check(page, hostile)
        assert not found["agrees"]
        assert found["lines"]
    chance = random.Random(3)
    for _ in range(30):
        changed = bytearray(good)
        changed[chance.randrange(len(good))] ^= 1 << chance.randrange(8)
        assert isinstance((await check(page, bytes(changed)))["agrees"], bool)


async def test_a_person_chooses_a_file_and_reads_the_outcome(page: Any, tmp_path: Path) -> None:
    good = tmp_path / "good.zip"
    packed(vector_files(VECTORS[0]), good)
    bad = tmp_path / "bad.zip"
    files = vector_files(VECTORS[0])
    packed({**files, "drawn.tsv": files["drawn.tsv"].replace(b"1\tA", b"1\tB", 1)}, bad)
    await page.wait_for_selector("verify-draw input")
    loaded = list(page.asked)
    await page.set_input_files("verify-draw input", good)
    await page.wait_for_selector("verify-draw[outcome=agrees]")
    assert "一致" in await page.inner_text("verify-draw")
    await page.set_input_files("verify-draw input", bad)
    await page.wait_for_selector("verify-draw[outcome=differs]")
    assert "drawn.tsv 第1行 row 1" in await page.inner_text("verify-draw")
    extra = page.asked[len(loaded) :]
    assert {url.rpartition("/")[2] for url in extra} <= {"verify-draw-worker.js"}


async def test_the_page_stays_responsive_while_a_large_pool_is_checked(
    page: Any, tmp_path: Path, full_size: bool
) -> None:
    size = 1_000_000 if full_size else 60_000
    ids = (target_id(sha256(b"%d" % n).digest()[:16], "TEST") for n in range(size))
    pool = [PoolRow(id, "A", "东区" if n % 3 else "西区") for n, id in enumerate(ids)]
    made = rules(strata={"A": size // 50})
    drawn = held(commit(made, pool, roster(), padding=padding()))
    path = tmp_path / "large.zip"
    with path.open("wb") as file:
        bundle.write(draw.bundle_files(drawn), file)
    await page.wait_for_selector("verify-draw input")
    await page.evaluate(
        """() => { window.longest = 0; let last = performance.now();
            setInterval(() => { const now = performance.now();
                longest = Math.max(longest, now - last); last = now; }, 10); }"""
    )
    await page.set_input_files("verify-draw input", path)
    await page.wait_for_selector("verify-draw[outcome]", timeout=240_000)
    assert await page.get_attribute("verify-draw", "outcome") == "agrees"
    assert await page.evaluate("longest") < 2000


async def test_e2_the_browser_says_of_a_ceremony_what_python_says(page: Any, tmp_path: Path) -> None:
    for rows in (TRUE, TRUE[:4], LOTTERY_ROWS):
        assert await both_say_the_same(page, witnessed(*rows), tmp_path / "b.zip")
    for rows, _ in FALSE_CEREMONIES.values():
        assert not await both_say_the_same(page, witnessed(*rows), tmp_path / "b.zip")
