"""A file of what the provincial platform drew for one batch, read row by row (Art. 8, 14): targets, teams, officers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from models.rules.draw.crew import Seat
from models.rules.draw.files import normal
from models.rules.registry.cells import Remark
from models.rules.registry.layout import Layout
from models.rules.registry.table import read_table

TARGET, NAME, AREA, TEAM, OFFICERS, LEADER = (
    "检查对象",
    "对象名称",
    "片区",
    "抽查组",
    "检查人员证号",
    "组长证号",
)
LAYOUT = Layout(
    columns=(TARGET, NAME, AREA, TEAM, OFFICERS, LEADER),
    required=(TARGET, TEAM, OFFICERS),
    synonyms={
        TARGET: ("检查对象编号", "对象编号", "统一社会信用代码", "统一社会信用代码或编号", "target"),
        NAME: ("检查对象名称", "企业名称", "名称", "name"),
        AREA: ("区域", "街道", "area"),
        TEAM: ("组号", "检查组", "检查组号", "联合抽查组", "组别", "小组", "team"),
        OFFICERS: ("检查人员", "执法证号", "执法人员证号", "证件号", "officers"),
        LEADER: ("组长", "leader"),
    },
)
BETWEEN = re.compile(r"[;；,，、/\s]+")
MOST_ROWS = 5000


class ListedTarget(NamedTuple):
    code: str
    name: str
    area: str | None  # of the scheme's areas, None where it lies in none


class ListedOfficer(NamedTuple):
    certificate: str
    department: str
    may_lead: bool
    fit: bool  # in post, with a certificate that is good until the window's end
    recused: frozenset[str]  # codes and credit codes of targets


@dataclass(frozen=True, slots=True)
class KnownHere:
    """What the registers and the scheme know. `targets`: by number and by credit code, `officers`: by certificate."""

    targets: Mapping[str, ListedTarget]
    officers: Mapping[str, ListedOfficer]
    areas: Collection[str]
    departments: Mapping[str, str]  # code and name of those that send officers
    initiating: str


class PlatformTarget(NamedTuple):
    """A drawn target: its row in the file, its number in the register, who inspects it."""

    row: int
    code: str
    name: str
    area: str
    team: int


@dataclass(frozen=True, slots=True)
class PlatformDraw:
    """What a file says: the targets in their order, the seats of every team, and each cell that cannot be taken."""

    targets: tuple[PlatformTarget, ...]
    seats: tuple[Seat, ...]
    bad: tuple[Remark, ...]

    @property
    def named(self) -> tuple[object, ...]:
        """What it says, wherever its rows stand and however the file was saved."""
        return tuple(row[1:] for row in self.targets), frozenset(self.seats), self.bad

    @property
    def teams(self) -> dict[str, int]:
        """Teams by area."""
        return {
            area: max(s.team for s in self.seats if s.area == area) for area in {s.area for s in self.seats}
        }


@dataclass
class _Crews:
    """The teams as the rows name them: numbered by area in the order in which they come."""

    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    seats: dict[tuple[str, str], tuple[tuple[str, ...], str]] = field(default_factory=dict)

    def number(self, area: str, team: str) -> int:
        there = sum(1 for known, _ in self.numbers if known == area)
        return self.numbers.setdefault((area, team), there + 1)


def read_draw(data: bytes, known: KnownHere) -> PlatformDraw:
    """The file's rows against what is known here. Refuses a file without the columns that are needed."""
    targets: list[PlatformTarget] = []
    bad: list[Remark] = []
    crews, seen, placed = _Crews(), dict[str, int](), dict[str, tuple[str, str]]()
    for number, cells, raw in read_table(data, LAYOUT).cells():
        if cells is None or number > MOST_ROWS:
            bad.append(Remark(number, "", raw[0] if raw else "", "platform_width"))
            continue
        listed = known.targets.get(normal(cells[TARGET]))
        remarks = _target(number, cells, listed, seen)
        area = _area(cells[AREA], listed, known)
        if area is None:
            remarks.append(Remark(number, AREA, cells[AREA], "platform_area"))
        team = normal(cells[TEAM])
        if not team:
            remarks.append(Remark(number, TEAM, "", "platform_team"))
        remarks += _crew(number, cells, listed, (area or "", team), crews, placed, known)
        bad += remarks
        if not remarks and listed and area:
            targets.append(PlatformTarget(number, listed.code, listed.name, area, crews.number(area, team)))
    seats = tuple(
        Seat(
            area,
            crews.number(area, team),
            known.officers[certificate].department,
            certificate,
            certificate == leader,
        )
        for (area, team), (officers, leader) in crews.seats.items()
        if (area, team) in crews.numbers
        for certificate in officers
    )
    return PlatformDraw(tuple(targets), seats, tuple(bad))


def _target(
    number: int, cells: Mapping[str, str], listed: ListedTarget | None, seen: dict[str, int]
) -> list[Remark]:
    if listed is None:
        return [Remark(number, TARGET, cells[TARGET], "platform_target")]
    if first := seen.get(listed.code):
        return [Remark(number, TARGET, cells[TARGET], "platform_target_twice", {"first": first})]
    seen[listed.code] = number
    return []


def _area(written: str, listed: ListedTarget | None, known: KnownHere) -> str | None:
    """As written, where the scheme knows it; else where the target lies; else the scheme's only one."""
    if written.strip():
        return next((area for area in known.areas if normal(area) == normal(written)), None)
    if listed and listed.area is not None:
        return listed.area
    return next(iter(known.areas)) if len(known.areas) == 1 else None


def _crew(
    number: int,
    cells: Mapping[str, str],
    listed: ListedTarget | None,
    team: tuple[str, str],
    crews: _Crews,
    placed: dict[str, tuple[str, str]],
    known: KnownHere,
) -> list[Remark]:
    """Why a row's officers cannot be taken: unknown, unfit, in two teams, to be recused, no leader, a department without
    anybody, another crew than the team had before."""
    written = tuple(
        dict.fromkeys(
            normal(certificate) for certificate in BETWEEN.split(cells[OFFICERS].strip()) if certificate
        )
    )
    remarks = []
    for certificate in written:
        officer = known.officers.get(certificate)
        reason = _unfit(officer, listed, known)
        if not reason and placed.setdefault(certificate, team) != team:
            reason = "platform_two_teams"
        if reason:
            remarks.append(Remark(number, OFFICERS, certificate, reason))
    if remarks:
        return remarks
    leader = _leader(normal(cells[LEADER]), written, known)
    if leader is None:
        return [Remark(number, LEADER, cells[LEADER], "platform_leader")]
    there = {known.officers[certificate].department for certificate in written}
    if lacking := [name for department, name in known.departments.items() if department not in there]:
        return [Remark(number, OFFICERS, cells[OFFICERS], "platform_lacking", {"departments": lacking})]
    if crews.seats.setdefault(team, (written, leader)) != (written, leader):
        first = crews.seats[team]
        if set(first[0]) != set(written) or first[1] != leader:
            return [Remark(number, OFFICERS, cells[OFFICERS], "platform_other_crew")]
    return []


def _unfit(officer: ListedOfficer | None, listed: ListedTarget | None, known: KnownHere) -> str:
    if officer is None:
        return "platform_officer"
    if officer.department not in known.departments:
        return "platform_department"
    if not officer.fit:
        return "platform_unfit"
    return "platform_recused" if listed and listed.code in officer.recused else ""


def _leader(written: str, officers: tuple[str, ...], known: KnownHere) -> str | None:
    """As written; else the first of the initiating department who may lead. None where there is none."""
    own = [
        certificate for certificate in officers if known.officers[certificate].department == known.initiating
    ]
    if written:
        return written if written in own else None
    return next((certificate for certificate in own if known.officers[certificate].may_lead), None)
