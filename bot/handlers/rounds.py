"""A member answers many proposed times at once; a leader fixes all that are agreed (Art. 15, 16 (2))."""

from __future__ import annotations

from bot.turn import Turn
from bot.views import round as views
from locales.refusals import explain
from models.procedure import itinerary, schedule
from models.queries import round as rounds
from models.queries.round import Proposal
from models.rules.actor import Actor, Role

PROPOSALS, READY = "proposals", "ready"


async def proposals(turn: Turn) -> None:
    for _, found in await _asked(turn):
        await turn.show(PROPOSALS, views.proposals(found, turn.words))


async def can_all(turn: Turn, seen: str) -> None:
    """Yes to the list that was shown; another list is shown first."""
    for by, found in await _asked(turn):
        if rounds.digest(found) != seen:
            await turn.toast("round.changed")
            await turn.show(PROPOSALS, views.proposals(found, turn.words))
            continue
        for one in found:
            await schedule.reply(one.number, True, by=by, at=turn.at, key=turn.key())
        await turn.toast("toast.replied")
        await turn.show(PROPOSALS, views.answered(len(found), turn.words))
        return
    await turn.toast("round.changed")


async def ready(turn: Turn) -> None:
    for _, found in await _led(turn):
        await turn.show(READY, views.ready(found, turn.words))


async def fix_all(turn: Turn, seen: str) -> None:
    """Fix and send the list that was shown; what is refused is named with its reason."""
    for by, found in await _led(turn):
        if rounds.digest(found) != seen:
            await turn.toast("round.changed")
            await turn.show(READY, views.ready(found, turn.words))
            continue
        made = await itinerary.fix(
            [one.number for one in found], by=by, at=turn.at, district=turn.services.district, key=turn.key()
        )
        why = {one.number: explain(one.refused, turn.words) for one in made if one.refused}
        failed = [(one, why[one.number]) for one in found if one.number in why]
        await turn.toast("round.done", n=len(made) - len(failed))
        await turn.show(READY, views.fixed(len(made) - len(failed), failed, turn.words))
        return
    await turn.toast("round.changed")


async def _asked(turn: Turn) -> list[tuple[Actor, tuple[Proposal, ...]]]:
    mine = [(one, await rounds.proposed_to(one.id)) for one in turn.person.acting(Role.INSPECTOR)]
    return [(by, found) for by, found in mine if found]


async def _led(turn: Turn) -> list[tuple[Actor, tuple[Proposal, ...]]]:
    mine = [(one, await rounds.ready(one.id)) for one in turn.person.acting(Role.INSPECTOR)]
    return [(by, found) for by, found in mine if found]
