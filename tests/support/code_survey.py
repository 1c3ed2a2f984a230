"""What the code itself says: every act of `models.procedure` and `models.operations`, and which surface reaches it.

Nothing is listed by hand: an act is a function under one of DECORATORS; a way to it is a route, a button, a command or
a field of the phone from which the functions of `bot` and `server` lead there.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import bot
import models.operations
import models.procedure
import server
from bot import application
from bot.buttons import HANDLERS
from bot.handlers import group_updates, photos, text_input
from models.rules.actor import Role
from server import access, companion, console, public
from server.commands import deeds
from server.companion import acts as phone
from server.console import work
from server.public import notice as page

CHAT, COMPANION, CONSOLE, COMMAND, PAGE = "chat", "companion", "console", "command line", "page"
SOME = {work: work.NAMES, deeds: [name for name in phone.ACTS if name in deeds.DEEDS]}
"""Rooms that take up the phone's acts, and which of them."""
ROOMS = (models.procedure, models.operations)
DECORATORS = ("store.transactional", "store.plain", "store.unhurried", "store.foremost", "prepared_by")
"""What makes a function an act, and where acts stand."""
Code = tuple[str, str]
"""A function as (module, name)."""


@cache
def modules(package: ModuleType) -> tuple[ModuleType, ...]:
    names = [one.name for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return tuple(importlib.import_module(name) for name in names if not name.endswith("__main__"))


@cache
def tree(module: ModuleType) -> ast.Module:
    return ast.parse(Path(module.__file__ or "").read_text("utf-8"))


@cache
def acts() -> dict[str, ast.AsyncFunctionDef]:
    """By `file.function`: every act."""
    found = {}
    for module in (one for room in ROOMS for one in modules(room)):
        for node in tree(module).body:
            if isinstance(node, ast.AsyncFunctionDef) and any(
                ast.unparse(one).partition("(")[0] in DECORATORS for one in node.decorator_list
            ):
                name = f"{module.__name__.rpartition('.')[2]}.{node.name}"
                assert name not in found, f"two acts are called {name}"
                found[name] = node
    return found


def given(name: str) -> set[str]:
    """The names of an act's arguments."""
    asked = acts()[name].args
    return {one.arg for one in (*asked.args, *asked.kwonlyargs)}


def required(name: str) -> frozenset[Role]:
    """The roles that an act asks for in its first lines; none where it asks otherwise."""
    for node in ast.walk(acts()[name]):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "require":
            roles = [ast.unparse(one) for one in node.args[1:]]
            return frozenset(Role[one.removeprefix("Role.")] for one in roles if one.startswith("Role."))
    return frozenset()


@cache
def _functions() -> dict[Code, set[Any]]:
    """Every function of `bot` and `server`, with what it names."""
    found: dict[Code, set[Any]] = {}
    for module in (*modules(bot), *modules(server)):
        for name, node in _defined(tree(module)):
            found.setdefault((module.__name__, name), set()).update(_named(module, node))
    return found


def _defined(code: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in code.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield inner.name, inner
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value


def _named(module: ModuleType, node: ast.AST) -> set[Any]:
    """What a piece of code names: acts as their name, functions and tables of ours as where they stand."""
    found: set[Any] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name | ast.Attribute):
            whole = ast.unparse(one)
            if whole.replace(".", "").replace("_", "").isalnum():
                found |= _resolved(module, whole)
    return found


def _resolved(module: ModuleType, whole: str) -> set[Any]:
    *parts, last = whole.split(".")
    at: Any = module
    for part in parts:
        at = getattr(at, part, None)
    value = getattr(at, last, None)
    if isinstance(value, FunctionType):
        home, name = value.__module__, value.__qualname__.partition(".")[0]
        if home.startswith(tuple(f"{room.__name__}." for room in ROOMS)):
            return {f"{home.rpartition('.')[2]}.{name}"}
        return {(home, name)} if home.startswith(("bot.", "server.")) else set()
    if (
        isinstance(value, Mapping)
        and isinstance(at, ModuleType)
        and at.__name__.startswith(("bot.", "server."))
    ):
        if module in SOME and value is phone.ACTS:
            return {_code(phone.ACTS[name][1]) for name in SOME[module]}
        return {(at.__name__, last)}
    return set()


def _code(function: Callable[..., Any]) -> Code:
    return function.__module__, function.__name__


@cache
def reached(root: Code) -> frozenset[str]:
    """The acts to which a function leads."""
    seen, waiting, found = {root}, [root], set()
    known = _functions()
    while waiting:
        for one in known.get(waiting.pop(), ()):
            if isinstance(one, str):
                found.add(one)
            elif one not in seen:
                seen.add(one)
                waiting.append(one)
    return frozenset(found & set(acts()))


@cache
def ways() -> dict[str, dict[str, set[str]]]:
    """By act and surface: the addresses, buttons, commands from which it is done."""
    found: dict[str, dict[str, set[str]]] = {name: {} for name in acts()}
    for surface, name, root in _roots():
        for act in reached(root):
            found[act].setdefault(surface, set()).add(name)
    return found


def audience(act: str) -> frozenset[Role]:
    """Whose the addresses of the console are from which an act is done."""
    roles: frozenset[Role] = frozenset()
    for routes in console.ROUTES:
        for method, _, handler in routes.table:
            if method == "POST" and act in reached(_code(handler)):
                roles |= access._declared[handler].roles or frozenset()
    return roles


def _roots() -> Iterator[tuple[str, str, Code]]:
    for routes in console.ROUTES:
        yield from (
            (CONSOLE, path, _code(handler)) for method, path, handler in routes.table if method == "POST"
        )
    for name, (_, deed) in phone.ACTS.items():
        yield COMPANION, name, _code(deed)
    for routes in companion.ROUTES:
        for method, path, handler in routes.table:
            if method == "POST" and handler is not phone.act:
                yield COMPANION, path, _code(handler)
    for button, handler in HANDLERS.items():
        yield CHAT, button.name, _code(handler)
    for name, handler in application.COMMANDS.items():
        yield CHAT, f"/{name}", _code(handler)
    for handler in (
        text_input.text, text_input.edited, photos.taken, photos.located, group_updates.group,
    ):  # fmt: skip
        yield CHAT, handler.__name__, _code(handler)
    for name, deed in {**page.ACTS, **page.WITH_PAPERS}.items():
        yield PAGE, name, _code(deed)
    for routes in public.ROUTES:
        for method, path, handler in routes.table:
            if handler not in (page.answer, page.papers):
                yield PAGE, f"{method} {path}", _code(handler)
    for module in modules(server):
        if module.__name__.startswith("server.commands."):
            for name, value in vars(module).items():
                ours = isinstance(value, FunctionType) and value.__module__ == module.__name__
                if ours and list(inspect.signature(value).parameters) == ["order"]:
                    yield COMMAND, name, _code(value)
