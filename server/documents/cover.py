"""待送清单: letters to be faxed, posted or brought, in one file behind a list to tick off (Art. 16 (2))."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from locales import Words
from models.queries.manual_deliveries import Outgoing
from server.documents.layout import Grid, LaidOutDocument, Prose, render, rendered
from server.documents.letter import Part, part_of


async def bundle(
    lines: Sequence[Outgoing], letters: Sequence[Part], words: Words, district: str, at: datetime
) -> bytes:
    """The list, and behind it every letter in its order, its pages counted by themselves.

    All is set in one go: files joined afterwards lose their language, their marks and their structure,
    without which a reader for the blind has only loose words.
    """
    parts = [_cover(lines, words, district, at), *({**part_of(*letter), "alone": True} for letter in letters)]
    (pdf,) = await asyncio.to_thread(rendered, LaidOutDocument.of("cover", {"parts": parts}, at))
    return pdf


def cover(
    lines: Sequence[Outgoing], words: Words, district: str, at: datetime, *, form: str = "pdf"
) -> bytes:
    """The list alone: who, by which way, where, when the visit is, and room for who did it."""
    return render("cover", {"parts": [_cover(lines, words, district, at)]}, at, form=form)[0]


def _cover(lines: Sequence[Outgoing], words: Words, district: str, at: datetime) -> dict[str, Any]:
    head = tuple(words(f"cover.{column}") for column in ("n", "way", "to", "visit", "done"))
    rows = tuple(
        (str(n), words(f"web.channel.{line.channel}"), _to(line, words), _visit(line, words), "")
        for n, line in enumerate(lines, 1)
    )
    return {
        "language": "zh" if words.language == "zh_Hans" else "en",
        "authority": words("letter.authority", district=district), "title": words("cover.title"),
        "blocks": (Prose(words("cover.text", n=len(rows), at=at)), Grid(head, (0, 2, 10, 4, 4), rows)),
        "page": words("letter.page"), "number": "", "check": (), "watermark": "", "alone": True,
    }  # fmt: skip


def _to(outgoing: Outgoing, words: Words) -> str:
    where = words("cover.fax", number=outgoing.fax) if outgoing.channel == "fax" else outgoing.address
    addressee = " ".join(part for part in (where, outgoing.contact) if part)
    return "\n".join((outgoing.target, addressee, outgoing.number))


def _visit(outgoing: Outgoing, words: Words) -> str:
    return words.moment(outgoing.visit_from) if outgoing.visit_from else ""
