"""At most thirty wrong guesses a minute from one address (D69), kept in memory: a restart forgives.

A link that is known is never refused for what a stranger guessed: whoever has no guess left is looked up still, a few at
a time, and hears 429 only when the link is nobody's.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from ipaddress import IPv6Address, ip_address, ip_network

from aiohttp import web

from models.refusal import Refusal
from server.access import Handler, audience_of
from server.app_keys import NOW, PASSAGE

GUESSES, WINDOW, ADDRESSES = 30, 60.0, 50_000
LOOKED_UP = 4  # at once, of those who have no guess left
NOBODYS = ("enrolment.link", "enrolment.locked", "notice.unknown", "launch.forged", "request.twice")


class Throttle:
    """Guesses of the last `window` seconds by address; the addresses longest unheard of are forgotten first."""

    def __init__(self, guesses: int = GUESSES, window: float = WINDOW) -> None:
        self.guesses, self.window = guesses, window
        self.seen: OrderedDict[str, deque[float]] = OrderedDict()
        self.lane = asyncio.Semaphore(LOOKED_UP)

    def take(self, address: str, at: float) -> bool:
        """Count one guess; False when the address has none left."""
        seen = self.seen.setdefault(address, deque())
        self.seen.move_to_end(address)
        while seen and not at - self.window < seen[0] <= at:
            seen.popleft()
        while len(self.seen) > ADDRESSES:
            self.seen.popitem(last=False)
        if len(seen) >= self.guesses:
            return False
        seen.append(at)
        return True

    def give_back(self, address: str) -> None:
        """The guess was none: the token was somebody's."""
        if self.seen.get(address):
            self.seen[address].pop()


THROTTLE = web.AppKey("throttle", Throttle)


@web.middleware
async def throttled(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Addresses that are secrets: counted before they are looked up, so that many at once gain nothing."""
    audience = audience_of(request.match_info.route, request.match_info.apps)
    if audience is None or not audience.secret:
        return await handler(request)
    guesses, address = request.config_dict[THROTTLE], network(request[PASSAGE].address)
    if not guesses.take(address, request.config_dict[NOW]().timestamp()):
        async with guesses.lane:
            return await _if_known(request, handler)
    response = await handler(request)
    if response.status < 400:
        guesses.give_back(address)
    return response


async def _if_known(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The page, if the link is somebody's."""
    try:
        response = await handler(request)
    except web.HTTPNotFound:
        pass
    except Refusal as no:
        if no.code not in NOBODYS:
            raise
    else:
        if response.status != web.HTTPNotFound.status_code:
            return response
    raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})


def network(address: str) -> str:
    """One household of IPv6 has 2^64 addresses: it counts as one."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{ip}/64", strict=False)) if isinstance(ip, IPv6Address) else address
