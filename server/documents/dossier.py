"""卷内目录: what lies in a sealed dossier, for a person to read in ten or thirty years: PDF/A-2b and PDF/UA-1 (Art. 20)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from locales import Words
from models.queries.dossier import DossierContents
from server.documents.layout import Block, Fields, Grid, Heading, LaidOutDocument, Prose, rendered

SHORT = 16  # of a hash's 64 characters: the manifests have them whole


@dataclass(frozen=True, slots=True)
class DossierLine:
    """A file of the dossier as the index names it: path, what it is, octets, SHA-256."""

    path: str
    what: str
    size: int
    sha256: str


async def index_pdf(
    contents: DossierContents, lines: Sequence[DossierLine], words: Words, district: str, at: datetime
) -> bytes:
    """Equal dossiers give equal bytes."""
    part = {
        "language": "zh" if words.language == "zh_Hans" else "en",
        "authority": words("letter.authority", district=district), "title": words("dossier.title"),
        "blocks": tuple(_blocks(contents, lines, words, at)), "page": words("letter.page"), "number": contents.task,
        "check": (), "watermark": "", "alone": True,
    }  # fmt: skip
    sheet = LaidOutDocument.of("dossier", {"parts": [part]}, at)
    (pdf,) = await asyncio.to_thread(rendered, sheet)
    return pdf


def _blocks(
    contents: DossierContents, lines: Sequence[DossierLine], words: Words, at: datetime
) -> Iterator[Block]:
    yield Fields((
        (words("dossier.task"), contents.task), (words("dossier.target"), contents.target),
        (words(f"number.{contents.target_number[1]}"), contents.target_number[0]), (words("dossier.made"), words.moment(at)),
        (words("dossier.root"), f"{contents.day} {contents.root}"),
        (words("dossier.stamp"), words("dossier.stamped" if contents.stamped else "dossier.unstamped")),
    ))  # fmt: skip
    yield Prose(words("dossier.how"))
    yield Heading(words("dossier.results"))
    head = tuple(words(f"dossier.result.{column}") for column in ("version", "at", "types", "note"))
    yield Grid(
        head,
        (0, 4, 6, 6),
        tuple(
            (
                str(result.version),
                words.moment(result.at),
                words.joined(words(f"web.result.{kind}") for kind in result.types),
                result.note,
            )
            for result in contents.results
        ),
    )
    yield from _parts(contents, words)
    yield Heading(words("dossier.files"))
    head = tuple(words(f"dossier.file.{column}") for column in ("n", "path", "what", "size", "sha256"))
    yield Grid(head, (0, 8, 5, 2, 5), tuple(
        (str(n), line.path, line.what, str(line.size), line.sha256[:SHORT]) for n, line in enumerate(lines, 1)
    ))  # fmt: skip
    yield Heading(words("dossier.events"))
    head = tuple(words(f"dossier.event.{column}") for column in ("seq", "at", "what", "by", "sha256"))
    yield Grid(head, (0, 4, 6, 4, 4), tuple(
        (str(step.seq), words.moment(step.at), _event(step.kind, words), step.by, step.sha256[:SHORT]) for step in contents.steps
    ))  # fmt: skip


def _parts(contents: DossierContents, words: Words) -> Iterator[Block]:
    """各部门结果: who entered what in each version; late and missing ones are named so (Art. 16 (3))."""
    rows = tuple(
        (
            str(result.version), part.name,
            words("dossier.part.silent") if part.silent else words.joined(words(f"web.result.{kind}") for kind in part.types),
            words.joined(words(f"measure.{code}") for code in part.measures),
            words("dossier.part.late") if part.late else "", part.note,
        )
        for result in contents.results
        for part in result.parts
    )  # fmt: skip
    if rows:
        yield Heading(words("dossier.parts"))
        head = ("version", "department", "types", "measures", "late", "note")
        yield Grid(tuple(words(f"dossier.part.{column}") for column in head), (0, 3, 5, 4, 2, 4), rows)


def _event(kind: str, words: Words) -> str:
    key = f"web.event.{kind}"
    return words(key) if words.has(key) else words("web.event.other")
