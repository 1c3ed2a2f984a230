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

from models.queries import evidence, evidence_bundle
from models.queries.objects import Difference
from models.queries.raw_rows import Row
from models.queries.record_version import record_number
from models.refusal import Refusal
from models.tables import (
    Attempt,
    Event,
    NetworkFinding,
    Notice,
    OnlineEnding,
    Paper,
    Photo,
    Record,
    Result,
    Signature,
    Task,
)

FOLDERS: dict[type[Any], tuple[tuple[str, str], ...]] = {
    Photo: (("sha256", "photos/original"), ("stamped", "photos/stamped"), ("marked", "photos/marked")),
    Attempt: (("proof", "letters/proofs"),), NetworkFinding: (("screenshot", "network"),),
    OnlineEnding: (("screenshot", "network"),), Signature: (("picture", "signatures"),), Paper: (("sha256", "papers"),),
}  # fmt: skip
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "PDF": "pdf", "HEIC": "heic"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the dossier. `kind`: what it is; `name`: which; its bytes, or the object that holds them."""

    path: str
    kind: str
    name: str
    data: bytes = b""
    object: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """An event, for the index."""

    seq: int
    at: datetime
    kind: str
    by: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ResultVersion:
    version: int
    types: tuple[str, ...]
    note: str
    at: datetime


@dataclass(frozen=True)
class Dossier:
    """`letters`, `records`: ids and numbers of what is printed into it. `missing`: why it cannot be sealed."""

    task: str
    target: str
    credit_code: str
    pieces: tuple[Piece, ...]
    letters: tuple[tuple[int, str], ...]
    records: tuple[tuple[int, str], ...]
    results: tuple[ResultVersion, ...]
    steps: tuple[Step, ...]
    missing: tuple[Difference, ...]
    root: str
    day: str
    stamped: bool


async def dossier(number: str, *, at: datetime, stamped: bool = False) -> Dossier:
    """Everything that belongs to a task's dossier. `stamped`: an authority stamps the roots here, so its stamp is
    a piece like the others. Raises Refusal for an unknown task."""
    task = await Task.get_or_none(number=number).select_related("target")
    if task is None:
        raise Refusal("task.unknown", article="20", task=number)
    chain, events, rows = await evidence.chain_of(number)
    report = await evidence.verify(number)
    made = await evidence_bundle.evidence_bundle(number, at=at)
    proof = evidence_bundle.read_proof(made)
    missing = [*report.differences, *_unproven(chain, len(events), proof, stamped)]
    pieces = [Piece(f"evidence/{name}", "evidence", name, data) for name, data in made.files.items()]
    pieces += {piece.path: piece for row in rows for piece in _objects(row)}.values()
    return Dossier(
        number, task.target.name, task.target.credit_code or task.target.registration or task.target.code,
        tuple(sorted(pieces, key=lambda piece: piece.path)),
        tuple([(one.id, one.number) for one in await Notice.filter(task=task).order_by("version") if one.letter]),
        tuple([(one.id, record_number(number, one.version)) for one in await Record.filter(task=task).order_by("version")]),
        tuple([
            ResultVersion(one.version, tuple(one.types), one.note, one.at)
            for one in await Result.filter(task=task).order_by("version")
        ]),
        tuple([
            Step(one.seq, one.at, one.kind, one.by, one.sha256)
            for one in await Event.filter(chain=chain).order_by("seq")
        ]),
        tuple(missing), proof.root if proof else "", proof.day if proof else "", bool(proof and proof.stamped),
    )  # fmt: skip


def _unproven(
    chain: str, events: int, proof: evidence_bundle.Covered | None, stamped: bool
) -> Iterator[Difference]:
    """The day's root has to cover every event, and its stamp has to be there where roots are stamped."""
    if proof is None or proof.length < events:
        yield Difference("dossier.no_root", chain, chain, (proof.length if proof else 0) + 1)
    elif stamped and not proof.stamped:
        yield Difference("dossier.no_stamp", f"day:{proof.day}", seen=proof.day)


def _objects(row: Row) -> Iterator[Piece]:
    for column, folder in FOLDERS.get(row.table, ()):
        if name := row[column]:
            ending = _ending(row, column)
            table = row.table._meta.db_table
            yield Piece(
                f"{folder}/{table}-{row.pk}-{str(name)[:12]}{ending}", folder, f"{row.pk}", object=str(name)
            )


def _ending(row: Row, column: str) -> str:
    if column in ("stamped", "marked"):
        return ".jpg"
    if row.table is Signature:
        return ".png"
    ending = ENDINGS.get(str(row["format"] or ""), "")
    return f".{ending}" if ending else ""


def file_name(number: str) -> str:
    """A number as a file's name, in letters that every archive knows."""
    return re.sub(r"[^A-Za-z0-9.-]", "_", number) or "_"
