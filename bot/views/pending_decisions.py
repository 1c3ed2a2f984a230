"""Questions put to heads, leaders and entities, each with the facts to decide by (Art. 14 (2), 16 (2))."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, onsite, rows, tagged, units
from bot.views.task import span
from locales import Words
from models.queries.onsite import NonCooperationReport
from models.queries.pending_decisions import PendingNotice, Postponing, SubstitutionRequest
from models.rules.fitness import GROUNDS, UNACCEPTED
from models.states import TAKEN_BACK, NoticeState

REASONS = ("away", "closed", "event")
LETTER = 3000


def substitution(asked: SubstitutionRequest, words: Words) -> View:
    """更换: the head consents, the next ticket steps in; nobody is picked."""
    texts = [
        bold(words("asked.out", name=literal(asked.name, 40))),
        words("asked.reason", reason=words(f"reason.{asked.reason}")),
        words("asked.note", note=_note(asked.note, words)) if asked.note else None,
        words("asked.tasks", n=len(asked.tasks), tasks=literal(words.joined(asked.tasks[:4]), 120)),
    ]
    if asked.consented is None:
        return View(
            lines(*texts, words("asked.next_ticket")),
            rows(
                [
                    button(words("button.consent"), Act.SUBSTITUTION, asked.id, 1, style="success"),
                    button(words("button.refuse"), Act.SUBSTITUTION, asked.id, 0, style="danger"),
                ]
            ),
        )
    return View(lines(*texts, bold(decided(asked, words))), _on(asked, words))


def _on(asked: SubstitutionRequest, words: Words) -> tuple[tuple[Button, ...], ...]:
    """The way on where nobody was left to come: the seats that stand empty."""
    vacant = asked.consented and asked.incoming is None
    return rows([button(words("button.staff"), Act.STAFF)] if vacant else None)


def _note(note: str, words: Words) -> str:
    """The ground in words, or what a person wrote."""
    return words(f"web.unfit.{note}") if note in (*GROUNDS, UNACCEPTED) else literal(note, 300)


def decided(asked: SubstitutionRequest, words: Words) -> str:
    """What came of it."""
    if not asked.consented:
        return words("asked.stays", name=literal(asked.name, 40))
    if asked.incoming is None:
        return words("asked.nobody")
    if not asked.incoming:
        return words("asked.nothing_left")
    return words("asked.stepped_in", name=literal(asked.incoming, 40))


def withholding(letter: PendingNotice, words: Words) -> View:
    """不宜告知: the head decides whether the entity is not told."""
    texts = [
        bold(words("withholding.title")),
        literal(letter.target, 80),
        words.html("card.number", number=letter.task_number),
        words("withholding.by", name=literal(letter.leader, 40)),
        words("withholding.basis", basis=literal(letter.basis, 600)),
    ]
    if letter.state == NoticeState.DRAFTED:
        return View(
            lines(*texts, words("withholding.text")),
            rows(
                [
                    button(words("button.agree"), Act.WITHHOLDING, letter.id, 1, style="success"),
                    button(words("button.disagree"), Act.WITHHOLDING, letter.id, 0, style="danger"),
                ]
            ),
        )
    return View(
        lines(
            *texts,
            bold(
                words("withholding.agreed" if letter.state == NoticeState.WITHHELD else "withholding.refused")
            ),
        )
    )


def notice(letter: PendingNotice, text: str, url: str, words: Words) -> View:
    """The letter as the entity reads it: the gist, the whole letter folded below it, and two answers."""
    gist = [
        bold(words("notice.title")),
        literal(letter.target, 80),
        _time(letter, words),
        words("notice.number", number=literal(letter.number, 80)),
        words("notice.never"),
    ]
    whole = tagged("blockquote expandable", literal(text, LETTER))
    cut = words("notice.cut") if units(text) > LETTER else None
    if letter.state in TAKEN_BACK:
        return View(lines(bold(words(f"notice.{letter.state}")), *gist, whole), rows(_page(url, words)))
    if not letter.planned:
        return after(letter, gist, whole, url, words)
    shown = lines(*gist, whole, cut)
    if letter.state == NoticeState.ACKNOWLEDGED:
        return acknowledged(letter, shown, url, words)
    return View(
        shown,
        rows(
            [button(words("button.received"), Act.RECEIVED, letter.id, style="success")],
            [button(words("button.postpone"), Act.POSTPONE, letter.id)],
            [button(words("button.prepare"), Act.PREPARE, letter.id)],
            _page(url, words),
        ),
    )


def after(letter: PendingNotice, gist: list[str | None], whole: str, url: str, words: Words) -> View:
    """The same letter once the visit has begun: nothing of before it is offered any more, what comes now is."""
    step = words("notice.after", what=words(f"told.{letter.step}.title")) if letter.step else None
    return View(
        lines(bold(step) if step else None, *gist, whole),
        rows(
            [button(words("button.agree_result"), Act.AGREE_RESULT, letter.id, style="success")]
            if letter.answerable
            else None,
            _page(url, words),
        ),
    )


def acknowledged(letter: PendingNotice, shown: str, url: str, words: Words) -> View:
    """The same letter (`shown` is HTML), confirmed."""
    if not letter.planned:
        return View(lines(shown, bold(words("notice.thanks"))), rows(_page(url, words)))
    return View(
        lines(shown, bold(words("notice.thanks"))),
        rows(
            [button(words("button.prepare"), Act.PREPARE, letter.id)],
            [button(words("button.postpone"), Act.POSTPONE, letter.id)],
            _page(url, words),
        ),
    )


def _page(url: str, words: Words) -> list[Button]:
    return [Button(words("button.page"), url=url)] if url else []


def postpone(letter: PendingNotice, words: Words) -> View:
    """Why another time is asked for: a tap, or in own words."""
    return View(
        lines(bold(words("postpone.title")), _time(letter, words), words("postpone.text")),
        rows(
            *[[button(words(f"postpone.{key}"), Act.POSTPONE_FOR, letter.id, key)] for key in REASONS],
            [button(words("button.back"), Act.NOTICE, letter.id)],
        ),
    )


def asked_for_time(letter: PendingNotice, words: Words) -> View:
    return View(
        lines(bold(words("postpone.asked")), _time(letter, words), words("postpone.asked_text")),
        rows([button(words("button.notice"), Act.NOTICE, letter.id)]),
    )


def postponement(asked: Postponing, words: Words) -> View:
    """The leader agrees, or keeps the time."""
    letter = asked.letter
    texts = [
        bold(words("postponement.title")),
        literal(letter.target, 80),
        _time(letter, words),
        words("asked.reason", reason=literal(asked.reason, 300)),
        words("entity.chat.wanted", time=span(*asked.window, words)) if asked.window else None,
    ]
    if asked.granted is None:
        return View(
            lines(*texts),
            rows(
                [
                    *(
                        [button(words("button.grant"), Act.POSTPONEMENT, asked.id, 1, style="success")]
                        if asked.open
                        else []
                    ),
                    button(words("button.keep"), Act.POSTPONEMENT, asked.id, 0),
                ]
            ),
        )
    return View(
        lines(*texts, bold(words(_decided(asked)))),
        rows(
            [button(words("button.replies"), Act.VISIT, letter.task)]
            if asked.granted and asked.proposed
            else None,
            [button(words("button.days"), Act.DAYS, letter.task)]
            if asked.granted
            else [button(words("button.open_task"), Act.OPEN, letter.task)],
        ),
    )


def _decided(asked: Postponing) -> str:
    if asked.granted and asked.proposed:
        return "entity.chat.proposed"
    return "postponement.granted" if asked.granted else "postponement.kept"


def _time(letter: PendingNotice, words: Words) -> str | None:
    return (
        words("card.visit", time=span(letter.begins, letter.ends, words))
        if letter.begins and letter.ends
        else None
    )


def notices(letters: tuple[PendingNotice, ...], words: Words) -> View:
    """An entity's notices."""
    if not letters:
        return View(words("notices.none"))
    return View(
        lines(
            bold(words("notices.title")),
            *[
                words(
                    "notices.line", number=literal(letter.number, 60), state=words(f"notice.{letter.state}")
                )
                for letter in letters
            ],
        ),
        rows(
            *[
                [button(words("notices.open", number=letter.number), Act.NOTICE, letter.id)]
                for letter in letters
            ]
        ),
    )


def desk(
    outs: tuple[SubstitutionRequest, ...],
    letters: tuple[PendingNotice, ...],
    console: str,
    words: Words,
    reports: tuple[NonCooperationReport, ...] = (),
    heard: tuple[tuple[str, Button], ...] = (),
    more: int = 0,
) -> View:
    """A head's open questions, each with its answers a tap away; `more` are on the console."""
    n = len(outs) + len(letters) + len(reports) + len(heard) + more
    return View(
        lines(
            bold(words("desk.title", n=n) if n else words("desk.none")),
            *[onsite.desk_line(report, words) for report in reports],
            *[
                words("desk.out", name=literal(out.name, 40), reason=words(f"reason.{out.reason}"))
                for out in outs
            ],
            *[
                words("desk.withhold" if letter.basis else "desk.approve", target=literal(letter.target, 60))
                for letter in letters
            ],
            *[text for text, _ in heard],
            words("desk.more", n=more) if more else None,
            words("desk.console"),
        ),
        rows(
            *[[onsite.desk_key(report, words)] for report in reports],
            *[[button(words("desk.out_key", name=out.name), Act.ASKED, out.id)] for out in outs],
            *[
                [button(words("desk.withhold_key", target=letter.target), Act.ASKED_WITHHOLD, letter.id)]
                if letter.basis
                else [button(words("desk.approve_key", target=letter.target), Act.ASKED_APPROVAL, letter.id)]
                for letter in letters
            ],
            *[[key] for _, key in heard],
            [button(words("button.staff"), Act.STAFF)],
            [Button(words("button.console"), url=console)],
        ),
    )
