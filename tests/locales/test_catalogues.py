"""Every sentence is there in both languages, says the same, fits a small phone, and is used."""

from __future__ import annotations

import ast
import re
import string
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from locales import LANGUAGES, sentences, words
from locales.refusals import explain
from models.refusal import Refusal
from models.rules.actor import Role
from models.rules.checklist import Gap, ValueKind, Verdict
from models.rules.draw.substitution import Reason
from models.rules.entry import ALL
from models.rules.photo import Grade
from models.states import NoticeState, TaskState

ROOT = Path(__file__).parents[2]
KEY = re.compile(r"[a-z_]+(\.[A-Za-z0-9_]+)+|stranger|privacy")
CODE = re.compile(r"(actor|anchor|companion|batch|board|checklist|draw|enrolment|entry|network|notice|paper|photo|plan"
                  r"|publication|registry|scheme|state|task|team|visit|workdays)\.[a-z_]+")  # fmt: skip
CONCERNS = {
    "scheme.not_the_rate",
    "scheme.overloaded",
    "scheme.too_few_officers",
    "scheme.department_sends_nobody",
}


def room(language: str, name: str) -> dict[str, str]:
    path = ROOT / "locales" / language / "LC_MESSAGES" / f"{name}.po"
    with path.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale=language) if one.id}


def placeholders(sentence: str) -> set[str]:
    return {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(sentence) if name}


def trees(*folders: str) -> Iterator[tuple[Path, ast.AST]]:
    for folder in folders:
        yield from parsed(folder)


@cache
def parsed(folder: str) -> list[tuple[Path, ast.AST]]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [(path, ast.parse(path.read_text("utf-8"))) for path in paths if path.name != "verify_draw.py"]


@cache
def is_about_papers(path: Path) -> bool:
    """Whether `refuse` in this file is the one of papers."""
    return "paper" in path.name + ast.dump(ast.parse(path.read_text("utf-8")))[:4000]


def constants(*folders: str) -> set[str]:
    """Every text in the code that looks like a key."""
    found = set()
    for _, tree in trees(*folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                found.add(node.value)
    return found


def patterns(*folders: str) -> set[str]:
    """Every text with a gap in the code that looks like a key: `state.{…}` as `state\\.[^ ]+`."""
    found = set()
    for _, tree in trees(*folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = [v.value if isinstance(v, ast.Constant) else "\0" for v in node.values]
                text = "".join(str(part) for part in parts)
                if re.fullmatch(r"[a-z_]+\.[a-z_.\0]*\0[a-z_.\0]*", text):
                    found.add(re.escape(text).replace("\0", r"[A-Za-z0-9_]+"))
    return found


def worded_by_call() -> set[str]:
    """Keys that the chat asks for by name."""
    found = set()
    for _, tree in trees("bot"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in ("words", "said", "toast", "html"):
                    for part in ast.walk(node.args[0]):
                        if (
                            isinstance(part, ast.Constant)
                            and isinstance(part.value, str)
                            and KEY.fullmatch(part.value)
                        ):
                            found.add(part.value)
    return found


def test_both_languages_word_the_same_keys_with_the_same_values() -> None:
    chinese, english = (sentences(language) for language in LANGUAGES)
    assert set(chinese) == set(english)
    for key, forms in chinese.items():
        asked = set().union(*(placeholders(form) for form in forms))
        for form in english[key]:
            assert form.strip(), key
            assert placeholders(form) <= asked and asked - placeholders(form) <= {"n"}, key
        assert all(form.strip() for form in forms), key


def test_c13_no_key_is_followed_by_two_wordings() -> None:
    """A reader of catalogues takes one of them and drops the other without a word."""
    for path in (ROOT / "locales").rglob("*.po"):
        for entry in re.split(r"(?m)^msgid ", path.read_text("utf-8")):
            forms = re.findall(r"(?m)^msgstr(\[\d\])? ", entry)
            assert len(forms) == len(set(forms)), (path.name, entry)


def test_every_key_the_chat_asks_for_is_worded() -> None:
    assert worded_by_call() - set(sentences("zh_Hans")) == set()


@pytest.mark.parametrize(
    ("pattern", "values"),
    [
        ("state.{}", list(TaskState)), ("notice.{}", list(NoticeState)), ("verdict.{}", list(Verdict)),
        ("gap.{}", list(Gap)), ("reason.{}", list(Reason)), ("role.{}", list(Role)), ("result.{}", ALL),
        ("photo.grade.{}", list(Grade)), ("question.fill.{}", [k for k in ValueKind if k != ValueKind.TRI]),
        ("network.{}", ["pass", "fail", "open"]), ("date.weekday.{}", range(1, 8)),
    ],
)  # fmt: skip
def test_every_value_a_key_is_made_with_is_worded(pattern: str, values: list[object]) -> None:
    known = sentences("zh_Hans")
    assert [value for value in values if pattern.format(value) not in known] == []


FILLED_LATER = {"letter.page", "date.day", "web.witness.dice_count"}
"""Sentences that are asked for bare and filled where they are shown."""
ASKED_IN_TEMPLATES = re.compile(r"""\bw\(\s*["']([a-z_]+(?:\.[A-Za-z0-9_]+)+)["']([^()]*)\)""")


def asked_for() -> Iterator[tuple[str, set[str]]]:
    """Every key asked for by name in code or template, with the values it is given."""
    for _, tree in trees("bot", "locales", "models", "server"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                given = {str(keyword.arg) for keyword in node.keywords}
                if "None" not in given:
                    yield str(node.args[0].value), given
    for path in sorted((ROOT / "server" / "templates").rglob("*.html")):
        for key, values in ASKED_IN_TEMPLATES.findall(path.read_text("utf-8")):
            if "**" not in values:
                yield key, set(re.findall(r"(\w+)\s*=", values))


def test_every_sentence_is_given_the_values_it_names() -> None:
    known, calls = sentences("zh_Hans"), list(asked_for())
    assert len(calls) > 3000
    missing = [
        (key, sorted(lacking))
        for key, given in calls
        if key in known and key not in FILLED_LATER and (lacking := placeholders(known[key][0]) - given)
    ]
    assert missing == []


def test_no_sentence_of_the_chat_is_left_over() -> None:
    used, shaped = constants("bot", "locales", "models", "server"), patterns("bot", "locales", "server")
    unused = [
        key
        for key in room("zh_Hans", "bot")
        if key not in used and not any(re.fullmatch(pattern, key) for pattern in shaped)
    ]
    assert unused == []


@cache
def refusals() -> dict[str, list[set[str]]]:
    """Codes raised anywhere, each with the values that its sentence may use."""
    found: dict[str, list[set[str]]] = {}
    for path, tree in trees("models", "bot", "server"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            code = node.args[0].value
            if name == "Refusal" or (
                name == "refuse" and is_about_papers(path) and CODE.fullmatch(str(code))
            ):
                given = {str(one.arg) for one in node.keywords} | ({"key"} if name == "refuse" else set())
                found.setdefault(str(code), []).append(given)
    for folder in ("models/rules", "models/darkroom"):
        for code in constants(folder):
            if CODE.fullmatch(code) and code not in CONCERNS:
                found.setdefault(code, [])
    return found


def test_every_refusal_is_worded_and_no_other() -> None:
    raised = {f"refusal.{code}" for code in refusals()} | {"refusal.unworded", "refusal.article"}
    worded = {key for key in sentences("zh_Hans") if key.startswith("refusal.")}
    assert raised - worded == set()
    assert worded - raised == set()


def test_a_refusal_uses_only_values_it_is_given() -> None:
    wrong = []
    for code, calls in refusals().items():
        for language in LANGUAGES:
            used = placeholders(sentences(language)[f"refusal.{code}"][0])
            wrong += [
                (code, language, used - given) for given in calls if used - given and "None" not in given
            ]
    assert wrong == []


def width(said: str) -> float:
    """In Chinese characters: anything narrow counts half."""
    return sum(1 if unicodedata.east_asian_width(c) in "WF" else 0.5 for c in said)


def test_d19_words_of_a_refusal_are_short_plain_and_without_code_names() -> None:
    for key, said in room("zh_Hans", "refusals").items():
        bare = re.sub(r"\{\w+\}", "", said)
        assert width(bare) <= 60, key
        assert not re.search(r"[a-z]+[._][a-z]+", bare.replace("rules.json", "")), key


def test_u21_buttons_fit_eighteen_chinese_characters() -> None:
    shown = (
        "button.",
        "out.",
        "short.",
        "present.",
        "postpone.",
        "finding.",
        "result.",
        "verdict.",
        "conflict.take",
    )
    for language in LANGUAGES:
        for key, said in room(language, "bot").items():
            if key.startswith(shown) and not key.endswith(
                (".text", ".title", ".type", ".asked", ".asked_text")
            ):
                assert width(re.sub(r"\{\w+\}", "", said)) <= 18, (language, key)


def test_u29_the_words_are_those_of_the_regulation() -> None:
    written = "".join(room("zh_Hans", "bot").values())
    for term in (
        "检查对象",
        "联合抽查组",
        "组长",
        "告知书",
        "网络检查",
        "抽查结果",
        "联席会议办公室",
        "回避",
    ):
        assert term in written
    for wrong in ("被检单位", "随机小组", "队长", "bot", "Bot"):
        assert wrong not in written


def test_a_department_is_called_by_the_name_of_its_own_table() -> None:
    no = Refusal("checklist.sections_open", article="16(3)", departments=["GA", "XF"])
    assert "公安、XF" in explain(no, words("zh_Hans"), {"GA": "公安"})
    assert explain(Refusal("nothing.like_it"), words("zh_Hans"), {}) == words("zh_Hans")("refusal.unworded")
