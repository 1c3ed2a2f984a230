"""A file of what the provincial platform drew, looked at before anything is written (Art. 8, 14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.queries import scheme_figures
from models.queries.draws import current, entry_of, find_batch
from models.queries.planned import batch_value, entry_value
from models.queries.plans import names
from models.queries.registered import all_targets
from models.refusal import Refusal
from models.rules.draw.crew import Seat
from models.rules.draw.declaration import Declarations
from models.rules.draw.files import normal
from models.rules.platform_draw import KnownHere, ListedOfficer, ListedTarget, PlatformTarget, read_draw
from models.rules.registry.cells import Remark
from models.rules.registry.rows import InspectorStatus
from models.tables import Batch, Inspector, PlatformFile


@dataclass(frozen=True, slots=True)
class PlatformFilePage:
    """`draw`: what it became, "" while nothing was written. `same`: this very file stands as the batch's draw already;
    `drawn`: another draw stands. `refused`: why the file cannot be read at all."""

    id: int
    batch: str
    name: str
    sha256: str
    at: datetime
    draw: str
    same: str = ""
    drawn: str = ""
    targets: tuple[PlatformTarget, ...] = ()
    seats: tuple[Seat, ...] = ()
    bad: tuple[Remark, ...] = ()
    refused: Refusal | None = None

    @property
    def takeable(self) -> bool:
        """Whether it may be taken as it is."""
        return bool(self.targets) and not (self.draw or self.same or self.drawn or self.bad or self.refused)


async def file_of(id: int) -> PlatformFile:
    """The file of this number."""
    row = await PlatformFile.get_or_none(id=id)
    if row is None:
        raise Refusal("platform_draw.no_file", "8", number=id)
    return row


async def page(id: int) -> PlatformFilePage:
    """What the file would do; nothing is written."""
    row = await file_of(id)
    batch = await find_batch(row.batch_id)
    standing = await current(batch)
    same = str(standing.code) if standing and await says_the_same(row, batch, str(standing.code)) else ""
    facts = (row.id, row.batch_id, row.name, row.sha256, row.at, row.draw_id or "", same)
    if same or standing:
        return PlatformFilePage(*facts, drawn="" if same or standing is None else str(standing.code))
    try:
        read = read_draw(row.data, await known(batch))
    except Refusal as no:
        return PlatformFilePage(*facts, refused=no)
    return PlatformFilePage(*facts, "", read.targets, read.seats, read.bad)


async def says_the_same(row: PlatformFile, batch: Batch, draw: str) -> bool:
    """Whether the file names what the file of this draw named, target by target and seat by seat."""
    taken = await PlatformFile.filter(draw_id=draw).order_by("id").first()
    if taken is None:
        return False
    if taken.sha256 == row.sha256:
        return True
    here = await known(batch)
    try:
        return read_draw(row.data, here).named == read_draw(taken.data, here).named
    except Refusal:
        return False


async def known(batch: Batch) -> KnownHere:
    """The registers and the scheme as a file of this batch is read against them."""
    entry, targets = await entry_of(batch), await all_targets()
    planned, value = entry_value(entry), batch_value(batch)
    round_ = scheme_figures.round_of(
        value, planned, entry.plan.department, await scheme_figures.items_of(planned), targets,
        declared=Declarations(), years={}, most=0,
    )  # fmt: skip
    there = {
        normal(code): ListedTarget(target.code, target.name, round_.area_of(target.street))
        for target in targets
        for code in (target.code, target.credit_code or target.code)
    }
    numbers = {code: target.code for code, target in there.items()}
    officers = {
        normal(row.certificate or ""): ListedOfficer(
            normal(row.certificate or ""), row.department, row.may_lead,
            row.status == InspectorStatus.IN_POST and (row.certificate_until or date.min) >= batch.closes,
            frozenset(numbers.get(normal(code), code) for code in row.recused),
        )
        for row in await Inspector.filter(certificate__isnull=False, expert=False)
    }  # fmt: skip
    called = await names()
    return KnownHere(
        there,
        officers,
        tuple(batch.teams),
        {code: called.get(code, code) for code in batch.crew},
        entry.plan.department,
    )
