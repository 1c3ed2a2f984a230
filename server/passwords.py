"""Passwords: how strong they are, how many are checked at once (NIST SP 800-63B 3.1.1; ASVS 6.2, 6.3).

One check takes 64 MiB and a core for a tenth of a second. They are done one after the other in a thread of their
own, so that a crowd of wrong passwords holds up nobody's photo and takes no memory from it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, TypeVar

from aiohttp import web
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from zxcvbn import zxcvbn

from models.refusal import Refusal

Result = TypeVar("Result")

LEAST, MOST = 12, 1000  # characters
SAFE = 3  # of zxcvbn's scores 0 to 4: more than 10^8 guesses
READ = 72  # characters that zxcvbn looks at
COMMON_HERE = (  # what zxcvbn's English lists do not know
    "woaini", "woaiwojia", "aini", "1314", "520", "5201314", "1314520", "zhongguo", "zhonghua", "wangyi", "nihao",
    "mima", "wodemima", "guanliyuan", "xitong", "lianxiban", "shuangsuiji", "pingdingshan", "xinhuaqu", "xinhua",
)  # fmt: skip
WAITING, WAITING_OF_ONE = 24, 4  # checks that may wait: of everybody, of one address


class PasswordQueue:
    """Whose password is checked next. Beyond `WAITING` nobody waits: the answer is 503 at once."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)
        self._waiting: Counter[str] = Counter()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="passwords")

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Wait for the turn of a request from `address`. Raises HTTPServiceUnavailable when too many wait."""
        if self._waiting[address] >= WAITING_OF_ONE or self._waiting.total() >= WAITING:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "10"})
        self._waiting[address] += 1
        try:
            async with self._turn:
                yield
        finally:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address]

    async def fits(self, hashed: str, password: str) -> bool:
        """Whether `password` is the one behind `hashed`; as slow when there is no such account (`hashed` empty)."""
        return await self._run(_fits, hashed, password)

    async def hashed(self, password: str, about: Iterable[str] = ()) -> str:
        """What is stored of a password. Raises Refusal as `check` does."""
        return await self._run(_checked_and_hashed, password, tuple(about))

    async def _run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)


PASSWORDS = web.AppKey("passwords", PasswordQueue)


def check(password: str, about: Iterable[str] = ()) -> None:
    """Refuse a password that is short, or that common lists, keyboards, repeats or `about` make easy to guess.

    `about`: the person's own words, such as name and login name. Nothing else is asked of a password.
    """
    if len(password) < LEAST:
        raise Refusal("enrolment.password_short", article="7", least=LEAST)
    if len(password) > MOST:
        raise Refusal("enrolment.password_long", article="7", most=MOST)
    known = [*COMMON_HERE, *(word for word in about if word)]
    if zxcvbn(password[:READ], user_inputs=known)["score"] < SAFE:
        raise Refusal("enrolment.password_common", article="7")


def _checked_and_hashed(password: str, about: Iterable[str]) -> str:
    check(password, about)
    return hasher().hash(password)


def _fits(hashed: str, password: str) -> bool:
    try:
        return hasher().verify(hashed or _nobodys(), password)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys() -> str:
    """A hash that no password meets, so that unknown names take as long as known ones."""
    return hasher().hash(secrets.token_urlsafe(32))
