"""News about one's own account stands in bold where it is meant to, and names stand as written (Art. 7, 10; D24)."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from bot import notifications
from bot.notifications import enrolment
from bot.views import View
from locales import LANGUAGES, Html, Words, words

MOMENT = "2026-11-28T09:00:00+08:00"
NEWS: dict[str, dict[str, Any]] = {
    "told.left_out": {
        "people": [{"whose": "head", "name": "甲<b>", "why": "no_account"}],
        "about": "draw.invited",
        "tasks": ["甲<b>"],
        "n": 1,
    },
    "told.missed": {"missed": [{"about": "draw.invited", "task": "甲<b>"}]},
    "clock.doubt": {"doubt": "ahead", "before": MOMENT, "after": MOMENT},
}


class Parcel:
    """What a message is worded from."""

    def __init__(self, payload: dict[str, Any], spoken: Words) -> None:
        self.payload, self.words, self.shown = payload, spoken, View("")

    async def news(self, view: View) -> None:
        self.shown = view


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NEWS)
async def test_e15_the_lines_of_news_are_html_by_type_and_names_in_them_are_not(
    kind: str, language: str
) -> None:
    parcel = Parcel(NEWS[kind], words(language))
    await enrolment.KINDS[kind](parcel)  # type: ignore[arg-type]
    text = parcel.shown.text
    assert isinstance(text, Html) and text.startswith("<b>") and text.count("<b>") == 1
    assert kind == "clock.doubt" or "甲&lt;b&gt;" in text


def test_e15_no_message_is_joined_by_a_plain_string() -> None:
    """`"".join` forgets that its parts are HTML, so that their tags are shown: `joined` does not."""
    folder = Path(notifications.__file__).parent
    plain = [
        f"{path.name}:{node.lineno}"
        for path in sorted(folder.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "join" and isinstance(node.value, ast.Constant)
    ]
    assert plain == []
