"""What the pages find in their application and in each request, typed (`web.AppKey`, `web.RequestKey`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network

from aiohttp import web

from locales import Words
from models.delivery import ReadableLetter
from models.district import District
from models.procedure.companion_launch import Launch
from models.rules.actor import Actor, Role


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in: the actor of the acts, the session's form token, the language chosen."""

    actor: Actor
    account: int
    csrf: str
    language: str
    by_link: bool = False  # the session was opened by a link good once


@dataclass(frozen=True, slots=True)
class Passage:
    """How a request came: the client's address behind trusted proxies, and an id for the log."""

    address: str
    id: str


DISTRICT = web.AppKey("district", District)
NOW: web.AppKey[Callable[[], datetime]] = web.AppKey("now")
WAKE: web.AppKey[Callable[[], None]] = web.AppKey("wake")
LETTER: web.AppKey[Callable[[int, str], Awaitable[ReadableLetter]]] = web.AppKey("letter")
RECORD: web.AppKey[Callable[[int, str], Awaitable[ReadableLetter]]] = web.AppKey("record")
RANDOM: web.AppKey[Callable[[int], bytes]] = web.AppKey("random")
CHANNELS: web.AppKey[frozenset[str]] = web.AppKey("channels", frozenset)
CHAT = web.AppKey("chat", bool)
DEEP_LINK: web.AppKey[Callable[[str], str]] = web.AppKey("deep_link")
LAUNCH: web.AppKey[Callable[[str], Launch] | None] = web.AppKey("launch")
PROXIES = web.AppKey("proxies", tuple[IPv4Network | IPv6Network, ...])

VISITOR = web.RequestKey("visitor", Visitor)
LEFT = web.RequestKey("left", str)  # signed in, and the register says since that this officer has left
PASSAGE = web.RequestKey("passage", Passage)
WORDS = web.RequestKey("words", Words)


def own_department(request: web.Request) -> str | None:
    """Whose things the signed-in official sees: the own department's; None, the office, every one's."""
    actor = by(request)
    return None if actor.role == Role.OFFICE else actor.department


def by(request: web.Request) -> Actor:
    """The actor of a page that only people signed in may open."""
    return request[VISITOR].actor


def now(request: web.Request) -> datetime:
    return request.config_dict[NOW]()
