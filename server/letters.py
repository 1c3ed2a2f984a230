"""A notice's letter in one language: text, PDF and address, always from the frozen facts (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from locales import SHANGHAI, Words, closest, words
from models import store
from models.district import District
from models.procedure import notice
from models.queries.notices import Told, printed, told
from models.rules import materials, template, text, tokens
from models.rules.public.letter import TeamChanges
from server.documents.letter import Letter, LetterItem, LetterWords, Officer, Press, notice_pdf, notice_text
from server.waiting import utc_now

RIGHTS = ("recusal", "heard", "refuse", "complain")
DUTIES = ("cooperate", "consequence")
TWO_MESSAGES = 134  # of 70 characters; joined to one, each has room for 67


@dataclass(frozen=True)
class RenderedLetter:
    """A letter ready to be handed over."""

    number: str
    text: str
    pdf: bytes
    url: str


@dataclass(frozen=True)
class Brief:
    """A letter in a text message."""

    number: str
    text: str


class LetterRenderer:
    """`await printer(notice_id, language)`. The Chinese PDF is made when it is first asked for, and kept:
    what was approved are the facts, and from equal facts come equal bytes."""

    def __init__(
        self, district: District, press: Press | None = None, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._district, self._press, self._now = district, press, now

    async def __call__(self, notice_id: int, language: str) -> RenderedLetter:
        found = await told(notice_id)
        spoken = words(closest(language))
        letter = compose(found, spoken, self._district)
        labels = LetterWords.of(spoken)
        pdf = await self._kept(found, spoken) or await self._printed(found, letter, spoken)
        return RenderedLetter(found.number, notice_text(letter, labels), pdf, letter.url)

    async def copy(self, notice_id: int) -> tuple[bytes, str]:
        """PDF and text in the language in force, for the dossier: what was printed, else set anew and not kept."""
        found, spoken = await told(notice_id), words("zh_Hans")
        letter, labels = compose(found, spoken, self._district), LetterWords.of(spoken)
        pdf = await self._kept(found, spoken) or await notice_pdf(letter, labels, press=self._press)
        return pdf, notice_text(letter, labels)

    async def plain(self, notice_id: int, language: str) -> RenderedLetter:
        """The letter to be read: its text and its address, nothing on paper."""
        found = await told(notice_id)
        spoken = words(closest(language))
        letter = compose(found, spoken, self._district)
        return RenderedLetter(found.number, notice_text(letter, LetterWords.of(spoken)), b"", letter.url)

    async def _kept(self, found: Told, spoken: Words) -> bytes | None:
        """What was printed names the team of then; once it changed, a copy says so and is not kept."""
        plain = spoken.language == "zh_Hans" and not found.changes
        kept = await printed(found.id) if plain else ""
        return await store.objects.get(kept) if kept else None

    async def _printed(self, found: Told, letter: Letter, spoken: Words) -> bytes:
        pdf = await notice_pdf(
            letter, LetterWords.of(spoken), *self._beside(found, spoken), press=self._press
        )
        if spoken.language == "zh_Hans" and found.given and not found.changes:
            await notice.printed(found.id, await store.objects.put(pdf), at=self._now())
        return pdf

    async def brief(self, notice_id: int, language: str) -> Brief:
        """The letter as two text messages at most: who comes, when, where to check that it is genuine."""
        found, spoken = await told(notice_id), words(closest(language))
        facts, url = found.facts, url_of(found.number, self._district)
        begins = datetime.fromisoformat(facts["begins"]).astimezone(SHANGHAI)

        def said(target: str) -> str:
            return spoken(
                "sms.notice", target=target, district=facts["district"], when=f"{begins:%m-%d %H:%M}",
                url=url, code=found.check_code, phone=facts["complaint_phone"],
            )  # fmt: skip

        target = text.name(facts["target"])
        room = TWO_MESSAGES - units(said(""))
        return Brief(found.number, said(target if units(target) <= room else cut(target, max(room - 1, 4))))

    def _beside(self, found: Told, spoken: Words) -> list[tuple[Letter, LetterWords]]:
        """A letter in another language carries the Chinese one after it: that is the one in force."""
        if spoken.language == "zh_Hans":
            return []
        chinese = words("zh_Hans")
        return [(compose(found, chinese, self._district), LetterWords.of(chinese))]


def units(said: str) -> int:
    """Characters as a telephone network counts them."""
    return len(said.encode("utf-16-le")) // 2


def cut(name: str, room: int) -> str:
    """The beginning of a name, `room` characters and a mark that it goes on."""
    while units(name) > room:
        name = name[:-1]
    return name + "…"


def url_of(number: str, district: District) -> str:
    """The address of a notice's page."""
    return district.link("/n/" + tokens.token(district.secret, "notice", number))


def compose(found: Told, spoken: Words, district: District) -> Letter:
    """The letter as words, from its facts alone."""
    facts: dict[str, Any] = found.facts
    begins, ends = (datetime.fromisoformat(facts[name]) for name in ("begins", "ends"))
    issued = datetime.fromisoformat(facts["issued"]).replace(tzinfo=SHANGHAI)
    units = spoken.joined(facts["departments"])
    papers, seen = materials.of_letter(facts)

    def own(part: str) -> tuple[str, ...]:
        """The department's own words, else those of the house."""
        said = template.said(facts["texts"], part, spoken.language)
        return tuple((said or spoken(f"letter.own.{part}")).splitlines())

    return Letter(
        number=found.number,
        authority=spoken("letter.authority", district=facts["district"]),
        target=facts["target"],
        credit_code=facts["credit_code"],
        opening=spoken("letter.opening", title=facts["title"], departments=units),
        items=tuple(LetterItem(*item) for item in facts["items"]),
        when=spoken.span(begins, ends),
        place=facts["place"],
        method=spoken.joined(spoken(f"method.{one}") for one in facts["methods"]),
        officers=tuple(
            Officer(name, unit, tail, spoken("letter.leader") if leader else "")
            for name, unit, tail, leader in facts["officers"]
        ),
        changes=team_sentences(found.changes, spoken),
        departments=tuple(facts["departments"]),
        rights=tuple(spoken(f"letter.right.{right}") for right in RIGHTS),
        duties=tuple(spoken(f"letter.duty.{duty}") for duty in DUTIES),
        no_fee=spoken("letter.no_fee"),
        complaint_phone=facts["complaint_phone"],
        url=url_of(found.number, district),
        domain=district.domain,
        check_code=found.check_code,
        issued=spoken.day(issued.date()),
        issued_at=issued,
        version=str(found.version),
        task=facts["task"],
        basis=_basis(facts, spoken),
        visit_of_year=_frequency(facts, spoken),
        assistants=tuple(_agency(one, spoken) for one in facts["agencies"]),
        materials=papers,
        seen=seen,
        lead=own("opening"),
        bring=own("bring"),
        closing=own("closing"),
        contact=" ".join(filter(None, (*own("contact"), facts.get("phone", "")))),
        privacy=spoken("letter.privacy"),
        watermark=spoken("letter.practice") if district.practice else "",
        language="zh" if spoken.language == "zh_Hans" else "en",
    )


def team_sentences(changes: TeamChanges, spoken: Words) -> tuple[str, ...]:
    """Who was replaced since the letter was printed, by whom, and who else joined or left."""
    lines = []
    for one in changes.replaced:
        key = "entity.officers.replaced" if one.instead else "entity.officers.gone"
        others = spoken.joined(one.instead)
        lines.append(spoken(key, name=one.name, unit=one.unit, tail=one.tail, names=others))
    for key, names in (
        ("officers.joined", changes.joined),
        ("agencies.gone", changes.agencies_gone),
        ("agencies.new", changes.agencies_new),
    ):
        if names:
            lines.append(spoken(f"entity.{key}", names=spoken.joined(names)))
    return (*lines, spoken("entity.officers.leader", name=changes.leader)) if changes.leader else tuple(lines)


def _frequency(facts: Mapping[str, Any], spoken: Words) -> str:
    """Which visit of the year it is, and the exception by which there is more than one (Art. 14 (1))."""
    counted = {"year": facts["year"], "times": facts["visit_of_year"]}
    if again := facts.get("again"):
        return spoken("letter.frequency_again", items=spoken.joined(again), **counted)
    return spoken("letter.frequency", **counted)


def _basis(facts: dict[str, Any], spoken: Words) -> str:
    """检查依据: the plan by name and number, and the scheme that carries it out."""
    return spoken(
        "letter.basis_said", year=facts["plan_year"], department=facts["plan_of"], title=facts["title"],
        plan=facts["plan"], scheme=facts["scheme"],
    )  # fmt: skip


def _agency(agency: tuple[str, str, list[tuple[str, str]]], spoken: Words) -> str:
    """An agency that assists, with the number of its letter of entrustment and the people it sends."""
    name, letter, people = agency
    sent = spoken.joined(" ".join(filter(None, person)) for person in people)
    return spoken("letter.agency", name=name, letter=letter, people=sent)
