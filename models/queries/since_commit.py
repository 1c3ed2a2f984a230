"""What the registers changed between the commit of a draw and now (Art. 14): shown, never acted upon."""

from __future__ import annotations

from dataclasses import dataclass

from models.queries import draw_texts
from models.queries.registered import all_targets
from models.rules.draw.files import normal
from models.tables import Draw, Inspector


@dataclass(frozen=True, slots=True)
class ChangeSinceCommit:
    """`kind`: target or officer; `what`: name, code, status, certificate or gone; `before`, `now`: its value."""

    kind: str
    number: str
    name: str
    what: str
    before: str
    now: str


async def since_commit(code: str) -> tuple[ChangeSinceCommit, ...]:
    """Every change of somebody of the pool or the roster, by number."""
    row = await Draw.get(code=code)
    register = row.register or {}
    targets = {target_facts.code: target_facts for target_facts in await all_targets()}
    officers = {inspector.code: inspector for inspector in await Inspector.all()}
    commits: list[ChangeSinceCommit] = []
    for number, name, credit_code, status in (await draw_texts.targets(row)).values():
        target = targets.get(number)
        now = (target.name, target.credit_code or "", str(target.status)) if target else None
        commits += _differing(
            "target", number, name, ("name", "code", "status"), (name, credit_code, status), now
        )
    for certificate, (number, name, status) in register.get("officers", {}).items():
        officer = officers.get(number)
        current = (officer.name, normal(officer.certificate or ""), str(officer.status)) if officer else None
        before = (name, certificate, status)
        commits += _differing("officer", number, name, ("name", "certificate", "status"), before, current)
    return tuple(sorted(commits, key=lambda commit: (commit.kind, commit.number, commit.what)))


def _differing(
    kind: str,
    number: str,
    name: str,
    fields: tuple[str, ...],
    before: tuple[str, ...],
    now: tuple[str, ...] | None,
) -> list[ChangeSinceCommit]:
    if now is None:
        return [ChangeSinceCommit(kind, number, name, "gone", number, "")]
    pairs = zip(fields, before, now, strict=True)
    return [ChangeSinceCommit(kind, number, name, what, old, new) for what, old, new in pairs if old != new]
