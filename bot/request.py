"""The Bot API over aiohttp: the same calls as through httpx, for a third of the processor's time."""

from __future__ import annotations

import json
from functools import cache
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot import http_answer

CONNECT, READ, MEDIA, POOL = 5.0, 20.0, 20.0, 20.0  # seconds


class BotRequest(BaseRequest):
    """`pool`: connections at once; whoever finds none free waits for twenty seconds. A proxy that the environment named when
    a host was first asked is used.
    """

    def __init__(self, pool: int = 32, authorities: SSLContext | None = None) -> None:
        self._pool, self._authorities = pool, authorities
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return READ

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._pool, ssl=self._authorities or True)
            self._session = aiohttp.ClientSession(connector=connector)

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Raises TimedOut or NetworkError, in whose words the address, and with it the token, does not stand."""
        if self._session is None:
            raise RuntimeError("this request was not initialized")
        reading = _seconds(read_timeout, READ)
        files = request_data.multipart_data if request_data else None
        if reading is not None and files:
            reading += _seconds(write_timeout, MEDIA) or 0.0  # the file goes out in this time too
        timeout = aiohttp.ClientTimeout(
            total=None, connect=_seconds(pool_timeout, POOL), sock_connect=_seconds(connect_timeout, CONNECT),
            sock_read=reading,
        )  # fmt: skip
        try:
            async with self._session.request(
                method, url, timeout=timeout, allow_redirects=False, proxy=_proxy(*urlsplit(url)[:2]),
                **_body(request_data, files, {"User-Agent": self.USER_AGENT}),
            ) as answer:  # fmt: skip
                return answer.status, await http_answer.whole(answer)
        except TimeoutError as late:
            raise TimedOut from late
        except (aiohttp.ClientError, OSError) as failed:
            raise NetworkError(f"aiohttp.{type(failed).__name__}") from failed


def _seconds(given: Any, usual: float) -> float | None:
    return usual if isinstance(given, DefaultValue) else given


@cache
def _proxy(scheme: str, host: str) -> str | None:
    """The proxy on the way to a host. Asked by aiohttp itself it takes each call two trips to another thread."""
    return None if proxy_bypass(host) else getproxies().get(scheme)


def _body(request_data: RequestData | None, files: Any, headers: dict[str, str]) -> dict[str, Any]:
    """JSON, which costs a tenth of quoting Chinese in a form; a form of several parts when it carries files."""
    if request_data is None:
        return {"headers": headers}
    if not files:
        data = json.dumps(request_data.json_parameters, ensure_ascii=False).encode()
        return {"data": data, "headers": headers | {"Content-Type": "application/json"}}
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in files.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return {"data": form, "headers": headers}
