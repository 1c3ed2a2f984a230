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
from models.queries.notice_page import NoticePage
from models.queries.notices import NoticeDelivery, printed, told
from models.rules import materials, template, text, tokens
from models.rules.public.letter import TeamChanges
from models.rules.target_number import kind_of
from server.documents.calendar_file import Appointment, calendar_file
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
    moved: bool = False
    calendar: bytes = b""


@dataclass(frozen=True)
class ShortLetter:
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
        delivery = await told(notice_id)
        spoken = words(closest(language))
        letter = compose(delivery, spoken, self._district)
        labels = LetterWords.of(spoken)
        pdf = await self._kept(delivery, spoken) or await self._printed(delivery, letter, spoken)
        return RenderedLetter(
            delivery.number, notice_text(letter, labels), pdf, letter.url, moved(delivery.facts),
            visit_file(delivery, spoken, self._district),
        )  # fmt: skip

    async def copy(self, notice_id: int) -> tuple[bytes, str]:
        """PDF and text in the language in force, for the dossier: what was printed, else set anew and not kept."""
        delivery, spoken = await told(notice_id), words("zh_Hans")
        letter, labels = compose(delivery, spoken, self._district), LetterWords.of(spoken)
        pdf = await self._kept(delivery, spoken) or await notice_pdf(letter, labels, press=self._press)
        return pdf, notice_text(letter, labels)

    async def plain(self, notice_id: int, language: str) -> RenderedLetter:
        """The letter to be read: its text and its address, nothing on paper."""
        delivery = await told(notice_id)
        spoken = words(closest(language))
        letter = compose(delivery, spoken, self._district)
        return RenderedLetter(delivery.number, notice_text(letter, LetterWords.of(spoken)), b"", letter.url)

    async def _kept(self, delivery: NoticeDelivery, spoken: Words) -> bytes | None:
        """What was printed names the team of then; once it changed, a copy says so and is not kept."""
        plain = spoken.language == "zh_Hans" and not delivery.changes
        stored = await printed(delivery.id) if plain else ""
        return await store.objects.get(stored) if stored else None

    async def _printed(self, delivery: NoticeDelivery, letter: Letter, spoken: Words) -> bytes:
        pdf = await notice_pdf(
            letter, LetterWords.of(spoken), *self._beside(delivery, spoken), press=self._press
        )
        if spoken.language == "zh_Hans" and delivery.given and not delivery.changes:
            await notice.printed(delivery.id, await store.objects.put(pdf), at=self._now())
        return pdf

    async def brief(self, notice_id: int, language: str) -> ShortLetter:
        """The letter as two text messages at most: who comes, when, where to check that it is genuine."""
        delivery, spoken = await told(notice_id), words(closest(language))
        facts, url = delivery.facts, url_of(delivery.number, self._district)
        begins = datetime.fromisoformat(facts["begins"]).astimezone(SHANGHAI)

        def text_for(target: str) -> str:
            return spoken(
                "sms.notice.moved" if moved(facts) else "sms.notice",
                target=target, district=facts["district"], when=f"{begins:%m-%d %H:%M}",
                url=url, code=delivery.check_code, phone=facts["complaint_phone"],
            )  # fmt: skip

        target = text.name(facts["target"])
        room = TWO_MESSAGES - units(text_for(""))
        return ShortLetter(
            delivery.number, text_for(target if units(target) <= room else cut(target, max(room - 1, 4)))
        )

    def _beside(self, delivery: NoticeDelivery, spoken: Words) -> list[tuple[Letter, LetterWords]]:
        """A letter in another language carries the Chinese one after it: that is the one in force."""
        if spoken.language == "zh_Hans":
            return []
        chinese = words("zh_Hans")
        return [(compose(delivery, chinese, self._district), LetterWords.of(chinese))]


def units(remark: str) -> int:
    """Characters as a telephone network counts them."""
    return len(remark.encode("utf-16-le")) // 2


def cut(name: str, room: int) -> str:
    """The beginning of a name, `room` characters and a mark that it goes on."""
    while units(name) > room:
        name = name[:-1]
    return name + "…"


def url_of(number: str, district: District) -> str:
    """The address of a notice's page."""
    return district.link("/n/" + tokens.token(district.secret, "notice", number))


def compose(delivery: NoticeDelivery, spoken: Words, district: District) -> Letter:
    """The letter as words, from its facts alone."""
    facts: dict[str, Any] = delivery.facts
    begins, ends = (datetime.fromisoformat(facts[name]) for name in ("begins", "ends"))
    issued = datetime.fromisoformat(facts["issued"]).replace(tzinfo=SHANGHAI)
    units = spoken.joined(facts["departments"])
    papers, seen = materials.of_letter(facts)

    def own(part: str) -> tuple[str, ...]:
        """The department's own words, else those of the house."""
        remark = template.said(facts["texts"], part, spoken.language)
        return tuple((remark or spoken(f"letter.own.{part}")).splitlines())

    return Letter(
        number=delivery.number,
        authority=spoken("letter.authority", district=facts["district"]),
        target=facts["target"],
        credit_code=facts["credit_code"],
        numbered=spoken(f"number.{facts.get('numbered') or kind_of(facts['credit_code'])}"),
        party=" ".join(filter(None, facts.get("party", ()))),
        replaces=replaced_sentence(facts, spoken),
        opening=spoken("letter.opening", title=facts["title"], departments=units),
        items=tuple(LetterItem(*item) for item in facts["items"]),
        when=spoken.span(begins, ends),
        place=facts["place"],
        method=spoken.joined(spoken(f"method.{part}") for part in facts["methods"]),
        officers=tuple(
            Officer(name, unit, tail, spoken("letter.leader") if leader else "")
            for name, unit, tail, leader in facts["officers"]
        ),
        changes=team_sentences(delivery.changes, spoken),
        departments=tuple(facts["departments"]),
        rights=tuple(spoken(f"letter.right.{right}") for right in RIGHTS),
        duties=tuple(spoken(f"letter.duty.{duty}") for duty in DUTIES),
        no_fee=spoken("letter.no_fee"),
        complaint_phone=facts["complaint_phone"],
        url=url_of(delivery.number, district),
        domain=district.domain,
        check_code=delivery.check_code,
        issued=spoken.day(issued.date()),
        issued_at=issued,
        version=str(delivery.version),
        task=facts["task"],
        basis=_basis(facts, spoken),
        visit_of_year=_frequency(facts, spoken),
        assistants=tuple(_agency(part, spoken) for part in facts["agencies"]),
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
    for officer in changes.replaced:
        key = "entity.officers.replaced" if officer.instead else "entity.officers.gone"
        others = spoken.joined(officer.instead)
        lines.append(spoken(key, name=officer.name, unit=officer.unit, tail=officer.tail, names=others))
    for key, names in (
        ("officers.joined", changes.joined),
        ("agencies.gone", changes.agencies_gone),
        ("agencies.new", changes.agencies_new),
    ):
        if names:
            lines.append(spoken(f"entity.{key}", names=spoken.joined(names)))
    return (*lines, spoken("entity.officers.leader", name=changes.leader)) if changes.leader else tuple(lines)


def visit_file(delivery: NoticeDelivery, spoken: Words, district: District, *, void: bool = False) -> bytes:
    """The visit for the entity's own calendar (RFC 5545): one UID for a task, whose SEQUENCE rises with each version and
    when a version is withdrawn. `void`: the letter does not stand any more."""
    facts, url = delivery.facts, url_of(delivery.number, district)
    never = (
        spoken("entity.calendar.what", number=delivery.number, code=delivery.check_code),
        spoken("web.never"),
    )
    return calendar_file(
        Appointment(
            uid=f"{delivery.task}@{district.domain}", version=2 * delivery.version + void,
            summary=spoken("entity.calendar", departments=spoken.joined(facts["departments"])), place=facts["place"],
            description="\n".join((*filter(None, [replaced_sentence(facts, spoken)]), *never)),
            begins=datetime.fromisoformat(facts["begins"]), ends=datetime.fromisoformat(facts["ends"]),
            issued=delivery.made_at, url=url, cancelled=void,
        )
    )  # fmt: skip


def replaced_sentence(facts: Mapping[str, Any], spoken: Words) -> str:
    """Which letter this one takes the place of, and whether the visit moved; "" for a first letter."""
    if not (replaces := facts.get("replaces")):
        return ""
    number, begins, ends = replaces
    if begins == facts["begins"]:
        return spoken("letter.replaces.same_time", number=number)
    was = spoken.span(datetime.fromisoformat(begins), datetime.fromisoformat(ends))
    now = spoken.span(datetime.fromisoformat(facts["begins"]), datetime.fromisoformat(facts["ends"]))
    return spoken("letter.replaces.moved", number=number, was=was, now=now)


def replaced_by(page: NoticePage, spoken: Words) -> str:
    """What stands in the place of a letter that was replaced: its number, and the visit's time by it."""
    if page.newer is None:
        return ""
    number, begins, ends = page.newer
    return spoken("web.standing.replaced.by", number=number, time=spoken.span(begins, ends))


def moved(facts: Mapping[str, Any]) -> bool:
    """True for a letter that gives a visit another time than the letter before it."""
    return "replaces" in facts and facts["replaces"][1] != facts["begins"]


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
