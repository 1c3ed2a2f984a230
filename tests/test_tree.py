"""The house rules that a machine can hold: where words, clocks, dice and transactions may stand."""

import ast
import os
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = ("models", "bot", "server", "locales")
NOT_OURS = {".git", "node_modules", "build", "dist", "__pycache__"}
PUBLIC = Path("server/public/static")
STANDALONE = {
    PUBLIC / "verify_draw.py",
    PUBLIC / "verify_evidence.py",
}  # one file each by design, for outsiders
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".in",
    ".lock",
    ".html",
    ".js",
    ".css",
    ".typ",
    ".po",
    ".json",
    ".csv",
    ".txt",
    "",
}


@cache
def everything():
    """Every file of the project, outside of what is made from it."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        inside = Path(folder).relative_to(ROOT)
        folders[:] = [
            name
            for name in folders
            if name not in NOT_OURS
            and (not name.startswith(".") or name == ".ci")
            and inside / name != Path("data")
        ]
        found += [inside / name for name in files if name not in NOT_OURS]
    return sorted(found)


@cache
def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def parsed(path):
    return ast.parse(text(path))


def ours(*suffixes):
    return [path for path in everything() if not suffixes or path.suffix in suffixes]


def modules(*rooms):
    for path in ours(".py"):
        if not rooms or any(path.is_relative_to(room) for room in rooms):
            yield path, parsed(path)


def is_apart(path):
    """The verifiers, and steps between versions, which a machine wrote."""
    return path in STANDALONE or path.is_relative_to("models/migrations")


@cache
def nodes(tree):
    """Everything in a module; it is asked for by many."""
    return list(ast.walk(tree))


def calls(tree):
    for node in nodes(tree) if isinstance(tree, ast.Module) else ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, called(node.func)


def called(function):
    """`asyncio.sleep` and the like in words; what is called on what was called only by its last name."""
    if isinstance(function, ast.Attribute):
        return f"{called(function.value)}.{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""


def imported(tree):
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def test_a_file_stays_short_enough_to_read():
    long = [
        f"{path}: {lines} lines"
        for path in ours(".py")
        if not is_apart(path)
        and (lines := len(text(path).splitlines())) > (500 if path.parts[0] == "tests" else 400)
    ]
    assert long == []


def test_a_function_of_the_product_fits_on_a_screen():
    long = [
        f"{path}:{node.lineno} {node.name}: {lines} lines"
        for path, tree in modules(*PRODUCT)
        if not is_apart(path)
        for node in nodes(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 60
    ]
    assert long == []


def test_every_room_says_why_it_exists():
    silent = [
        str(path)
        for path, tree in modules(*PRODUCT)
        if tree.body and not ast.get_docstring(tree) and not is_apart(path)
    ]
    assert silent == []


def test_no_room_is_called_by_a_name_that_says_nothing():
    vague = re.compile(r"(utils?|common|helpers?|services?|misc|base_handler)(\.py)?")
    assert [str(path) for path in ours() if any(vague.fullmatch(part) for part in path.parts)] == []


PAIRS = {"Draw", "Plan", "Sample", "Scheme", "Substitution"}
"""A rule's value and the table that stores it: one thing of the regulation, named once."""


def top_classes():
    """Class name -> the modules that define it; nested ones (`Meta`) and the verifiers apart."""
    homes = defaultdict(list)
    for path, tree in modules("models", "bot", "server"):
        for node in tree.body if not is_apart(path) else ():
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(path)
    return homes


def test_a_class_name_stands_for_one_thing():
    twice = {name: [str(path) for path in homes] for name, homes in top_classes().items() if len(homes) > 1}
    assert {name: homes for name, homes in twice.items() if name not in PAIRS} == {}


def test_a_name_that_stands_twice_is_a_rule_and_its_table():
    homes = top_classes()
    rooms = {name: sorted(path.parts[1] for path in homes[name]) for name in PAIRS}
    assert rooms == {name: ["rules", "tables"] for name in PAIRS}


EMPTY_NAMES = {"one", "found", "said", "made", "kept"}
EMPTY_NAMES_LEFT = 3
"""How many variables are still called so; this number only falls."""


def bound_names(tree):
    """Each variable and parameter that a module binds, and what a match captures."""
    for node in nodes(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.lineno, node.name


def attribute_lines(tree):
    """Lines on which a class body declares what its values carry: names that others read."""
    return {
        field.lineno
        for node in nodes(tree)
        if isinstance(node, ast.ClassDef)
        for field in node.body
        if isinstance(field, ast.Assign | ast.AnnAssign)
    }


def test_a_variable_is_called_by_what_it_holds():
    empty = [
        f"{path}:{line} {name}"
        for path, tree in modules("models", "bot", "server")
        if not is_apart(path)
        for line, name in bound_names(tree)
        if name in EMPTY_NAMES and line not in attribute_lines(tree)
    ]
    assert len(empty) <= EMPTY_NAMES_LEFT, empty


def test_models_ask_no_clock_and_throw_no_dice():
    clock = re.compile(
        r"(datetime|dt\.datetime|datetime\.datetime)\.(now|utcnow|today)|(date|dt\.date)\.today|time\.time(_ns)?"
    )
    found = [
        f"{path}:{node.lineno} {name}"
        for path, tree in modules("models")
        for node, name in calls(tree)
        if clock.fullmatch(name)
    ]
    found += [
        f"{path}:{line} {name}"
        for path, tree in modules("models")
        for line, name in imported(tree)
        if name.split(".")[0] == "random"
        or (path.is_relative_to("models/rules") and name.split(".")[0] in {"secrets", "asyncio", "time"})
    ]
    assert found == []


def test_rules_wait_for_nothing():
    waiting = [
        f"{path}:{node.lineno}"
        for path, tree in modules("models/rules", "models/states.py", "models/refusal.py")
        for node in nodes(tree)
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncWith | ast.AsyncFor)
    ]
    assert waiting == []


def test_a_transaction_is_opened_in_one_place():
    bare = [
        f"{path}:{line} {name}"
        for path, tree in modules(*PRODUCT)
        if path != Path("models/store.py") and not path.is_relative_to("models/engine")
        for line, name in imported(tree)
        if name.startswith("tortoise.transactions") or name.endswith((".in_transaction", ".atomic"))
    ]
    assert bare == []


DECORATORS = ("transactional", "store.plain", "unhurried", "foremost", "prepared_by")


def is_act(node):
    """Whether a function is decorated as an act, or a block opens a transaction."""
    if isinstance(node, ast.AsyncFunctionDef):
        return any(ast.unparse(word).partition("(")[0].endswith(DECORATORS) for word in node.decorator_list)
    if isinstance(node, ast.AsyncWith):
        return any("transaction(" in ast.unparse(item.context_expr) for item in node.items)
    return False


def test_no_task_is_started_inside_a_transaction():
    start = re.compile(r".*\b(create_task|ensure_future|TaskGroup|run_coroutine_threadsafe|gather)")
    started = [
        f"{path}:{call.lineno} {name}"
        for path, tree in modules(*PRODUCT)
        for node in nodes(tree)
        if is_act(node)
        for call, name in calls(node)
        if start.fullmatch(name)
    ]
    assert started == []


def waits_by_the_clock(call, name):
    """A sleep of more than a turn of the loop, or a wait that the page's own policy refuses (CSP)."""
    nothing = call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0
    asleep = name in ("asyncio.sleep", "time.sleep") and not nothing
    return asleep or name.rpartition(".")[2] in ("wait_for_function", "wait_for_timeout")


def test_a_test_waits_by_the_clock_in_one_place_alone():
    apart = {Path("tests/support/waiting.py"), Path("tests/test_tree.py")}
    found = [
        f"{path}:{call.lineno} {name}"
        for path, tree in modules("tests")
        if path not in apart and not path.is_relative_to("tests/bench")
        for call, name in calls(tree)
        if waits_by_the_clock(call, name)
    ]
    assert found == []


OWE = re.compile(r"(outbox\.)?(owe_all|enqueue(_to_address)?)|Outbox\.(create|bulk_create|get_or_create)")
CHOOSE = re.compile(r"(Account|Binding)\.(filter|get|get_or_none|all|first|exclude)")
LADDERS = {  # they owe to an address that a register gave, and end with a person
    "delivery_attempt", "notification", "staff_message", "digest", "delivery", "outbox", "recipients", "left_out",
}  # fmt: skip
NO_RECIPIENTS = {  # they read accounts for something else than telling somebody
    "recipients": "the room itself",
    "left_out": "the office, which hears of it",
    "enrolment": "opens, binds and closes accounts",
    "ceremony": "who acts, and from whose account",
    "on_behalf": "in whose name the office acts",
    "delivery": "the chat of a message that is owed",
    "staff_message": "the channels of a message that is owed",
    "task": "who holds a card that is drawn again",
    "register_rows": "copies the register's names into accounts",
    "revision": "who decides",
    "naming": "the own account, by the person it is",
}


def test_recipients_are_chosen_in_one_room_that_says_whom_it_leaves_out():
    """models.procedure.recipients: no other act picks accounts, owes a message or makes up a list of recipients."""
    found = [
        f"{path}:{node.lineno} {name}"
        for path, tree in modules(*PRODUCT)
        if not is_apart(path)
        for node, name in calls(tree)
        if (OWE.fullmatch(name) and path.stem not in LADDERS)
        or (
            CHOOSE.fullmatch(name)
            and path.is_relative_to("models/procedure")
            and path.stem not in NO_RECIPIENTS
        )
        or (name == "Recipients" and path.stem != "recipients" and (node.args or node.keywords))
        or (name.endswith("outbox.enqueue") and path.is_relative_to("bot"))
    ]
    assert found == []


def test_every_room_that_is_let_off_still_needs_it():
    rooms = {path.stem: [name for _, name in calls(tree)] for path, tree in modules("models/procedure")}
    assert [room for room in NO_RECIPIENTS if not any(CHOOSE.fullmatch(name) for name in rooms[room])] == []


def written(*words):
    """The words put together, so that this file does not hold them itself."""
    return re.compile("|".join(words), re.IGNORECASE)


FORBIDDEN = {
    "a note to oneself": written("TO" + "DO", "FIX" + "ME", r"\bX" + r"XX\b", r"\bHA" + r"CK\b"),
    "a machine's path": written("/wo" + "rk/", "/tm" + "p/w", r"(?<!\w)/ro" + "ot/", "/ho" + r"me/\w"),
    "a registry's host": written(
        "py" + r"pi\.org",
        "python" + "hosted",
        "npm" + r"js\.(com|org)",
        r"deb\." + "debian",
        "crates" + r"\.io",
        "json" + "delivr",
        "js" + r"delivr\.net",
        "un" + r"pkg\.com",
        "cdn" + "js",
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_tree_holds_no(what):
    pattern = FORBIDDEN[what]
    case_matters = what == "a note to oneself"
    found = []
    for path in ours():
        if path.suffix not in TEXT or (case_matters and path.suffix == ".csv"):
            continue
        for number, line in enumerate(text(path).splitlines(), 1):
            match = pattern.search(line)
            if match and not (case_matters and match[0].upper() != match[0]):
                found.append(f"{path}:{number}: {line.strip()[:100]}")
    assert found == []


def test_no_database_and_no_heavy_picture_is_kept():
    heavy = [
        f"{path}: {size} bytes"
        for path in ours()
        if path.suffix in {".sqlite3", ".db", ".sqlite"}
        or (
            (size := (ROOT / path).stat().st_size) > 300_000
            and path.suffix in {".png", ".jpg", ".jpeg", ".webp", ".gif", ".pdf"}
        )
    ]
    assert heavy == []
