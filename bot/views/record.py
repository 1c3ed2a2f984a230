"""检查记录表 in the chat: where it stands, its paper, the entity's words, and a refusal to sign (Art. 16 (3))."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from locales import Words
from models.queries.card import TaskCard
from models.queries.record import Papers
from models.queries.record_version import RecordVersion

REASONS = ("disagrees", "absent", "unsaid")


def record(card: TaskCard, papers: Papers, words: Words, *, headline: str = "") -> View:
    """The last version, who signed it, and what can be done about it here."""
    last = papers.last
    return View(
        lines(
            bold(headline) if headline else None,
            bold(words("sheet.title", version=last.version) if last else words("sheet.none"))
            + " · "
            + literal(card.target, 60),
            words("sheet.hash", sha256=last.sha256[:16], code=last.check_code) if last else None,
            None if papers.current or not last else words("sheet.stale"),
            words("sheet.said", said=literal(papers.statements[-1][0], 120)) if papers.statements else None,
            *(_signatures(last, words) if last else ()),
            words("sheet.paper", n=papers.paper) if papers.paper else None,
            words("sheet.count", done=papers.count[0], all=papers.count[1])
            if last and papers.current
            else None,
            words("sheet.how") if last and papers.current and not papers.heard else None,
        ),
        rows(*_offers(card, papers, words)),
    )


def _signatures(last: RecordVersion, words: Words) -> list[str]:
    entity, signed = last.entity, [signature.name for signature in last.signed if signature.role == "officer"]
    if entity is None:
        text = words("sheet.entity.no")
    elif entity.refused:
        witness = last.witness.name if last.witness else ""
        text = words("sheet.entity.refused", reason=literal(entity.reason, 60), witness=literal(witness, 30))
    else:
        text = words("sheet.entity.yes", name=literal(entity.name, 40))
    missing = [name for _, name, _ in last.missing]
    return [
        text,
        *([words("sheet.officers", names=literal(words.joined(signed), 80))] if signed else []),
        *([words("sheet.missing", names=literal(words.joined(missing), 80))] if missing else []),
    ]


def _offers(card: TaskCard, papers: Papers, words: Words):  # type: ignore[no-untyped-def]
    last, open_ = papers.last, papers.open
    if open_ and not papers.current and (papers.closed or card.me.leader):
        yield [
            button(
                words("button.sheet_anew" if last else "button.sheet_draw"),
                Act.RECORD_DRAW,
                card.id,
                style="primary",
            )
        ]
    if last:
        yield [button(words("button.sheet_pdf"), Act.RECORD_PDF, card.id)]
    if open_:
        yield [
            button(words("button.sheet_hear"), Act.RECORD_HEAR, card.id),
            *([button(words("button.sheet_photo"), Act.RECORD_PHOTO, card.id)] if last else []),
        ]
    if last and papers.current and any(code == card.me.id for code, _, _ in papers.missing):
        yield [button(words("button.sheet_sign"), Act.RECORD_SIGN, card.id, style="success")]
    if last and papers.current and last.entity is None:
        yield [button(words("button.sheet_refuse"), Act.RECORD_REFUSE, card.id, style="danger")]
    yield [
        *([button(words("button.phone"), Act.PHONE, card.id)] if last and papers.current else []),
        button(words("button.task"), Act.OPEN, card.id),
    ]


def reasons(card: TaskCard, last: RecordVersion, words: Words) -> View:
    """拒签: a tap on the reason, or one in words; the witness is asked for next."""
    return View(
        lines(bold(words("sheet.refuse.title")), literal(card.target, 60), words("sheet.refuse.text")),
        rows(
            *[
                [
                    button(
                        words(f"field.sign.reason.{reason}"),
                        Act.RECORD_REFUSE_FOR,
                        card.id,
                        last.version,
                        reason,
                    )
                ]
                for reason in REASONS
            ],
            [button(words("button.back"), Act.RECORD, card.id)],
        ),
    )


def typing(card: TaskCard, title: str, hint: str, words: Words) -> View:
    return View(
        lines(bold(title), literal(card.target, 60), hint),
        rows([button(words("button.back"), Act.RECORD, card.id)]),
    )
