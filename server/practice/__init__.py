"""The practice room: phones in the browser, and the Bot API they are joined to.

For people who have no Telegram (`shuangsuiji demo`, training) and for the tests: the real bot talks
over real HTTP to this stand-in, so nothing of ours behaves differently in practice and in earnest.
"""

from server.practice.app import EXCHANGE, practice_app
from server.practice.message_view import MessageView
from server.practice.page import Guide, Step
from server.practice.people import Holder
from server.practice.phone import Phone
from server.practice.telegram_server import TelegramServer

__all__ = [
    "EXCHANGE",
    "Guide",
    "Holder",
    "MessageView",
    "Phone",
    "Step",
    "TelegramServer",
    "practice_app",
]
