"""`python -m server serve` that sends more than thirty messages a second, for `bench_press`: its peers keep no limit either.

For the bench alone: Telegram answers 429 to a bot that does so.
"""

from __future__ import annotations

import runpy
import sys

from bot import limiter

limiter.A_SECOND = 1_000_000
sys.argv = ["server", "serve"]
runpy.run_module("server", run_name="__main__")
