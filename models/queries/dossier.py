"""卷宗: what the sealed file of a task holds, and what is still missing from it (Art. 20).

The evidence (events, rows, the way to the day's root) goes in as a whole; beside it lie, under names a person
can read, the letters, records, photos, papers and signatures that the rows speak of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.queries import (
    department_result,
    evidence,
    evidence_bundle,
    rechecks,
    rectification_page,
    retention,
)
from models.queries.department_result import DepartmentPart
from models.queries.objects import Difference
from models.queries.raw_rows import Row
from models.queries.record_version import record_number
from models.refusal import Refusal
from models.rules.target_number import NumberKind, number_of
from models.tables import (
    Anchor,
    Attempt,
    Event,
    NetworkFinding,
    Notice,
    OnlineEnding,
    Paper,
    Photo,
    RecheckSignature,
    Record,
    Result,
    Signature,
    Task,
)
from models.tables import Dossier as Kept

FOLDERS: dict[type[Any], tuple[tuple[str, str], ...]] = {
    Photo: (("sha256", "photos/original"), ("stamped", "photos/stamped"), ("marked", "photos/marked")),
    Attempt: (("proof", "letters/proofs"),), NetworkFinding: (("screenshot", "network"),),
    OnlineEnding: (("screenshot", "network"),), Signature: (("picture", "signatures"),),
    RecheckSignature: (("picture", "signatures"),),
    Paper: (("sha256", "papers"),),
}  # fmt: skip
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "PDF": "pdf", "HEIC": "heic"}


@dataclass(frozen=True, slots=True)
class DossierFile:
    """A file of the dossier. `kind`: what it is; `name`: which; its bytes, or the object that holds them."""

    path: str
    kind: str
    name: str
    data: bytes = b""
    object: str = ""


@dataclass(frozen=True, slots=True)
class DossierEvent:
    """An event, for the index."""

    seq: int
    at: datetime
    kind: str
    by: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DossierResult:
    version: int
    types: tuple[str, ...]
    note: str
    at: datetime
    parts: tuple[DepartmentPart, ...]  # of the departments; none where it was entered as one


@dataclass(frozen=True)
class DossierContents:
    """`letters`, `records`, `orders`, `rechecks`: ids and numbers of what is printed into it. `missing`: why it cannot be
    sealed."""

    task: str
    target: str
    target_number: tuple[str, NumberKind]
    pieces: tuple[DossierFile, ...]
    letters: tuple[tuple[int, str], ...]
    records: tuple[tuple[int, str], ...]
    orders: tuple[str, ...]
    rechecks: tuple[int, ...]
    results: tuple[DossierResult, ...]
    steps: tuple[DossierEvent, ...]
    missing: tuple[Difference, ...]
    root: str
    day: str
    stamped: bool


async def dossier(number: str, *, at: datetime, stamped: bool = False) -> DossierContents:
    """Everything that belongs to a task's dossier. `stamped`: an authority stamps the roots here, so its stamp is
    a piece like the others. Raises Refusal for an unknown task."""
    task = await Task.get_or_none(number=number).select_related("target")
    if task is None:
        raise Refusal("task.unknown", article="20", task=number)
    if day := await retention.gone_since(number):
        raise Refusal("retention.destroyed", article="20", task=number, day=day)
    chain, events, rows = await evidence.chain_of(number)
    report = await evidence.verify(number)
    bundle = await evidence_bundle.evidence_bundle(number, at=at)
    proof = evidence_bundle.read_proof(bundle)
    stamped = stamped or await Anchor.filter(stamped_at__not_isnull=True).exists()
    missing = [*report.differences, *_unproven(chain, len(events), proof, stamped)]
    pieces = [DossierFile(f"evidence/{name}", "evidence", name, data) for name, data in bundle.files.items()]
    pieces += {piece.path: piece for row in rows for piece in _objects(row)}.values()
    return DossierContents(
        number,
        task.target.name,
        number_of(task.target),
        tuple(sorted(pieces, key=lambda piece: piece.path)),
        tuple(
            [
                (notice.id, notice.number)
                for notice in await Notice.filter(task=task).order_by("version")
                if notice.letter
            ]
        ),
        tuple(
            [
                (record.id, record_number(number, record.version))
                for record in await Record.filter(task=task).order_by("version")
            ]
        ),
        await rectification_page.numbers(number),
        await rechecks.ended(number),
        await _results(task),
        tuple(
            [
                DossierEvent(event.seq, event.at, event.kind, event.by, event.sha256)
                for event in await Event.filter(chain=chain).order_by("seq")
            ]
        ),
        tuple(missing),
        proof.root if proof else "",
        proof.day if proof else "",
        bool(proof and proof.stamped),
    )


async def _results(task: Task) -> tuple[DossierResult, ...]:
    """Every version of the result, with what each department entered of it."""
    rows = await Result.filter(task=task).order_by("version")
    parts = await department_result.parts_of([row.id for row in rows])
    return tuple(
        DossierResult(row.version, tuple(row.types), row.note, row.at, parts[row.id]) for row in rows
    )


def _unproven(
    chain: str, events: int, proof: evidence_bundle.Covered | None, stamped: bool
) -> Iterator[Difference]:
    """The day's root has to cover every event, and its stamp has to be there where roots are stamped."""
    if proof is None or proof.length < events:
        yield Difference("dossier.no_root", chain, chain, (proof.length if proof else 0) + 1)
    elif stamped and not proof.stamped:
        yield Difference("dossier.no_stamp", f"day:{proof.day}", seen=proof.day)


def _objects(row: Row) -> Iterator[DossierFile]:
    for column, folder in FOLDERS.get(row.table, ()):
        if name := row[column]:
            ending = _ending(row, column)
            table = row.table._meta.db_table
            yield DossierFile(
                f"{folder}/{table}-{row.pk}-{str(name)[:12]}{ending}", folder, f"{row.pk}", object=str(name)
            )


def _ending(row: Row, column: str) -> str:
    if column in ("stamped", "marked"):
        return ".jpg"
    if row.table in (Signature, RecheckSignature):
        return ".png"
    ending = ENDINGS.get(str(row["format"] or ""), "")
    return f".{ending}" if ending else ""


def file_name(number: str) -> str:
    """A number as a file's name, in letters that every archive knows."""
    return re.sub(r"[^A-Za-z0-9.-]", "_", number) or "_"


async def kept(number: str) -> str:
    """The object that a task was sealed into; "" while it is not archived."""
    archived = await Kept.get_or_none(task__number=number)
    return archived.sha256 if archived and not await retention.gone_since(number) else ""
