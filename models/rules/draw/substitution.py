"""Who steps in (Art. 14 (2)): the next ticket of the same department, never a pick, with reasons."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from models.refusal import Refusal
from models.rules.draw.files import lines
from models.rules.draw.rows import RosterRow
from models.states import IN_HAND, TO_VISIT
from models.states import TaskState as T

ALL = ("*",)
NOBODY = "-"
UNFIT = re.compile(r"expired|(?:leave|moved):[0-9a-f]{16}")


class Reason(StrEnum):
    POST = "post"
    CONFLICT = "conflict"
    RECUSAL = "recusal"
    OTHER = "other"


class Substitution(NamedTuple):
    """A row of `substitutions.tsv`. ids: `ALL`, or the targets; incoming: `NOBODY` if nobody was left."""

    area: str
    team: int
    ids: tuple[str, ...]
    out: str
    incoming: str
    passed: tuple[tuple[str, str], ...]
    reason: Reason
    department: str
    time: str


class LeavingOfficer(NamedTuple):
    """One who falls out: for good (`ALL`: the seat is given away), or for these targets of one team alone."""

    certificate: str
    reason: Reason
    ids: tuple[str, ...] = ALL


def hands_over(state: T, *, asked_here: bool = False, left: bool = False) -> bool:
    """Whether a task goes to the successor: a visit to come, and one under way only where the officer asked from
    it (`asked_here`). One who has left (`left`, 离岗) hands over everything that is not over.
    """
    return state in TO_VISIT or (state == T.ON_SITE and asked_here) or (left and state in IN_HAND)


def check_unfit(unfit: Mapping[str, str]) -> Mapping[str, str]:
    """`unfit` if each certificate has a reason that can be written down: expired, leave:HEX or moved:HEX."""
    for certificate, reason in unfit.items():
        if not UNFIT.fullmatch(reason):
            raise Refusal("draw.unfit_reason_malformed", "14(2)", certificate=certificate, reason=reason)
    return unfit


def successor(
    candidates: Iterable[RosterRow],
    concerned: Collection[str],
    recused: Callable[[str, str], bool],
    unfit: Mapping[str, str],
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The first of `candidates` (by ticket) who may serve `concerned`, and who was passed over why."""
    passed: list[tuple[str, str]] = []
    for candidate in candidates:
        certificate = candidate.certificate
        if any(recused(id, certificate) for id in concerned):
            passed.append((certificate, "recused"))
        elif certificate in unfit:
            passed.append((certificate, unfit[certificate]))
        else:
            return certificate, tuple(passed)
    return NOBODY, tuple(passed)


def substitutions_file(rows: Sequence[Substitution]) -> bytes:
    """`substitutions.tsv`, in order of time."""
    return lines(
        "\t".join(
            (
                row.area,
                str(row.team),
                ",".join(row.ids),
                row.out,
                row.incoming,
                ",".join(f"{certificate}={reason}" for certificate, reason in row.passed),
                row.reason,
                row.department,
                row.time,
            )
        )
        for row in rows
    )
