"""告知书模板: a department words its own letters; each change is a new version, letters keep theirs (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import store
from models.operations import event
from models.queries.template import TemplateVersion, standing
from models.refusal import Refusal
from models.rules import template
from models.rules.actor import Actor, Role, require
from models.tables import Department, Template


@store.transactional
async def word(
    department: str,
    texts: Mapping[str, Mapping[str, str]],
    *,
    seen: int,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> TemplateVersion:
    """The head or the office words the letters of `department`; the same words make no new version.

    `seen`: the version that stood before the writer's eyes; a newer one is not overwritten unread.
    """
    require(by, Role.HEAD, Role.OFFICE, article="16(2)")
    if by.role == Role.HEAD and by.department != department:
        raise Refusal("team.other_department", article="16(2)")
    if not await Department.exists(code=department):
        raise Refusal("template.no_department", article="16(2)")
    data, now = template.read(texts), await standing(department)
    if await event.find_by_key(key) or data == now.texts:
        return now
    if now.version != seen:
        raise Refusal("template.overtaken", article="16(2)", version=now.version)
    row = await Template.create(department=department, version=seen + 1, texts=data, by=by.mark, at=at)
    await event.record(
        f"template:{department}", "template.worded", by=by, at=at, key=key, version=row.version, texts=data
    )
    return await standing(department)
