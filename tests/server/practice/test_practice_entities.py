"""Formatted texts are read, counted in UTF-16 units and refused as Telegram does it."""

from __future__ import annotations

import pytest

from server.practice.entities import parse
from server.practice.refusals import ApiRefusal


def _kinds(text: str, mode: str | None) -> list[tuple[str, int, int]]:
    return [(entity["type"], entity["offset"], entity["length"]) for entity in parse(text, mode)[1]]


def test_html_nests_and_counts_in_utf_16_units() -> None:
    plain, entities = parse(
        '🏨<b>云杉 <i>宾馆</i></b> <a href="https://example.org/?a=1&amp;b=2">页</a>', "HTML"
    )
    assert plain == "🏨云杉 宾馆 页"
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in entities] == [
        ("bold", 2, 5),
        ("italic", 5, 2),
        ("text_link", 8, 1),
    ]
    assert entities[2]["url"] == "https://example.org/?a=1&b=2"


def test_html_escapes_are_literal_and_other_ampersands_stay() -> None:
    assert parse("&lt;b&gt; 甲&乙 &amp; &#20108; &nbsp;", "html")[0] == "<b> 甲&乙 & 二 &nbsp;"


def test_html_knows_quotes_spoilers_code_and_times() -> None:
    text = (
        "<blockquote expandable>一</blockquote><tg-spoiler>二</tg-spoiler><pre>三</pre>"
        '<tg-time unix="1700000000" format="wDT">四</tg-time>'
    )
    plain, entities = parse(text, "HTML")
    assert plain == "一二三四"
    assert [entity["type"] for entity in entities] == ["expandable_blockquote", "spoiler", "pre", "date_time"]
    assert entities[-1]["unix_time"] == 1_700_000_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<b>甲", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>甲</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("甲</b>", "Unexpected end tag at byte offset 3"),
        ("<h1>甲</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ],
)
def test_broken_html_is_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(ApiRefusal) as caught:
        parse(text, "HTML")
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"


def test_markdown_v2_marks_and_escapes() -> None:
    plain, entities = parse(
        "*甲* _乙_ __丙__ ~丁~ ||戊|| `a.b` [己](https://example.org/x) 1\\.5", "MarkdownV2"
    )
    assert plain == "甲 乙 丙 丁 戊 a.b 己 1.5"
    assert [entity["type"] for entity in entities] == [
        "bold", "italic", "underline", "strikethrough", "spoiler", "code", "text_link",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.5", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("*甲", "Can't find end of Bold entity at byte offset 0"),
        ("甲 `乙", "Can't find end of Code entity at byte offset 4"),
    ],
)
def test_broken_markdown_is_refused(text: str, words: str) -> None:
    with pytest.raises(ApiRefusal) as caught:
        parse(text, "MarkdownV2")
    assert words in caught.value.description


def test_commands_mentions_and_links_are_found_by_themselves() -> None:
    assert _kinds("/start@xinhua_ssj_bot 问 @zhang_san：https://example.org/n/abc。#消防", None) == [
        ("bot_command", 0, 21),
        ("mention", 24, 10),
        ("url", 35, 25),
        ("hashtag", 61, 3),
    ]


def test_nothing_is_found_inside_code_or_an_address() -> None:
    assert _kinds("<code>/start</code>", "HTML") == [("code", 0, 6)]
    assert _kinds("https://example.org/start", None) == [("url", 0, 25)]


def test_text_is_trimmed_and_its_marks_move_along() -> None:
    assert parse("\n  <b>甲</b>  \n", "HTML") == ("甲", [{"type": "bold", "offset": 0, "length": 1}])
