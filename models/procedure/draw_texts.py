"""The pieces of a draw's files, put down within the act that fixes them (Art. 14 (1))."""

from __future__ import annotations

from collections.abc import Mapping

from models import store
from models.tables import DrawText

TOGETHER = 8  # in one statement: nobody waits long for it to be made


async def keep_pieces(pieces: Mapping[str, str]) -> None:
    """By name each piece; one that lies there already is the same for good."""
    names = list(pieces)
    for start in range(0, len(names), TOGETHER):
        some = names[start : start + TOGETHER]
        await store.insert([DrawText(id=name, text=pieces[name]) for name in some], once="id")
