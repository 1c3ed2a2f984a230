"""现场复查记录: the record of a recheck in one language, set from its frozen facts and who signed it (Art. 17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from locales import SHANGHAI, Words, closest, words
from models import store
from models.district import District
from models.objects import ObjectDamaged
from models.queries.rechecks import PrintableRecheck, RecheckHand, RecheckLine
from models.rules import tokens
from models.rules.recheck import PointFound
from models.rules.target_number import kind_of
from server import orders
from server.documents.record import (
    Exhibit,
    Part,
    RecordAnswer,
    RecordSheet,
    RecordWords,
    SignaturePlace,
    record_pdf,
    record_text,
)


async def printed(recheck: PrintableRecheck, language: str, district: District) -> bytes:
    """The paper; in another language the Chinese one stands behind it: that is the one in force."""
    spoken, chinese = words(closest(language)), words("zh_Hans")
    copies, glass = await _pictures(recheck)
    beside = (
        ()
        if spoken.language == "zh_Hans"
        else ((compose(recheck, chinese, district, copies, glass), labels(chinese)),)
    )
    return await record_pdf(compose(recheck, spoken, district, copies, glass), labels(spoken), *beside)


async def copy(recheck: PrintableRecheck, district: District) -> tuple[bytes, str]:
    """PDF and text in the language in force, for the dossier."""
    chinese = words("zh_Hans")
    sheet = compose(recheck, chinese, district, *await _pictures(recheck))
    return await record_pdf(sheet, labels(chinese)), record_text(sheet, labels(chinese))


def labels(spoken: Words) -> RecordWords:
    """Those of a record sheet, under the name of this one; its code leads to the order."""
    return replace(
        RecordWords.of(spoken), title=spoken("recheck.title"), answers=spoken("recheck.answers"),
        verify=spoken("order.verify"),
    )  # fmt: skip


def compose(
    recheck: PrintableRecheck, spoken: Words, district: District, copies: Mapping[str, bytes], glass: Mapping[str, bytes]
) -> RecordSheet:  # fmt: skip
    """The record as words. `copies`: small JPEGs by the SHA-256 of their originals; `glass`: signatures' pictures."""
    facts: Any = recheck.facts
    ended = datetime.fromisoformat(facts["ended"]).astimezone(SHANGHAI)
    names = {code: name for code, name, _, _ in facts["team"]}
    points = tuple(_point(row, spoken) for row in facts["points"])
    return RecordSheet(
        number=facts["number"],
        authority=spoken("letter.authority", district=district.name),
        subject=_subject(facts, spoken),
        team=tuple(
            (name, unit, tail, _moment(facts["begun"], spoken)) for _, name, unit, tail in facts["team"]
        ),
        parts=(Part(facts["department"], "", points),),
        photos=tuple(_exhibit(row, names, spoken, copies) for row in facts["photos"]),
        results=(_counted(facts["points"], spoken),),
        signed=tuple(_places(recheck.line, facts["team"], spoken, glass)),
        url=orders.url_of(facts["order"], district),
        domain=district.domain,
        check_code=tokens.check_code(district.secret, facts["order"]),
        issued=spoken.day(ended.date()),
        at=ended,
        chain=recheck.line.sha256,
        watermark=spoken("letter.practice") if district.practice else "",
        language="zh" if spoken.language == "zh_Hans" else "en",
    )


def _subject(facts: Mapping[str, Any], spoken: Words) -> tuple[tuple[str, str], ...]:
    return (
        (spoken("record.target"), facts["target"]),
        (spoken(f"number.{facts.get('numbered') or kind_of(facts['code'])}"), facts["code"]),
        (spoken("record.place"), facts["place"]),
        (spoken("order.number"), facts["order"]),
        (spoken("order.task"), facts["task"]),
        (spoken("order.by"), facts["department"]),
        (spoken("recheck.told_for"), _moment(facts["told_for"], spoken)),
        (spoken("recheck.began"), _when_and_where(facts["begun"], facts["begun_place"], spoken)),
        (spoken("recheck.ended"), _when_and_where(facts["ended"], facts["ended_place"], spoken)),
    )


def _when_and_where(at: str, place: Sequence[float] | None, spoken: Words) -> str:
    where = spoken("recheck.place", latitude=f"{place[0]:.5f}", longitude=f"{place[1]:.5f}") if place else ""
    return " · ".join(filter(None, (_moment(at, spoken), where)))


def _moment(at: str, spoken: Words) -> str:
    return spoken.moment(datetime.fromisoformat(at)) if at else ""


def _point(row: Sequence[Any], spoken: Words) -> RecordAnswer:
    number, text, how, note = row
    failed = how != PointFound.RECTIFIED.value
    return RecordAnswer(str(number), text, spoken(f"recheck.found.{how}"), note, failed)


def _counted(points: Sequence[Sequence[Any]], spoken: Words) -> str:
    done = sum(1 for point in points if point[2] == PointFound.RECTIFIED.value)
    return spoken("recheck.counted", all=len(points), done=done, left=len(points) - done)


def _exhibit(
    row: Sequence[Any], names: Mapping[str, str], spoken: Words, copies: Mapping[str, bytes]
) -> Exhibit:
    sha256, at, grade, _, caption, by = row
    lines = (
        spoken("onsite.about.recheck"), " ".join(filter(None, (names.get(by, ""), _moment(at, spoken)))),
        spoken(f"web.photo.grade.{grade}"), caption[:60],
    )  # fmt: skip
    return Exhibit(copies.get(sha256, b""), sha256, tuple(filter(None, lines)))


def _places(
    line: RecheckLine, team: Sequence[Sequence[str]], spoken: Words, glass: Mapping[str, bytes]
) -> Iterator[SignaturePlace]:
    """The entity and both officers: a signature, a refusal, or room for one."""
    entity = line.entity
    if entity is None:
        yield SignaturePlace(spoken("record.entity"))
    elif entity.refused:
        stands = spoken("recheck.refused", reason=entity.reason, witness=entity.witness)
        yield SignaturePlace(spoken("record.entity"), b"", stands, spoken.moment(entity.at))
    else:
        yield _signed(entity, spoken, glass)
    officers = {hand.inspector: hand for hand in line.hands if hand.role == "officer"}
    for code, name, unit, _ in team:
        if code in officers:
            yield _signed(officers[code], spoken, glass)
        else:
            signer = spoken("record.signer", role=spoken("record.officer"), name=name, position=unit)
            yield SignaturePlace(signer)


def _signed(hand: RecheckHand, spoken: Words, glass: Mapping[str, bytes]) -> SignaturePlace:
    role = spoken(f"record.{hand.role}")
    who = spoken("record.signer", role=role, name=hand.name, position=hand.position)
    stands = "" if hand.picture else spoken("record.by_account")
    return SignaturePlace(who.strip(), glass.get(hand.picture, b""), stands, spoken.moment(hand.at))


async def _pictures(recheck: PrintableRecheck) -> tuple[dict[str, bytes], dict[str, bytes]]:
    copies = {name: await _stored(small) for name, small in recheck.copies.items() if small}
    glass = {hand.picture: await _stored(hand.picture) for hand in recheck.line.hands if hand.picture}
    return copies, glass


async def _stored(name: str) -> bytes:
    try:
        return await store.objects.get(name)
    except (FileNotFoundError, ObjectDamaged):
        return b""
