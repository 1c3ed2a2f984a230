"""The Bot API's methods, one function each, found by their name whatever its case."""

from server.practice.methods import account, chats, editing, sending, updates
from server.practice.methods.registry import METHODS

__all__ = ["METHODS", "account", "chats", "editing", "sending", "updates"]
