"""Work that a cancelled caller must not leave half done: BEGIN, COMMIT, ROLLBACK, a connection's return."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

Result = TypeVar("Result")


class Unbroken(asyncio.Future[Result]):
    """The end of work that goes on whatever happens to those who wait: whoever is cancelled meanwhile learns of it when the
    work is over, without a task and a round of the loop of its own.
    """

    def cancel(self, msg: object = None) -> bool:
        return False

    def give_up(self) -> None:
        """The work will not be done."""
        super().cancel()

    async def over(self) -> Result:
        """What came of it; a cancellation has the work's own failure, if it had one, as its cause."""
        try:
            return await self
        except asyncio.CancelledError as cancelled:
            raise cancelled from (None if self.cancelled() else self.exception())


async def uninterrupted(work: Awaitable[Result]) -> Result:
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
