"""The leader settles the day with the members, fixes it, begins and ends the visit (Art. 15, 16)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from bot.views.task import moment, short, span
from locales import Words
from models.imaging.glyphs import unprintable
from models.queries.card import TaskCard
from models.queries.clash import Clash
from models.rules.away_time import part_of
from models.rules.free_times import Window
from models.rules.visit import LASTS, local_day

REASONS = ("urgent", "entity", "report")
SHORT_REASONS = ("leave", "other_case")
DAYS_A_PAGE = 10
UNTOLD_REASONS = ("at_the_door", "refused_calls", "at_once")


def days(card: TaskCard, offered: Sequence[date], words: Words, page: int = 0) -> View:
    """The working days left of the batch's window, so many at a time; a page that is no more shows the last one."""
    page = min(page, max(0, len(offered) - 1) // DAYS_A_PAGE)
    shown = offered[page * DAYS_A_PAGE : (page + 1) * DAYS_A_PAGE]
    keys = [button(short(day, words), Act.TIMES, card.id, day.isoformat()) for day in shown]
    turn_over = [
        *([button(words("visit.earlier_days"), Act.DAYS, card.id, page - 1)] if page else []),
        *(
            [button(words("visit.later_days"), Act.DAYS, card.id, page + 1)]
            if (page + 1) * DAYS_A_PAGE < len(offered)
            else []
        ),
    ]
    return View(
        lines(
            bold(words("visit.days")),
            literal(card.target, 80),
            words("visit.days_text" if offered else "visit.no_days"),
        ),
        rows(
            *[keys[i : i + 2] for i in range(0, len(keys), 2)],
            turn_over or None,
            [button(words("button.back"), Act.OPEN, card.id)],
        ),
    )


def times(
    card: TaskCard,
    day: date,
    starts: Sequence[datetime],
    words: Words,
    busy: Sequence[tuple[Window, Clash]] = (),
) -> View:
    """When on that day; a tap asks the members. `busy`: what the members have on that day, marked where it meets."""
    keys = [
        button(
            words(
                "visit.from_until_busy"
                if any(Window(b, b + LASTS).meets(w) for w, _ in busy)
                else "visit.from_until",
                begins=words.clock(b),
                ends=words.clock(b + LASTS),
            ),
            Act.PROPOSE,
            card.id,
            day.isoformat(),
            words.clock(b).replace(":", ""),
        )
        for b in starts
    ]
    return View(
        lines(
            bold(words("visit.times", day=short(day, words))),
            literal(card.target, 80),
            words("visit.times_text"),
            *list(dict.fromkeys(clash(overlap, words) for _, overlap in busy))[:4],
        ),
        rows(
            *[keys[i : i + 2] for i in range(0, len(keys), 2)],
            [button(words("button.back"), Act.DAYS, card.id)],
        ),
    )


def proposal(card: TaskCard, words: Words, *, text: str = "") -> View:
    """What was proposed and who agreed; the leader fixes it."""
    assert card.proposed_from and card.proposed_until
    return View(
        lines(
            text or None,
            bold(words("visit.proposed", time=span(card.proposed_from, card.proposed_until, words))),
            literal(card.target, 80),
            _unprintable(card.target, words),
            *[_replies(card, said_, words) for said_ in (True, False, None)],
            *[clash(overlap, words) for overlap in card.clashes[:3]],
            words("visit.fix_text"),
        ),
        rows(
            [button(words("button.fix"), Act.FIX, card.id, style="success")],
            [button(words("button.other_time"), Act.DAYS, card.id)],
            [button(words("button.task"), Act.OPEN, card.id)],
        ),
    )


def _unprintable(name: str, words: Words) -> str | None:
    """A letter cannot show these characters: the leader hears it before it goes out."""
    lost = unprintable(name)
    return words("visit.unprintable", characters=literal(lost, 40)) if lost else None


def clash(overlap: Clash, words: Words) -> str:
    """Who would be in two places: the other visit, and whether it is fixed."""
    if overlap.hours:
        return words(
            "visit.clash_hours", names=literal(overlap.names[0], 60), hours=literal(overlap.hours, 120)
        )
    if overlap.away:
        return words(
            "visit.clash_away",
            time=away_span(overlap.begins, overlap.ends, words),
            names=literal(overlap.names[0], 60),
        )
    key = (
        "visit.clash_recheck"
        if overlap.recheck
        else "visit.clash"
        if overlap.fixed
        else "visit.clash_proposed"
    )
    names, target = (
        literal(words.joined(overlap.names), 60),
        literal(overlap.target or words("visit.elsewhere"), 40),
    )
    return words(key, time=span(overlap.begins, overlap.ends, words), target=target, names=names)


def away_span(begins: datetime, ends: datetime, words: Words) -> str:
    """12月9日 周三 下午; other hours from and until."""
    if part := part_of(Window(begins, ends)):
        return short(local_day(begins), words) + " " + words(f"away.{part}")
    if local_day(begins) == local_day(ends):
        return span(begins, ends, words)
    return words("away.until", begins=moment(begins, words), ends=moment(ends, words))


def _replies(card: TaskCard, agreed: bool | None, words: Words) -> str | None:
    """可以：…, 不行：…, 未回复：… with the names."""
    names = [member.name for member in card.members if member.agreed is agreed]
    key = {True: "reply.yes", False: "reply.no", None: "reply.none"}[agreed]
    return words(key, names=literal(words.joined(names), 160)) if names else None


def short_notice(card: TaskCard, days_left: int, needed: int, words: Words) -> View:
    """Fewer working days than the notice period: only with a reason."""
    return View(
        lines(
            bold(words("visit.short")),
            literal(card.target, 80),
            words("visit.short_text", days=days_left, needed=needed),
        ),
        rows(
            *[[button(words(f"short.{key}"), Act.FIX_FOR, card.id, key)] for key in REASONS],
            [
                button(words("button.other_time"), Act.DAYS, card.id),
                button(words("button.task"), Act.OPEN, card.id),
            ],
        ),
    )


def present(
    card: TaskCard, here: Sequence[str], words: Words, *, asks: str = "", untouched: bool = False
) -> View:
    """Who is on site: all with one tap, or one by one. `asks`: the reason that is owed first, for fewer than two
    of a department (`reason`) or for an entity that was not told (`untold`).
    """
    offered = [(key, words(f"present.{key}")) for key in SHORT_REASONS] if asks == "reason" else []
    offered += [(key, words(f"untold.{key}")) for key in UNTOLD_REASONS] if asks == "untold" else []
    keys = [
        button(
            words("present.yes" if m.id in here else "present.no", name=m.name), Act.PRESENT, card.id, place
        )
        for place, m in enumerate(card.members)
        if not m.elsewhere or m.id in here
    ]
    away = [m.name for m in card.members if m.elsewhere]
    return View(
        lines(
            bold(words("begin.title")) + " · " + literal(card.target, 60),
            words(f"begin.{asks}" if asks else "begin.text"),
            bold(words("begin.not_told")) if not card.told and asks != "untold" else None,
            words("begin.elsewhere", names=literal(words.joined(away), 160)) if away else None,
        ),
        rows(
            *[[button(text, Act.BEGIN_FOR, card.id, key)] for key, text in offered],
            [button(words("button.begin_all"), Act.BEGIN_ALL, card.id, style="success")]
            if (not here or untouched) and not away
            else None,
            *[keys[i : i + 2] for i in range(0, len(keys), 2)],
            [button(words("button.begin_now", n=len(here)), Act.BEGIN_NOW, card.id, style="success")]
            if here
            else None,
            [button(words("button.task"), Act.OPEN, card.id)],
        ),
    )


def conclude(card: TaskCard, words: Words, *, missing: Sequence[str] = ()) -> View:
    """Before the visit ends: nothing can be added afterwards, and the 20 working days begin."""
    return View(
        lines(
            bold(words("conclude.title")) + " · " + literal(card.target, 60),
            bold(words("conclude.missing", names=literal(words.joined(missing), 160))) if missing else None,
            words("conclude.text"),
        ),
        rows(
            [button(words("conclude.sure"), Act.CONCLUDE_SURE, card.id, style="success")],
            [button(words("button.sheet"), Act.RECORD, card.id)] if missing else None,
            [button(words("button.back"), Act.OPEN, card.id)],
        ),
    )
