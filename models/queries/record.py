"""What the record sheet says of a visit, gathered once and frozen with its version (Art. 16 (3)).

Facts hold no version, no time of drawing up, no end of the visit and no photo of the signed paper itself: as
long as nothing that was found changes, they give the same SHA-256, also when the visit is ended after signing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.queries import officers, online
from models.queries.record_version import RecordVersion, version_of
from models.queries.sheet import sheet_of
from models.rules import checklist, text
from models.rules.chain import canonical, instant
from models.rules.checklist import ChecklistSheet
from models.rules.photo import is_long
from models.rules.public.record import Entity, PresentOfficer, counted, entity_of
from models.rules.target_number import number_of, said_beside
from models.states import DRAWN_IN
from models.states import TaskState as T
from models.tables import (
    Absence,
    Answer,
    Arrival,
    Assignment,
    Department,
    Entrustment,
    Finalised,
    NetworkFinding,
    NonCooperation,
    Photo,
    Record,
    Sample,
    Signature,
    Statement,
    Suspension,
    Task,
)


def fingerprint(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the facts in their canonical form: what is signed."""
    return hashlib.sha256(canonical(dict(facts)).encode()).hexdigest()


async def facts(task: Task) -> dict[str, Any]:
    """Everything the record says of this visit as it stands now, as plain JSON."""
    return await _facts(task, await sheet_of(task), await _people(task))


async def _facts(task: Task, sheet: ChecklistSheet, people: Mapping[str, str]) -> dict[str, Any]:
    await task.fetch_related("target", "batch__scheme__entry")
    units = {d.code: d.unit for d in await Department.all()}
    return {
        "task": task.number,
        "title": task.batch.scheme.entry.title,
        "methods": list(task.batch.scheme.entry.methods),
        "subject": _subject(task),
        "begun": _at(task.started_at),
        "short_handed": task.started_short,
        "untold": task.started_untold,
        "online": await online.told(task.id),
        "team": await _team(task, units),
        "network": await _network(task, sheet, people),
        "parts": await _parts(task, sheet, people, units),
        "photos": await _photos(task, sheet, people),
        "happened": await _happened(task, sheet, people),
        "statements": [
            [text.visible(statement.text), _who(statement.by, people), _at(statement.at)]
            for statement in await Statement.filter(task=task, kind="on_site").order_by("id")
        ],
    }


def _subject(task: Task) -> dict[str, str]:
    target = task.target
    return {
        "target": text.name(target.name),
        "code": number_of(target)[0],
        **said_beside(target),
        "place": text.name(target.address),
        "representative": text.name(target.representative),
    }


async def _people(task: Task) -> dict[str, str]:
    return {code: text.name(name) for code, name in (await officers.officers(task)).items()}


def _who(mark: str, people: Mapping[str, str]) -> str:
    """The name behind `INS1` or `inspector:INS1`; nothing for those who are no officers."""
    return people.get(mark.removeprefix("inspector:"), "")


def _at(at: datetime | None) -> str:
    return instant(at) if at else ""


async def _team(task: Task, units: Mapping[str, str]) -> list[list[Any]]:
    """Name, department, tail of the certificate, leader, code, arrival and how it is known."""
    came = {came_in.inspector_id: came_in for came_in in await Arrival.filter(task=task).order_by("-id")}
    seats = await Assignment.filter(task=task, until=None).select_related("inspector")
    rows = []
    for seat in sorted(seats, key=lambda seat: (not seat.leader, seat.department, seat.id)):
        arrival = came.get(seat.inspector_id)
        rows.append(
            [
                text.name(seat.inspector.name),
                units.get(seat.department, seat.department),
                text.tail(seat.inspector.certificate or ""),
                seat.leader,
                seat.inspector_id,
                _at(arrival.at if arrival else seat.arrived_at),
                arrival.how if arrival else "",
            ]
        )
    return rows


async def _network(task: Task, sheet: ChecklistSheet, people: Mapping[str, str]) -> list[list[Any]]:
    """Number, question, source, verdict, finding, who, when: the finding that stands for each question."""
    last = {
        row.question_id: row
        for row in await NetworkFinding.filter(task=task).order_by("question_id", "version")
    }
    return [
        [
            ask.number, ask.text, text.visible(finding.source), finding.verdict, text.visible(finding.finding),
            _who(finding.by, people), _at(finding.at),
        ]
        for ask in sheet.asks
        if (finding := last.get(ask.id))
    ]  # fmt: skip


async def _parts(
    task: Task, sheet: ChecklistSheet, people: Mapping[str, str], units: Mapping[str, str]
) -> list[dict[str, Any]]:
    """By department the answers given on site and who gave them."""
    closed = {
        finalised.department: finalised for finalised in await Finalised.filter(task=task, reopened_at=None)
    }
    methods = {
        row.question_id: row.method
        for row in await Answer.filter(task=task).order_by("question_id", "version")
    }
    parts = []
    for code in checklist.departments(sheet.asks):
        answers = [_answer(sheet, ask, people, methods.get(ask.id, "")) for ask in sheet.on_site(code)]
        final = closed.get(code)
        parts.append(
            {
                "department": units.get(code, code),
                "officers": sorted({answer[6] for answer in answers if answer[6]}),
                "closed": [_who(final.by, people), _at(final.at)] if final else [],
                "answers": answers,
            }
        )
    return [part for part in parts if part["answers"]]


def _answer(sheet: ChecklistSheet, ask: checklist.Ask, people: Mapping[str, str], method: str) -> list[Any]:
    """Number, question, verdict, value, note, how it was found out, who."""
    given = sheet.given.get(ask.number, checklist.GivenAnswer())
    return [
        ask.number, ask.text, given.verdict, text.visible(given.value), text.visible(given.note), method,
        _who(given.by, people),
    ]  # fmt: skip


async def _photos(task: Task, sheet: ChecklistSheet, people: Mapping[str, str]) -> list[list[Any]]:
    """SHA-256 of the original, question, what it is about, when, grade, doubts, caption, who, marks."""
    numbers = {ask.id: ask.number for ask in sheet.asks}
    hidden = {ask.id for ask in sheet.hidden}
    rows = (
        await Photo.filter(task=task, removed_at=None).exclude(about__in=["record", "recheck"]).order_by("id")
    )
    return [
        [
            row.sha256, numbers.get(row.question_id or 0), row.about, _at(row.at), row.grade,
            [str(label) for label in row.labels], text.visible(row.caption), _who(row.by, people), list(row.marks),
        ]
        for row in rows
        if row.question_id not in hidden
    ]  # fmt: skip


async def _happened(task: Task, sheet: ChecklistSheet, people: Mapping[str, str]) -> list[list[Any]]:
    """What else the visit saw: kind, when, who, and what is told of it."""
    rows: list[list[Any]] = []
    numbers = {ask.id: ask.number for ask in sheet.asks}

    def add(kind: str, row: Any, **told: Any) -> None:
        rows.append([kind, _at(row.at), _who(row.by, people), told])

    for no in await NonCooperation.filter(task=task).order_by("id"):
        second = _who(no.confirmed_by, people)
        add("refusal", no, grounds=list(no.grounds), facts=text.visible(no.facts), second=second)
    for nobody in await Absence.filter(task=task).order_by("id"):
        add("absence", nobody, facts=text.visible(nobody.facts))
    for off in await Suspension.filter(task=task).order_by("id"):
        add("suspension", off, reason=text.visible(off.reason), resumed=_at(off.resumed_at))
    for by in await Entrustment.filter(task=task).order_by("id"):
        names = ["".join(map(str, person[:1])) for person in by.people]
        add("entrustment", by, agency=by.agency, letter=by.letter, scope=text.visible(by.scope), people=names)
    for sample in await Sample.filter(task=task).order_by("id"):
        add(
            "sample", sample, name=sample.name, quantity=sample.quantity, lot=sample.lot, seal=sample.seal, agency=sample.agency,
            question=numbers.get(sample.question_id or 0), second=_who(sample.witness, people), report=sample.report_number,
        )  # fmt: skip
    return sorted(rows, key=lambda row: row[1])


@dataclass(frozen=True, slots=True)
class Papers:
    """The record of a task. `current`: the last version says what stands now; `paper`: photos of the last one,
    printed and signed."""

    task: int
    state: T
    versions: tuple[RecordVersion, ...]
    statements: tuple[tuple[str, str, datetime], ...]  # text, officer who wrote it in or "", when
    current: bool
    closed: bool  # every section is final
    paper: int
    came: tuple[tuple[str, str, str], ...]  # code, name and department of the officers who came

    @property
    def last(self) -> RecordVersion | None:
        return self.versions[-1] if self.versions else None

    @property
    def heard(self) -> bool:
        """The entity signed the version that stands, or refused before a witness, or signed it on paper."""
        return self.paper > 0 or (self.current and self.last is not None and self.last.entity is not None)

    @property
    def missing(self) -> tuple[tuple[str, str, str], ...]:
        """Code, name and department of the officers who came and have not signed the version that stands; of all
        who came while there is none."""
        return self.last.missing if self.current and self.last else self.came

    @property
    def count(self) -> tuple[int, int]:
        """How many of those who have to sign have: each officer who came, and the entity; a refusal is none."""
        under = self.last.signatures if self.current and self.last else ()
        return counted(tuple(PresentOfficer(*row) for row in self.came), under, self.paper)

    @property
    def refused(self) -> bool:
        """The entity refused to sign the version that stands, and did not think better of it."""
        under = self.last.signatures if self.current and self.last else ()
        return entity_of(under, self.paper) == Entity.REFUSED

    @property
    def settled(self) -> bool:
        """Nobody is waited for any more: each signed, or the entity refused before a witness."""
        return self.last is not None and self.current and self.heard and not self.missing

    @property
    def signed(self) -> bool:
        """已签署: everybody who has to has."""
        done, all_ = self.count
        return self.last is not None and self.current and done == all_

    @property
    def open(self) -> bool:
        return self.state in DRAWN_IN


async def papers(task: int | str) -> Papers:
    """Every version, every signature, every statement of a task (by id or number)."""
    which = {"number": task} if isinstance(task, str) else {"id": task}
    return await _papers(await Task.get(**which).select_related("target"))


async def _papers(task: Task) -> Papers:
    people, sheet = await _people(task), await sheet_of(task)
    versions = await _versions(task)
    stands = fingerprint(await _facts(task, sheet, people)) if versions and task.state in DRAWN_IN else ""
    return Papers(
        task.id,
        task.state,
        versions,
        tuple(
            (text.visible(statement.text), _who(statement.by, people), statement.at)
            for statement in await Statement.filter(task=task, kind="on_site").order_by("id")
        ),
        bool(versions) and (not stands or versions[-1].sha256 == stands),
        not open_sections(sheet),
        await Photo.filter(task=task, about="record", removed_at=None, at__gte=versions[-1].at).count()
        if versions
        else 0,
        await _came(task),
    )


async def changed(task: Task, sha256: str) -> bool:
    """True if what stands now is not what the version of this hash says; nothing changes after the record is closed."""
    return task.state in DRAWN_IN and fingerprint(await facts(task)) != sha256


async def _came(task: Task) -> tuple[tuple[str, str, str], ...]:
    units = {d.code: d.unit for d in await Department.all()}
    return tuple(
        (code, name, unit) for name, unit, _, _, code, arrived, _ in await _team(task, units) if arrived
    )


def open_sections(sheet: ChecklistSheet) -> list[str]:
    """The departments whose section has questions for the site and is not final."""
    return [d for d in checklist.departments(sheet.asks) if d not in sheet.closed and sheet.on_site(d)]


async def _versions(task: Task, **which: Any) -> tuple[RecordVersion, ...]:
    rows = await Record.filter(task=task, **which).order_by("version")
    signed = await Signature.filter(record_id__in=[row.id for row in rows]).order_by("id")
    return tuple(
        version_of(task, row, [signature for signature in signed if signature.record_id == row.id])
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class PrintableVersion:
    """A version ready to be worded: with the copies of its photos, and the names of those who signed earlier."""

    this: RecordVersion
    thumbnails: Mapping[str, str]  # SHA-256 of the original to the object of the small copy, "" while owed
    earlier: tuple[RecordVersion, ...]
    kept: str  # the object of its PDF
    long: Mapping[
        str, str
    ]  # the same for the whole copy of those of which a small one shows only the beginning


async def told(record_id: int) -> PrintableVersion | None:
    """One version with all that its paper shows."""
    row = await Record.get_or_none(id=record_id).select_related("task__target")
    if row is None:
        return None
    everything = await _versions(row.task, version__lte=row.version)
    photos = await Photo.filter(task=row.task, removed_at=None)
    copies = {photo.sha256: "" if photo.marks and not photo.marked else photo.thumbnail for photo in photos}
    long = {
        photo.sha256: photo.marked if photo.marks else photo.stamped
        for photo in photos
        if is_long(photo.width, photo.height)
    }
    signed_before = tuple(version for version in everything[:-1] if version.signed)
    return PrintableVersion(everything[-1], copies, signed_before, row.pdf, long)


async def of_task(task_number: str, version: int | None = None) -> int | None:
    """The id of a version of a task's record, the last one if none is named."""
    records = Record.filter(task__number=task_number, **({"version": version} if version else {}))
    row = await records.order_by("-version").first()
    return row.id if row else None
