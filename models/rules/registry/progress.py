"""How far the reading and writing of a list is, for whoever looks on while it lasts (Art. 10).

    with watched() as progress:
        report = await take(…)

What works says at which row it is; it costs nothing where nobody looks on. The numbers are read beside it, by another task.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

EVERY = 500
"""Rows between two reports."""


class ImportStep(StrEnum):
    """What is done with the rows, in this order."""

    OPENED = "opened"  # the rows are taken out of the file; how many there are is not known yet
    CHECKED = "checked"
    COMPARED = "compared"
    WRITTEN = "written"


@dataclass(slots=True)
class ImportProgress:
    """`rows` of `of` are done with; `of` is 0 while nobody knows how many there are."""

    step: ImportStep = ImportStep.OPENED
    rows: int = 0
    of: int = 0


_watched: ContextVar[ImportProgress | None] = ContextVar("progress", default=None)


@contextmanager
def watched(progress: ImportProgress | None = None) -> Iterator[ImportProgress]:
    """What is read and written inside says here how far it is, in the threads and tasks that it begins too."""
    progress = progress or ImportProgress()
    token = _watched.set(progress)
    try:
        yield progress
    finally:
        _watched.reset(token)


def begin(step: ImportStep, of: int = 0) -> None:
    """The next step begins, over so many rows."""
    if progress := _watched.get():
        progress.step, progress.rows, progress.of = step, 0, of


def reached(rows: int) -> None:
    """So many rows of this step are done with."""
    if progress := _watched.get():
        progress.rows = rows
