"""Closed by default: who may open which page, from where, with which form (ASVS 3.5, 7, 8).

Every route declares its audience; an application with a route that does not will not start. The order of
the checks is the order of `app.py`: where from, who, which audience, whose form, how often.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlencode, urlsplit

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from models.queries import sessions as visitors
from models.refusal import Refusal
from models.rules.actor import Role
from server import wrong_input
from server.app_keys import DISTRICT, LEFT, NOW, PASSAGE, PROXIES, VISITOR, Passage, Visitor

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a route is for. `roles` None: people without a session too."""

    name: str
    roles: frozenset[Role] | None = None
    forms: bool = True  # an unsafe request must come from a page of ours
    secret: bool = False  # the address itself is the key: guesses are throttled
    files: bool = False  # a form with files is read in pieces by its page, which asks `of_this_session`
    largest: int = 0  # bytes of a form, where the usual limit is too small; its files lie on disk


ANYONE = Audience("anyone")
LINK = Audience("whoever holds the link", secret=True)
MACHINE = Audience("a machine that proves itself", forms=False)
OFFICE = Audience("the office", frozenset({Role.OFFICE}))
OFFICE_WITH_LISTS = Audience("the office, with lists", OFFICE.roles, largest=64 * 2**20)
HEAD = Audience("heads of departments", frozenset({Role.HEAD}))
HOSTS = Audience("whoever holds a draw", frozenset({Role.OFFICE, Role.HEAD}))
HOSTS_WITH_PAPERS = Audience("whoever holds a draw, with papers", HOSTS.roles, largest=32 * 2**20)
DECIDERS = Audience("leaders and heads", frozenset({Role.INSPECTOR, Role.HEAD}))
INSPECTOR = Audience("inspectors", frozenset({Role.INSPECTOR}))
MEMBERS = Audience(
    "people of the office and the departments", frozenset({Role.OFFICE, Role.HEAD, Role.INSPECTOR})
)
STAFF = Audience("whoever signs in at the console", (MEMBERS.roles or frozenset()) | {Role.LIAISON})
KEEPERS = Audience("who keeps the registers", frozenset({Role.OFFICE, Role.LIAISON}))
KEEPERS_WITH_LISTS = Audience(
    "who keeps the registers, with lists", KEEPERS.roles, largest=OFFICE_WITH_LISTS.largest
)
LIAISON = Audience("liaisons of departments", frozenset({Role.LIAISON}))
PLANNERS = Audience(
    "who drafts, signs and publishes plans", frozenset({Role.OFFICE, Role.HEAD, Role.LIAISON})
)
CALLERS = Audience("officers and the office", frozenset({Role.OFFICE, Role.INSPECTOR}))

HEAD_WITH_FILES = Audience("heads of departments, with papers", HEAD.roles, files=True)
INSPECTOR_WITH_FILES = Audience("inspectors, with photos", INSPECTOR.roles, files=True)
MEMBERS_WITH_FILES = Audience(
    "people of the office and the departments, with papers", MEMBERS.roles, files=True
)

MB = 2**20
AUDIENCE = web.AppKey("audience", Audience)
_declared: dict[Handler, Audience] = {}


class Routes:
    """A page's routes: `@routes.get("/console/", audience=MEMBERS)`."""

    def __init__(self) -> None:
        self.table: list[tuple[str, str, Handler]] = []

    def get(self, path: str, *, audience: Audience) -> Callable[[Handler], Handler]:
        return self._route(hdrs.METH_GET, path, audience)

    def post(self, path: str, *, audience: Audience) -> Callable[[Handler], Handler]:
        return self._route(hdrs.METH_POST, path, audience)

    def _route(self, method: str, path: str, audience: Audience) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            declare(handler, audience)
            self.table.append((method, path, handler))
            return handler

        return add

    def join(self, app: web.Application) -> None:
        for method, path, handler in self.table:
            if method == hdrs.METH_GET:
                app.router.add_get(path, handler)
            else:
                app.router.add_route(method, path, handler)


def declare(handler: Handler, audience: Audience) -> Handler:
    """Say whom a handler is for that was not made by `Routes`."""
    _declared[handler] = audience
    return handler


def admit(part: web.Application, audience: Audience) -> web.Application:
    """Say whom every route of a sub-application is for."""
    part[AUDIENCE] = audience
    return part


def audience_of(route: web.AbstractRoute, apps: tuple[web.Application, ...] = ()) -> Audience | None:
    for part in reversed(apps):
        if AUDIENCE in part:
            return part[AUDIENCE]
    return _declared.get(route.handler)


def refuse_undeclared(app: web.Application) -> None:
    """Raise RuntimeError naming the first route that says for nobody whom it is."""
    for resource in app.router.resources():
        if isinstance(resource, web.PrefixedSubAppResource):
            if AUDIENCE not in resource._app:
                raise RuntimeError(f"no audience declared: {resource.canonical}")
            continue
        for route in resource:
            if audience_of(route) is None:
                raise RuntimeError(f"no audience declared: {route.method} {resource.canonical}")


@web.middleware
async def machines(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A part for machines alone proves and answers by itself what it is brought: past everything that is asked of people,
    the database's word on who is signed in among it. What is not there goes the way of all pages.
    """
    match = request.match_info
    if match.http_exception is None and match.apps[-1].get(AUDIENCE) is MACHINE:
        return await match.handler(request)
    return await handler(request)


@web.middleware
async def client_address(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Where the request comes from. Forwarded addresses count only from a trusted proxy (D64)."""
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    address, trusted = request.remote or "", request.config_dict[PROXIES]
    while hops and _within(address, trusted):
        address = hops.pop()
    request[PASSAGE] = Passage(address, secrets.token_hex(6))
    if "\x00" in request.path + request.query_string:  # no database takes it
        raise web.HTTPNotFound
    return await handler(request)


def _within(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        result = ip_address(address)
    except ValueError:
        return False
    return any(result in network for network in networks)


def cookie_name(request: web.Request) -> str:
    return "__Host-ssj" if secure(request) else "ssj"


def secure(request: web.Request) -> bool:
    """True where the district is reached by https: told by its own address, never by a header."""
    return request.config_dict[DISTRICT].public_url.startswith("https:")


@web.middleware
async def session(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Who is signed in, asked of the database at every request, so that an ended session ends at once."""
    token = request.cookies.get(cookie_name(request), "")
    if token:
        session = await visitors.signed_in(token, at=request.config_dict[NOW]())
        if session and session.left:
            request[LEFT] = session.actor.name
        elif session:
            request[VISITOR] = Visitor(
                session.actor, session.account, session.csrf, session.language, session.by_link
            )
    return await handler(request)


@web.middleware
async def authorize(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The declared audience, default deny. A stranger at a page for members is shown the way to sign in."""
    route = request.match_info.route
    if request.match_info.http_exception is not None:
        return await handler(request)
    audience = audience_of(route, request.match_info.apps)
    if audience is None:
        raise web.HTTPNotFound
    if audience.forms and request.method not in (hdrs.METH_GET, hdrs.METH_HEAD):
        check_same_origin(request, audience)
        largest = audience.largest if _is_of(request, audience) else 0
        if largest:
            _enlarge(request, largest)
        if not with_files(request, audience):
            await _read_form(request, largest)
    if audience.roles is None:
        return await handler(request)
    who = request.get(VISITOR)
    if who is None:
        if LEFT in request:
            raise Refusal("officer.left", article="10", name=request[LEFT])
        if request.method in (hdrs.METH_GET, hdrs.METH_HEAD):
            raise web.HTTPSeeOther("/login?" + urlencode({"next": request.path_qs}))
        raise web.HTTPForbidden
    if who.actor.role not in audience.roles:
        raise web.HTTPForbidden
    if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD) and not with_files(request, audience):
        form = await request.post()
        check_csrf(request, form.get("csrf", ""))
    return await handler(request)


def with_files(request: web.Request, audience: Audience) -> bool:
    return audience.files and request.content_type == "multipart/form-data"


def check_csrf(request: web.Request, token: object) -> None:
    """Refuse a form whose token is not that of the session."""
    given = request.headers.get("X-CSRF-Token") or token
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), request[VISITOR].csrf.encode()):
        raise web.HTTPForbidden


def _is_of(request: web.Request, audience: Audience) -> bool:
    who = request.get(VISITOR)
    return who is not None and audience.roles is not None and who.actor.role in audience.roles


def _enlarge(request: web.Request, limit: int) -> None:
    """Room for a whole district's list; refused by the request's own word before a byte of it is read."""
    if (size := request.content_length or 0) > limit:
        raise Refusal("registry.file_too_large", article="10", megabytes=-(-size // MB), limit=limit // MB)
    request._client_max_size = limit  # a clone would leave the files of its form open (aiohttp 3.14)


async def _read_form(request: web.Request, largest: int = 0) -> None:
    """Read the form once; what cannot be read as one is the sender's fault (D61)."""
    try:
        await request.post()
    except web.HTTPRequestEntityTooLarge as large:
        if not largest:
            raise
        raise Refusal(
            "registry.file_too_large", article="10", megabytes=-(-(request.content_length or 0) // MB) or "?",
            limit=largest // MB,
        ) from large  # fmt: skip
    except (ValueError, LookupError, AssertionError, HttpProcessingError):
        raise wrong_input.broken() from None


def check_same_origin(request: web.Request, audience: Audience) -> None:
    """Refuse what another site's page sends, and what is not a form (D62).

    Browsers that say where a request comes from are believed; older ones must name our origin. Under
    `no-referrer` they name none (`null`), which is enough only where a secret in the address or a session's
    form token proves the rest.
    """
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise web.HTTPForbidden
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            raise web.HTTPForbidden
        return
    ours = urlsplit(request.config_dict[DISTRICT].public_url)
    proven = audience.secret or audience.roles is not None
    named = request.headers.get("Origin")
    if named != f"{ours.scheme}://{ours.netloc}" and not (named == "null" and proven):
        raise web.HTTPForbidden
