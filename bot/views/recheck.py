"""现场复查 in the chat: set, begun, ended point by point, signed (Art. 17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from locales import Html, Words
from models.queries.rechecks import RecheckLine
from models.queries.rectification import OrderLine
from models.rules.recheck import PointFound
from models.rules.visit import local_day

NEXT = {"": "rectified", "rectified": "partly", "partly": "not_done", "not_done": ""}
"""What a tap on a point says after what it said."""


def said(order: OrderLine, words: Words) -> list[str]:
    """How the last recheck of an order stands."""
    if not order.rechecks:
        return []
    line = order.rechecks[-1]
    who = words.joined(literal(name, 40) for _, name in line.officers)
    told = [words("recheck.chat.set", moment=words.moment(line.begins), who=who)]
    if line.ended_at:
        told += [
            words("recheck.chat.point", number=finding.number, found=words(f"recheck.found.{finding.found}"))
            for finding in line.findings
        ]
        names = words.joined(literal(name, 40) for _, name in line.missing)
        told.append(words("recheck.chat.missing", names=names) if names else words("recheck.chat.signed"))
    elif line.begun_at:
        told.append(words("recheck.chat.begun", moment=words.moment(line.begun_at)))
    return told


def offered(order: OrderLine, officer: str, now: datetime, words: Words) -> list[list[Button] | None]:
    """What this officer may do about it: of the department, or one of the two who go."""
    line = order.recheck
    mine = line is not None and line.of(officer)
    keys: list[list[Button] | None] = []
    if line and mine and not line.begun_at and local_day(now) >= local_day(line.begins):
        keys.append([button(words("recheck.do.begin"), Act.RECHECK_BEGIN, line.id, style="primary")])
    if line and mine and line.begun_at and not line.ended_at:
        keys.append([button(words("recheck.do.points"), Act.RECHECK_POINTS, line.id, style="primary")])
    if line and officer in dict(line.missing):
        keys.append([button(words("recheck.do.sign"), Act.RECHECK_SIGN, line.id, style="success")])
    last = order.rechecks[-1] if order.rechecks else None
    if last and last.of(officer) and last.ended_at and last.entity is None and (last.settled or last is line):
        keys.append([button(words("recheck.do.refuse"), Act.RECHECK_REFUSE, last.id)])
    return keys


def mates(order: OrderLine, others: Sequence[tuple[str, str]], words: Words) -> View:
    """Who comes along."""
    keys = [
        [button(words("recheck.chat.with", name=name), Act.RECHECK_WITH, order.id, code, short=name)]
        for code, name in others
    ]
    text = lines(
        bold(words("recheck.title")), literal(order.target, 80), Html.escape(words("recheck.chat.who"))
    )
    return View(text, rows(*keys, [button(words("button.back"), Act.ORDER, order.id)]))


def day(order: OrderLine, words: Words) -> View:
    return typing(order, words("recheck.chat.day"), words)


def typing(order: OrderLine, asked: str, words: Words) -> View:
    text = lines(bold(words("recheck.title")), literal(order.target, 80), Html.escape(asked))
    return View(text, rows([button(words("button.back"), Act.ORDER, order.id)]))


def points(order: OrderLine, line: RecheckLine, marks: Mapping[str, str], words: Words) -> View:
    """A tap says how far a point is; what is typed is the note of all that are not put right, and ends it."""
    keys: list[list[Button] | None] = [
        [
            button(
                words(
                    "recheck.chat.point_key", number=point.number, text=point.text,
                    found=words(f"recheck.found.{marks.get(str(point.number)) or 'open'}"),
                ),
                Act.RECHECK_POINT, line.id, point.number, short=str(point.number),
            )
        ]
        for point in order.left
    ]  # fmt: skip
    said_all = all(marks.get(str(point.number)) for point in order.left)
    right = all(marks.get(str(point.number)) == PointFound.RECTIFIED.value for point in order.left)
    asked = "recheck.chat.note" if said_all and not right else "recheck.chat.tap"
    end = button(words("recheck.do.end"), Act.RECHECK_END, line.id, style="success") if right else None
    text = lines(bold(words("recheck.title")), literal(order.target, 80), Html.escape(words(asked)))
    return View(
        text, rows(*keys, [end] if end else None, [button(words("button.back"), Act.ORDER, order.id)])
    )
