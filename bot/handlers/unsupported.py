"""What nobody asked for: stickers, voices, lines out of place (D29, D30)."""

from __future__ import annotations

from bot.turn import Turn


async def not_taken(turn: Turn) -> None:
    """Voice, sticker, poll, dice: what is accepted; the open question stays open (D29)."""
    if turn.update.message is not None:
        await turn.say(turn.words("stray.not_taken"))


async def unknown_command(turn: Turn) -> None:
    await turn.say(turn.words("stray.command"))


async def nothing_asked(turn: Turn) -> None:
    """A line while nothing was asked: never taken for an answer."""
    await turn.say(turn.words("stray.nothing_asked"))
