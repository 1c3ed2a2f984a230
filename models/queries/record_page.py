"""The record sheet for whoever holds its link: whether it is genuine, and nobody's whole name (Art. 16 (3))."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from models.queries import record
from models.rules import text
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
    signed: tuple[tuple[str, str, bool, datetime], ...]  # role, masked name, refused, when
    missing: tuple[tuple[str, str], ...]  # officers who came and have not signed: masked name, department
    entity_missing: bool

    @property
    def replaced(self) -> bool:
        return self.newest > self.version


async def check_page(token: str) -> CheckPage | None:
    """The record of this link; None for a token that is nobody's."""
    token_sha256 = hashlib.sha256(token.encode()).hexdigest()
    row = await Record.get_or_none(token_sha256=token_sha256).select_related("task__target")
    if row is None:
        return None
    newest = await Record.filter(task=row.task).order_by("-version").first()
    signed = await Signature.filter(record=row).order_by("id")
    photos = Photo.filter(task=row.task, about="record", removed_at=None, at__gte=row.at)
    paper = newest is not None and newest.id == row.id and await photos.exists()
    version = record.version_of(row.task, row, signed)
    return CheckPage(
        row.id, record.number(row.task.number, row.version), row.version, newest.version if newest else row.version,
        row.facts["subject"]["target"], row.facts["title"], row.at, row.sha256, row.check_code,
        tuple((one.role, text.masked(text.name(one.name)) if one.name else "", one.refused, one.at) for one in signed),
        tuple((text.masked(name), unit) for _, name, unit in version.missing), version.entity is None and not paper,
    )  # fmt: skip
