"""What lives as long as the process is not gone through again by every collection: that held all updates up for a tenth
of a second and longer.
"""

from __future__ import annotations

import gc

NEW, YOUNG, OLD = 5_000, 20, 20  # objects made since the last collection; collections of a younger generation


def settle() -> None:
    """Call it once everything is loaded: what is there by now is looked at no more, and collections come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW, YOUNG, OLD)
