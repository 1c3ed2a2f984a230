"""A draw as it stands: what was fixed, what came out, what happened since (Art. 14)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from models.queries import draw_texts
from models.refusal import Refusal
from models.rules import draw as rules
from models.rules.draw import commitment, platform
from models.rules.draw.files import canonical, normal, table
from models.rules.draw.pieces import KEYS
from models.rules.draw.reassignment import FILE as REASSIGNMENTS
from models.rules.draw.reassignment import ReassignmentRow, read_reassignments
from models.rules.draw.removal import Removal
from models.rules.draw.rows import IN_EARNEST, Commitment, DrawRules, Mode, decode_rules
from models.rules.draw.substitution import Reason, Substitution
from models.rules.visit import local_day
from models.tables import Batch, Draw, Inspector, PlanEntry, Pledge, Scheme


@dataclass(frozen=True, slots=True)
class DrawDetails:
    """A draw as it stands: what was fixed, and once it is held what came out; its files are read apart from it.
    `certain`: strata, areas and inspectors that chance cannot change; `results_sha256`, `seed`: "" until it is held.
    """

    code: str
    mode: Mode
    number: int
    previous: str
    commitment: str
    rules: DrawRules
    certain: Mapping[str, list[str]]
    seed: str
    results_sha256: str
    held_at: datetime | None
    voided_at: datetime | None


async def facts_of(row: Draw, committed: DrawRules | None = None) -> DrawDetails:
    """What a row says. `committed`: its rules, where they were read already."""
    known = committed or await rules_of(row)
    return DrawDetails(
        row.code, Mode(row.mode), row.number, row.previous, row.commitment, known, row.certain, row.seed,
        row.results_sha256, row.held_at, row.voided_at,
    )  # fmt: skip


async def facts(code: str) -> DrawDetails:
    """Those of the draw of this id."""
    return await facts_of(await find(code))


async def standing(batch: str) -> DrawDetails:
    """Those of a batch's draw that was not voided; refused while there is none."""
    row = await current(await find_batch(batch))
    if row is None:
        raise Refusal("draw.not_committed", article="14(1)", batch=batch)
    return await facts_of(row)


async def find(code: str) -> Draw:
    """The draw of this id."""
    row = await Draw.get_or_none(code=code)
    if row is None:
        raise _unknown(code)
    return row


async def find_with_batch(code: str) -> tuple[Draw, Batch]:
    """The draw of this id, and its batch with scheme, plan entry and plan."""
    row = await Draw.filter(code=code).select_related("batch__scheme__entry__plan").first()
    if row is None:
        raise _unknown(code)
    assert isinstance(row.batch, Batch)
    return row, row.batch


def _unknown(code: str) -> Refusal:
    return Refusal("draw.unknown", article="14(1)", draw=code)


async def find_batch(code: str) -> Batch:
    """The batch of this code."""
    row = await Batch.filter(code=code).select_related("scheme__entry__plan").first()
    if row is None:
        raise Refusal("batch.unknown", article="13", batch=code)
    return row


async def entry_of(batch: Batch) -> PlanEntry:
    """The plan entry behind a batch, with its plan."""
    if isinstance(batch.scheme, Scheme) and isinstance(batch.scheme.entry, PlanEntry):
        return batch.scheme.entry  # `find_batch` read them together
    scheme = await Scheme.get(code=batch.scheme_id)
    return await PlanEntry.get(code=scheme.entry_id).select_related("plan")


async def current(batch: Batch) -> Draw | None:
    """The batch's draw that was not voided."""
    return await Draw.filter(batch=batch, voided_at=None).order_by("-number").first()


async def last_of_chain(mode: Mode) -> Draw | None:
    """The newest draw of the chain that a draw of this mode goes into."""
    chain = [str(member) for member in (IN_EARNEST if mode in IN_EARNEST else (mode,))]
    return await Draw.filter(mode__in=chain).order_by("-number").only("code", "number", "commitment").first()


async def rules_of(row: Draw) -> DrawRules:
    """The rules that were committed."""
    return decode_rules((await draw_texts.text(row, "rules.json")).encode())


async def committed_files(row: Draw) -> dict[str, bytes]:
    """Every file that was committed, byte for byte."""
    return {name: text.encode() for name, text in (await draw_texts.texts(row)).items()}


async def files_of(code: str) -> dict[str, bytes]:
    """Every file that was committed for the draw of this id, byte for byte."""
    return await committed_files(await find(code))


async def brought_in(row: Draw) -> rules.Draw:
    """A draw of the provincial platform, read back from the bytes in which it was taken."""
    results = {name: text.encode() for name, text in row.results.items()}
    return platform.read_back(await committed_files(row), results, (row.ceremony or "").encode())


async def committed(row: Draw) -> Commitment:
    """What was fixed, read back from its own bytes, beside everybody else's work."""
    if row.mode == Mode.PLATFORM:
        return (await brought_in(row)).committed
    return await asyncio.to_thread(commitment.read_commitment, await committed_files(row))


async def held(row: Draw) -> rules.Draw:
    """The draw as it now is, with everything that happened since."""
    if row.mode == Mode.PLATFORM:
        return _since(await brought_in(row), row)
    fixed = await committed(row)
    rows = {pledge.source: pledge for pledge in await Pledge.filter(draw=row)}
    assert row.held_at
    base = await asyncio.to_thread(
        rules.hold,
        fixed,
        [rows[f"witness:{d}"].pledge for d in fixed.rules.witnesses],
        [rows[source].value for source in fixed.rules.entropy],
        row.held_at,
        await unfit_on(row.held_at),
    )
    return _since(base, row)


def _since(base: rules.Draw, row: Draw) -> rules.Draw:
    """A draw with everything that happened to it since."""
    return replace(
        base, removals=_removals(row), substitutions=_substitutions(row), reassignments=reassignments(row)
    )


async def bundle_files(code: str, *, full: bool = False) -> dict[str, bytes]:
    """Every file of a draw's bundle, byte for byte as held; the full edition adds the way from ids to names."""
    row = await find(code)
    if row.held_at is None:
        raise Refusal("draw.not_held", article="14(1)", draw=row.code)
    results = {name: text.encode() for name, text in row.results.items()}
    files = await committed_files(row) | results
    if row.ceremony is not None:
        files["ceremony.tsv"] = row.ceremony.encode()
    return {**files, KEYS: (await draw_texts.text(row, KEYS)).encode()} if full else files


async def unfit_on(at: datetime, people: Mapping[str, Inspector] | None = None) -> dict[str, str]:
    """Officers who cannot step in today, with the reason the results will show.

    `people`: the officers by the certificate under which a draw knows them; else everybody by today's.
    """
    today = local_day(at)
    unfit: dict[str, str] = {}
    if people is None:
        holders = await Inspector.filter(certificate__isnull=False)
        people = {normal(holder.certificate or ""): holder for holder in holders}
    for certificate, person in people.items():
        if person.certificate_until and person.certificate_until < today:
            unfit[certificate] = "expired"
        elif person.status != "in_post":
            paper = canonical(
                {"inspector": person.code, "status": person.status, "updated": str(person.updated_on)}
            )
            why = "leave" if person.status == "on_leave" else "moved"
            unfit[certificate] = f"{why}:{hashlib.sha256(paper).hexdigest()[:16]}"
    return unfit


def reassignments(row: Draw) -> tuple[ReassignmentRow, ...]:
    """Which targets went to another team (改派), in order."""
    return read_reassignments(row.results.get(REASSIGNMENTS, "").encode())


def _removals(row: Draw) -> tuple[Removal, ...]:
    rows = table(row.results["removals.tsv"].encode(), "removals.tsv", 8)
    return tuple(
        Removal(r[0], r[1], r[2], r[3], r[4], r[5], None if r[6] == "-" else int(r[6]), r[7]) for r in rows
    )


def _substitutions(row: Draw) -> tuple[Substitution, ...]:
    rows = table(row.results["substitutions.tsv"].encode(), "substitutions.tsv", 9)
    return tuple(
        Substitution(
            r[0],
            int(r[1]),
            tuple(r[2].split(",")),
            r[3],
            r[4],
            tuple((c, why) for c, _, why in (value.partition("=") for value in r[5].split(",") if value)),
            Reason(r[6]),
            r[7],
            r[8],
        )
        for r in rows
    )


async def certificate_in(code: str, officer: Inspector) -> str:
    """The certificate under which the draw of this code knows an officer, whatever the register says today."""
    known = await _committed_officers(code)
    return next(
        (value for value, number in known.items() if number == officer.code), officer.certificate or ""
    )


async def officer_in(code: str, certificate: str) -> Inspector | None:
    """Who was committed under this certificate in the draw of this code."""
    number = (await _committed_officers(code)).get(certificate)
    return await (
        Inspector.get_or_none(code=number) if number else Inspector.get_or_none(certificate=certificate)
    )


async def _committed_officers(code: str) -> dict[str, str]:
    row = await Draw.get(code=code)
    known: dict[str, list[str]] = (row.register or {}).get("officers", {})
    return {str(certificate): str(number) for certificate, (number, *_) in known.items()}
