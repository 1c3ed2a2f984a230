"""What one process of several does: `serve --only web,worker`. Which of them does what no two may do is held by leases."""

from __future__ import annotations

import argparse
from collections.abc import Collection

DUTIES = ("web", "intake", "worker", "courier", "clock")
"""`web`: pages and companion; `intake`: takes updates in, by polling or webhook; `worker`: acts upon them; `courier`: sends
what is owed and hears what came back; `clock`: terms, daily roots, what is swept."""


def duties(written: str) -> frozenset[str]:
    """Names with commas between them. Raises ArgumentTypeError for one that is none."""
    named = [name.strip() for name in written.split(",")]
    if strange := [name for name in named if name not in DUTIES]:
        raise argparse.ArgumentTypeError(f"{strange[0]!r}: {', '.join(DUTIES)}")
    return frozenset(named)


def apart(only: Collection[str], *together: str) -> bool:
    """Whether another process does one of these: what is waited for has then to be looked for in the database."""
    return not set(together) <= set(only)
