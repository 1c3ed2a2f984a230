"""检查记录表: the record sheet of a finished visit, for signing and for the dossier (Art. 16 (3), 20).

One `RecordSheet` says everything; its sentences come already worded, its labels are a `RecordWords`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from server.documents.layout import (
    Block,
    Fields,
    Grid,
    Heading,
    Numbered,
    Pages,
    Pictures,
    Prose,
    Signatures,
    heading,
    plain,
    qr_path,
    render,
)

SHORT_HASH = 16


@dataclass(frozen=True)
class FindingOnRecord:
    """What the network check settled before the visit (Art. 16 (1))."""

    question: str
    source: str
    finding: str
    by: str


@dataclass(frozen=True)
class RecordAnswer:
    """One question: its number, words, worded answer and the officer's note; `failed` ones are set off."""

    number: str
    question: str
    answer: str
    note: str = ""
    failed: bool = False


@dataclass(frozen=True)
class Part:
    """The questions of one department and who answered them."""

    department: str
    officers: str
    answers: tuple[RecordAnswer, ...]


@dataclass(frozen=True)
class Exhibit:
    """A photo: JPEG thumbnail, SHA-256 of the original, worded lines (question, time, grade, doubts)."""

    thumbnail: bytes
    sha256: str
    lines: tuple[str, ...]
    pages: tuple[bytes, ...] = ()  # JPEGs, of a long picture


@dataclass(frozen=True)
class SignaturePlace:
    """A place to sign. `picture`: PNG of the signature; `stands`: worded refusal; neither: sign by hand.
    `at`: when, worded; empty leaves room for a date by hand."""

    who: str
    picture: bytes = b""
    stands: str = ""
    at: str = ""


@dataclass(frozen=True)
class RecordSheet:
    """All that the sheet says. `subject` are (label, value) rows about the target and the visit, in order;
    `at` is aware and dates the file; what is empty is left out."""

    number: str
    authority: str
    subject: tuple[tuple[str, str], ...]
    team: tuple[tuple[str, str, str, str], ...]  # name with role, department, certificate tail, arrival
    parts: tuple[Part, ...]
    results: tuple[str, ...]
    url: str
    domain: str
    check_code: str
    issued: str
    at: datetime
    network: tuple[FindingOnRecord, ...] = ()
    photos: tuple[Exhibit, ...] = ()
    happened: tuple[str, ...] = ()
    follow_up: tuple[str, ...] = ()
    statement: str = ""
    signed: tuple[SignaturePlace, ...] = ()
    remarks: tuple[str, ...] = ()  # under the signatures
    chain: str = ""
    watermark: str = ""
    language: str = "zh"


@dataclass(frozen=True)
class RecordWords:
    """The labels of a record sheet. In the catalogues each is `record.<name of the field>`."""

    title: str
    number: str
    ordinals: str
    subject: str
    team: str
    officer_number: str
    officer_name: str
    officer_department: str
    officer_certificate: str
    officer_arrival: str
    network: str
    network_question: str
    network_source: str
    network_finding: str
    network_by: str
    answers: str
    question_number: str
    question: str
    answer: str
    note: str
    photos: str
    happened: str
    results: str
    follow_up: str
    statement: str
    no_statement: str
    signatures: str
    signature_date: str
    chain: str
    verify: str
    domain: str
    check_code: str
    page: str  # with {page} and {pages}

    @classmethod
    def of(cls, words: Callable[[str], str]) -> RecordWords:
        """The labels from a catalogue that answers `words("record.title")`."""
        return cls(**{field.name: words(f"record.{field.name}") for field in fields(cls)})


async def record_pdf(
    record: RecordSheet, words: RecordWords, *beside: tuple[RecordSheet, RecordWords]
) -> bytes:
    """A4; equal records give equal bytes. `beside`: the record in another language, after it."""
    (pdf,) = await asyncio.to_thread(print_record, record, words, *beside)
    return pdf


def print_record(
    record: RecordSheet,
    words: RecordWords,
    *beside: tuple[RecordSheet, RecordWords],
    form: str = "pdf",
    ppi: float = 150,
) -> list[bytes]:
    """As `record_pdf`, in the caller's thread; `form="png"` gives a picture of each page."""
    document = {"parts": [_part(*row) for row in ((record, words), *beside)]}
    return render("record", document, record.at, form=form, ppi=ppi)


def record_text(record: RecordSheet, words: RecordWords) -> str:
    """The same record as plain text, for reading it out to the entity."""
    head = Heading(words.title), Fields(((words.number, record.number),))
    return plain((*head, *body(record, words), Prose(record.issued)))


def body(record: RecordSheet, words: RecordWords) -> tuple[Block, ...]:
    """The sheet's numbered sections."""
    ordinals = iter(words.ordinals.split())
    blocks: list[Block] = []
    for title, *content in _sections(record, words):
        blocks += [heading(next(ordinals, ""), title), *content]
    return tuple(blocks)


def _sections(record: RecordSheet, words: RecordWords) -> Iterator[tuple[Any, ...]]:
    yield words.subject, Fields(record.subject)
    head = (
        words.officer_number, words.officer_name, words.officer_department, words.officer_certificate,
        words.officer_arrival,
    )  # fmt: skip
    team = tuple((str(n), *person) for n, person in enumerate(record.team, 1))
    yield words.team, Grid(head, (0, 5, 6, 3, 4), team)
    if record.network:
        yield words.network, _network(record, words)
    yield words.answers, *_answers(record, words)
    if record.photos:
        long = (Pages(photo.pages, photo.lines) for photo in record.photos if photo.pages)
        yield words.photos, Pictures(tuple(map(_exhibit, record.photos))), *long
    if record.happened:
        yield words.happened, Numbered(record.happened)
    yield words.results, Numbered(record.results)
    if record.follow_up:
        yield words.follow_up, Numbered(record.follow_up)
    yield words.statement, Prose(record.statement or words.no_statement)
    if record.signed:
        places = tuple(
            (place.who, place.picture, place.stands, place.at or words.signature_date)
            for place in record.signed
        )
        yield words.signatures, Signatures(places), *map(Prose, record.remarks)


def _network(record: RecordSheet, words: RecordWords) -> Grid:
    head = words.network_question, words.network_source, words.network_finding, words.network_by
    rows = tuple(
        (finding.question, finding.source, finding.finding, finding.by) for finding in record.network
    )
    return Grid(head, (5, 3, 4, 2), rows)


def _answers(record: RecordSheet, words: RecordWords) -> Iterator[Block]:
    head = words.question_number, words.question, words.answer, words.note
    for part in record.parts:
        yield Prose("\u3000".join(filter(None, (part.department, part.officers))), leading=True)
        rows = tuple((answer.number, answer.question, answer.answer, answer.note) for answer in part.answers)
        failed = frozenset(n for n, answer in enumerate(part.answers) if answer.failed)
        yield Grid(head, (0, 8, 2, 4), rows, failed)


def _exhibit(photo: Exhibit) -> tuple[bytes, tuple[str, ...]]:
    return photo.thumbnail, (*photo.lines, f"SHA-256 {photo.sha256[:SHORT_HASH]}…")


def _part(record: RecordSheet, words: RecordWords) -> dict[str, Any]:
    return {
        "language": record.language,
        "authority": record.authority,
        "title": words.title,
        "number_label": words.number,
        "number": record.number,
        "blocks": body(record, words),
        "qr": qr_path(record.url),
        "verify": words.verify,
        "check": [[words.domain, record.domain], [words.check_code, record.check_code]],
        "chain": [words.chain, record.chain],
        "issued": record.issued,
        "page": words.page,
        "watermark": record.watermark,
    }
