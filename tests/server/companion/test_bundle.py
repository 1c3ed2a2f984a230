"""The app's modules in one script: what each exports, the order they run in, and what is refused; run by node."""

import subprocess

import pytest

from server.companion.bundle import Unbundled, bundle
from server.companion.shell import SCRIPT, shell
from tests.server.companion.test_javascript import node

COUNTER = """
let count = 0;
export const read = () => count;
export function add(by = 1) { count += by; }
export class TooMany extends Error {}
"""


def run(script: str) -> str:
    """What a script prints."""
    command = [node(), "--input-type=module", "-e", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=True).stdout


def test_a_module_runs_once_and_everybody_sees_the_same():
    modules = {
        "counter": COUNTER,
        "twice": 'import { add as more } from "./counter.js";\nexport const twice = () => { more(); more(); };',
        "app": 'import * as counter from "./counter.js";\nimport { twice } from "./twice.js";\n'
        "twice();\nconsole.log(counter.read(), new counter.TooMany() instanceof Error);",
    }
    assert run(bundle(modules, "app")) == "2 true\n"


def test_what_one_module_passes_on_is_the_others():
    modules = {
        "counter": COUNTER,
        "store": 'export {\n  add, read as now,\n} from "./counter.js";',
        "app": 'import * as store from "./store.js";\nstore.add(3);\nconsole.log(store.now(), Object.keys(store));',
    }
    assert run(bundle(modules, "app")) == "3 [ 'add', 'now' ]\n"


def test_names_of_two_modules_do_not_meet():
    modules = {
        "a": "const word = 'a';\nexport const say = () => word;",
        "b": "const word = 'b';\nexport const say = () => word;",
        "app": 'import { say } from "./a.js";\nimport { say as other } from "./b.js";\nconsole.log(say() + other());',
    }
    assert run(bundle(modules, "app")) == "ab\n"


def test_what_is_minified_exports_at_its_end():
    modules = {
        "small": "const r=1,m=2;export{r as one,m as two};",
        "app": 'import { two } from "./small.js";\nconsole.log(two);',
    }
    assert run(bundle(modules, "app")) == "2\n"


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ('import { x } from "./missing.js";', "missing.js, which is not there"),
        ('import { x } from "./app.js";', "imports itself through app"),
        ("export let x = 1;", "export let"),
        ("export default 1;", "export default"),
        ('import x from "./missing.js";', "import x"),
        ('const x = await import("./missing.js");', "import("),
    ],
)
def test_what_would_go_wrong_on_the_phone_is_refused_here(source, word):
    with pytest.raises(Unbundled) as refusal:
        bundle({"app": source}, "app")
    assert word in str(refusal.value)


def test_the_app_itself_can_be_read():
    script = shell()[SCRIPT].data.decode()
    command = [node(), "--check", "--input-type=module", "-"]
    checked = subprocess.run(command, input=script, capture_output=True, text=True, timeout=600, check=False)
    assert checked.returncode == 0, checked.stderr
