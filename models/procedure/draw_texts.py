"""The pieces of a draw's files: put down before the act that fixes them, which alone makes a draw of them (Art. 14 (1)).

A piece that no draw names is nothing: nobody is shown it, and it is swept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from models import store
from models.operations import event
from models.queries import draw_texts
from models.tables import DrawText

TOGETHER = 8  # in one statement and one transaction: nobody waits long for it
TURN = "draw_text"


async def put_down(pieces: Mapping[str, str]) -> None:
    """By name each piece, before the act that fixes them, a few at a time."""
    for some in _some(pieces):
        await _insert({name: pieces[name] for name in some})


async def keep_pieces(pieces: Mapping[str, str]) -> None:
    """Within the act that fixes them: whatever of these does not lie there (any more) is put down now."""
    await event.lock(TURN)
    there = await draw_texts.there(pieces)
    await put_down({name: text for name, text in pieces.items() if name not in there})


async def sweep() -> int:
    """Pieces that no draw names go: of acts cut short, or worked out anew. How many."""
    gone = 0
    for some in _some(await draw_texts.unnamed()):
        gone += await _let_go(some)
    return gone


@store.transactional
async def _insert(pieces: Mapping[str, str]) -> None:
    await store.insert([DrawText(id=name, text=text) for name, text in pieces.items()], once="id")


@store.transactional
async def _let_go(names: Collection[str]) -> int:
    """Those of them that no draw names by now; an act that fixes pieces waits meanwhile, and looks after that."""
    await event.lock(TURN)
    still = [name for name in await draw_texts.unnamed() if name in set(names)]
    return await DrawText.filter(id__in=still).delete() if still else 0


def _some(names: Iterable[str]) -> Iterable[list[str]]:
    ordered = list(names)
    return (ordered[start : start + TOGETHER] for start in range(0, len(ordered), TOGETHER))
