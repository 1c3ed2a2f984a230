"""Python's collector of cycles, told to wait while a whole register is worked through (Art. 9, 14).

It looks at every object again whenever a quarter more are there: half a million rows that hold no cycle are looked at ten
times, 0.1 to 0.2 s each, in which nobody else in the process does anything.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_waiting = 0


@contextmanager
def no_collection() -> Iterator[None]:
    """Within the block no cycle is collected; what counts its references to none is freed as always."""
    global _waiting
    with _lock:
        _waiting += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _waiting -= 1
            if not _waiting:
                gc.enable()
