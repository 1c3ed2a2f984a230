"""检查告知书: the letter that tells the entity of a visit, on paper and as plain text (Art. 16 (2)).

Both are made from one `Letter`, whose sentences come already worded; labels are a `LetterWords`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from server.documents.layout import (
    Block,
    Fields,
    Grid,
    Heading,
    LaidOutDocument,
    Numbered,
    Prose,
    Ticks,
    heading,
    plain,
    qr_path,
    rendered,
)


@dataclass(frozen=True)
class LetterItem:
    """One 抽查事项 and the law it rests on."""

    code: str
    name: str
    basis: str


@dataclass(frozen=True)
class Officer:
    """Who will come. Of the certificate only the tail is told; `role` is worded (组长) or empty."""

    name: str
    department: str
    certificate_tail: str
    role: str = ""


@dataclass(frozen=True)
class Letter:
    """All that one version of a letter says. Strings are worded in `language` ("zh" or "en"), or empty:
    what is empty is left out. `issued_at` is aware and dates the file; `issued` is what people read."""

    number: str
    authority: str
    target: str
    credit_code: str
    opening: str
    items: tuple[LetterItem, ...]
    when: str
    place: str
    method: str
    officers: tuple[Officer, ...]
    departments: tuple[str, ...]
    rights: tuple[str, ...]
    no_fee: str
    complaint_phone: str
    url: str
    domain: str
    check_code: str
    issued: str
    issued_at: datetime
    version: str = ""
    task: str = ""
    basis: str = ""
    replaces: str = ""  # which letter this one takes the place of, and the time that it moved from
    numbered: str = ""  # what the number under the name is, where it is no credit code
    party: str = ""  # the responsible party of a product, a project, conduct
    visit_of_year: str = ""
    assistants: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()  # in who comes, since the letter was printed
    materials: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()  # what is looked at on site, without papers
    lead: tuple[
        str, ...
    ] = ()  # the department's own words: after the opening, about what to bring, at the end
    bring: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    contact: str = ""
    privacy: str = ""
    watermark: str = ""
    language: str = "zh"


@dataclass(frozen=True)
class LetterWords:
    """The labels of a letter. In the catalogues each is `letter.<name of the field>`."""

    title: str
    number: str
    version: str
    credit_code: str
    addressee_ending: str  # the colon after the name
    ordinals: (
        str  # the numbers of sections, parted by blanks: "一、 二、 三、 …" or "1. 2. 3. …", eight or more
    )
    visit: str
    when: str
    place: str
    method: str
    task: str
    basis: str
    visit_of_year: str
    contact: str
    items: str
    item_number: str
    item_code: str
    item_name: str
    item_basis: str
    officers: str
    officer_name: str
    officer_department: str
    officer_certificate: str
    assistants: str
    changed: str  # above what changed since
    materials: str
    seen: str
    rights: str
    duties: str
    reminder: str
    complaint: str
    verify: str  # what to do with the code, one or two short lines
    domain: str
    check_code: str
    seal: str  # where departments set their seals
    page: str  # with {page} and {pages}
    receipt: str
    receipt_name: str
    receipt_date: str
    party: str = ""

    @classmethod
    def of(cls, words: Callable[[str], str]) -> LetterWords:
        """The labels from a catalogue that answers `words("letter.title")`."""
        return cls(**{field.name: words(f"letter.{field.name}") for field in fields(cls)})


Part = tuple[Letter, LetterWords]
Press = Callable[[LaidOutDocument], Awaitable[list[bytes]]]


async def notice_pdf(letter: Letter, words: LetterWords, *beside: Part, press: Press | None = None) -> bytes:
    """A4, print-ready; equal letters give equal bytes. `beside`: the letter in another language, after it.

    `press` sets the sheet elsewhere; without one it is set in a thread.
    """
    if press is None:
        (pdf,) = await asyncio.to_thread(print_letter, (letter, words), *beside)
    else:
        (pdf,) = await press(sheet_of((letter, words), *beside))
    return pdf


def print_letter(*parts: Part, form: str = "pdf", ppi: float = 150) -> list[bytes]:
    """As `notice_pdf`, in the caller's thread; `form="png"` gives a picture of each page."""
    return rendered(sheet_of(*parts, form=form, ppi=ppi))


def sheet_of(*parts: Part, form: str = "pdf", ppi: float = 150) -> LaidOutDocument:
    """The letter, one part for each language, ready to be pressed."""
    document = {"parts": [part_of(letter, words) for letter, words in parts]}
    return LaidOutDocument.of("notice", document, parts[0][0].issued_at, form=form, ppi=ppi)


def notice_text(letter: Letter, words: LetterWords) -> str:
    """The same letter as plain text, its address and check code at the end."""
    head: list[Block] = [
        Heading(words.title),
        Fields(((words.number, letter.number), (words.version, letter.version))),
        Heading(letter.target + words.addressee_ending),
        Fields(((letter.numbered or words.credit_code, letter.credit_code),)),
        *([Prose(letter.replaces, strong=True)] if letter.replaces else []),
        *map(Prose, (letter.opening, *letter.lead)),
    ]
    code = Fields(((words.domain, letter.domain), (words.check_code, letter.check_code)))
    tail = (Heading(words.verify), Prose(letter.url), code)
    signed = (Heading("\u3001".join(letter.departments)), Prose(letter.issued))
    return plain([*head, *body(letter, words), *tail, *signed])


def body(letter: Letter, words: LetterWords) -> tuple[Block, ...]:
    """Everything between the opening and the seals, in numbered sections."""
    ordinals = iter(words.ordinals.split())
    blocks: list[Block] = []
    for title, *content in _sections(letter, words):
        blocks += [heading(next(ordinals, ""), title), *content]
    return tuple(blocks)


def _sections(letter: Letter, words: LetterWords) -> Iterator[tuple[Any, ...]]:
    yield words.visit, Fields(_visit(letter, words))
    head = words.item_number, words.item_code, words.item_name, words.item_basis
    items = tuple((str(n), item.code, item.name, item.basis) for n, item in enumerate(letter.items, 1))
    yield words.items, Grid(head, (0, 3, 8, 9), items)
    yield words.officers, *_people(letter, words)
    if letter.materials or letter.bring:
        yield words.materials, Ticks(letter.materials), *map(Prose, letter.bring)
    if letter.seen:
        yield words.seen, Numbered(letter.seen)
    yield words.rights, Numbered(letter.rights)
    if letter.duties:
        yield words.duties, Numbered(letter.duties)
    complaint = Fields(((words.complaint, letter.complaint_phone), (words.contact, letter.contact)))
    last = map(Prose, (letter.privacy, *letter.closing))
    yield words.reminder, Prose(letter.no_fee, strong=True), complaint, *last


def _visit(letter: Letter, words: LetterWords) -> tuple[tuple[str, str], ...]:
    return (
        (words.party, letter.party),
        (words.when, letter.when),
        (words.place, letter.place),
        (words.method, letter.method),
        (words.task, letter.task),
        (words.basis, letter.basis),
        (words.visit_of_year, letter.visit_of_year),
    )


def _people(letter: Letter, words: LetterWords) -> Iterator[Block]:
    head = words.item_number, words.officer_name, words.officer_department, words.officer_certificate
    rows = (
        (str(n), f"{officer.name} {officer.role}".strip(), officer.department, officer.certificate_tail)
        for n, officer in enumerate(letter.officers, 1)
    )
    yield Grid(head, (0, 4, 7, 3), tuple(rows))
    if letter.assistants:
        yield Fields(
            tuple(
                (words.assistants if n == 0 else "\u3000", assistant)
                for n, assistant in enumerate(letter.assistants)
            )
        )
    if letter.changes:
        yield Prose("\n".join((words.changed, *letter.changes)), strong=True)


def part_of(letter: Letter, words: LetterWords) -> dict[str, Any]:
    """What the layout reads of a letter in one language."""
    return {
        "language": letter.language,
        "authority": letter.authority,
        "title": words.title,
        "facts": [[words.number, letter.number], [words.version, letter.version]],
        "addressee": letter.target + words.addressee_ending,
        "code": [letter.numbered or words.credit_code, letter.credit_code],
        "replaces": letter.replaces,
        "opening": [letter.opening, *letter.lead],
        "blocks": body(letter, words),
        "qr": qr_path(letter.url),
        "verify": words.verify,
        "check": [[words.domain, letter.domain], [words.check_code, letter.check_code]],
        "departments": letter.departments,
        "seal": words.seal,
        "issued": letter.issued,
        "receipt": [words.receipt, words.receipt_name, words.receipt_date],
        "page": words.page,
        "number": letter.number,
        "watermark": letter.watermark,
    }
