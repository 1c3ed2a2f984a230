"""The one place where a test waits by the machine's own clock.

`until` looks again and again until something is so: it ends when it is, however busy the machine, and gives up long
after it must have been. `pause` lets real time go by where that is the matter itself: the pace of a storm, the
slowness of a line. Nothing is asserted of either's length.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

PATIENCE = 300.0
"""Seconds after which waiting is in vain."""
GLANCE = 0.02


async def until(
    true: Callable[[], Any | Awaitable[Any]], patience: float = PATIENCE, glance: float = GLANCE
) -> Any:
    """Wait until it gives something true, and give that. TimeoutError when it never does.

    `glance`: seconds between two looks; 0 looks at each turn of the loop, for what is true for a moment only.
    """
    async with asyncio.timeout(patience):
        while True:
            found = true()
            found = await found if inspect.isawaitable(found) else found
            if found:
                return found
            await asyncio.sleep(glance)


async def pause(seconds: float) -> None:
    """Let so much time go by, or a little more."""
    await asyncio.sleep(seconds)
