"""我的任务: the list, and one task as its officers see it. Never a contact's phone (Art. 15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.buttons import Act
from bot.views import (
    Button,
    View,
    bar,
    bold,
    button,
    department_result,
    hand_delivery,
    lines,
    literal,
    method,
    receipt,
    rectification,
    rows,
)
from locales import Words
from models.queries import reopening
from models.queries.card import TaskCard
from models.queries.inbox import InboxLine, When
from models.queries.unsent import Unsent
from models.rules.arrival import at_the_door
from models.rules.visit import local_day, minute
from models.states import (
    BEFORE_THE_VISIT,
    CONCLUDED_FROM,
    DRAWN_IN,
    TO_VISIT,
    TO_VISIT_OR_ON_SITE,
    UNTIL_CONCLUDED,
    NoticeState,
)
from models.states import TaskState as T

PAGE = 8


@dataclass(frozen=True, slots=True)
class UnreachedEntities:
    """Entities that a leader's letters have not reached: so many of all, and where that is mended."""

    n: int
    all: int
    url: str


def task_list(
    tasks: Sequence[InboxLine], words: Words, *, page: int = 0, draft: str = "", headline: str = "", ready: int = 0,
    unchecked: int = 0, untold: UnreachedEntities | None = None, untimed: int = 0,
) -> View:  # fmt: skip
    """Today's tasks first; a tap opens one."""
    shown = tasks[page * PAGE : (page + 1) * PAGE]
    texts = [bold(words("list.title", n=len(tasks))) if tasks else words("list.empty")]
    texts += [
        words(f"list.{line.when}") + literal(line.target, 60) + " " + _when(line, words) for line in shown
    ]
    return View(
        lines(headline or None, *texts, words("list.untold", n=untold.n, all=untold.all) if untold else None),
        rows(
            [button(words("button.resume", what=draft), Act.RESUME)] if draft else None,
            *[[button(_label(line, words), Act.OPEN, line.id)] for line in shown],
            [button(words("button.accept_all", n=waiting), Act.ACCEPT_ALL, style="success")]
            if (waiting := sum(not line.accepted for line in tasks)) > 1
            else None,
            [button(words("button.network_open", n=unchecked), Act.NETWORK_OPEN)] if unchecked > 1 else None,
            [button(words("button.timetable", n=untimed), Act.TIMETABLE)]
            if untimed > 1 and not unchecked
            else None,
            [button(words("button.ready", n=ready), Act.READY, style="primary")] if ready > 1 else None,
            [Button(words("button.untold"), url=untold.url)] if untold else None,
            _pages(len(tasks), page, words),
            [button(words("timetable.week"), Act.WEEK), button(words("button.away"), Act.AWAY)],
            [button(words("button.phone"), Act.PHONE, 0)],
        ),
    )


def _label(line: InboxLine, words: Words) -> str:
    sign = "" if line.accepted else words("sign.new")
    return sign + line.target


def _when(line: InboxLine, words: Words) -> str:
    if line.when == When.ENTRY and line.due:
        return words("list.due", due=short(line.due, words))
    if line.visit_from and line.when != When.OPEN:
        return moment(line.visit_from, words)
    return words(f"state.{line.state}")


def _pages(count: int, page: int, words: Words) -> list[Button]:
    return [
        *([button(words("button.earlier"), Act.LIST, page - 1)] if page else []),
        *([button(words("button.more"), Act.LIST, page + 1)] if (page + 1) * PAGE < count else []),
    ]


def short(day: date, words: Words) -> str:
    """12月1日 周二."""
    return words(
        "date.short", month=day.month, day=day.day, weekday=words(f"date.weekday.{day.isoweekday()}")
    )


def moment(at: datetime, words: Words) -> str:
    """12月1日 周二 09:00."""
    return f"{short(local_day(at), words)} {words.clock(at)}"


def span(begins: datetime, ends: datetime, words: Words) -> str:
    return f"{moment(begins, words)}–{words.clock(ends)}"


def task(card: TaskCard, words: Words, at: datetime, *, headline: str = "") -> View:
    """The card of a task, with what this officer may do next."""
    return View(
        lines(
            bold(headline) if headline else None,
            bold(literal(card.target, 80)),
            words.html("card.number", number=card.number),
            words("card.address", address=literal(card.address, 120)) if card.address else None,
            words("card.items", items=literal(_items(card, words), 80)),
            words("card.again") if card.again else None,
            words("card.team", number=card.team, members=literal(_team(card, words), 120)),
            _time(card, words),
            words("card.state", state=words(f"state.{card.state}")) + _notice(card, words),
            *staffing(card, words),
            _progress(card, words),
            method.standing(card, words),
            *[unsent_line(unsent, words) for unsent in card.unsent],
            *department_result.standing(card, words),
            _due(card, words, at),
            words("card.returned", reason=literal(card.returned, 120))
            if card.returned and card.state == T.CONCLUDED
            else None,
        ),
        rows(*_offers(card, words, at)),
    )


def unsent_line(unsent: Unsent, words: Words) -> str:
    """Evidence that waits on a colleague's phone, as the phone said last."""
    return words(
        "card.unsent", name=literal(unsent.name, 40), n=unsent.count, at=moment(unsent.said_at, words)
    )


def staffing(card: TaskCard, words: Words) -> Sequence[str]:
    """Who may not go any more, and which seat stands empty, with what happens next (Art. 10, 14 (2))."""
    texts: list[str] = []
    for unfit in card.unfit[:3]:
        key = "card.unfit_asked" if unfit.asked else "card.unfit"
        texts.append(bold(words(key, name=literal(unfit.name, 30), ground=words(f"web.unfit.{unfit.why}"))))
    for seat in card.vacant[:3]:
        key = "card.vacant_leader" if seat.leader else "card.vacant"
        texts.append(bold(words(key, name=literal(seat.name, 30))))
    return texts


def _items(card: TaskCard, words: Words) -> str:
    if len(card.items) <= 1:
        return card.items[0] if card.items else card.title
    return words("card.items_more", title=card.title, n=len(card.items))


def _team(card: TaskCard, words: Words) -> str:
    return words.joined(words("card.leader", name=m.name) if m.leader else m.name for m in card.members)


def _time(card: TaskCard, words: Words) -> str:
    if card.proposal and card.proposed_from and card.proposed_until:
        return words("card.proposed", time=span(card.proposed_from, card.proposed_until, words))
    if card.visit_from and card.visit_until:
        return words("card.visit", time=span(card.visit_from, card.visit_until, words))
    return words("card.window", opens=short(card.opens, words), closes=short(card.closes, words))


def _notice(card: TaskCard, words: Words) -> str:
    if card.notice is None or card.state not in TO_VISIT_OR_ON_SITE:
        return ""
    return " · " + words(f"notice.{card.notice}")


def _progress(card: TaskCard, words: Words) -> str | None:
    if card.state in UNTIL_CONCLUDED:
        if card.me.leader:
            return words("card.sections", sections=words.joined(_section(s, words) for s in card.sections))
        mine = card.mine
        return (
            progress_line(mine.done, mine.all, words) + (words("card.final_mark") if mine.final else "")
            if mine
            else None
        )
    if card.result:
        return words("card.result", result=words.joined(words(f"result.{code}") for code in card.result))
    return None


def _section(section, words: Words) -> str:  # type: ignore[no-untyped-def]
    done = words("card.final_mark") if section.final else f" {section.done}/{section.all}"
    return f"{section.name}{done}"


def progress_line(done: int, all: int, words: Words) -> str:
    return words("card.progress", done=done, all=all, bar=bar(done, all))


def _due(card: TaskCard, words: Words, at: datetime) -> str | None:
    if card.state != T.CONCLUDED or card.due is None:
        return None
    over = local_day(at) > card.due
    provisional = words("card.provisional") if card.provisional else ""
    return words("card.overdue" if over else "card.due", due=short(card.due, words)) + provisional


def _offers(card: TaskCard, words: Words, at: datetime) -> list[list[Button] | None]:
    """What can be done now, the next thing first."""
    return [
        [button(words("button.accept"), Act.ACCEPT, card.id, style="success")]
        if not card.me.accepted and card.state in TO_VISIT
        else None,
        *_reply(card, words),
        *_on_site(card, words, at),
        *_planning(card, words, at),
        *method.offers(card, words),
        hand_delivery.offer(card, words),
        [button(words("button.replace"), Act.REPLACE, card.id)]
        if card.me.leader and card.state in TO_VISIT_OR_ON_SITE
        else None,
        [
            button(words("button.recuse"), Act.ASK_OUT, card.id, "r"),
            button(words("button.excuse"), Act.ASK_OUT, card.id, "e"),
        ]
        if card.state in TO_VISIT_OR_ON_SITE
        else None,
        [
            *(
                [Button(words("button.copy_address"), copy=card.address)]
                if card.address and card.state in TO_VISIT_OR_ON_SITE
                else []
            ),
            button(words("button.phone"), Act.PHONE, card.id),
            button(words("button.list"), Act.LIST, 0),
        ],
    ]


def _reply(card: TaskCard, words: Words) -> list[list[Button] | None]:
    if not card.proposal or card.me.leader or card.state not in TO_VISIT:
        return []
    return [answers(card, words)]


def answers(card: TaskCard, words: Words) -> list[Button]:
    """可以 and 不行 to the proposed time; once answered, the other answer, until the time is fixed (Art. 15)."""
    assert card.proposed_from
    when = minute(card.proposed_from)
    can = button(words("button.can"), Act.REPLY, card.id, 1, when, style="success")
    cannot = button(words("button.cannot"), Act.REPLY, card.id, 0, when, style="danger")
    if card.me.agreed is None:
        return [can, cannot]
    if card.me.agreed:
        return [button(words("button.cannot_after_all"), Act.REPLY, card.id, 0, when)]
    return [button(words("button.can_after_all"), Act.REPLY, card.id, 1, when)]


def _on_site(card: TaskCard, words: Words, at: datetime) -> list[list[Button] | None]:
    offers: list[list[Button] | None] = []
    if card.state == T.ON_SITE and card.mine:
        label = (
            words("button.section_final")
            if card.mine.final
            else words("button.checklist", done=card.mine.done, all=card.mine.all)
        )
        offers.append(
            [button(label, Act.JUMP if card.mine.final else Act.CHECKLIST, card.id, style="primary")]
        )
    if reopening.closed(card):
        offers.append([button(words("button.reopen"), Act.REOPEN, card.id)])
    if card.state in DRAWN_IN:
        offers.append([button(words("button.sheet"), Act.RECORD, card.id)])
    if at_the_door(card.state, card.visit_from, at):
        offers.append(
            [
                button(words("onsite.chat.arrive"), Act.DOOR, card.id),
                button(words("onsite.chat.trouble"), Act.OTHERWISE, card.id),
            ]
        )
    offers += department_result.offers(card, words)
    if card.revising and card.corrects:
        offers.append([button(words("button.revise"), Act.RESULT, card.id, style="primary")])
    offers.append(rectification.offer(card, words))
    if not card.me.leader:
        return offers
    if card.state == T.SCHEDULED and card.visit_from and local_day(at) >= local_day(card.visit_from):
        offers.append([button(words("button.begin"), Act.BEGIN, card.id, style="success")])
    if card.state in CONCLUDED_FROM:
        offers.append([button(words("button.conclude"), Act.CONCLUDE, card.id)])
    offers.append(receipt.offer(card.id, card.state, words))
    return offers


def _planning(card: TaskCard, words: Words, at: datetime) -> list[list[Button] | None]:
    offers: list[list[Button] | None] = []
    online = [ask for ask in card.sheet.of(card.department) if ask.network != "no"]
    if card.state in BEFORE_THE_VISIT and online:
        total = sum(ask.number in card.sheet.network for ask in online)
        offers.append(
            [
                button(
                    words("button.network", done=total, all=len(online)),
                    Act.NETWORK,
                    card.id,
                    style="primary" if card.state == T.ASSIGNED and total < len(online) else "",
                )
            ]
        )
    if not card.me.leader or card.state not in TO_VISIT:
        return offers
    if card.endable and card.state in BEFORE_THE_VISIT:
        offers.append([button(words("button.end_online"), Act.END_ONLINE, card.id, style="success")])
    row = []
    if card.state == T.ASSIGNED:
        row.append(button(words("button.network_close"), Act.NETWORK_CLOSE, card.id))
    row.append(
        button(
            words("button.proposal") if card.proposal or card.owes_letter else words("button.days"),
            Act.VISIT if card.proposal or card.owes_letter else Act.DAYS,
            card.id,
        )
    )
    offers.append(row)
    if card.state in BEFORE_THE_VISIT:
        offers.append([button(words("button.target_gone"), Act.TARGET_GONE, card.id)])
    if card.notice is None:
        offers.append([button(words("button.withhold"), Act.WITHHOLD, card.id)])
    return offers


def reasons(card: TaskCard, kind: str, words: Words) -> View:
    """申请回避 or 不能履行: why. A tap on a reason asks the head; the last one asks for words."""
    keys = ("interest", "former", "other") if kind == "r" else ("post", "conflict", "other")
    name = "recuse" if kind == "r" else "excuse"
    return View(
        lines(bold(words(f"out.{name}.title")), literal(card.target, 80), words(f"out.{name}.text")),
        rows(
            *[[button(words(f"out.{key}"), Act.ASK_OUT_FOR, card.id, kind, key)] for key in keys],
            [button(words("button.back"), Act.OPEN, card.id)],
        ),
    )


def typing(card: TaskCard, title: str, hint: str, words: Words) -> View:
    """The card while a sentence is awaited; the way back stays open."""
    return View(
        lines(bold(title), literal(card.target, 80), hint),
        rows([button(words("button.back"), Act.OPEN, card.id)]),
    )


__all__ = [
    "NoticeState",
    "moment",
    "progress_line",
    "reasons",
    "short",
    "span",
    "task",
    "task_list",
    "typing",
]
