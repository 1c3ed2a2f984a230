"""News about one's own account: somebody guesses links, somebody signs in for somebody else (Art. 7, 10)."""

from __future__ import annotations

from datetime import datetime

from bot.notifications.notification import OutgoingNotification
from bot.views import View, bold, joined, lines, literal

MOST = 20  # lines of one message


async def _guessing(parcel: OutgoingNotification) -> None:
    await parcel.news(View(bold(parcel.words("news.guessing")) + "\n" + parcel.words("news.guessing_text")))


async def _stand_in(parcel: OutgoingNotification) -> None:
    """A session was opened, or may be, in which somebody else acts in the reader's name."""
    htmls = {name: literal(str(parcel.payload.get(name, "")), 200) for name in ("who", "reason")}
    await parcel.news(View(parcel.words("news.stand_in" if htmls["reason"] else "news.stood_in", **htmls)))


async def _acted_for(parcel: OutgoingNotification) -> None:
    """The person at the server did something in the reader's name."""
    htmls = {name: literal(str(parcel.payload.get(name, "")), 200) for name in ("about", "reason")}
    htmls["act"] = parcel.words.html(f"deed.{parcel.payload['act']}")
    await parcel.news(View(parcel.words("news.acted_for", **htmls)))


async def _left_out(parcel: OutgoingNotification) -> None:
    """To the office: who ought to have been told of what, and was not."""
    words, payload = parcel.words, parcel.payload
    people = [
        words.html(
            "left_out.person", whose=words(f"left_out.whose.{person['whose']}"), name=person["name"],
            why=words(f"left_out.why.{person['why']}"),
        )
        for person in payload["people"]
    ]  # fmt: skip
    about = words.html("left_out.about_line", about=_about(parcel, payload["about"]))
    numbers = [literal(number, 80) for number in payload["tasks"]]
    text = bold(words("left_out.news", n=payload["n"]))
    await parcel.news(View(joined("\n", (text, *people, about, *numbers, words("left_out.news.text")))))


async def _missed(parcel: OutgoingNotification) -> None:
    """To somebody who has an account now: what could not be told before."""
    words, missed = parcel.words, parcel.payload["missed"]
    listed = [
        words.html("left_out.missed.line", about=_about(parcel, person["about"]), task=person["task"])
        for person in missed[:MOST]
    ]
    text = bold(words("left_out.missed", n=len(missed)))
    await parcel.news(View(joined("\n", (text, *listed, words("left_out.missed.text")))))


def _about(parcel: OutgoingNotification, kind: str) -> str:
    key = f"left_out.about.{kind}"
    return parcel.words(key if parcel.words.has(key) else "left_out.about.other")


async def _clock_doubted(parcel: OutgoingNotification) -> None:
    """To the office: the machine's clock jumped, or nobody was there for days."""
    words, payload = parcel.words, parcel.payload
    params = {name: words.moment(datetime.fromisoformat(payload[name])) for name in ("before", "after")}
    what = words(f"evidence.clock.{payload['doubt']}", **params)
    title, way = bold(words("news.clock")), literal(words("evidence.clock_way"), 400)
    await parcel.news(View(lines(title, literal(what, 400), way)))


KINDS = {
    "told.left_out": _left_out,
    "told.missed": _missed,
    "clock.doubt": _clock_doubted,
    "enrolment.guessing": _guessing,
    "enrolment.acted_for": _acted_for,
    "enrolment.stand_in": _stand_in,
    "enrolment.stood_in": _stand_in,
}
