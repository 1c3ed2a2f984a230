"""Whom the ids and certificates of a draw mean: written down at the commit, read at the hold and after (Art. 14).

The registers go on living between commit and hold. A mended code, a new name, another certificate changes
nothing about who was drawn; `queries.since_commit` shows what changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tortoise.expressions import Q

from models.queries import draw_texts
from models.queries.registered import TargetFacts
from models.rules.draw import pieces
from models.rules.draw.declaration import Declarations
from models.rules.draw.files import normal
from models.rules.draw.pieces import KEYS, TargetLine
from models.rules.draw.rows import Commitment
from models.rules.eligibility import Eligible, draw_code
from models.rules.registry.rows import InspectorStatus, TargetStatus
from models.tables import Draw, Inspector, Target


def snapshot(
    fixed: Commitment,
    ids: Mapping[str, str],
    eligible: Eligible,
    declared: Declarations,
    inspectors: Iterable[Inspector],
) -> dict[str, Any]:
    """`ids`: number in the register to id. Written down are `officers`: certificate to number, name, status of each on the
    roster; `again`: id to the key items for which it may be drawn twice a year; `lifted`: id to ground, document and its hash
    of an exception that was declared; `declared`: what left somebody out. Beside them the commit writes `most`, the
    district's cap on visits of a year; the targets of the pool are in `targets.jsonl`."""
    in_pool = {row.target for row in eligible.pool if row.target in declared.again}
    on_roster = {row.certificate for row in fixed.roster}
    officers = [row for row in inspectors if row.certificate and normal(row.certificate) in on_roster]
    return {
        "officers": {
            normal(row.certificate or ""): [row.code, row.name, str(row.status)] for row in officers
        },
        "again": {ids[code]: list(items) for code, items in eligible.again.items()},
        "lifted": {
            ids[code]: [str(row.ground), row.document, row.sha256]
            for code, row in declared.again.items()
            if code in in_pool
        },
        "declared": [list(row) for row in declared.published],
    }


def targets_file(ids: Mapping[str, str], targets: Iterable[TargetFacts]) -> str:
    """`targets.jsonl`: whom the ids of the pool mean. `ids`: number in the register to id."""
    return pieces.targets_file(
        (id, row.code, row.name, row.credit_code or "", str(row.status))
        for row in targets
        if (id := ids.get(row.code))
    )


async def targets_of(row: Draw, ids: Collection[str]) -> dict[str, Target]:
    """By id the targets that were committed, by their numbers in the register.

    Under another number now: by its credit code. Gone from the register: given as it was known, closed, so that the draw's
    result keeps its place, and stands in no register yet: see `put_back`.
    """
    there = await draw_texts.targets(row, set(ids))
    known = {id: there.get(id) for id in ids}
    codes = [known_as[0] for known_as in known.values() if known_as]
    credit_codes = [known_as[2] for known_as in known.values() if known_as and known_as[2]]
    rows = await Target.filter(Q(code__in=codes) | Q(credit_code__in=credit_codes))
    by_number, by_code = (
        {known_as.code: known_as for known_as in rows},
        {known_as.credit_code: known_as for known_as in rows},
    )
    targets = {}
    for id, target in known.items():
        if target is None:
            targets[id] = await _by_key(row, id)
        else:
            targets[id] = _standing(target, by_number, by_code) or _as_known(target)
    return targets


def _standing(
    known: TargetLine, by_number: dict[str, Target], by_code: dict[str | None, Target]
) -> Target | None:
    code, name, credit_code, _ = known
    here, moved = by_number.get(code), by_code.get(credit_code) if credit_code else None
    if here is not None and (moved is None or here.name == name or moved.name != name):
        return here
    return moved


def _as_known(known: TargetLine) -> Target:
    code, name, credit_code, _ = known
    return Target(
        code=code,
        kind="",
        form="",
        name=name,
        credit_code=credit_code or None,
        status=TargetStatus.DEREGISTERED,
    )


async def _by_key(row: Draw, id: str) -> Target:
    """For draws committed before the register was written down beside them."""
    keys = await draw_texts.text(row, KEYS)
    codes = {line.split("\t")[0]: line.split("\t")[2] for line in keys.splitlines()}
    return next(target for target in await Target.all() if normal(draw_code(target)) == codes[id])


async def officers_of(row: Draw) -> dict[str, Inspector]:
    """Everybody of the committed roster as the register has them now, by the certificate committed. Whoever is gone from it is
    given as they were known, having left, and stands in no register yet: see `put_back`."""
    known: dict[str, list[str]] = (row.register or {}).get("officers", {})
    people = {inspector.code: inspector for inspector in await Inspector.all()}
    if not known:
        return {normal(person.certificate): person for person in people.values() if person.certificate}
    return {
        certificate: people.get(code)
        or Inspector(
            code=code,
            name=name,
            department=await _department(row, certificate),
            level="",
            status=InspectorStatus.LEFT,
        )
        for certificate, (code, name, _) in known.items()
    }


async def put_back(rows: Iterable[Inspector | Target]) -> None:
    """Into the register whoever of a roster, and whatever of a pool, is gone from it."""
    for row in rows:
        if not row._saved_in_db:
            await row.save()


async def _department(row: Draw, certificate: str) -> str:
    rows = (line.split("\t") for line in (await draw_texts.text(row, "roster.tsv")).splitlines())
    return next(department for known, department, *_ in rows if known == certificate)
