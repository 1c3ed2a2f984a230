"""告知方式: the ways in which an entity can be told, and the order in which they are tried (Art. 16 (2)).

An entity may name its own order. Whatever it is, it ends with a person who tells it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

SENT_BY_US = ("chat", "email", "sms")
BY_HAND = ("phone", "fax", "post", "personal")
CHANNELS = (*SENT_BY_US, *BY_HAND)
DEFAULT = ("chat", "email", "sms", "phone")
CALLS = 3  # unanswered ones, before another way is due and the head is told

NAMES = {
    "聊天": "chat", "邮件": "email", "电子邮件": "email", "短信": "sms", "电话": "phone", "传真": "fax",
    "信函": "post", "邮寄": "post", "当面": "personal", "当面送达": "personal",
}  # fmt: skip
"""As the register of targets calls them."""

REACHED = ("accepted", "delivered", "told")  # outcomes by which the entity was told
PASSING = ("delayed", "relayed")  # reports that say nothing yet of whether it arrived


def outcome_of(channel: str, took: bool) -> str:
    """What an attempt came to: what lies in the chat is delivered; a mail server or a gateway accepts, and may report
    on it later.
    """
    if not took:
        return "failed"
    return "delivered" if channel == "chat" else "accepted"


def reached_by(attempts: Iterable[tuple[str, str]]) -> bool:
    """True if what one of the channels said last is that the entity was told. Channel and outcome, oldest first."""
    last = {channel: outcome for channel, outcome in attempts if outcome not in PASSING}
    return any(outcome in REACHED for outcome in last.values())


def route(preferred: Iterable[str]) -> tuple[str, ...]:
    """The channels in their order, each once; the default order where none is named."""
    named = [fromkey for fromkey in dict.fromkeys(preferred) if fromkey in CHANNELS] or list(DEFAULT)
    return tuple(named if set(named) & set(BY_HAND) else [*named, "phone"])


def following(preferred: Iterable[str], addresses: Mapping[str, str], used: Collection[str]) -> str:
    """The channel that is due: the first with an address that was not used up; at last a person's call."""
    due = (value for value in route(preferred) if value not in used and addresses.get(value))
    return next(
        due, next((value for value in BY_HAND if value not in used and addresses.get(value)), "phone")
    )
