"""A record sheet in words, on paper and read out, always from its frozen facts (Art. 16 (3))."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from locales import SHANGHAI, Words, closest, words
from models import store
from models.district import District
from models.imaging.pages import by_pages
from models.objects import ObjectDamaged
from models.procedure import record
from models.queries import record as queries
from models.queries.record import PrintableVersion
from models.queries.record_version import RecordVersion
from models.queries.record_version import VersionSignature as Under
from models.refusal import Refusal
from models.rules import tokens
from models.rules.public.record import Entity, entity_of, findings, samples_out
from models.rules.target_number import kind_of
from server.documents.record import (
    Exhibit,
    FindingOnRecord,
    Part,
    RecordAnswer,
    RecordSheet,
    RecordWords,
    SignaturePlace,
    record_pdf,
    record_text,
)
from server.waiting import utc_now


@dataclass(frozen=True)
class RenderedRecord:
    """A version of the record ready to be handed over."""

    number: str
    text: str
    pdf: bytes
    url: str


class RecordRenderer:
    """`await printer(record_id, language)`. The Chinese PDF is kept under its hash once all its photos have copies,
    and made anew when somebody signs."""

    def __init__(self, district: District, now: Callable[[], datetime] = utc_now) -> None:
        self._district, self._now = district, now

    async def __call__(self, record_id: int, language: str) -> RenderedRecord:
        version = await queries.told(record_id)
        if version is None:
            raise Refusal("record.unknown", article="16(3)", task="")
        spoken = words(closest(language))
        sheet = await self._said(version, spoken)
        pdf = await self._kept(version, spoken) or await self._pressed(version, sheet, spoken)
        return RenderedRecord(version.this.number, record_text(sheet, RecordWords.of(spoken)), pdf, sheet.url)

    async def copy(self, record_id: int) -> tuple[bytes, str]:
        """PDF and text in the language in force, for the dossier: what was printed, else set anew and not kept."""
        version, spoken = await queries.told(record_id), words("zh_Hans")
        if version is None:
            raise Refusal("record.unknown", article="16(3)", task="")
        sheet, labels = await self._said(version, spoken), RecordWords.of(spoken)
        return await self._kept(version, spoken) or await record_pdf(sheet, labels), record_text(
            sheet, labels
        )

    async def _kept(self, version: PrintableVersion, spoken: Words) -> bytes:
        if spoken.language != "zh_Hans" or not version.kept:
            return b""
        return await _stored(version.kept)

    async def _pressed(self, version: PrintableVersion, sheet: RecordSheet, spoken: Words) -> bytes:
        """A record in another language carries the Chinese one after it: that is the one in force."""
        if spoken.language != "zh_Hans":
            chinese = words("zh_Hans")
            beside = (await self._said(version, chinese), RecordWords.of(chinese))
            return await record_pdf(sheet, RecordWords.of(spoken), beside)
        pdf = await record_pdf(sheet, RecordWords.of(spoken))
        if all(photo.thumbnail for photo in sheet.photos):
            await record.printed(
                version.this.id, await store.objects.put(pdf), len(version.this.signed), at=self._now()
            )
        return pdf

    async def _said(self, version: PrintableVersion, spoken: Words) -> RecordSheet:
        copies = {name: await _stored(copy) for name, copy in version.thumbnails.items() if copy}
        whole = {name: await _stored(copy) for name, copy in version.long.items() if copy}
        pages = {name: await asyncio.to_thread(by_pages, copy) for name, copy in whole.items() if copy}
        glass = {
            signature.picture: await _stored(signature.picture)
            for signature in version.this.signed
            if signature.picture
        }
        return compose(
            version.this,
            spoken,
            self._district,
            earlier=version.earlier,
            copies=copies,
            glass=glass,
            pages=pages,
        )


async def _stored(name: str) -> bytes:
    try:
        return await store.objects.get(name)
    except (FileNotFoundError, ObjectDamaged):
        return b""


def url_of(number: str, district: District) -> str:
    """The address of a record's page."""
    return district.link("/r/" + tokens.token(district.secret, "record", number))


def read_out(this: RecordVersion, district: District, spoken: Words) -> str:
    """A version in plain words, for reading it through with the entity."""
    return record_text(compose(this, spoken, district), RecordWords.of(spoken))


def compose(
    this: RecordVersion,
    spoken: Words,
    district: District,
    *,
    earlier: Sequence[RecordVersion] = (),
    copies: Mapping[str, bytes] | None = None,
    glass: Mapping[str, bytes] | None = None,
    pages: Mapping[str, Sequence[bytes]] | None = None,
) -> RecordSheet:
    """The record as words. `copies`: small JPEGs by the SHA-256 of their originals; `glass`: signatures' pictures;
    `pages`: of long photos, likewise."""
    facts, drawn = this.facts, this.at.astimezone(SHANGHAI)
    return RecordSheet(
        number=this.number,
        authority=spoken("letter.authority", district=district.name),
        subject=_subject(this, spoken),
        team=tuple(_member(row, spoken) for row in facts["team"]),
        network=tuple(_finding(row, spoken) for row in facts["network"]),
        parts=tuple(_part(part, spoken, facts) for part in facts["parts"]),
        photos=tuple(_exhibit(row, spoken, copies or {}, pages or {}) for row in facts["photos"]),
        happened=tuple(_happened(row, spoken) for row in facts["happened"]),
        results=tuple(_results(facts, spoken)),
        statement="\n".join(_stated(row, spoken) for row in facts["statements"]),
        signed=tuple(_places(this, spoken, glass or {})),
        remarks=tuple(_earlier(version, spoken) for version in earlier),
        url=url_of(this.number, district),
        domain=district.domain,
        check_code=this.check_code,
        issued=spoken.day(drawn.date()),
        at=this.at,
        chain=this.sha256,
        watermark=spoken("letter.practice") if district.practice else "",
        language="zh" if spoken.language == "zh_Hans" else "en",
    )


def _subject(this: RecordVersion, spoken: Words) -> tuple[tuple[str, str], ...]:
    facts = this.facts
    subject = facts["subject"]
    return (
        (spoken("record.version"), spoken("record.version.of", version=this.version)),
        (spoken("record.target"), subject["target"]),
        (spoken(f"number.{subject.get('numbered') or kind_of(subject['code'])}"), subject["code"]),
        (spoken("record.place"), subject["place"]),
        (spoken("record.representative"), subject["representative"]),
        (spoken("record.inspection"), facts["title"]),
        (spoken("record.methods"), spoken.joined(spoken(f"method.{method}") for method in facts["methods"])),
        (spoken("record.begun"), _moment(facts["begun"], spoken)),
        (spoken("record.drawn"), spoken.moment(this.at)),
        (spoken("record.short_handed"), facts["short_handed"]),
        (spoken("record.untold"), facts.get("untold", "")),
        (spoken("record.online"), _ended_online(facts.get("online") or [], spoken)),
    )


def _ended_online(ending: list[str], spoken: Words) -> str:
    """How the task ended without a visit; "" where there was one."""
    if not ending:
        return ""
    ground, result, source, finding, by, at = ending
    parts = [
        spoken(f"record.online.{ground}"),
        spoken(f"result.{result}") if result else "",
        source,
        finding,
        by,
    ]
    return " · ".join(filter(None, [*parts, _moment(at, spoken)]))


def _moment(at: str, spoken: Words) -> str:
    return spoken.moment(datetime.fromisoformat(at)) if at else ""


def _short(at: str) -> str:
    """`12-08 09:00`: within tables and under photos, where the year stands above."""
    return f"{datetime.fromisoformat(at).astimezone(SHANGHAI):%m-%d %H:%M}" if at else ""


def _member(row: Sequence[Any], spoken: Words) -> tuple[str, str, str, str]:
    name, unit, tail, leader, _, arrived, how = row
    came = " ".join(filter(None, (_short(arrived), spoken(f"record.how.{how}") if how else "")))
    return (
        name + (spoken("letter.leader") if leader else ""),
        unit,
        tail,
        came or spoken("record.not_there"),
    )


def _finding(row: Sequence[Any], spoken: Words) -> FindingOnRecord:
    number, question, source, verdict, finding, who, at = row
    text = spoken("list.pair", first=spoken(f"network.{verdict}"), second=finding)
    return FindingOnRecord(f"{number}. {question}", source, text, " ".join(filter(None, (who, _short(at)))))


def _part(part: Mapping[str, Any], spoken: Words, facts: Mapping[str, Any]) -> Part:
    officers = spoken.joined(part["officers"])
    if part["closed"]:
        who, at = part["closed"]
        closed = spoken("record.closed", name=who, at=_short(at))
        officers = "\u3000".join(filter(None, (officers, closed)))
    online, out = _online(facts), samples_out(facts)
    answers = tuple(_answer(row, spoken, row[0] in online, out.get(row[0])) for row in part["answers"])
    return Part(part["department"], officers, answers)


def _answer(row: Sequence[Any], spoken: Words, online: bool, out: Mapping[str, Any] | None) -> RecordAnswer:
    """`out`: the sample whose report will be the answer, or part of it."""
    number, question, verdict, value, note, method, _ = row
    text = spoken(f"verdict.{verdict}") if verdict else "" if out else spoken("record.unanswered")
    waits = spoken("record.waiting") if out else ""
    ways = dict.fromkeys(filter(None, ("network" if online else "", method, "sample" if out else "")))
    how = spoken.joined(spoken(f"record.method.{way}") for way in ways)
    sent = spoken("record.waiting.for", name=out["name"], agency=out["agency"]) if out else ""
    failed = verdict == "fail"
    told = note or (spoken("record.no_note") if failed else "")
    return RecordAnswer(
        str(number),
        question,
        "\n".join(filter(None, (text, value, waits))),
        "\n".join(filter(None, (how, sent, told))),
        failed,
    )


def _online(facts: Mapping[str, Any]) -> set[int]:
    """Numbers of the questions of which something was found out online."""
    return {row[0] for row in facts["network"] if row[3] in ("pass", "fail")}


def _exhibit(
    row: Sequence[Any], spoken: Words, copies: Mapping[str, bytes], pages: Mapping[str, Sequence[bytes]]
) -> Exhibit:
    sha256, question, about, at, grade, labels, caption, who, marks = row
    if question:
        of = spoken("record.photo.question", number=question)
    else:
        of = spoken(f"record.photo.{about}") if about else spoken("record.photo.loose")
    doubts = [_doubt(label, spoken) for label in labels]
    lines = (
        of,
        " ".join(filter(None, (who, _short(at)))),
        spoken.joined([spoken(f"web.photo.grade.{grade}"), *doubts]),
        caption[:60],
        spoken("photo.marked") if marks else "",
    )
    return Exhibit(copies.get(sha256, b""), sha256, tuple(filter(None, lines)), tuple(pages.get(sha256, ())))


def _doubt(label: str, spoken: Words) -> str:
    doubt, _, amount = label.partition(":")
    return spoken(f"web.doubt.{doubt}" + (".by" if amount else ""), **({"amount": amount} if amount else {}))


def _happened(row: Sequence[Any], spoken: Words) -> str:
    kind, at, who, told = row
    params = dict(told)
    if kind == "refusal":
        params["grounds"] = spoken.joined(str(ground) for ground in told["grounds"])
    if kind == "entrustment":
        params["people"] = spoken.joined(told["people"])
    if kind == "suspension":
        params["resumed"] = _short(told["resumed"]) or spoken("record.not_resumed")
    sentence = spoken(f"record.happened.{kind}", at=_short(at), who=who, **params)
    if kind == "sample" and told.get("question"):
        report = (
            spoken("record.report", number=told["report"]) if told["report"] else spoken("record.waiting")
        )
        sentence += spoken(
            "record.sample.of", question=told["question"], second=told["second"], report=report
        )
    return sentence


def _results(facts: Mapping[str, Any], spoken: Words) -> Iterator[str]:
    """How many questions came out how, on site and online, and which were found wanting."""
    told = findings(facts)
    yield spoken(
        "record.counted", all=told.total, good=told.passed, bad=len(told.failed), na=told.not_applicable
    )
    if told.left:
        yield spoken("record.left", count=told.left)
    if told.waiting:
        yield spoken("record.waits", numbers=spoken.joined(map(str, told.waiting)))
    if told.failed:
        yield spoken("record.failures", numbers=spoken.joined(map(str, told.failed)))
    elif told.nothing_wrong:
        yield spoken("record.no_failures")


def _stated(row: Sequence[str], spoken: Words) -> str:
    text, who, at = row
    return spoken("record.stated", text=text, who=who or spoken("record.entity"), at=_short(at))


def _places(this: RecordVersion, spoken: Words, glass: Mapping[str, bytes]) -> Iterator[SignaturePlace]:
    """Who signed and who refused, then room for those who have not signed."""
    stands = entity_of(this.signatures, paper=0)
    if stands == Entity.MISSING:
        yield SignaturePlace(spoken("record.entity"))
    elif stands == Entity.REFUSED and this.entity:
        refused = spoken("record.refused", reason=this.entity.reason)
        yield SignaturePlace(spoken("record.entity"), b"", refused, spoken.moment(this.entity.at))
    for signature in sorted(this.signed, key=lambda version_signature: version_signature.role == "officer"):
        if not signature.refused:
            yield _signed(signature, spoken, glass)
    for _, name, unit in this.missing:
        yield SignaturePlace(spoken("record.signer", role=spoken("record.officer"), name=name, position=unit))


def _signed(signature: Under, spoken: Words, glass: Mapping[str, bytes]) -> SignaturePlace:
    who = spoken(
        "record.signer",
        role=spoken(f"record.{signature.role}"),
        name=signature.name,
        position=signature.position,
    )
    stands = (
        ""
        if signature.picture
        else spoken("record.by_account" if signature.role == "officer" else "record.named_only")
    )
    return SignaturePlace(who.strip(), glass.get(signature.picture, b""), stands, spoken.moment(signature.at))


def _earlier(version: RecordVersion, spoken: Words) -> str:
    names = spoken.joined(dict.fromkeys(signed.name or spoken("record.entity") for signed in version.signed))
    return spoken("record.earlier", version=version.version, sha256=version.sha256[:16], names=names)
