"""召集人月报 in words: a mail with its PDF, a text message, the paper for the conference (Art. 5, 6, 21)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from locales import Words, closest, words
from models.district import District
from models.queries.digest import MonthlyDigest, monthly
from server.documents.layout import Block, Grid, Heading, LaidOutDocument, Prose, rendered
from server.documents.list_paper import paper, performance_blocks


@dataclass(frozen=True, slots=True)
class DigestMail:
    """A digest ready to be handed over; `brief`: as a text message."""

    subject: str
    text: str
    brief: str
    pdf: bytes
    name: str


class DigestWording:
    """`await wording(month, language)`: from the event log as it stands when the digest goes out."""

    def __init__(self, district: District, now: Callable[[], datetime]) -> None:
        self._district, self._now = district, now

    async def __call__(self, month: str, language: str) -> DigestMail:
        at, spoken = self._now(), words(closest(language))
        digest = await monthly(month, at)
        (pdf,) = await asyncio.to_thread(rendered, digest_paper(digest, spoken, self._district.name, at))
        params = {
            "district": self._district.name, "month": month, "n": digest.report.tasks, "open": len(digest.open),
            "late": digest.late, "meetings": len(digest.meetings), "url": self._district.link("/console/conference"),
        }  # fmt: skip
        return DigestMail(
            spoken("digest.subject", **params), spoken("digest.text", **params), spoken("digest.brief", **params), pdf,
            f"digest-{month}",
        )  # fmt: skip


def digest_paper(digest: MonthlyDigest, w: Words, district: str, at: datetime) -> LaidOutDocument:
    """The month's figures, its meetings, and the resolutions that are open."""
    blocks: list[Block] = [Prose(w("digest.as_of", month=digest.month, at=w.moment(at)))]
    blocks += performance_blocks(digest.report, w)
    blocks.append(Heading(w("digest.meetings")))
    held = [(w.day(meeting.day), meeting.title, meeting.chair) for meeting in digest.meetings]
    head = tuple(w(f"conference.{name}") for name in ("day", "name", "chair"))
    blocks.append(Grid(head, (5, 8, 4), tuple(held)) if held else Prose(w("digest.no_meeting")))
    blocks.append(Heading(w("conference.open_items")))
    lines = [(line.text, line.called, w.day(line.due)) for line in digest.open]
    head = tuple(w(f"conference.{name}") for name in ("resolution", "owner", "last"))
    blocks.append(Grid(head, (8, 4, 5), tuple(lines)) if lines else Prose(w("conference.nothing_open")))
    return paper(w("digest.title", month=digest.month), blocks, w, district, at)
