"""News of visits and teams that somebody else's act changed, worded as it goes out (Art. 14 (2), 15)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.buttons import Act
from bot.notifications.notification import OutgoingNotification
from bot.views import View, bold, button, lines, literal, rows
from bot.views import itinerary as rounds_shown
from bot.views import pending_decisions as views
from bot.views.task import moment
from models.queries import itinerary as rounds
from models.queries import pending_decisions


async def _unfixed(parcel: OutgoingNotification) -> None:
    """The fixed time does not hold any more: why, and for the leader what to do."""
    words, payload = parcel.words, parcel.payload
    card = await parcel.card(payload["task"])
    time = moment(datetime.fromisoformat(payload["begins"]), words)
    text = lines(
        bold(words("news.unfixed")),
        literal(card.target, 80),
        words.html("card.number", number=card.number),
        words("news.unfixed_why", time=time, names=literal(words.joined(payload["names"]), 80)),
        words("news.unfixed_call") if card.me.leader else None,
    )
    keys = [button(words("button.days"), Act.DAYS, card.id, style="primary")] if card.me.leader else None
    await parcel.news(View(text, rows(keys, [button(words("button.open_task"), Act.OPEN, card.id)])))


async def _unfit(parcel: OutgoingNotification) -> None:
    """To a leader: an officer may not go any more, and the head is asked."""
    words, payload = parcel.words, parcel.payload
    ground = words(f"web.unfit.{payload['ground']}")
    numbers = payload["tasks"]
    text = lines(
        bold(words("news.unfit", name=literal(payload["officer"], 40), ground=ground)),
        words("asked.tasks", n=len(numbers), tasks=literal(words.joined(numbers[:4]))),
        words("news.unfit_text"),
    )
    await parcel.news(View(text, rows([button(words("button.list"), Act.LIST, 0)])))


async def _unaccepted(parcel: OutgoingNotification) -> None:
    """To a leader: a member has not accepted, and the head is asked for a substitute."""
    words, payload = parcel.words, parcel.payload
    text = lines(
        bold(words("news.unaccepted", name=literal(payload["officer"], 40))),
        words("asked.tasks", n=1, tasks=literal(payload["task"])),
        words("news.unaccepted_text"),
    )
    await parcel.news(View(text, rows([button(words("button.list"), Act.LIST, 0)])))


async def _time_gone(parcel: OutgoingNotification) -> None:
    """To the entity: the letter it has does not stand any more."""
    letter = await pending_decisions.letter(parcel.payload["notice"])
    text = lines(
        bold(parcel.words("news.time_gone")), literal(letter.target, 80), parcel.words("news.time_gone_text")
    )
    await parcel.news(View(text, rows([button(parcel.words("button.notice"), Act.NOTICE, letter.id)])))


async def _visits_proposed(parcel: OutgoingNotification) -> None:
    proposals = await rounds.proposed_to(parcel.by.id)
    if proposals:
        await parcel.news(rounds_shown.proposals(proposals, parcel.words))


async def _visits_fixed(parcel: OutgoingNotification) -> None:
    """One message for every visit that was fixed together; the list shows when each is."""
    words = parcel.words("news.visits_fixed", n=len(parcel.payload["tasks"]))
    await parcel.news(View(bold(words), rows([button(parcel.words("button.list"), Act.LIST, 0)])))


async def _team_asked(parcel: OutgoingNotification) -> None:
    request = await pending_decisions.asked_out(parcel.payload["substitution"])
    await parcel.news(views.substitution(request, parcel.words), f"out:{request.id}")


async def _team_decided(parcel: OutgoingNotification) -> None:
    request = await pending_decisions.asked_out(parcel.payload["substitution"])
    words = parcel.words("news.excused" if request.consented else "news.not_excused")
    keys = rows([button(parcel.words("button.list"), Act.LIST, 0)])
    await parcel.news(
        View(
            lines(
                bold(words),
                parcel.words(
                    "asked.tasks", n=len(request.tasks), tasks=literal(parcel.words.joined(request.tasks[:4]))
                ),
            ),
            keys,
        )
    )


async def _nobody_left(parcel: OutgoingNotification) -> None:
    request = await pending_decisions.asked_out(parcel.payload["substitution"])
    await parcel.news(
        View(
            lines(
                bold(parcel.words("news.nobody_left")),
                parcel.words("asked.out", name=literal(request.name, 40)),
                parcel.words("web.staffing.vacant"),
            ),
            rows([button(parcel.words("button.staff"), Act.STAFF)]),
        )
    )


async def _no_visit(parcel: OutgoingNotification) -> None:
    """To the entity: what was announced will not be."""
    letter = await pending_decisions.letter(parcel.payload["notice"])
    text = lines(
        bold(parcel.words("news.no_visit")), literal(letter.target, 80), parcel.words("news.no_visit_text")
    )
    await parcel.news(View(text, rows([button(parcel.words("button.notice"), Act.NOTICE, letter.id)])))


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "visits.proposed": _visits_proposed,
    "visits.fixed": _visits_fixed,
    "team.asked": _team_asked,
    "team.decided": _team_decided,
    "team.nobody_left": _nobody_left,
    "visit.unfixed": _unfixed,
    "team.unfit": _unfit,
    "team.unaccepted": _unaccepted,
    "notice.time_gone": _time_gone,
    "notice.no_visit": _no_visit,
}
