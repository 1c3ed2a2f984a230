"""The practice room: phones in the browser, and the Bot API they are joined to.

For people who have no Telegram (`shuangsuiji demo`, training) and for the tests: the real bot talks
over real HTTP to this stand-in, so nothing of ours behaves differently in practice and in earnest.
"""

from server.practice.app import EXCHANGE, practice_app
from server.practice.exchange import Exchange
from server.practice.page import Guide, Step
from server.practice.people import Person
from server.practice.phone import Phone
from server.practice.shown import Shown

__all__ = [
    "EXCHANGE",
    "Exchange",
    "Guide",
    "Person",
    "Phone",
    "Shown",
    "Step",
    "practice_app",
]
