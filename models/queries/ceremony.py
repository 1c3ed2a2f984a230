"""The draw as it is watched: what was fixed, who pledged, what came out, what may be shown yet (Art. 14 (1)).

The hash of the results is open at once; the bundle, and with it who was drawn under which id, when the
batch's visits are over, so that nobody is tipped off.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tortoise.functions import Count
from tortoise.queryset import QuerySet

from models.queries import draw_texts, reassignments
from models.queries.draw_source import Source, kind_of, source_of
from models.queries.fixed_files import CeremonyFile, fixed_files
from models.queries.plans import names
from models.queries.reassignments import ReassignedTask
from models.refusal import Refusal
from models.rules.draw.chance import last_reveal, outcome_known
from models.rules.draw.files import sha256
from models.rules.draw.rows import Mode, decode_rules
from models.rules.public.draw import CeremonyStep, DrawFacts, PublicDraw, draw_state, percent, public_draw
from models.rules.public.verify import agreement
from models.rules.visit import local_day
from models.rules.yearly_cap import GROUNDS
from models.states import NOT_PUBLIC, BatchState, TaskState
from models.tables import Account, Batch, Draw, Inspector, PlanEntry, Pledge, Scheme, Task


@dataclass(frozen=True, slots=True)
class Extension:
    """The end of a batch's window was moved."""

    before: date
    until: date
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that is not over."""

    number: str
    target: str
    state: TaskState


@dataclass(frozen=True, slots=True)
class Ceremony:
    """One draw. `public`: what may be said of it."""

    code: str
    batch: str
    title: str
    initiating: str
    practice: bool
    number: int
    previous: str
    commitment: str
    committed_at: datetime
    files: tuple[CeremonyFile, ...]
    areas: Mapping[str, int]
    crew: tuple[tuple[str, int], ...]  # department name, seats
    strata: tuple[tuple[str, int, int], ...]  # stratum, to draw, in the pool
    roster: tuple[tuple[str, int], ...]
    exclusions: tuple[tuple[str, int], ...]  # ground, how many
    declared: tuple[tuple[str, str, str], ...]  # ground, document, its SHA-256: of what left a target out
    certain: Mapping[str, list[str]]
    sources: tuple[Source, ...]
    public: PublicDraw
    seed: str
    results_sha256: str
    held_at: datetime | None
    drawn: tuple[tuple[str, str, str], ...]  # rank, stratum, id
    teams: tuple[tuple[str, str, str, str, bool], ...]  # area, team, department, certificate, leader
    tasks: int
    void_reason: str
    voided_at: datetime | None
    void_asked_at: datetime | None
    void_asked_by: str
    last_reveal: datetime | None  # witnesses reveal before, outside values come out from then on
    ceremony_sha256: str
    window: tuple[date, date]  # of the batch's visits, as it is now
    extensions: tuple[Extension, ...]
    voids: int  # draws of this batch voided before
    platform: bool  # 来源：省级平台，不可复算
    reassigned: tuple[ReassignedTask, ...]  # tasks that went to another team

    @property
    def step(self) -> CeremonyStep:
        return self.public.step

    @property
    def chances(self) -> tuple[tuple[str, int, int, str], ...]:
        """Stratum, how many are drawn, of how many, and each one's chance in percent."""
        return tuple((name, count, size, percent(count, size)) for name, count, size in self.strata)

    @property
    def spent(self) -> tuple[tuple[str, int], ...]:
        """Ground and number of the targets left out because of the visits of their year."""
        return tuple((ground, count) for ground, count in self.exclusions if ground in GROUNDS)

    @property
    def opened(self) -> bool:
        """The batch's visits are over, the bundle is for everybody."""
        return self.public.opened

    @property
    def agreement(self) -> str:
        """What may be said when the draw repeats."""
        return agreement(self.public.chance)

    def voidable(self, at: datetime) -> bool:
        """Whether it may be voided, by its host alone or with another head's consent."""
        if (
            self.step
            not in (CeremonyStep.PLEDGES, CeremonyStep.REVEALS, CeremonyStep.OUTSIDE, CeremonyStep.HOLD)
            or self.void_asked_at
        ):
            return False
        revealed = all(source.value for source in self.sources if source.kind == "witness")
        missing = [source.name for source in self.sources if not source.given]
        return not outcome_known(self.last_reveal, revealed, missing, at)

    def open_at(self, at: datetime) -> bool:
        """Nobody can know the outcome yet: it is voided at once, naming who consents; later another head agrees."""
        begun = any(source.value for source in self.sources)
        return not begun or self.last_reveal is None or at < self.last_reveal

    @property
    def witnesses(self) -> tuple[str, ...]:
        return tuple(source.department for source in self.sources if source.kind == "witness")


@dataclass(frozen=True, slots=True)
class DrawLine:
    """A draw in the chain of a district."""

    code: str
    batch: str
    title: str
    practice: bool
    number: int
    commitment: str
    committed_at: datetime
    held_at: datetime | None
    voided_at: datetime | None
    void_reason: str
    platform: bool  # 来源：省级平台，不可复算

    @property
    def state(self) -> str:
        return draw_state(self.held_at, self.voided_at)


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch with everything that its page says."""

    code: str
    state: BatchState
    title: str
    entry: str
    scheme: str
    initiating: str  # code
    initiating_name: str
    departments: tuple[str, ...]
    opens: date
    closes: date
    ceremony: str
    strata: Mapping[str, int]
    teams: Mapping[str, int]
    crew: tuple[tuple[str, int], ...]
    entropy: tuple[tuple[str, str], ...]  # kind, name
    draws: tuple[DrawLine, ...]
    tasks: Mapping[str, int]  # state, how many
    extensions: tuple[Extension, ...]
    closed_at: datetime | None
    reasons: Mapping[str, str]  # task number, why it was left
    void_reason: str  # why nobody draws it

    @property
    def standing(self) -> DrawLine | None:
        return next((draw for draw in self.draws if draw.voided_at is None), None)


async def draws(batch: str = "", last: int | None = None) -> tuple[DrawLine, ...]:
    """The chain of draws, the newest first, voided ones in their place; the `last` of them where that is given."""
    asked = (Draw.filter(batch_id=batch) if batch else Draw.all()).order_by("-committed_at", "-number")
    rows = await (asked.limit(last) if last else asked).only(*OF_A_LINE)
    titles = await _titles({str(row.batch_id) for row in rows})
    return tuple(
        DrawLine(
            row.code, row.batch_id, titles[row.batch_id], row.mode == "practice", row.number, row.commitment,
            row.committed_at, row.held_at, row.voided_at, row.void_reason, row.mode == Mode.PLATFORM,
        )
        for row in rows
    )  # fmt: skip


OF_A_LINE = (
    "code", "batch_id", "mode", "number", "commitment", "committed_at", "held_at", "voided_at", "void_reason",
)  # fmt: skip


async def _titles(batches: Collection[str]) -> dict[str, str]:
    """By batch the title of its planned inspection."""
    rows = Batch.filter(code__in=list(batches)).values_list("code", "scheme__entry__title")
    return {str(code): str(title) for code, title in await rows} if batches else {}


async def batch(code: str) -> BatchPage | None:
    row = await Batch.get_or_none(code=code)
    if row is None:
        return None
    called = await names()
    scheme = await Scheme.get(code=row.scheme_id)
    entry = await PlanEntry.get(code=scheme.entry_id).select_related("plan")
    counted = Task.filter(batch=row).annotate(n=Count("id")).group_by("state").values_list("state", "n")
    states = {str(state): int(n) for state, n in await counted}
    return BatchPage(
        row.code, row.state, entry.title, entry.code, scheme.code, entry.plan.department,
        called.get(entry.plan.department, ""), tuple(row.crew), row.opens, row.closes, row.ceremony,
        row.strata,
        row.teams, tuple((called.get(code, code), seats) for code, seats in row.crew.items()),
        tuple(kind_of(source, called) for source in row.entropy), await draws(code), states, _extensions(row),
        row.closed_at, row.left or {}, row.void_reason or "",
    )  # fmt: skip


async def left(code: str, most: int | None = None) -> tuple[OpenTask, ...]:
    """The tasks of a batch that are not over; `most`: the first so many."""
    rows = _not_over(code).order_by("number")
    columns = ("number", "target__name", "state")
    named = await (rows if most is None else rows.limit(most)).values_list(*columns)
    return tuple(OpenTask(number, target, TaskState(state)) for number, target, state in named)


async def count_left(code: str) -> int:
    return await _not_over(code).count()


def _not_over(code: str) -> QuerySet[Task]:
    return Task.filter(batch_id=code, state__in=list(NOT_PUBLIC))


def _extensions(row: Batch) -> tuple[Extension, ...]:
    return tuple(
        Extension(date.fromisoformat(before), date.fromisoformat(until), reason, datetime.fromisoformat(at))
        for before, until, reason, _, at in row.extensions or ()
    )


async def ceremony(code: str, at: datetime | None = None, *, shown: bool = False) -> Ceremony | None:
    """The draw of this id. `at`: now, where it matters whether the bundle is open by its term; `shown`: a rehearsal
    is open at once, for nobody could be warned of a visit."""
    row = await Draw.get_or_none(code=code)
    if row is None:
        return None
    called, fixed = await names(), await draw_texts.text(row, "rules.json")
    rules = json.loads(fixed)
    given = {pledge.source: pledge for pledge in await Pledge.filter(draw=row)}
    named = [pledge.named_account for pledge in given.values() if pledge.named_account]
    people = {account.id: account.name for account in await Account.filter(id__in=named)} if named else {}
    sources = tuple(source_of(name, given[name], called, people) for name in rules["entropy"])
    states = tuple(
        [TaskState(str(state)) for state in await Task.filter(draw=row).values_list("state", flat=True)]
    )
    batch_row = await Batch.get(code=row.batch_id)
    files, pool, roster, grounds = await fixed_files(row)
    facts = DrawFacts(
        row.mode == "practice", tuple(source.facts for source in sources), row.held_at, row.voided_at, states, batch_row.state,
        batch_row.closes, local_day(at) if at else None, shown, row.mode == Mode.PLATFORM,
    )  # fmt: skip
    return Ceremony(
        row.code, row.batch_id, await _title(batch_row), called.get(rules["initiating"], rules["initiating"]),
        row.mode == "practice", row.number, row.previous, row.commitment, row.committed_at,
        files,
        rules["areas"], tuple((called.get(code, code), seats) for code, seats in rules["crew"].items()),
        tuple((stratum, count, pool[stratum]) for stratum, count in rules["strata"].items()),
        tuple((called.get(code, code), count) for code, count in sorted(roster.items())),
        tuple(sorted(grounds.items())), _declared(row), row.certain, sources, public_draw(facts),
        row.seed, row.results_sha256, row.held_at, tuple(_drawn(row)),
        tuple(_teams(row, called)),
        len(states), row.void_reason, row.voided_at, row.void_asked_at, row.void_asked_by or "",
        last_reveal(decode_rules(fixed.encode())),
        sha256(row.ceremony.encode()) if row.ceremony is not None else "",
        (batch_row.opens, batch_row.closes), _extensions(batch_row),
        await Draw.filter(batch_id=row.batch_id, mode=row.mode, number__lt=row.number).exclude(voided_at=None).count(),
        row.mode == Mode.PLATFORM, await reassignments.of_draw(row.code),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speaking:
    """What is awaited of one source: of a witness, whose `department` it names, or of what is read off outside."""

    id: int
    draw: str
    title: str
    commitment: str
    source: str
    department: str
    pledge: str
    value: str
    named: int | None
    step: CeremonyStep
    last_reveal: datetime | None


async def speaking(pledge: int) -> Speaking:
    """The part of one source in a draw."""
    row = await Pledge.get_or_none(id=pledge)
    draw = await ceremony(row.draw_id) if row else None
    if row is None or draw is None:
        raise Refusal("draw.source_unknown", article="14(1)", source=str(pledge))
    return Speaking(
        row.id, draw.code, draw.title, draw.commitment, row.source, row.source.removeprefix("witness:"),
        row.pledge, row.value, row.named_account, draw.step, draw.last_reveal,
    )  # fmt: skip


async def official(number: int) -> str | None:
    """The code of the official draw of this number, as a button carries it."""
    row = await Draw.get_or_none(number=number, mode="official")
    return str(row.code) if row else None


async def awaited(departments: Collection[str]) -> tuple[Speaking, ...]:
    """What is awaited of these departments' witnesses in draws that are under way."""
    sources = [f"witness:{department}" for department in departments]
    rows = Pledge.filter(source__in=sources, value="", draw__held_at=None, draw__voided_at=None)
    return tuple([await speaking(row.id) for row in await rows.order_by("id")]) if sources else ()


async def nameable(department: str) -> tuple[tuple[str, str], ...]:
    """The inspectors whom a head may name as witness: number and name."""
    rows = await Inspector.filter(department=department, status="in_post").order_by("code")
    return tuple((row.code, row.name) for row in rows)


def _declared(row: Draw) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (ground, document, hash_) for ground, document, hash_ in (row.register or {}).get("declared", ())
    )


def _drawn(row: Draw) -> list[tuple[str, str, str]]:
    rows = [line.split("\t") for line in _lines(row.results, "drawn.tsv")]
    return [(rank, stratum, id) for rank, stratum, id, _ in rows]


def _teams(row: Draw, called: Mapping[str, str]) -> list[tuple[str, str, str, str, bool]]:
    rows = [line.split("\t") for line in _lines(row.results, "teams.tsv")]
    seats = [
        (area, team, called.get(d, d), certificate, lead == "1") for area, team, d, certificate, lead in rows
    ]
    return sorted(seats, key=lambda seat: (seat[0], int(seat[1]), not seat[4], seat[2], seat[3]))


def _lines(files: Mapping[str, Any], name: str) -> list[str]:
    return str(files.get(name, "")).splitlines()


async def _title(row: Batch) -> str:
    scheme = await Scheme.get(code=row.scheme_id)
    return (await PlanEntry.get(code=scheme.entry_id)).title


@dataclass(frozen=True, slots=True)
class ListedBatch:
    """A batch in the list of all."""

    code: str
    title: str
    state: BatchState
    departments: tuple[str, ...]
    opens: date
    closes: date


async def batches() -> tuple[ListedBatch, ...]:
    """Every batch, the one that opens last first."""
    rows = await Batch.all().order_by("-opens", "code").only("code", "state", "crew", "opens", "closes")
    titles = await _titles([row.code for row in rows])
    return tuple(
        ListedBatch(row.code, titles[row.code], row.state, tuple(row.crew), row.opens, row.closes)
        for row in rows
    )
