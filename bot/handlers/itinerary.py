"""A member answers many proposed times at once; a leader fixes all that are agreed (Art. 15, 16 (2)).

What is missing is shown before the press, with the act beside it; a press does all of it or says what it did.
"""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import itinerary as views
from locales.refusals import explain
from models.procedure import itinerary, schedule
from models.procedure.itinerary import Outcome
from models.queries import itinerary as rounds
from models.queries.itinerary import Unchecked, VisitProposal
from models.queries.person import departments_in
from models.rules import visit
from models.rules.actor import Actor, Role

PROPOSALS, READY, UNCHECKED = "proposals", "ready", "unchecked"


@pressed(Act.PROPOSALS)
async def proposals(turn: Turn) -> None:
    for _, visits in await _asked(turn):
        await turn.show(PROPOSALS, views.proposals(visits, turn.words))


@pressed(Act.PROPOSALS_MINE)
async def change_answers(turn: Turn) -> None:
    """Every time that is not fixed yet, with what was answered and the other answer."""
    for _, visits in await _mine(turn):
        await turn.show(PROPOSALS, views.proposals(visits, turn.words))


@pressed(Act.CAN_ALL)
async def can_all(turn: Turn, seen: str) -> None:
    """Yes to the list that was shown; another list is shown first."""
    for by, visits in await _asked(turn):
        if rounds.digest(visits) != seen:
            await turn.toast("round.changed")
            await turn.show(PROPOSALS, views.proposals(visits, turn.words))
            continue
        outcomes = await itinerary.reply(
            [proposal.number for proposal in visits], True, by=by, at=turn.at, key=turn.key()
        )
        done, failed = await _sorted(turn, visits, outcomes)
        await turn.toast("round.answered", n=done)
        await turn.show(PROPOSALS, views.answered(done, turn.words, failed))
        return
    await turn.toast("round.changed")


@pressed(Act.ANSWER_ONE)
async def answer_one(turn: Turn, task: int, can: bool, when: int) -> None:
    """可以 or 不行 to one of the times in the message; it can be pressed again until the time is fixed."""
    for by, visits in await _mine(turn):
        if proposal := next(
            (offered for offered in visits if (offered.id, visit.minute(offered.begins)) == (task, when)),
            None,
        ):
            await schedule.reply(
                proposal.number, can, by=by, at=turn.at, begins=proposal.begins, key=turn.key()
            )
            await turn.toast("toast.replied")
            left = [each for mine, each in await _mine(turn) if mine.id == by.id]
            await turn.show(PROPOSALS, views.proposals(left[0] if left else (), turn.words))
            return
    await turn.toast("round.changed")


@pressed(Act.READY)
async def ready(turn: Turn) -> None:
    for _, visits in await _led(turn):
        await turn.show(READY, _ready(turn, visits))


def _ready(turn: Turn, visits: tuple[VisitProposal, ...]) -> views.View:
    district = turn.services.district
    short = [
        proposal
        for proposal in visits
        if not proposal.withheld
        and visit.notice_days(district.calendar, turn.at, proposal.begins) < district.notice_days
    ]
    return views.ready(visits, turn.words, short=short, needed=district.notice_days)


@pressed(Act.FIX_ALL)
async def fix_all(turn: Turn, seen: str, reason: str = "") -> None:
    """Fix and send what is complete of the list that was shown; what is refused is named with its reason."""
    for by, visits in await _led(turn):
        if rounds.digest(visits) != seen:
            await turn.toast("round.changed")
            await turn.show(READY, _ready(turn, visits))
            continue
        complete = [proposal for proposal in visits if not proposal.missing]
        outcomes = await itinerary.fix(
            [proposal.number for proposal in complete], by=by, at=turn.at, district=turn.services.district, key=turn.key(),
            reason=turn.words(f"short.{reason}") if reason else "",
        )  # fmt: skip
        done, failed = await _sorted(turn, complete, outcomes)
        await turn.toast("round.done", n=done)
        await turn.show(READY, views.fixed(done, failed, turn.words))
        return
    await turn.toast("round.changed")


@pressed(Act.NETWORK_OPEN)
async def unchecked(turn: Turn) -> None:
    """The tasks whose network check is open, how far each is, and one press that ends them all."""
    for _, visits in await _unchecked(turn):
        await turn.show(UNCHECKED, views.unchecked(visits, turn.words))


@pressed(Act.NETWORK_CLOSE_ALL)
async def close_network_checks(turn: Turn, seen: str) -> None:
    for by, visits in await _unchecked(turn):
        if rounds.digest(visits) != seen:
            await turn.toast("round.changed")
            await turn.show(UNCHECKED, views.unchecked(visits, turn.words))
            continue
        outcomes = await itinerary.close_network_checks(
            [round_visit.number for round_visit in visits], by=by, at=turn.at, key=turn.key()
        )
        done = sum(outcome.refused is None for outcome in outcomes)
        await turn.toast("round.network_closed", n=done)
        if any(each for _, each in await _led(turn)):
            await ready(turn)
        else:
            await turn.show(UNCHECKED, views.network_closed(done, turn.words))
        return
    await turn.toast("round.changed")


async def _sorted(
    turn: Turn, results: tuple[VisitProposal, ...] | list[VisitProposal], outcomes: tuple[Outcome, ...]
) -> tuple[int, list[tuple[VisitProposal, str]]]:
    """How many were done, and why the others were not."""
    names = await departments_in(*(outcome.refused for outcome in outcomes if outcome.refused))
    why = {
        outcome.number: explain(outcome.refused, turn.words, names) for outcome in outcomes if outcome.refused
    }
    failed = [(proposal, why[proposal.number]) for proposal in results if proposal.number in why]
    return len(outcomes) - len(failed), failed


async def _asked(turn: Turn) -> list[tuple[Actor, tuple[VisitProposal, ...]]]:
    mine = [(actor, await rounds.proposed_to(actor.id)) for actor in turn.person.acting(Role.INSPECTOR)]
    return [(by, visits) for by, visits in mine if visits]


async def _mine(turn: Turn) -> list[tuple[Actor, tuple[VisitProposal, ...]]]:
    """The times that each of this person's accounts was asked about and that are not fixed, answered or not."""
    officers = turn.person.acting(Role.INSPECTOR)
    return [(officer, await rounds.proposed_to(officer.id, answered=True)) for officer in officers]


async def _led(turn: Turn) -> list[tuple[Actor, tuple[VisitProposal, ...]]]:
    mine = [
        (actor, await rounds.ready(actor.id, turn.at, turn.services.district))
        for actor in turn.person.acting(Role.INSPECTOR)
    ]
    return [(by, visits) for by, visits in mine if visits]


async def _unchecked(turn: Turn) -> list[tuple[Actor, tuple[Unchecked, ...]]]:
    mine = [(actor, await rounds.unchecked(actor.id)) for actor in turn.person.acting(Role.INSPECTOR)]
    return [(by, visits) for by, visits in mine if visits]
