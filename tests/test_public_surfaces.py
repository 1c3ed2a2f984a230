"""House rule: what is said in public is decided in models/rules/public; pages and papers word it and decide nothing."""

from __future__ import annotations

import ast
import dataclasses
import importlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import get_type_hints

import pytest
from jinja2 import Environment, nodes

from models.rules import public

ROOT = Path(__file__).parents[1]
ROOMS = sorted(Path(public.__file__).parent.glob("*.py"))
PYTHON = sorted(
    [
        *(ROOT / "server/public").glob("*.py"),
        *(ROOT / "server/documents").glob("*.py"),
        *(ROOT / "server" / name for name in ("letters.py", "records.py", "notifications.py")),
    ]
)
TEMPLATES = sorted(
    [*(ROOT / "server/templates/public").glob("*.html"), ROOT / "server/templates/drawparts.html"]
)
ROWS = {"state", "granted", "upheld", "voided_at", "held_at"}  # fields of rows that say how far something is


def decided() -> set[str]:
    """The fields that a rule fills with one of its own few values, and the states of rows."""
    found = set(ROWS)
    for room in ROOMS:
        module = importlib.import_module(f"models.rules.public.{room.stem}".removesuffix(".__init__"))
        for value in vars(module).values():
            if isinstance(value, type) and dataclasses.is_dataclass(value):
                hints = get_type_hints(value)
                found |= {
                    name
                    for name, kind in hints.items()
                    if isinstance(kind, type) and issubclass(kind, StrEnum)
                }
    return found


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_a_public_page_or_paper_compares_no_state(path: Path) -> None:
    fields, found = decided(), []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "models.states":
            found.append(f"{node.lineno}: imports states")
        sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else ()
        sides = [node.subject] if isinstance(node, ast.Match) else sides
        found += [
            f"{side.lineno}: decides on .{side.attr}"
            for side in sides
            if isinstance(side, ast.Attribute) and side.attr in fields
        ]
    assert found == []


def conditions(tree: nodes.Template) -> Iterator[nodes.Node]:
    yield from (node.test for node in tree.find_all((nodes.If, nodes.CondExpr)))
    yield from (node.test for node in tree.find_all(nodes.For) if node.test is not None)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_public_template_asks_for_no_state_and_for_no_moment_of_a_row(path: Path) -> None:
    tree, fields, found = Environment().parse(path.read_text(encoding="utf-8")), decided(), []
    for node in tree.find_all(nodes.Compare):
        for side in (node.expr, *(one.expr for one in node.ops)):
            if isinstance(side, nodes.Const) and isinstance(side.value, str):
                found.append(f"{node.lineno}: compares with {side.value!r}")
    for test in conditions(tree):
        asked = [test] if isinstance(test, nodes.Getattr) else []
        for node in (*asked, *test.find_all(nodes.Getattr)):
            if node.attr in fields - {"chance", "hand"} or node.attr.endswith("_at"):
                found.append(f"{node.lineno}: asks for .{node.attr}")
    assert found == []


def test_each_room_of_public_sentences_has_its_properties() -> None:
    tested = {path.stem for path in (ROOT / "tests/models/rules/public").glob("test_*.py")}
    rooms = {room.stem for room in ROOMS} - {
        "__init__",
        "verify",
    }  # what a draw's verification proved: with the draw
    assert {f"test_{room}" for room in rooms} <= tested
    for path in (ROOT / "tests/models/rules/public").glob("test_*.py"):
        assert "@given(" in path.read_text(encoding="utf-8"), path.name
