"""How deeds that shared a commit hear what came of them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from models.engine.uninterruptible import Unbroken

Deed = tuple[Callable[..., Any], Callable[[], Coroutine[Any, Any, Any]], Unbroken[Any]]
"""What runs it in the database's thread, the deed, and who is told."""


def tell(group: Sequence[Deed], results: Sequence[Any]) -> None:
    """Let those who wait for deeds know what came of each: a tuple with its result, or what it raised."""
    for (_, _, done), result in zip(group, results, strict=True):
        if done.done():
            continue
        if isinstance(result, BaseException):
            done.set_exception(result)
        else:
            done.set_result(result[0])


class Landing(Unbroken[None]):
    """A group comes back from the database's thread: those who wait hear of it in the same round of the loop."""

    def __init__(self, group: Sequence[Deed]) -> None:
        super().__init__()
        self._group = group

    def set_result(self, result: Any) -> None:
        tell(self._group, result)
        super().set_result(None)

    def set_exception(self, exception: Any) -> None:
        tell(self._group, [exception] * len(self._group))
        super().set_result(None)
