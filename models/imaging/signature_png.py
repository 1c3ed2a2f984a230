"""A signature drawn on glass: a small PNG from a phone, read here bit by bit before it is kept (Art. 16 (3)).

Whatever prints it later meets nothing but its pixels: the file is put together anew from header and pixels, and
only when both are whole.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from models.imaging import headers
from models.refusal import Refusal

LARGEST, LONGEST_SIDE = 45_000, 1_600
CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}  # grey, colour, either with transparency; eight bits each
DRAWN_ROWS = 4  # rows that differ from each other: an empty pane has fewer
MAGIC = b"\x89PNG\r\n\x1a\n"


def signature(data: bytes) -> bytes:
    """The same picture without anything beside it. Refuses `signature.too_large`, `signature.not_a_picture` and
    `signature.empty`."""
    if len(data) > LARGEST:
        raise Refusal(
            "signature.too_large", article="16(3)", kilobytes=len(data) // 1000, limit=LARGEST // 1000
        )
    try:
        header = headers.read(data)
        chunks = list(_chunks(data))
        pixels = _pixels(chunks)
    except (Refusal, struct.error, zlib.error, KeyError, ValueError) as no:
        raise Refusal("signature.not_a_picture", article="16(3)") from no
    if header.format != "PNG":
        raise Refusal("signature.not_a_picture", article="16(3)")
    if len(set(pixels)) < DRAWN_ROWS:
        raise Refusal("signature.empty", article="16(3)")
    packed = b"".join(body for name, body in chunks if name == b"IDAT")
    return MAGIC + b"".join(
        _chunk(*row) for row in ((b"IHDR", chunks[0][1]), (b"IDAT", packed), (b"IEND", b""))
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every chunk up to the last, each with its own checksum right."""
    at = len(MAGIC)
    while True:
        size, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + size]
        (checksum,) = struct.unpack_from(">I", data, at + 8 + size)
        if zlib.crc32(name + body) != checksum:
            raise ValueError("a damaged chunk")
        yield name, body
        if name == b"IEND":
            return
        at += 12 + size


def _pixels(chunks: list[tuple[bytes, bytes]]) -> list[bytes]:
    """The rows as they were packed, each after its filter."""
    first, head = chunks[0]
    width, height, depth, colour, packing, filtering, interlaced = struct.unpack(">IIBBBBB", head)
    if first != b"IHDR" or (depth, packing, filtering, interlaced) != (8, 0, 0, 0):
        raise ValueError("not what a phone draws")
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise ValueError("not the size of a signature")
    row = 1 + width * CHANNELS[colour]
    unpack = zlib.decompressobj()
    raw = unpack.decompress(b"".join(body for name, body in chunks if name == b"IDAT"), row * height + 1)
    if len(raw) != row * height or not unpack.eof or any(kind > 4 for kind in raw[::row]):
        raise ValueError("not the pixels that the header promises")
    return [raw[at : at + row] for at in range(0, len(raw), row)]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
