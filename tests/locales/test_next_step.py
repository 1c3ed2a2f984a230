"""A refusal does not end with what happened: it says what to do next, or that nothing is to be done."""

from __future__ import annotations

import re

from locales import sentences

WAY = re.compile("请|须|先|可|再|待|只能|无需|不用|点“|确认后|后才能|后办结|由检查过的")
OF_A_BUNDLE = re.compile(
    r"draw\.(.*_(malformed|twice|unknown|normal|plain|missing|without_team|drawable|large|hold|seated|in_play)"
    r"|removal_differs|not_a_witness|holds_not_padded)"
)
"""What is found wrong in the files of a draw: whoever checks a bundle can do no more than fetch it again."""
NO_WAY = {
    "article",  # the rule behind a refusal, no sentence of its own
    "backup.no_snapshot",  # names those that are there
    "backup.would_lose",  # the command's own help says how
    "results.asked",  # says how to write each
}


def test_every_refusal_says_what_to_do_next() -> None:
    refusals = {
        key.removeprefix("refusal."): forms[0]
        for key, forms in sentences("zh_Hans").items()
        if key.startswith("refusal.")
    }
    assert len(refusals) > 400
    silent = {key for key, sentence in refusals.items() if not WAY.search(sentence)}
    assert {key for key in silent if not OF_A_BUNDLE.fullmatch(key)} == NO_WAY


def test_a_closed_section_says_who_does_what_about_a_wrong_answer() -> None:
    for language, officer, leader in (
        ("zh_Hans", "录入本部门结果", "组长"),
        ("en", "your department's result", "leader"),
    ):
        said = sentences(language)["refusal.checklist.final"][0]
        assert officer in said and leader in said
