"""卷内目录: what lies in a sealed dossier, for a person to read in ten or thirty years: PDF/A-2b (Art. 20)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from locales import Words
from models.queries.dossier import Dossier
from server.documents.layout import Block, Fields, Grid, Heading, Prose, Sheet, rendered

SHORT = 16  # of a hash's 64 characters: the manifests have them whole


@dataclass(frozen=True, slots=True)
class Line:
    """A file of the dossier as the index names it: path, what it is, octets, SHA-256."""

    path: str
    what: str
    size: int
    sha256: str


async def index_pdf(
    found: Dossier, lines: Sequence[Line], words: Words, district: str, at: datetime
) -> bytes:
    """Equal dossiers give equal bytes."""
    part = {
        "language": "zh" if words.language == "zh_Hans" else "en",
        "authority": words("letter.authority", district=district), "title": words("dossier.title"),
        "blocks": tuple(_blocks(found, lines, words, at)), "page": words("letter.page"), "number": found.task,
        "check": (), "watermark": "", "alone": True,
    }  # fmt: skip
    sheet = Sheet.of("dossier", {"parts": [part]}, at, standard="a-2b")
    (pdf,) = await asyncio.to_thread(rendered, sheet)
    return pdf


def _blocks(found: Dossier, lines: Sequence[Line], words: Words, at: datetime) -> Iterator[Block]:
    yield Fields((
        (words("dossier.task"), found.task), (words("dossier.target"), found.target),
        (words("dossier.code"), found.credit_code), (words("dossier.made"), words.moment(at)),
        (words("dossier.root"), f"{found.day} {found.root}"),
        (words("dossier.stamp"), words("dossier.stamped" if found.stamped else "dossier.unstamped")),
    ))  # fmt: skip
    yield Prose(words("dossier.how"))
    yield Heading(words("dossier.results"))
    head = tuple(words(f"dossier.result.{one}") for one in ("version", "at", "types", "note"))
    yield Grid(head, (0, 4, 6, 6), tuple(
        (str(one.version), words.moment(one.at), words.joined(words(f"web.result.{kind}") for kind in one.types), one.note)
        for one in found.results
    ))  # fmt: skip
    yield Heading(words("dossier.files"))
    head = tuple(words(f"dossier.file.{one}") for one in ("n", "path", "what", "size", "sha256"))
    yield Grid(head, (0, 8, 5, 2, 5), tuple(
        (str(n), one.path, one.what, str(one.size), one.sha256[:SHORT]) for n, one in enumerate(lines, 1)
    ))  # fmt: skip
    yield Heading(words("dossier.events"))
    head = tuple(words(f"dossier.event.{one}") for one in ("seq", "at", "what", "by", "sha256"))
    yield Grid(head, (0, 4, 6, 4, 4), tuple(
        (str(one.seq), words.moment(one.at), _event(one.kind, words), one.by, one.sha256[:SHORT]) for one in found.steps
    ))  # fmt: skip


def _event(kind: str, words: Words) -> str:
    key = f"web.event.{kind}"
    return words(key) if words.has(key) else words("web.event.other")
