"""What is there when the server is ready is gone through by no collection any more."""

from __future__ import annotations

import subprocess
import sys

SETTLED = """
import gc
import server.runtime
from server import garbage
before = len(gc.get_objects())
garbage.settle()
print(before, len(gc.get_objects()), gc.get_threshold()[0])
"""


def test_a_collection_looks_at_nothing_that_was_there_when_the_server_was_ready():
    told = subprocess.run([sys.executable, "-c", SETTLED], capture_output=True, check=True, text=True).stdout
    before, after, objects = map(int, told.split())
    assert before > 50_000
    assert after < before / 100
    assert objects > 700  # Python's own, at which it collects
