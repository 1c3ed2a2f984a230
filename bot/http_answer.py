"""An answer of the Bot API is read to its end, up to a limit: `server.http_answer` for the chat, which knows no server."""

from __future__ import annotations

import aiohttp

LARGEST = 24 << 20  # bytes; a bot may fetch files of 20 MB (F8), everything else is far smaller


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
