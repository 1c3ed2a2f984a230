"""A group of states ("before the visit", "public") has one name and stands beside its states."""

import ast
from collections.abc import Iterator
from enum import StrEnum

import pytest

import bot
import models
import server
from models import states
from tests.support.code_survey import modules, tree

ENUMS = {name for name, one in vars(states).items() if isinstance(one, type) and issubclass(one, StrEnum)}
GROUPS = {
    name: one
    for name, one in vars(states).items()
    if isinstance(one, tuple) and one and all(isinstance(state, StrEnum) for state in one)
}


def test_a_group_holds_states_of_one_kind_each_once():
    assert len(GROUPS) > 20
    for name, group in GROUPS.items():
        assert len({type(state) for state in group}) == 1, name
        assert len(set(group)) == len(group) > 1, name


def test_no_two_names_say_the_same_group():
    seen: dict[frozenset[tuple[type, str]], str] = {}
    for name, group in GROUPS.items():
        members = frozenset((type(state), state.value) for state in group)
        assert seen.setdefault(members, name) == name, f"{name} and {seen[members]}"


def test_every_group_is_used():
    used = {
        one.id
        for package in (models, bot, server)
        for module in modules(package)
        for one in ast.walk(tree(module))
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
    }
    assert GROUPS.keys() - used == set()


def groups_in(code: ast.Module) -> Iterator[str]:
    """Tuples, lists and sets of two or more states, written out or joined from groups into a constant."""
    kinds = _kinds(code)
    for node in ast.walk(code):
        if not isinstance(node, ast.Tuple | ast.List | ast.Set) or len(node.elts) < 2:
            continue
        written = [_is_state(one, kinds) for one in node.elts]
        if any(written) and all(yes or _is_group(one) for yes, one in zip(written, node.elts, strict=True)):
            yield f"line {node.lineno}: {ast.unparse(node)}"


def _kinds(code: ast.Module) -> set[str]:
    """The names under which this module knows the enums."""
    names = {
        one.asname or one.name
        for node in ast.walk(code)
        if isinstance(node, ast.ImportFrom) and node.module == "models.states"
        for one in node.names
        if one.name in ENUMS
    }
    short = {
        node.targets[0].id
        for node in code.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Name)
        and node.value.id in names
        and isinstance(node.targets[0], ast.Name)
    }
    return names | short


def _is_state(node: ast.expr, kinds: set[str]) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in kinds


def _is_group(node: ast.expr) -> bool:
    return isinstance(node, ast.Starred) and isinstance(node.value, ast.Name) and node.value.id in GROUPS


@pytest.mark.parametrize("package", [models, bot, server], ids=lambda one: one.__name__)
def test_no_group_of_states_is_written_out_elsewhere(package):
    found = {
        module.__name__: groups
        for module in modules(package)
        if module is not states and "migrations" not in module.__name__
        if (groups := list(groups_in(tree(module))))
    }
    assert found == {}


def test_the_search_finds_each_way_to_write_one():
    head = "from models.states import PUBLIC, TaskState\nfrom models.states import TaskState as T\nX = TaskState\n"
    for written in (
        "(T.ASSIGNED, T.SCHEDULED)", "{TaskState.ASSIGNED, T.SCHEDULED}", "[X.ASSIGNED, X.SCHEDULED]", "(*PUBLIC, T.ENTERED)",
    ):  # fmt: skip
        assert list(groups_in(ast.parse(f"{head}OPEN = {written}"))), written
    for written in ("T.ASSIGNED", "[*PUBLIC, *OTHER]", "(T.ASSIGNED, 1)", "[T.ASSIGNED]"):
        assert list(groups_in(ast.parse(f"{head}OPEN = {written}"))) == [], written
