"""The record sheet for whoever holds its link: whether it is genuine, and nobody's whole name (Art. 16 (3))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.queries import record
from models.queries.record_version import record_number, version_of
from models.rules import tokens
from models.rules.public.record import PublicRecord, RecordFacts, public_record
from models.tables import Photo, Record, Signature


@dataclass(frozen=True, slots=True)
class CheckPage:
    """A record for whoever holds its link: nobody's name beyond its first character."""

    id: int
    number: str
    version: int
    newest: int
    target: str
    title: str
    day: datetime
    sha256: str
    check_code: str
    public: PublicRecord


async def check_page(token: str) -> CheckPage | None:
    """The record of this link; None for a token that is nobody's."""
    token_sha256 = tokens.hashed(token)
    row = await Record.get_or_none(token_sha256=token_sha256).select_related("task__target")
    if row is None:
        return None
    newest = await Record.filter(task=row.task).order_by("-version").first()
    signed = await Signature.filter(record=row).order_by("id")
    photos = Photo.filter(task=row.task, about="record", removed_at=None, at__gte=row.at)
    paper = newest is not None and newest.id == row.id
    facts = version_of(row.task, row, signed)
    latest = newest.version if newest else row.version
    changed = latest == row.version and await record.changed(row.task, row.sha256)
    public = public_record(
        RecordFacts(
            row.version, latest, changed, facts.came, facts.signatures, await photos.count() if paper else 0
        )
    )
    return CheckPage(
        row.id, record_number(row.task.number, row.version), row.version, latest, row.facts["subject"]["target"],
        row.facts["title"], row.at, row.sha256, row.check_code, public,
    )  # fmt: skip
