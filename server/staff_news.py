"""What an official is told without a chat: that there is news, of which task, where to read it (Art. 5-7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from locales import Words, closest, words
from models.district import District
from models.procedure import invitation
from models.rules import text, tokens
from models.rules.term import of_term
from models.rules.term.kinds import BY_NAME

DUE = 20  # terms in one mail


@dataclass(frozen=True)
class StaffNews:
    """A message for a mail (`subject`, `text`) and for a text message (`brief`)."""

    subject: str
    text: str
    brief: str


class StaffWording:
    """`wording(payload, language)`: from the kind of the message (`word`) and what it is `about`.

    `deep_link(token)`: where an invited person opens the bot.
    """

    def __init__(self, district: District, deep_link: Callable[[str], str] = "/start {}".format) -> None:
        self._district, self._deep_link = district, deep_link

    def __call__(self, payload: Mapping[str, Any], language: str) -> StaffNews:
        spoken = words(closest(language))
        key = f"bare.kind.{payload['word']}"
        what = spoken(key) if spoken.has(key) else spoken("bare.news")
        data = payload["data"]
        if payload["word"] == "enrolment.invited":
            return self._invitation(data, spoken)
        reason = text.visible(str(data.get("reason") or ""))
        about = spoken.joined(payload.get("about") or ())
        params = {
            "what": what, "about": about, "district": self._district.name, "url": self._district.link("/console/"),
        }  # fmt: skip
        lines = [
            spoken("staff.what", **params),
            spoken("staff.about", **params) if about else "",
            spoken("staff.sign_in", **params),
            spoken("staff.reason", reason=reason) if reason else "",
            *_due(data, spoken),
        ]
        return StaffNews(
            spoken("staff.subject", **params),
            "\n".join(filter(None, lines)),
            spoken("staff.brief_about" if about else "staff.brief", **params),
        )

    def _invitation(self, data: Mapping[str, Any], spoken: Words) -> StaffNews:
        token = tokens.token(self._district.secret, invitation.PURPOSE, data["invitation"])
        params = {
            "district": self._district.name, "link": self._deep_link(token),
            "until": spoken.moment(datetime.fromisoformat(data["until"])),
        }  # fmt: skip
        parts = [spoken(f"invitation.{part}", **params) for part in ("subject", "text", "brief")]
        return StaffNews(*parts)


def _due(payload: Mapping[str, Any], spoken: Words) -> list[str]:
    """Of the morning word each term: which task, which kind, until when, what is late first; nobody's name."""
    terms = [
        term
        for term in payload.get("tasks") or ()
        if isinstance(term, Mapping) and term.get("kind") in BY_NAME
    ]
    return [
        spoken(
            "staff.term_late" if term["left"] < 0 else "staff.term", number=of_term(term),
            due=date.fromisoformat(str(term["due"])[:10]),
            kind=spoken(f"term.kind.{term['kind']}"),
        )
        for term in sorted(terms, key=lambda term: (term["left"] >= 0, term["due"]))[:DUE]
    ]  # fmt: skip
