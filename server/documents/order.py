"""责令限期改正通知书: a department's order to put points right by a day, on paper and as plain text (Art. 17).

The layout is the letter's (`notice.typ`): head, addressee, code to scan, numbered sections, seal, line for the receipt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from locales import Words
from server.documents.layout import (
    Block,
    Fields,
    Grid,
    Heading,
    LaidOutDocument,
    Numbered,
    Prose,
    heading,
    plain,
    qr_path,
    rendered,
)


@dataclass(frozen=True)
class PrintedOrder:
    """All that the paper says, worded; what is empty is left out. `points`: number, question, article, what was found."""

    number: str
    authority: str
    target: str
    numbered: str
    credit_code: str
    opening: str
    points: tuple[tuple[str, str, str, str], ...]
    basis: str
    due: str
    demands: tuple[str, ...]
    proof: str
    rights: tuple[str, ...]
    consequence: str
    department: str
    officers: str
    contact: str
    complaint_phone: str
    url: str
    domain: str
    check_code: str
    task: str
    issued: str
    issued_at: datetime
    watermark: str = ""


def sheet_of(*parts: tuple[PrintedOrder, Words], form: str = "pdf", ppi: float = 150) -> LaidOutDocument:
    """The order, one part for each language, ready to be pressed."""
    document = {"parts": [_part(order, words) for order, words in parts]}
    return LaidOutDocument.of("notice", document, parts[0][0].issued_at, form=form, ppi=ppi)


async def order_pdf(*parts: tuple[PrintedOrder, Words]) -> bytes:
    """A4, tagged for the blind; equal orders give equal bytes."""
    (pdf,) = await asyncio.to_thread(rendered, sheet_of(*parts))
    return pdf


def order_text(order: PrintedOrder, words: Words) -> str:
    """The same as plain text, its address and check code at the end."""
    head: list[Block] = [
        Heading(words("order.title")),
        Fields(((words("order.number"), order.number),)),
        Heading(order.target + words("letter.addressee_ending")),
        Fields(((order.numbered, order.credit_code),)),
        Prose(order.opening),
    ]
    code = Fields(((words("letter.domain"), order.domain), (words("letter.check_code"), order.check_code)))
    tail = (Heading(words("order.verify")), Prose(order.url), code)
    return plain([*head, *_body(order, words), *tail, Heading(order.department), Prose(order.issued)])


def _body(order: PrintedOrder, words: Words) -> tuple[Block, ...]:
    ordinals = iter(words("letter.ordinals").split())
    blocks: list[Block] = []
    for title, *content in _sections(order, words):
        blocks += [heading(next(ordinals, ""), title), *content]
    return tuple(blocks)


def _sections(order: PrintedOrder, words: Words) -> Iterator[tuple[Any, ...]]:
    head = (
        words("letter.item_number"), words("order.point"), words("order.article"), words("order.found"),
    )  # fmt: skip
    yield words("order.points"), Grid(head, (0, 7, 6, 5), order.points)
    term = Fields(((words("order.due"), order.due), (words("order.basis"), order.basis)))
    yield words("order.term"), term, *map(Prose, order.demands)
    yield words("order.proof"), Prose(order.proof)
    yield words("letter.rights"), Numbered(order.rights)
    contact = Fields(
        (
            (words("order.task"), order.task), (words("letter.officers"), order.officers),
            (words("letter.contact"), order.contact), (words("letter.complaint"), order.complaint_phone),
        )
    )  # fmt: skip
    yield words("letter.reminder"), Prose(order.consequence, strong=True), contact


def _part(order: PrintedOrder, words: Words) -> dict[str, Any]:
    return {
        "language": "zh" if words.language == "zh_Hans" else "en",
        "authority": order.authority,
        "title": words("order.title"),
        "facts": [[words("order.number"), order.number]],
        "addressee": order.target + words("letter.addressee_ending"),
        "code": [order.numbered, order.credit_code],
        "opening": [order.opening],
        "blocks": _body(order, words),
        "qr": qr_path(order.url),
        "verify": words("order.verify"),
        "check": [[words("letter.domain"), order.domain], [words("letter.check_code"), order.check_code]],
        "departments": [order.department],
        "seal": words("letter.seal"),
        "issued": order.issued,
        "receipt": [words("order.receipt"), words("letter.receipt_name"), words("letter.receipt_date")],
        "page": words("letter.page"),
        "number": order.number,
        "watermark": order.watermark,
    }
