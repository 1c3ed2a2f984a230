"""公开抽取的说法: what may be said of a draw: what was done, by whom, what chance it rests on (Art. 14 (1)).

A rule is no deed: that a value from outside came after the last reveal is said when it has, and a witness who spoke
after it is named as what it is. Who gave a value is said from how it came in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from models.rules.draw.chance import Hand
from models.states import UNTIL_CONCLUDED, BatchState, TaskState

OPENED_AFTER = timedelta(days=30)  # the bundle opens at the latest, counted from the window's end
CENT = Decimal("0.01")


class CeremonyStep(StrEnum):
    """What the ceremony waits for."""

    PLEDGES = "pledges"
    REVEALS = "reveals"
    OUTSIDE = "outside"  # beacons and lotteries come out
    HOLD = "hold"
    HELD = "held"
    VOIDED = "voided"


class Chance(StrEnum):
    """What the outcome rests on."""

    NOTHING = ""  # voided before anything can be said
    REHEARSAL = "rehearsal"  # one hand may have given every value
    PLATFORM = "platform"  # the provincial platform drew it; nothing of its chance is known here
    STEERABLE = "steerable"  # witnesses alone
    EXPECTED = "expected"  # a value from outside is to come after the last reveal
    LATE = "late"  # a witness spoke when the value from outside was out already
    UNSTEERABLE = "unsteerable"  # a value from outside came after the last reveal


class VerificationState(StrEnum):
    """What there is to verify."""

    OPEN = "open"  # the bundle is for everybody
    LATER = "later"
    NOTHING = "nothing"  # voided without a result


def percent(count: int, size: int) -> str:
    """How likely each target of a stratum is drawn, in percent with two places. What is neither certain nor impossible
    is never rounded to 100 or 0."""
    if count in (0, size):
        return "100" if count else "0"
    exact = Decimal(100 * count) / size
    return str(min(max(exact.quantize(CENT), CENT), 100 - CENT))


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What the rows hold of one source. `comes_out`: of an outside value; `proof`: its signature was verified."""

    witness: bool
    pledged: bool
    value: bool
    revealed_at: datetime | None
    confirmed_at: datetime | None
    comes_out: datetime | None
    hand: str  # own typed read
    role: str  # of the account that gave it
    proof: bool


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """What the rows hold of a draw. `shown`: a rehearsal district has nobody to warn of a visit."""

    practice: bool
    sources: tuple[SourceFacts, ...]
    held_at: datetime | None
    voided_at: datetime | None
    tasks: tuple[TaskState, ...]
    batch: BatchState
    closes: date
    today: date | None
    shown: bool = False
    platform: bool = False  # brought in by file


@dataclass(frozen=True, slots=True)
class PublicSource:
    """What is said of one source. `hand`: how it came in, "" where the rows do not tell."""

    given: bool
    hand: str  # typed head named signature read confirmed


@dataclass(frozen=True, slots=True)
class PublicDraw:
    """What is said of a draw: nothing that `DrawFacts` does not hold."""

    step: CeremonyStep
    chance: Chance
    proof: VerificationState
    opened: bool

    @property
    def voided(self) -> bool:
        return self.step == CeremonyStep.VOIDED

    @property
    def held(self) -> bool:
        return self.step == CeremonyStep.HELD

    @property
    def pledging(self) -> bool:
        return self.step == CeremonyStep.PLEDGES

    @property
    def rehearsal(self) -> bool:
        return self.chance == Chance.REHEARSAL


def public_draw(facts: DrawFacts) -> PublicDraw:
    """What may be said of the draw."""
    opened = facts.held_at is not None and _visits_over(facts)
    proof = (
        VerificationState.OPEN
        if opened
        else VerificationState.NOTHING
        if facts.voided_at and not facts.held_at
        else VerificationState.LATER
    )
    return PublicDraw(_step(facts), _chance(facts), proof, opened)


def _visits_over(facts: DrawFacts) -> bool:
    """Nobody can be warned of a visit any more by learning who was drawn."""
    if facts.batch == BatchState.CLOSED or (facts.shown and facts.practice and not facts.voided_at):
        return True
    if facts.today is not None and facts.today > facts.closes + OPENED_AFTER:
        return True
    return bool(facts.tasks) and not any(state in UNTIL_CONCLUDED for state in facts.tasks)


def _step(facts: DrawFacts) -> CeremonyStep:
    witnesses = [source for source in facts.sources if source.witness]
    if facts.voided_at:
        return CeremonyStep.VOIDED
    if facts.held_at:
        return CeremonyStep.HELD
    if not all(witness.pledged for witness in witnesses):
        return CeremonyStep.PLEDGES
    if not all(witness.value for witness in witnesses):
        return CeremonyStep.REVEALS
    return (
        CeremonyStep.HOLD
        if all(public_source(source).given for source in facts.sources)
        else CeremonyStep.OUTSIDE
    )


def _chance(facts: DrawFacts) -> Chance:
    if facts.platform:
        return Chance.PLATFORM
    if facts.practice or any(source.hand == Hand.TYPED for source in facts.sources):
        return Chance.REHEARSAL
    outside = [source for source in facts.sources if not source.witness]
    witnesses = [source for source in facts.sources if source.witness]
    if not any(source.comes_out for source in outside):
        return Chance.STEERABLE
    if all(witness.value for witness in witnesses) and any(
        _after_all(source, witnesses) for source in outside
    ):
        return Chance.UNSTEERABLE
    if all(any(_late(witness, source) for witness in witnesses) for source in outside if source.comes_out):
        return Chance.LATE
    if facts.voided_at:
        return Chance.NOTHING
    return Chance.STEERABLE if facts.held_at else Chance.EXPECTED


def _after_all(outside: SourceFacts, witnesses: list[SourceFacts]) -> bool:
    """The outside value stands and came out when every witness had spoken."""
    return (
        outside.comes_out is not None
        and public_source(outside).given
        and outside.revealed_at is not None
        and outside.revealed_at >= outside.comes_out
        and all(witness.revealed_at and witness.revealed_at < outside.comes_out for witness in witnesses)
    )


def _late(witness: SourceFacts, outside: SourceFacts) -> bool:
    return bool(witness.revealed_at and outside.comes_out and witness.revealed_at >= outside.comes_out)


def public_source(facts: SourceFacts) -> PublicSource:
    """Whether a source's value stands, and how it came in."""
    given = facts.value and (facts.witness or facts.confirmed_at is not None)
    if facts.hand == Hand.TYPED:
        return PublicSource(given, "typed")
    if facts.witness:
        own = {"head": "head", "inspector": "named"}.get(facts.role, "")
        return PublicSource(given, own if facts.hand == Hand.OWN else "")
    if facts.hand == Hand.READ:
        return PublicSource(given, "signature" if facts.proof else "confirmed" if given else "read")
    return PublicSource(given, "")


def draw_state(held_at: datetime | None, voided_at: datetime | None) -> str:
    """A draw in the chain: voided, held, or committed and nothing more."""
    return "voided" if voided_at else "held" if held_at else "committed"
