"""日历订阅: what it is, since when an address stands, the button that makes a new one (Art. 15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows, tagged
from bot.views.task import moment
from locales import Words
from models.rules.actor import Actor


def calendars(people: Sequence[Actor], standing: Mapping[int, datetime], words: Words) -> View:
    """`standing`: by account since when its address stands."""
    mine = [(actor, actor.account) for actor in people if actor.account is not None]
    texts = [
        words("feed.since", role=words(f"role.{actor.role}"), at=moment(standing[account], words))
        for actor, account in mine
        if account in standing
    ]
    keys = [
        [
            button(
                words("button.feed.reset" if account in standing else "button.feed.get", role=words(f"role.{actor.role}")),
                Act.CALENDAR_RESET, account,
            )
        ]
        for actor, account in mine
    ]  # fmt: skip
    return View(
        lines(bold(words("feed.title")), words("feed.what"), *texts),
        rows(*keys, [button(words("button.list"), Act.LIST, 0)]),
    )


def address(link: str, words: Words) -> View:
    """The new address, this once."""
    return View(
        lines(bold(words("feed.new")), tagged("code", literal(link, 400)), words("feed.new.text")),
        rows([Button(words("button.feed.copy"), copy=link)]),
    )
