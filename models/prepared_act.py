"""Acts whose work is done before their transaction, so that nobody who writes waits for it (Art. 11, 14).

@prepared_by(prepare)
async def commit(ready: ReadyCommit | None, batch: str, *, by: Actor, at: datetime) -> DrawDetails: ...
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial, wraps
from typing import Concatenate, ParamSpec, TypeVar

from models import store
from models.engine import uninterrupted

Args = ParamSpec("Args")
Result = TypeVar("Result")
Ready = TypeVar("Ready")

TRIES = 3  # how often an act is prepared outside its transaction, before it is within


class Outdated(Exception):
    """What an act was prepared from has changed before its transaction began."""


def prepared_by(
    prepare: Callable[Args, Awaitable[Ready]],
) -> Callable[
    [Callable[Concatenate[Ready, Args], Awaitable[Result]]], Callable[Args, Coroutine[None, None, Result]]
]:
    """Decorate an act: `prepare` is given what the act is given, and its answer is the act's first argument.

    The act raises Outdated, before it writes anything, where that answer no longer holds. It is prepared again then, in the
    end within its transaction. Once begun it runs to its end even when the caller goes away.
    """

    def decorate(
        deed: Callable[Concatenate[Ready, Args], Awaitable[Result]],
    ) -> Callable[Args, Coroutine[None, None, Result]]:
        async def at_once(*args: Args.args, **kwargs: Args.kwargs) -> Result:
            return await deed(await prepare(*args, **kwargs), *args, **kwargs)

        async def whole(*args: Args.args, **kwargs: Args.kwargs) -> Result:
            for _ in range(TRIES):
                ready = await prepare(*args, **kwargs)
                with suppress(Outdated):
                    return await store.transactional(partial(deed, ready))(*args, **kwargs)
            return await store.transactional(at_once)(*args, **kwargs)

        @wraps(deed)
        async def one_act(*args: Args.args, **kwargs: Args.kwargs) -> Result:
            if store.is_act_under_way():
                return await store.transactional(at_once)(*args, **kwargs)
            return await uninterrupted(whole(*args, **kwargs))

        return one_act

    return decorate
