"""What an act would undo of what others did since: a phone without reception keeps its acts, a form stays open on a
desk, and what was done meanwhile must not be undone by somebody who had not heard of it (Art. 15, 16).

An act and what it would undo are named by the events that they leave in the trail of the task.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Undone:
    """A kind of event that an act would undo. `same`: the field in which both agree, "by" for the person; empty where any
    is undone. `where`: what the event says besides."""

    kind: str
    same: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """An event in the trail of a task: its place there, who did it, and what it says."""

    seq: int
    kind: str
    by: str
    at: datetime
    data: Mapping[str, Any]


def unheard(act: TrailEvent, since: Iterable[TrailEvent], would: Iterable[Undone]) -> TrailEvent | None:
    """The last of the events since that this act would undo; `would`: what acts of its kind undo."""
    kinds = tuple(would)
    met = [event for event in since if any(_meets(act, event, undone) for undone in kinds)]
    return max(met, key=lambda event: event.seq, default=None)


def _meets(act: TrailEvent, event: TrailEvent, undone: Undone) -> bool:
    if event.kind != undone.kind or any(
        event.data.get(name) != value for name, value in undone.where.items()
    ):
        return False
    if undone.same == "by":
        return event.by == act.by
    return not undone.same or event.data.get(undone.same) == act.data.get(undone.same)
