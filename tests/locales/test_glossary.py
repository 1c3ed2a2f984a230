"""The words are those of the regulation, one for each thing, in both languages and wherever a person reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from locales import LANGUAGES, sentences
from server.tour import on_the_screen
from tests.locales.glossary import CHINESE, GLOSSARY, Term

ROOT = Path(__file__).parents[2]
HAN = re.compile(r"[\u3400-\u9fff]+")
PRACTICE: dict[str, dict[str, str]] = json.loads((ROOT / "server/practice/words.json").read_text("utf-8"))
SIDE = {"zh_Hans": "zh", "en": "en"}
COMMENT = re.compile(r"(?m)^\s*//.*$|\s//\s.*$|/\*.*?\*/|\{#.*?#\}|<!--.*?-->", re.S)


def doubles(term: Term, text: str) -> list[str]:
    """What `text` says instead of the term, its allowed phrases aside."""
    for phrase in term.phrases:
        text = text.replace(phrase, " ")
    return re.findall(term.instead_of, text)


def worded(language: str) -> Iterator[tuple[str, str]]:
    """Every sentence of the catalogues, without its gaps, and every word of the practice phones."""
    for key, forms in sentences(language).items():
        yield from ((key, re.sub(r"\{\w+\}", "{}", form)) for form in forms)
    yield from ((f"practice.{name}", both[SIDE[language]]) for name, both in PRACTICE.items())


def written() -> Iterator[tuple[str, str]]:
    """Whatever else a person reads: pages, scripts, the verifier, the readme and the documents."""
    pages = [
        path for kind in ("html", "js", "webmanifest", "typ") for path in (ROOT / "server").rglob(f"*.{kind}")
    ]
    papers = [path for path in (ROOT / "docs").rglob("*.md") if path.name not in ("细则.md", "promises.md")]
    for path in (
        *pages,
        *papers,
        ROOT / "README.md",
        ROOT / ".env.example",
        ROOT / "server/public/static/verify_draw.py",
    ):
        yield str(path.relative_to(ROOT)), path.read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_c13_one_word_for_one_thing_in_every_sentence(language: str) -> None:
    wrong = [
        (key, found, term.word)
        for term in GLOSSARY[language]
        for key, text in worded(language)
        if key not in term.keys and (found := doubles(term, text))
    ]
    assert wrong == []


def test_c13_pages_scripts_and_documents_use_the_same_words() -> None:
    wrong = [
        (name, found, term.word)
        for name, text in written()
        for term in CHINESE
        if (found := doubles(term, text))
    ]
    assert wrong == []


def test_c13_templates_and_scripts_leave_the_words_to_the_catalogues() -> None:
    """But for a language's own name, the product's name, and what an inspector may type."""
    own = {"中文", "双随机", "双"}
    elsewhere = {"value.js": "what an inspector may type", "index.html": "what shows before any script runs"}
    found = {}
    for folder in ("templates", "companion/static", "practice/static", "documents"):
        for path in sorted((ROOT / "server" / folder).rglob("*")):
            if path.suffix in (".html", ".js", ".typ") and path.name not in elsewhere:
                literal = set(HAN.findall(COMMENT.sub("", path.read_text("utf-8")))) - own
                if literal:
                    found[path.name] = literal
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_c13_every_term_is_in_use_and_every_exception_needed(language: str) -> None:
    everything = dict(worded(language))
    text = "\n".join(everything.values())
    for term in GLOSSARY[language]:
        assert term.word.lower() in text.lower(), term.word
        assert [phrase for phrase in term.phrases if not phrase_is_needed(term, phrase, text)] == [], (
            term.word
        )
        assert [key for key in term.keys if not doubles(term, everything[key])] == [], term.word


def phrase_is_needed(term: Term, phrase: str, text: str) -> bool:
    return phrase in text and bool(re.search(term.instead_of, phrase))


def labels(language: str) -> set[str]:
    """What stands on buttons, titles and menus: each sentence up to its first gap or bracket."""
    return {
        re.split(r"[{（(]", text)[0].strip()
        for key, text in worded(language)
        if not key.startswith("demo.step.") and len(text) < 60
    }


@pytest.mark.parametrize(("language", "quoted"), [("zh_Hans", "“([^”]+)”"), ("en", "“([^”]+)”")])
def test_c14_every_button_that_the_tour_names_stands_on_a_screen(language: str, quoted: str) -> None:
    told = {
        key: one
        for key, (one, *_) in sentences(language).items()
        if key.startswith(("demo.step.", "cli.demo.ready"))
    }
    screen = on_the_screen(language)
    named = [(key, name) for key, text in told.items() for name in re.findall(quoted, filled(text, screen))]
    assert {name for text in told.values() for name in re.findall(r"“{(\w+)}”", text)} == set(screen)
    assert [
        (key, name) for key, name in named if re.split("[（(]", name)[0].strip() not in labels(language)
    ] == []


def filled(text: str, names: dict[str, str]) -> str:
    """The text with the names that it has gaps for."""
    for name, label in names.items():
        text = text.replace("{" + name + "}", label)
    return text


def test_c14_the_tour_does_not_say_left_or_right() -> None:
    """The practice phones stand beside the steps on a wide screen, and behind them on a narrow one."""
    for language, sides in (("zh_Hans", "左|右"), ("en", r"\b(?:left|right)\b")):
        told = [text for key, text in worded(language) if key.startswith(("demo.", "cli.demo."))]
        assert [text for text in told if re.search(sides, text)] == []
