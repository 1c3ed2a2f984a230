"""News about one's own account: somebody guesses links, somebody signs in for somebody else (Art. 7, 10)."""

from __future__ import annotations

from bot.parcel import Parcel
from bot.views import View, bold, literal


async def _guessing(parcel: Parcel) -> None:
    await parcel.news(View(bold(parcel.words("news.guessing")) + "\n" + parcel.words("news.guessing_text")))


async def _stand_in(parcel: Parcel) -> None:
    """A session was opened, or may be, in which somebody else acts in the reader's name."""
    said = {name: literal(str(parcel.payload.get(name, "")), 200) for name in ("who", "reason")}
    await parcel.news(View(parcel.words("news.stand_in" if said["reason"] else "news.stood_in", **said)))


async def _acted_for(parcel: Parcel) -> None:
    """The person at the server did something in the reader's name."""
    said = {name: literal(str(parcel.payload.get(name, "")), 200) for name in ("act", "about", "reason")}
    await parcel.news(View(parcel.words("news.acted_for", **said)))


async def _nobody(parcel: Parcel) -> None:
    """To the office: a head or a leader who ought to be told has no account."""
    words, payload = parcel.words, parcel.payload
    missing = payload["missing"]
    about = words(f"bare.kind.{payload['about']}") if words.has(f"bare.kind.{payload['about']}") else ""
    said = bold(words(f"news.nobody.{missing}", name=literal(payload["name"], 80)))
    number = words.html("card.number", number=payload["task"]) if payload["task"] else ""
    await parcel.news(View("\n".join(filter(None, (said, literal(about, 80), number, words("news.nobody.text"))))))


KINDS = {
    "nobody.head": _nobody,
    "nobody.leader": _nobody,
    "enrolment.guessing": _guessing,
    "enrolment.acted_for": _acted_for,
    "enrolment.stand_in": _stand_in,
    "enrolment.stood_in": _stand_in,
}
