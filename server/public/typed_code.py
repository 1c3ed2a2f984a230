"""告知书编号 and 核验码 typed on the first page: who has the paper and no scanner reaches the notice's page (Art. 16 (2)).

Six digits can be guessed, a link cannot: wrong ones are counted by address, by notice and altogether, and whoever is
over a limit is not answered, not even the right code. The link and the QR code work all the same (decision 0452).
"""

from __future__ import annotations

import hmac
import unicodedata
from datetime import datetime

from aiohttp import web

from models.queries import notice_page
from models.rules import tokens
from models.rules.text import visible
from server.access import ANYONE, Routes
from server.app_keys import DISTRICT, PASSAGE, now
from server.pages import back_to, field
from server.public.home import first_page
from server.throttle import Throttle, network

DAY = 86_400.0
BY_ADDRESS, BY_NOTICE, ALTOGETHER = 20, 10, 500  # wrong ones within a day
EVERYBODY = "everybody"


class TypedCodes:
    """What was typed wrongly within a day, in memory: a restart forgives."""

    def __init__(self) -> None:
        self.counted = tuple(Throttle(most, DAY) for most in (BY_ADDRESS, BY_NOTICE, ALTOGETHER))

    def take(self, address: str, number: str, at: datetime) -> bool:
        """Count one try; False where any limit is reached."""
        taken: list[tuple[Throttle, str]] = []
        for throttle, key in zip(self.counted, (address, number, EVERYBODY), strict=True):
            if not throttle.take(key, at.timestamp()):
                for other, name in taken:
                    other.give_back(name)
                return False
            taken.append((throttle, key))
        return True

    def right(self, address: str, number: str) -> None:
        """The try was none: the code was right."""
        for throttle, key in zip(self.counted, (address, number, EVERYBODY), strict=True):
            throttle.give_back(key)


TYPED = web.AppKey("typed", TypedCodes)
routes = Routes()


@routes.post("/notice", audience=ANYONE)
async def opened(request: web.Request) -> web.StreamResponse:
    """The notice's page for number and code; the same answer for a number that is nobody's and a wrong code."""
    number, code = _plain(await field(request, "number", 60)), _plain(await field(request, "code", 12))
    district, at, typed = request.config_dict[DISTRICT], now(request), request.config_dict[TYPED]
    address = network(request[PASSAGE].address)
    if not typed.take(address, number, at):
        return await first_page(request, status=429, wrong="often", number=number)
    right = hmac.compare_digest(tokens.check_code(district.secret, number).encode(), code.encode())
    token = tokens.token(district.secret, "notice", number)
    if not right or await notice_page.notice_page(token, at, district) is None:
        return await first_page(request, status=404, wrong="unknown", number=number)
    typed.right(address, number)
    return back_to(f"/n/{token}")


def _plain(value: str) -> str:
    """As it is printed: half-width, capital, without spaces."""
    return "".join(unicodedata.normalize("NFKC", visible(value)).split()).upper()
