"""The web application on loopback, browsers that are signed in, a reader that checks every page's HTML."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import quote

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from models.procedure import enrolment
from models.rules import tokens
from models.rules.actor import Role
from server.app import make_app
from tests.support import district as sample
from tests.support.district import Clock, district

VOID = frozenset(
    "area base br circle col embed hr img input link meta path rect source track wbr".split()  # noqa: SIM905
)
FORM = {"Sec-Fetch-Site": "same-origin"}


async def letter(notice_id: int, language: str) -> SimpleNamespace:
    return SimpleNamespace(text="通知", pdf=b"%PDF-1.7 " + language.encode(), url="")


class Reader(HTMLParser):
    """A page taken apart; unclosed, misnested and doubled things are noted in `wrong`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: set[str] = set()
        self.text: list[str] = []
        self.links: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.labelled: set[str] = set()
        self.fields: list[tuple[str, dict[str, str], bool]] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.attributes |= set(given)
        if len(given) != len(attrs):
            self.wrong.append(f"doubled attribute in <{tag}>")
        if given.get("id") in self.ids:
            self.wrong.append(f"doubled id {given['id']}")
        self.ids |= {given["id"]} if "id" in given else set()
        self._note(tag, given)
        if tag not in VOID:
            self.open.append(tag)

    def _note(self, tag: str, given: dict[str, str]) -> None:
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "form":
            if "form" in self.open:
                self.wrong.append("form in form")
            self.forms.append({"action": given.get("action", ""), "method": given.get("method", "get")})
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"])
        if tag in ("input", "textarea", "select") and given.get("type") != "hidden":
            self.fields.append((tag, given, "label" in self.open))
        if tag == "input" and given.get("type") == "hidden" and self.forms:
            self.forms[-1][given["name"]] = given.get("value", "")
        if tag == "img" and "alt" not in given:
            self.wrong.append("image without alt")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.text.append(data)

    def finish(self) -> None:
        self.close()
        self.wrong += [f"<{tag}> is not closed" for tag in self.open]
        for tag, given, inside in self.fields:
            if not inside and given.get("id") not in self.labelled and "aria-label" not in given:
                self.wrong.append(f"<{tag} name={given.get('name')}> has no label")


@dataclass
class Page:
    """An answer that was read."""

    response: ClientResponse
    body: bytes
    reader: Reader = field(default_factory=Reader)

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.reader.text))

    @property
    def html(self) -> str:
        return self.body.decode()

    def form(self, action: str) -> dict[str, str]:
        return next(one for one in self.reader.forms if one["action"] == action)


class Browser:
    """One browser: its cookies, its session, and the forms of the pages it read."""

    def __init__(self, client: TestClient, clock: Clock) -> None:
        self.client, self.clock, self.csrf, self.token = client, clock, "", ""

    async def get(self, path: str, *, follow: bool = False, **headers: str) -> Page:
        response = await self.client.get(
            URL(quote(path, safe="/%?&=+:,;@!$*'()~"), encoded=True), allow_redirects=follow, headers=headers
        )
        return await self._read(response)

    async def post(
        self, path: str, *, headers: dict[str, str] = FORM, follow: bool = False, **form: str
    ) -> Page:
        response = await self.client.post(
            path, data={"csrf": self.csrf, **form}, headers=headers, allow_redirects=follow
        )
        return await self._read(response)

    async def _read(self, response: ClientResponse) -> Page:
        page = Page(response, await response.read())
        if response.content_type == "text/html" and page.body:
            page.reader.feed(page.html)
            page.reader.finish()
            assert page.reader.wrong == [], (response.url, page.reader.wrong)
            assert "style" not in page.reader.attributes, response.url
            assert not {a for a in page.reader.attributes if a.startswith("on")}, response.url
        return page

    async def sign_in(self, role: Role, of: str) -> Browser:
        """A session made by the act itself; its cookie is put into this browser."""
        account = await sample.account(role, of, self.clock())
        self.token, self.csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        await enrolment.sign_in(account.id, self.token, self.csrf, at=self.clock())
        self.client.session.cookie_jar.update_cookies({"ssj": self.token}, self.client.make_url("/"))
        return self


@dataclass
class Site:
    """The application under test and the browsers that look at it."""

    server: TestServer
    clock: Clock
    clients: list[TestClient] = field(default_factory=list)

    async def browser(self, role: Role | None = None, of: str = "") -> Browser:
        client = TestClient(self.server)
        self.clients.append(client)
        made = Browser(client, self.clock)
        return await made.sign_in(role, of) if role else made


@asynccontextmanager
async def site(
    clock: Clock | None = None, public_url: str = "http://district.example", **how: object
) -> Iterator[Site]:
    clock = clock or Clock()
    app = make_app(
        district=district(public_url), now=clock, wake=clock.wake, random=sample.salts(),
        **{"letter": letter, **how},
    )  # fmt: skip
    made = Site(TestServer(app, host="127.0.0.1"), clock)
    await made.server.start_server()
    try:
        yield made
    finally:
        for client in made.clients:
            await client.close()
        await made.server.close()


def notice_token(number: str) -> str:
    """The token of a notice's link, as its letter prints it."""
    return tokens.token(district().secret, "notice", number)


async def posted(browser: Browser, address: str, **fields: str) -> tuple[int, str]:
    """A form is sent; the status, not followed, and what was answered."""
    data = {"csrf": browser.csrf, **fields}
    answer = await browser.client.post(address, data=data, headers=FORM, allow_redirects=False)
    return answer.status, await answer.text()
