"""工作群: what stands in a bound group, and in a leader's own chat which groups are bound (Art. 15)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views.task import moment, short, span
from locales import Html, Words
from models.queries.team_group import BoundGroup, GroupVisit, LedTeam, TeamStatus
from models.rules.team_group import GroupTrouble

LINKED = re.compile(r"[A-Za-z0-9_-]{1,59}", re.ASCII)
TASK_LINK = "task-"
"""How the argument of a link to a task begins (`/start task-NUMBER`)."""


def status(shown: TeamStatus, username: str, words: Words, trouble: GroupTrouble | None = None) -> View:
    """The one message of a group: numbers, dates and ways into the private chat; nothing of an entity or a person."""
    return View(
        lines(
            bold(words("group.title", number=shown.number)),
            words(
                "group.batch",
                batch=shown.batch,
                opens=short(shown.opens, words),
                closes=short(shown.closes, words),
            ),
            words(
                "group.counts", tasks=shown.tasks, accepted=shown.accepted, fixed=shown.fixed, visited=shown.visited,
                entered=shown.entered,
            ),
            words("group.unaccepted", departments=_departments(shown.unaccepted, words)) if shown.unaccepted else None,
            words("group.silent", departments=_departments(shown.silent, words)) if shown.silent else None,
            bold(words("group.visits")) if shown.visits else None,
            *[_visit(visit, username, words) for visit in shown.visits],
            words("group.more", n=shown.more) if shown.more else None,
            words("group.untold", n=shown.untold) if shown.untold else None,
            words("group.private"),
            words("group.unpinned") if trouble == GroupTrouble.UNPINNED else None,
        ),
        way_in(username, words),
    )  # fmt: skip


def way_in(username: str, words: Words) -> tuple[tuple[Button, ...], ...]:
    """The button that leads from a group into the private chat."""
    return rows([Button(words("button.group.private"), url=f"https://t.me/{username}")])


def over(group: BoundGroup, words: Words) -> View:
    """What is left of the message when the group is bound no more."""
    return View(lines(bold(words("group.title", number=group.number)), words("group.over")))


def _departments(counts: Sequence[tuple[str, int]], words: Words) -> Html:
    named = [words("group.of_department", name=literal(name, 40), n=n) for name, n in counts]
    return Html(words("group.and")).join(named)


def _visit(visit: GroupVisit, username: str, words: Words) -> str:
    number = literal(visit.number, 64)
    if LINKED.fullmatch(visit.number):
        number = (
            Html(f'<a href="https://t.me/{username}?start={TASK_LINK}{visit.number}">')
            + number
            + Html("</a>")
        )
    return words("group.visit", time=span(visit.begins, visit.ends, words), number=number)


def groups(teams: Sequence[LedTeam], words: Words) -> View:
    """Each team that this person leads: the group that is bound, or the button that gives a code."""
    return View(
        lines(
            bold(words("group.mine")),
            words("group.what"),
            *[_line(team, words) for team in teams],
            None if teams else words("group.leads_none"),
        ),
        rows(
            *[
                [
                    button(words("button.group.end", number=team.number), Act.GROUP_END, team.group.id)
                    if team.group
                    else button(words("button.group.code", number=team.number), Act.GROUP_CODE, team.id)
                ]
                for team in teams
            ],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def _line(team: LedTeam, words: Words) -> str:
    if team.group is None:
        return words("group.none_bound", number=team.number, batch=team.batch)
    bound = words(
        "group.bound_to",
        number=team.number,
        batch=team.batch,
        title=literal(team.group.title or team.group.chat, 60),
    )
    return lines(bound, words(f"group.trouble.{team.group.trouble}") if team.group.trouble else None)


def code(token: str, username: str, until: datetime, words: Words) -> View:
    """The code, this once: a button that adds the bot to a group, and the line to send in one topic."""
    command = f"/bind@{username} {token}"
    return View(
        lines(
            bold(words("group.code.title")),
            words("group.code.add"),
            words("group.code.topic"),
            Html("<code>") + literal(command, 200) + Html("</code>"),
            words("group.code.until", at=moment(until, words)),
        ),
        rows(
            [Button(words("button.group.add"), url=f"https://t.me/{username}?startgroup={token}")],
            [Button(words("button.group.copy"), copy=command)],
        ),
    )


def news(group: BoundGroup, key: str, words: Words) -> View:
    """What a leader hears of a group of theirs: bound, ended, a right that is missing."""
    title = literal(group.title or group.chat, 60)
    end = button(words("button.group.end", number=group.number), Act.GROUP_END, group.id)
    return View(
        lines(bold(words("group.title", number=group.number)), words(key, title=title)),
        rows([end] if group.ended_at is None else None, [button(words("button.group.mine"), Act.GROUPS)]),
    )
