"""A phone without a screen: what the companion sends, over real HTTP, for the tests."""

from __future__ import annotations

import hashlib
import io
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import ClientResponse
from PIL import ExifTags, Image

from models.procedure import enrolment
from models.rules.actor import Role
from models.tables import Question, Task
from tests.server.pages import Browser, Site
from tests.server.pages import site as empty_site
from tests.support import district as sample
from tests.support.district import VISIT, Clock, district, written
from tests.support.snapshots import remembered


def jpeg(
    n: int = 1, size: tuple[int, int] = (640, 480), taken: str = "2026:12:08 09:00:00", noise: int = 0
) -> bytes:
    """A JPEG as a camera gives it; `n` makes each another picture, `noise` makes it larger."""
    exif = Image.Exif()
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    picture = Image.new("RGB", size, (n * 37 % 256, n * 91 % 256, 90))
    if noise:
        picture = Image.effect_noise(size, noise).convert("RGB")
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, quality=92)
    return out.getvalue()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def new_key() -> str:
    return secrets.token_urlsafe(16)


@dataclass
class Answer:
    """What the server said."""

    status: int
    body: Any
    headers: Any


@dataclass
class Phone:
    """A signed-in officer's phone."""

    browser: Browser
    officer: str

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Sec-Fetch-Site": "same-origin",
            "X-CSRF-Token": self.browser.csrf,
        }

    async def sign_in(self) -> None:
        """A session of its own; those of yesterday have ended."""
        browser = self.browser
        account = await sample.account(Role.INSPECTOR, self.officer, browser.clock())
        token, csrf = secrets.token_urlsafe(32), new_key()
        await enrolment.sign_in(account.id, token, csrf, at=browser.clock())
        self.holds(token, csrf)

    def holds(self, token: str, csrf: str) -> None:
        """Its session is this one."""
        browser = self.browser
        browser.token, browser.csrf = token, csrf
        browser.client.session.cookie_jar.update_cookies({"ssj": token}, browser.client.make_url("/"))

    async def get(self, path: str, **headers: str) -> Answer:
        return await _read(
            await self.browser.client.get(
                f"/field/api{path}", headers=self.headers | headers, allow_redirects=False
            )
        )

    async def send(self, path: str, body: bytes, **headers: str) -> Answer:
        given = self.headers | {"Content-Type": "application/json"} | headers
        return await _read(await self.browser.client.post(f"/field/api{path}", data=body, headers=given))

    async def act(self, number: str, act: str, *, key: str | None = None, **said: Any) -> Answer:
        body = json.dumps({"key": key or new_key(), **said}, ensure_ascii=False).encode()
        return await self.send(f"/tasks/{number}/{act}", body)

    async def task(self, number: str) -> dict[str, Any]:
        return (await self.get(f"/tasks/{number}")).body

    async def announce(self, number: str, question: int | None, data: bytes, key: str, **said: Any) -> Answer:
        body = {
            "key": key,
            "task": number,
            "question": question,
            "sha256": sha(data),
            "size": len(data),
            **said,
        }
        return await self.send("/photos", json.dumps(body).encode())

    async def put(
        self, key: str, data: bytes, begins: int = 0, ends: int | None = None, size: int | None = None
    ) -> Answer:
        """A part of a photo: bytes `begins` to `ends` (not included)."""
        ends = len(data) if ends is None else ends
        headers = self.headers | {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"bytes {begins}-{ends - 1}/{size or len(data)}",
        }
        return await _read(
            await self.browser.client.put(
                f"/field/api/uploads/{key}", data=io.BytesIO(data[begins:ends]), headers=headers
            )
        )

    async def photo(self, number: str, question: int | None, data: bytes, **said: Any) -> Answer:
        key = new_key()
        announced = await self.announce(number, question, data, key, **said)
        return announced if announced.status != 200 else await self.put(key, data, announced.body["offset"])


async def _read(response: ClientResponse) -> Answer:
    body = await response.read()
    said = json.loads(body) if body and response.content_type == "application/json" else body
    return Answer(response.status, said, response.headers)


async def phone(site: Site, officer: str) -> Phone:
    made = Phone(await site.browser(), officer)
    await made.sign_in()
    return made


@dataclass
class Visit:
    """A task whose visit is under way, with a phone for everybody of its team."""

    site: Site
    task: Task
    phones: dict[str, list[Phone]]
    leader: Phone

    @property
    def number(self) -> str:
        return self.task.number

    @property
    def everybody(self) -> list[Phone]:
        return [one for people in self.phones.values() for one in people]

    async def dawns(self) -> None:
        """The day of the visit; everybody signs in again."""
        self.site.clock.move(VISIT)
        for one in self.everybody:
            await one.sign_in()


Sessions = tuple[tuple[str, str, str, str], ...]
"""Of everybody in a team: department, officer, and the two secrets of the session."""


async def task_of(site: Site, *, one_department: bool = False) -> Visit:
    """The first task of the drawn batch. With `one_department` every question is the leader's own."""
    await sample.drawn()
    return await _with_phones(site, await _signed_in(site.clock(), one_department))


async def on_site(site: Site, *, one_department: bool = False) -> Visit:
    """The visit begun, every officer there."""
    await sample.drawn()
    sessions = await _begun(site.clock(), one_department)
    site.clock.move(VISIT)
    return await _with_phones(site, sessions)


@remembered
async def _signed_in(at: datetime, one_department: bool) -> Sessions:
    task = await _first()
    if one_department:
        lead = await sample.leader_of(task)
        async with written():
            await Question.all().update(department=lead.department)
    async with empty_site(Clock(at)) as site:
        sessions = []
        for department, people in (await sample.team_of(task)).items():
            for one in people:
                made = await phone(site, one.id)
                sessions.append((department, made.officer, made.browser.token, made.browser.csrf))
    return tuple(sessions)


@remembered
async def _begun(at: datetime, one_department: bool) -> Sessions:
    sessions = await _signed_in(at, one_department)
    async with empty_site(Clock(at)) as site:
        visit = await _with_phones(site, sessions)
        await sample.visit_fixed(visit.task, district())
        await visit.dawns()
        there = [one.officer for one in visit.everybody]
        begun = await visit.leader.act(visit.number, "begin", present=there, untold="示例:当面告知")
        assert begun.status == 201, begun.body
        return tuple(
            (department, one.officer, one.browser.token, one.browser.csrf)
            for department, people in visit.phones.items()
            for one in people
        )


async def _first() -> Task:
    task = await Task.all().order_by("rank").first()
    assert task
    return task


async def _with_phones(site: Site, sessions: Sessions) -> Visit:
    """Each session in a phone of its own, which asks this site."""
    task = await _first()
    phones: dict[str, list[Phone]] = {}
    for department, officer, token, csrf in sessions:
        made = Phone(await site.browser(), officer)
        made.holds(token, csrf)
        phones.setdefault(department, []).append(made)
    lead = await sample.leader_of(task)
    leader = next(one for people in phones.values() for one in people if one.officer == lead.id)
    return Visit(site, task, phones, leader)
