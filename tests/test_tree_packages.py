"""Packages from outside: locked by hashes, listed with a range and a reason, above known holes."""

import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.test_tree import PRODUCT, ROOT, imported, modules

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)
LOCKS = ("base", "test", "browser", "lint")


def lock(name):
    return (ROOT / "requirements" / f"{name}.lock").read_text()


def pins(*names):
    return [(package.lower(), version) for name in names for package, version in PIN.findall(lock(name))]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_hashes_and_no_address(name):
    text = lock(name)
    assert "://" not in text
    assert "--index" not in text
    requirements = re.split(r"\n(?=\S)", text.strip())
    assert [requirement for requirement in requirements if "--hash=sha256:" not in requirement] == []


def test_the_lock_of_what_checks_javascript_holds_hashes_and_no_address():
    text = (ROOT / "requirements" / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    assert packages
    assert [
        name for name, package in packages.items() if not package["integrity"].startswith("sha512-")
    ] == []
    assert "resolved" not in text
    assert "://" not in text


def test_what_is_tested_is_what_runs():
    """No layer pins another version of what one below it pins."""
    versions = {}
    for name in LOCKS:
        for package, version in pins(name):
            versions.setdefault(package, {}).setdefault(name, set()).add(version)
    assert {
        package: held for package, held in versions.items() if len(set(map(frozenset, held.values()))) > 1
    } == {}


def listed(*groups):
    """What pyproject.toml asks for: the product's packages, or those of some groups."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [group for name in groups for group in project["dependency-groups"][name]]
    return [Requirement(one) for one in wanted or project["project"]["dependencies"]]


@pytest.mark.parametrize(("groups", "names"), [
    ((), LOCKS[:1]), (("test",), LOCKS[:2]), (("browser",), LOCKS[:3]), (("lint",), (*LOCKS[:2], "lint")),
])  # fmt: skip
def test_each_list_is_locked_within_what_it_allows(groups, names):
    locked = dict(pins(*names))
    loose = [
        str(wanted)
        for wanted in listed(*groups)
        if canonicalize_name(wanted.name) not in locked
        or not wanted.specifier.contains(locked[canonicalize_name(wanted.name)])
    ]
    assert loose == []


def test_each_package_is_listed_with_a_range_and_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    rows = re.findall(
        r'^    "([A-Za-z0-9-]+)[^"]*",(.*)$', text.partition("[build-system]")[2].partition("[tool.")[0], re.M
    )
    plain = {"mypy", "ruff", "pytest"}  # their names say it
    assert [name for name, reason in rows if "# " not in reason and name not in plain] == []
    assert [str(one) for one in listed() if not one.specifier] == []


def taken_from_outside(*rooms):
    """The names of the packages that the code of some rooms imports, as the lists call them."""
    packages = packages_distributions()
    for path, tree in modules(*rooms):
        if path.is_relative_to("tests/bench"):
            continue
        for _, name in imported(tree):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names and not (ROOT / top).is_dir():
                yield path, {re.sub(r"[-_.]+", "-", found).lower() for found in packages.get(top, [top])}


@pytest.mark.parametrize(("rooms", "groups"), [(PRODUCT, ()), (("tests",), ("test", "browser"))])
def test_what_the_code_takes_from_outside_is_on_its_list(rooms, groups):
    """On the list itself, not only in the lock: what comes with another package may go with it."""
    known = {canonicalize_name(one.name) for one in [*listed(), *(listed(*groups) if groups else [])]}
    missing = {f"{path}: {names}" for path, names in taken_from_outside(*rooms) if not names & known}
    assert missing == set()


FLOORS = {  # below these there are known holes
    "aiohttp": (3, 14, 5),
    "pillow": (13, 0, 0),
    "tortoise-orm": (1, 1, 9),
    "python-telegram-bot": (22, 8),
    "qrcode": (8, 2),
}


@pytest.mark.parametrize("name", FLOORS)
def test_a_package_with_known_holes_below_stays_above(name):
    versions = [version for pinned, version in pins("base") if pinned == name]
    assert versions
    for version in versions:
        assert tuple(map(int, version.split("."))) >= FLOORS[name]
