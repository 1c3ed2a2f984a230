"""Work that a cancelled caller must not leave half done: BEGIN, COMMIT, ROLLBACK, a connection's return."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


async def uninterrupted(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` to its end whatever happens to the caller, and give its result.

    A cancellation of the caller is held back until the work is over and then goes on, with the work's own
    failure, if it had one, as its cause.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as exc:
            cancelled = exc
    if cancelled is not None:
        raise cancelled from (None if task.cancelled() else task.exception())
    return task.result()
