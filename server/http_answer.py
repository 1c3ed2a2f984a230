"""An HTTP answer is read to its end, up to a limit: whoever calls another server reads with this.

`StreamReader.read(n)` gives what has arrived so far; an answer that comes in two pieces would be cut.
"""

from __future__ import annotations

import json
from typing import Any

import aiohttp

LARGEST = 1 << 20  # bytes


async def whole(answer: aiohttp.ClientResponse, limit: int = LARGEST) -> bytes:
    """Every byte. Raises aiohttp.ClientPayloadError for an answer longer than `limit`, which is not read on."""
    pieces, size = [], 0
    async for piece in answer.content.iter_any():
        size += len(piece)
        if size > limit:
            answer.close()
            raise aiohttp.ClientPayloadError(f"an answer of more than {limit} bytes")
        pieces.append(piece)
    return b"".join(pieces)


async def text(answer: aiohttp.ClientResponse, limit: int = LARGEST) -> str:
    """The answer as text, whatever it calls its encoding; what is no UTF-8 shows as such."""
    return (await whole(answer, limit)).decode("utf-8", "replace")


async def parsed(answer: aiohttp.ClientResponse, limit: int = LARGEST) -> Any:
    """The answer as JSON. Raises ValueError when it is none."""
    return json.loads(await whole(answer, limit))
