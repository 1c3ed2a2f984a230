"""Puts the app's modules into one script, so that a phone asks once and never holds modules of two versions.

Each module becomes a function that runs once and returns what it exports. Understood is what our modules use:
`import { a, b as c } from "./x.js"`, `import * as x from "./x.js"`, `export` before a function, class or const, and
`export { a, b as c }` with or without `from`. Modules in a circle are refused, and so is an `export let`, whose
changes an importer would not see.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

FROM = r"""\s*from\s*["']\./([\w-]+)\.js["'];?"""
WHOLE = re.compile(r"^import\s*\*\s*as\s+(\w+)" + FROM, re.MULTILINE)
NAMED = re.compile(r"^import\s*\{([^}]*)\}" + FROM, re.MULTILINE)
PASSED_ON = re.compile(r"^export\s*\{([^}]*)\}" + FROM, re.MULTILINE)
LISTED = re.compile(r"(?:^|(?<=;))export\s*\{([^}]*)\};?", re.MULTILINE)
DECLARED = re.compile(r"^export\s+((?:async\s+)?(?:function|class|const)\s+(\w+))", re.MULTILINE)
LEFT = re.compile(r"^\s*(?:import|export)\b.*|\bimport\s*\(", re.MULTILINE)


class Unbundled(Exception):
    """A module that cannot be put with the others; the text says which and why."""


def bundle(modules: Mapping[str, str], entry: str) -> str:
    """One script from `modules` (name without `.js` to source), beginning with what `entry` needs."""
    order: list[str] = []
    _place(entry, modules, order, ())
    return "\n".join(_wrapped(name, modules[name]) for name in order)


def _place(name: str, modules: Mapping[str, str], order: list[str], waiting: tuple[str, ...]) -> None:
    if name in waiting:
        raise Unbundled(f"{name}.js imports itself through {' -> '.join(waiting)}")
    if name not in modules:
        raise Unbundled(f"{waiting[-1] if waiting else 'the page'} asks for {name}.js, which is not there")
    if name in order:
        return
    for pattern in (WHOLE, NAMED, PASSED_ON):
        for match in pattern.finditer(modules[name]):
            _place(match[2], modules, order, (*waiting, name))
    order.append(name)


def _wrapped(name: str, source: str) -> str:
    exports: list[str] = []

    def passed_on(match: re.Match[str]) -> str:
        exports.extend(f"{new}: {_variable(match[2])}.{old}" for old, new in _pairs(match[1]))
        return ""

    def listed(match: re.Match[str]) -> str:
        exports.extend(f"{new}: {old}" for old, new in _pairs(match[1]))
        return ""

    def declared(match: re.Match[str]) -> str:
        exports.append(match[2])
        return match[1]

    source = WHOLE.sub(lambda match: f"const {match[1]} = {_variable(match[2])};", source)
    source = NAMED.sub(lambda match: _taken(match[1], match[2]), source)
    source = DECLARED.sub(declared, LISTED.sub(listed, PASSED_ON.sub(passed_on, source)))
    if left := LEFT.search(source):
        raise Unbundled(f"{name}.js: {left[0].strip()[:80]}")
    return (
        f"const {_variable(name)} = (() => {{\n{source.strip()}\nreturn {{ {', '.join(exports)} }};\n}})();\n"
    )


def _taken(names: str, module: str) -> str:
    parts = [old if old == new else f"{old}: {new}" for old, new in _pairs(names)]
    return f"const {{ {', '.join(parts)} }} = {_variable(module)};"


def _pairs(names: str) -> list[tuple[str, str]]:
    """`a, b as c` as [("a", "a"), ("b", "c")]."""
    parts = [part.split() for part in names.split(",") if part.strip()]
    return [(words[0], words[-1]) for words in parts]


def _variable(module: str) -> str:
    return "$" + module.replace("-", "_")
