"""Large blocks go back to the machine when they are let go, however many photos came (R32)."""

from __future__ import annotations

import contextlib
import ctypes

MMAP_THRESHOLD, ARENA_MAX = -3, -8  # names of malloc.h
LARGE, ARENAS = 1024 * 1024, 2


def limit_arenas() -> None:
    """glibc learns from freed photos to keep blocks of their size for itself, in every thread: told not to."""
    with contextlib.suppress(OSError, AttributeError):  # another C library has its own ways
        library = ctypes.CDLL(None)
        library.mallopt(MMAP_THRESHOLD, LARGE)
        library.mallopt(ARENA_MAX, ARENAS)
