"""The versions of a department's own words, the newest of which stands (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.tables import Department, Template


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """`id` None: the department wrote nothing yet, the words of the catalogue stand."""

    id: int | None
    department: str
    version: int
    texts: Mapping[str, Mapping[str, str]]
    by: str = ""
    at: datetime | None = None


async def standing(department: str) -> TemplateVersion:
    """The words that the department's next letter will carry."""
    row = await Template.filter(department=department).order_by("-version").first()
    return _version(row) if row else TemplateVersion(None, department, 0, {})


async def versions(department: str) -> tuple[TemplateVersion, ...]:
    """Every version, the newest first."""
    return tuple([_version(row) for row in await Template.filter(department=department).order_by("-version")])


async def unit(department: str) -> str:
    """The department's name as its letters have it."""
    row = await Department.get_or_none(code=department)
    return row.unit or row.name if row else department


async def departments() -> tuple[tuple[str, str, int], ...]:
    """Code, name and number of versions of every department."""
    newest: dict[str, int] = {}
    for code, version in await Template.all().order_by("version").values_list("department", "version"):
        newest[str(code)] = int(str(version))
    return tuple(
        [(row.code, row.name, newest.get(row.code, 0)) for row in await Department.all().order_by("code")]
    )


def _version(row: Template) -> TemplateVersion:
    return TemplateVersion(row.id, row.department, row.version, row.texts, row.by, row.at)
