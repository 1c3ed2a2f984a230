"""What acts and queries give to the chat, the web and the commands is frozen: no row of a table leaves them."""

import ast
from functools import cache
from pathlib import Path

from tests.test_tree import is_apart, modules, nodes, parsed

TABLES = Path("models/tables")


def dotted(path):
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@cache
def rows():
    """The names of the tables' rows."""
    return {
        node.name
        for path, tree in modules(TABLES)
        for node in tree.body
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Model" for base in node.bases)
    }


def taken_from_models(tree):
    """By the name that a module uses, where it comes from: (module, name)."""
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in nodes(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models")
        for alias in node.names
    }


@cache
def names_of(path):
    """What the names of a module of `models` mean: its own classes, and what it takes from others."""
    tree = parsed(path)
    own = {node.name: (dotted(path), node.name) for node in tree.body if isinstance(node, ast.ClassDef)}
    return taken_from_models(tree) | own


def meant(annotation, path):
    """The classes in an annotation, as (module, name)."""
    return {names_of(path)[node.id] for node in ast.walk(annotation)
            if isinstance(node, ast.Name) and node.id in names_of(path)}  # fmt: skip


def is_row(name):
    module, plain = name
    return module.startswith("models.tables") and plain in rows()


def beside_the_tables():
    return [
        (path, tree) for path, tree in modules("models") if not is_apart(path) and TABLES not in path.parents
    ]


@cache
def holders():
    """Values of `models` with a field that is a row."""
    return {
        (dotted(path), node.name)
        for path, tree in beside_the_tables()
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and any(
            is_row(name)
            for field in node.body
            if isinstance(field, ast.AnnAssign)
            for name in meant(field.annotation, path)
        )
    }


@cache
def taken():
    """(module, function) of whatever those who show take from `models`."""
    found = set()
    for _, tree in modules("bot", "server"):
        known = taken_from_models(tree)
        found |= set(known.values())
        found |= {
            (".".join(known[node.value.id]), node.attr)
            for node in nodes(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known
        }
    return found


def crossing():
    """By module the functions that give a row to those who show."""
    found = {}
    for path, tree in beside_the_tables():
        for node in tree.body:
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                and (dotted(path), node.name) in taken()
            ):
                given = meant(node.returns, path) if node.returns else set()
                if any(is_row(name) or name in holders() for name in given):
                    found.setdefault(dotted(path), set()).add(node.name)
    return found


def test_no_row_of_a_table_is_given_to_those_who_show():
    assert crossing() == {}


def test_the_rule_knows_a_row_and_a_value_that_holds_one():
    assert len(rows()) > 50
    assert ("models.queries.question", "Served") in holders()
    assert ("models.procedure.team", "decide") in taken()
