"""What a query leaves out: one condition at a time, on the row itself.

Tortoise 1.1.9 negates each condition of `exclude(a=1, b=2)` by itself, and a negated condition on rows that hang on
this one (`bindings__ended_at`) is true as soon as one of them does not fulfil it (findings/).
"""

import ast
from pathlib import Path

import bot
import models
import server

LOOKUPS = {"in", "not_in", "isnull", "gt", "gte", "lt", "lte"}


def calls():
    for package in (models, bot, server):
        for path in sorted(Path(package.__file__).parent.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                yield path, node


def test_nothing_is_excluded_by_two_conditions_at_once_or_by_rows_that_hang_on_it() -> None:
    wrong = []
    for path, node in calls():
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "exclude":
            names = [word.arg for word in node.keywords]
            parts = [part for name in names if name for part in name.split("__")[1:]]
            if node.args or len(names) != 1 or not set(parts) <= LOOKUPS:
                wrong.append(f"{path.name}:{node.lineno}")
    assert wrong == []


def test_no_condition_is_negated_as_a_whole() -> None:
    here = Path(models.__file__).parent
    negated = [
        f"{path.name}:{node.lineno}"
        for path, node in calls()
        if path.is_relative_to(here) and isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert)
    ]
    assert negated == [], "what hangs on other rows is left out by a Subquery"
