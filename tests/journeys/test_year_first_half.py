"""January to the draw, by the people whom the regulation names (Art. 12-14): four departments draft their plans, two
entries become one, one is withdrawn, two schemes are signed, three batches are drawn and one of them twice.

The console's forms, the bot over HTTP, the command line.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from models.queries import evidence
from models.rules.draw import entropy
from models.rules.visit import SHANGHAI
from server.practice import Phone
from tests.journeys.chatting import STAGE, says, tap, until
from tests.journeys.signing_in import bind, sign_in
from tests.journeys.town import PASSWORD, ROOT, Town, Visitor, town

JANUARY = datetime(2027, 1, 18, 9, 0, tzinfo=SHANGHAI)
MARCH = datetime(2027, 3, 8, 9, 0, tzinfo=SHANGHAI)
LOTTERY_OUT = datetime(2027, 3, 8, 9, 30, tzinfo=SHANGHAI)
LOTTERY = "lottery:示例彩票@2027-03-08T09:30+08:00 2027058"
DEPARTMENTS = ("GA", "WJ", "XF", "SCJG")
HOTELS, PLACES, CAFES, INNS = "2027-XH-GA-02", "2027-XH-WJ-03", "2027-XH-XF-02", "2027-XH-SC-05"
VALUES = {
    "GA": "6354216" * 7 + "1",
    "WJ": "0123456789abcdef" * 4,
    "XF": "123456" * 8 + "12",
    "SCJG": "fedcba9876543210" * 4,
}
BEHALF = ("--reason", "示例：外出培训，电话委托")
VERIFIERS = ROOT / "server/public/static"
ENTRIES = {
    HOTELS: {
        "title": "示例宾馆联合抽查", "items": ["XH-GA-02", "XH-GA-03"], "participating": ["WJ", "XF"],
        "opens": "2027-03-01", "closes": "2027-04-30", "methods": ["NETWORK", "ON_SITE"], "rate_A": "1", "rate_C": "25",
        "industries": "H6110",
    },
    PLACES: {
        "title": "示例公共场所联合抽查", "items": ["XH-GA-03", "XH-GA-04"], "participating": ["SCJG"],
        "opens": "2027-03-08", "closes": "2027-05-31", "methods": ["ON_SITE"], "rate_A": "2", "industries": "H6110",
    },
    CAFES: {
        "title": "示例上网服务场所联合抽查", "items": ["XH-WL-02"], "participating": ["GA"],
        "opens": "2027-04-01", "closes": "2027-06-30", "methods": ["ON_SITE"], "rate_A": "1", "industries": "R9013",
    },
}  # fmt: skip


@dataclass
class People:
    """Everybody by role and department: a phone and a browser each."""

    here: Town
    office: Visitor
    phones: dict[str, Phone]
    desks: dict[str, Visitor]

    async def sign_in(self) -> None:
        """Anew, from a browser that remembers nobody."""
        self.office.http.cookie_jar.clear()
        await self.office.submit("/login", "/login", login="office", password=PASSWORD)
        for name, phone in self.phones.items():
            self.desks[name].http.cookie_jar.clear()
            await sign_in(phone, self.desks[name])

    async def act(self, act: str, subject: str, *given: str, person: str) -> None:
        """On the command line, for somebody who is on the telephone; the person's own chat hears of it."""
        await self.here.command("act", "do", act, subject, *given, "--as", person, *BEHALF)


@asynccontextmanager
async def people(here: Town) -> AsyncIterator[People]:
    """The office's password, and eight phones bound to heads and liaisons."""
    async with AsyncExitStack() as browsers:
        everybody = People(here, await browsers.enter_async_context(here.visitor()), {}, {})
        await everybody.office.submit("/login", "/login", login="office", password=PASSWORD)
        for n, department in enumerate(DEPARTMENTS):
            for role, first in (("head", "1380000000"), ("liaison", "1370000000")):
                name = f"{role}:{department}"
                everybody.phones[name] = await bind(here, everybody.office, role, department, f"{first}{n}")
                everybody.desks[name] = await browsers.enter_async_context(here.visitor())
        await everybody.sign_in()
        yield everybody


@pytest.mark.timeout(900)
async def test_a_year_from_the_drafted_plans_to_the_held_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch, JANUARY) as here:
        STAGE[:] = [here.stage]
        await here.command("init", "--name", "office", "--password-stdin", typed=PASSWORD + "\n")
        await here.registers()
        async with here.running(), people(here) as everybody:
            await the_plans_are_drafted_and_published(everybody)
            await one_entry_is_withdrawn_with_a_reason(everybody)
            await two_entries_become_one(everybody)
            here.move(MARCH)
            await everybody.sign_in()
            await two_schemes_are_signed(everybody)
            await three_batches_are_drawn(everybody)
            await anybody_can_check_it(everybody)
            assert (await evidence.verify()).differences == []


async def the_plans_are_drafted_and_published(everybody: People) -> None:
    """Each liaison drafts; heads consent in chat, at a desk and by telephone; each own head hands in (Art. 12)."""
    phones, desks = everybody.phones, everybody.desks
    hotels, hotels_entry = await drafted(desks["liaison:GA"], HOTELS)
    places, places_entry = await drafted(desks["liaison:WJ"], PLACES)
    cafes, _ = await drafted(desks["liaison:XF"], CAFES)
    inns, inns_entry = await drafted_by_telephone(everybody)
    await tap(phones["head:WJ"], "同意参与", about=ENTRIES[HOTELS]["title"])
    await agree(desks["head:XF"], hotels, hotels_entry)
    await agree(desks["head:SCJG"], places, places_entry)
    await tap(phones["head:GA"], "同意参与", about=ENTRIES[CAFES]["title"])
    await tap(phones["head:GA"], "同意参与", about="示例旅馆联合抽查")
    await agree(desks["head:WJ"], inns, inns_entry)
    await everybody.act("plan_consent", inns_entry, "agree=true", person="head:XF")
    await tap(phones["head:GA"], "签署并提交")
    await tap(phones["head:SCJG"], "签署并提交")
    for department, draft in (("WJ", places), ("XF", cafes)):
        at = f"/console/drafts/{draft}"
        await desks[f"head:{department}"].submit(at, f"{at}/hand-in")
    for draft in (hotels, places, cafes, inns):
        await everybody.office.submit(f"/console/drafts/{draft}", f"/console/drafts/{draft}/publish")
    public = await everybody.office.page("/plans?year=2027")
    assert all(code in public for code in (HOTELS, PLACES, CAFES, INNS))


async def drafted(liaison: Visitor, code: str) -> tuple[str, str]:
    """An entry from the form, its participants asked; the numbers of the draft and of the entry."""
    page = await liaison.submit(
        "/console/drafts/new?year=2027", "/console/drafts/entries", code=code, act="keep", **ENTRIES[code]
    )
    draft, entry = number(r"/console/drafts/(\d+)/ask", page), number(r"/drafts/entries/(\d+)", page)
    await liaison.submit(f"/console/drafts/{draft}", f"/console/drafts/{draft}/ask")
    return draft, entry


async def drafted_by_telephone(everybody: People) -> tuple[str, str]:
    await everybody.act(
        "plan_put", INNS, "year=2027", "title=示例旅馆联合抽查", "items=XH-GA-05", "participating=GA,WJ,XF",
        "opens=2027-03-01", "closes=2027-04-30", "methods=ON_SITE", "rates=A=2", "industries=H6129", person="liaison:SCJG",
    )  # fmt: skip
    lines = await everybody.here.command("plan", "drafts", "2027")
    entry = number(rf"安排 (\d+)：{INNS}", lines)
    draft = re.findall(r"草案 (\d+)：", lines[: lines.index(INNS)])[-1]
    await everybody.act("plan_ask", draft, person="liaison:SCJG")
    return draft, entry


async def agree(head: Visitor, draft: str, entry: str) -> None:
    await head.submit(f"/console/drafts/{draft}", f"/console/drafts/entries/{entry}/consent", act="agree")


async def one_entry_is_withdrawn_with_a_reason(everybody: People) -> None:
    """The liaison takes it out of the plan; the head signs with the reason, which everybody reads (Art. 12)."""
    liaison, reason = everybody.desks["liaison:XF"], "示例：上级统一组织"
    draft, entry = await drafted(liaison, CAFES)
    await liaison.submit(f"/console/drafts/{draft}", f"/console/drafts/entries/{entry}/remove")
    await everybody.desks["head:XF"].submit(
        f"/console/drafts/{draft}", f"/console/drafts/{draft}/hand-in", reason=reason
    )
    await everybody.office.submit(f"/console/drafts/{draft}", f"/console/drafts/{draft}/publish")
    public = await everybody.office.page(f"/plans/{CAFES}")
    assert "已撤下" in public
    assert reason in public


async def two_entries_become_one(everybody: People) -> None:
    """The office proposes, every head concerned accepts where they are; the last word makes it so (Art. 12)."""
    reason, phones, merges = "示例：检查对象相同", everybody.phones, "/console/merges?year=2027"
    page = await everybody.office.submit(
        merges, "/console/merges", goes_on=HOTELS, ends=PLACES, reason=reason
    )
    merge = number(r"/console/merges/(\d+)/drop", page)
    await tap(phones["head:GA"], "同意合并")
    await everybody.desks["head:WJ"].submit(merges, f"/console/merges/{merge}/sign", act="agree")
    await everybody.act("plan_merge_sign", merge, "agree=true", person="head:SCJG")
    assert "已合并" not in await everybody.office.page(f"/plans/{PLACES}")
    await tap(phones["head:XF"], "同意合并")
    public = await everybody.office.page(f"/plans/{PLACES}")
    assert "已合并" in public
    assert reason in public
    assert HOTELS in public


async def two_schemes_are_signed(everybody: People) -> None:
    """Drafted from the entries that stand, counted first, signed by every head who sends officers (Art. 13)."""
    hotels = await scheme(everybody.desks["liaison:GA"], HOTELS, {"1": ("GA", "WJ"), "2": ("WJ", "GA")})
    inns = await scheme(everybody.desks["liaison:SCJG"], INNS, {"1": ("SCJG", "XF")})
    for draft, title in ((hotels, "示例宾馆"), (inns, "示例旅馆")):
        at = f"/console/schemes/drafts/{draft}"
        await tap(everybody.phones["head:GA"], "签署方案", about=title)
        await everybody.desks["head:WJ"].submit(at, f"{at}/sign", act="agree")
        await everybody.act("scheme_sign", draft, "agree=true", person="head:SCJG")
        assert "生效" not in await everybody.here.command("scheme", "drafts")
        await tap(everybody.phones["head:XF"], "签署方案", about=title)
        await until(everybody.phones["head:XF"], says(everybody.phones["head:XF"], "已生效"))


async def scheme(liaison: Visitor, entry: str, batches: dict[str, tuple[str, ...]]) -> str:
    """A scheme from the form, the heads asked; the number of its draft. `batches`: by number, their witnesses."""
    form: dict[str, str | list[str]] = {"entry": entry, "code": f"{entry}-S", "batches": str(len(batches))}
    for n, (batch, witnesses) in enumerate(batches.items()):
        given = {
            "code": f"{entry}-{batch}", "opens": "2027-03-15", "closes": "2027-04-23", "strata_A": "1", "outside": LOTTERY,
            "teams_0": "1", "ceremony": "2027-03-08 09:00 示例会议室",
        } | {f"crew_{code}": "2" for code in DEPARTMENTS} | {f"witness_{code}": "1" for code in witnesses}  # fmt: skip
        form |= {re.sub("_|$", f"_{n}_", name, count=1).rstrip("_"): value for name, value in given.items()}
    new, drafts = f"/console/schemes/new?entry={entry}", "/console/schemes/drafts"
    counted = await liaison.submit(new, drafts, **form | {"act": "count"})
    assert "人次" in counted
    page = await liaison.submit(new, drafts, **form | {"act": "keep"})
    draft = number(r"/console/schemes/drafts/(\d+)/ask", page)
    await liaison.submit(f"{drafts}/{draft}", f"{drafts}/{draft}/ask")
    return draft


async def three_batches_are_drawn(everybody: People) -> None:
    """One is voided before anybody can know its outcome, and drawn again; all are held before witnesses (Art. 14 (1))."""
    desks, phones = everybody.desks, everybody.phones
    failed = await committed(everybody, f"{HOTELS}-1")
    at = f"/console/draws/{failed}"
    await pledge(desks["head:GA"], failed, "GA")
    await desks["head:GA"].submit(at, f"{at}/void", reason="示例：会议室停电", consenting="测试负责人WJ")
    public = await everybody.office.page(f"/draws/{failed}")
    assert "作废" in public
    assert "会议室停电" in public
    again = await committed(everybody, f"{HOTELS}-1")
    assert again != failed
    second, inns = await committed(everybody, f"{HOTELS}-2"), await committed(everybody, f"{INNS}-1")
    for draw in (again, second):
        for department in ("GA", "WJ"):
            await pledge(desks[f"head:{department}"], draw, department)
        for department in ("GA", "WJ"):
            await reveal(desks[f"head:{department}"], draw, f"witness:{department}", VALUES[department])
    await witnessed_in_chat(phones, await commitment(everybody.office, inns), inns)
    everybody.here.move(LOTTERY_OUT)
    for draw, head in ((again, "WJ"), (second, "GA"), (inns, "SCJG")):
        for reader in (everybody.office, desks[f"head:{head}"]):
            await reveal(reader, draw, LOTTERY, "5 0 7")
        held = await everybody.office.submit(f"/console/draws/{draw}", f"/console/draws/{draw}/hold")
        assert "派发 1 个任务" in held


async def committed(everybody: People, batch: str) -> str:
    """At a desk; the command line then gives the same draw, with its files."""
    at, out = f"/console/batches/{batch}", everybody.here.folder / "committed" / batch
    await everybody.office.submit(at, f"{at}/commit")
    printed = await everybody.here.command("batch", "commit", batch, "--out", str(out))
    return number(rf"({batch}-D\d+)", printed)


async def commitment(reader: Visitor, draw: str) -> str:
    page = (await reader.page(f"/console/draws/{draw}")).replace("<wbr>", "")
    return number(r"\b([0-9a-f]{64})\b", page)


async def pledge(head: Visitor, draw: str, department: str) -> None:
    sealed = entropy.pledge(await commitment(head, draw), VALUES[department])
    at = f"/console/draws/{draw}"
    await head.submit(at, f"{at}/pledge", source=f"witness:{department}", pledge=sealed)


async def reveal(reader: Visitor, draw: str, source: str, value: str) -> None:
    at = f"/console/draws/{draw}"
    await reader.submit(at, f"{at}/reveal", source=source, value=value)


async def witnessed_in_chat(phones: dict[str, Phone], commitment_: str, draw: str) -> None:
    """Both witnesses pledge on their phones, and only then reveal."""
    witnesses = {department: phones[f"head:{department}"] for department in ("SCJG", "XF")}
    for department, phone in witnesses.items():
        await tap(phone, "交封存值", about=draw)
        await phone.say(entropy.pledge(commitment_, VALUES[department]))
        await until(phone, says(phone, "已封存"))
    for department, phone in witnesses.items():
        await until(phone, says(phone, "请揭示您保存的随机数"))
        await tap(phone, "揭示", about=draw)
        await phone.say(VALUES[department])
        await until(phone, says(phone, "已揭示"))


async def anybody_can_check_it(everybody: People) -> None:
    """The draws' bundles by the public verifier, a task's by the product and by the one file that imports nothing."""
    here = everybody.here
    async with here.visitor() as anybody:
        listed = await anybody.page("/draws")
        draws = sorted(set(re.findall(r"2027-[\w-]+-D\d+", listed)))
        assert len(draws) == 4
        for draw in draws:
            if "作废" in await anybody.page(f"/draws/{draw}"):
                continue
            bundle = here.folder / f"{draw}.zip"
            bundle.write_bytes(await everybody.office.fetch(f"/console/draws/{draw}/bundle.zip?edition=full"))
            await here.command("draw", "verify", str(bundle))
    tasks = set(
        re.findall(r"/console/tasks/(2027-[\w-]+-\d{3})", await everybody.office.page("/console/tasks"))
    )
    assert len(tasks) == 3
    for task in sorted(tasks):
        bundle = here.folder / f"{task}.zip"
        await here.command("verify", "--task", task, "--bundle", str(bundle))
        agreed = checked(bundle)
        assert agreed.returncode == 0, agreed.stdout
    spoil(bundle)
    assert checked(bundle).returncode != 0


def checked(bundle: Path) -> subprocess.CompletedProcess[str]:
    """In isolation: neither this project nor anything installed can be imported."""
    command = [sys.executable, "-I", "-S", str(VERIFIERS / "verify_evidence.py"), str(bundle)]
    return subprocess.run(command, check=False, timeout=600, capture_output=True, encoding="utf-8")


def spoil(bundle: Path) -> None:
    """Some letters of its largest file are others."""
    with ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    largest = max(files, key=lambda name: len(files[name]))
    files[largest] = files[largest][:-20] + files[largest][-20:].swapcase()
    with ZipFile(bundle, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def number(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, (pattern, text[:3000])
    return match[1]
