"""Where is …? Each path that the list answers with is there, and holds what it names."""

import ast
import re
from pathlib import Path

import pytest

WHERE = Path("docs/where.md")
ROWS = [
    (path, re.findall(r"`([^`]+)`", names))
    for path, names in re.findall(r"^\|.*\| `([^`]+)` \| (.+) \|$", WHERE.read_text("utf-8"), re.MULTILINE)
]
TERMS = (
    "更换",
    "回避",
    "抽取",
    "公示",
    "告知",
    "送达",
    "签名",
    "组长",
    "期限",
    "复核",
    "录入",
    "审核",
    "不配合",
    "见证",
)


def defined(path: Path) -> set[str]:
    """Functions, classes and constants of a module; the messages of a catalogue."""
    if path.suffix == ".po":
        return set(re.findall(r'^msgid "(.+)"$', path.read_text("utf-8"), re.MULTILINE))
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    return found


@pytest.mark.parametrize(("path", "names"), ROWS)
def test_the_file_is_there_and_holds_what_is_named(path, names):
    assert names and set(names) - defined(Path(path)) == set()


def test_every_row_is_read_and_every_term_asked_for_is_answered():
    lines = [line for line in WHERE.read_text("utf-8").splitlines() if line.startswith("| ")]
    heads = sum(line.startswith("| question") for line in lines)
    assert len(ROWS) == len(lines) - heads > 40
    questions = " ".join(line.split("|")[1] for line in lines)
    assert [term for term in TERMS if term not in questions] == []
