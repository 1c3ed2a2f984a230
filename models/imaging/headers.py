"""Reads the first bytes of a photo, and nothing that would have to be decoded.

Written here and not left to an imaging library, because this runs in the server's own process on bytes
from strangers: opening a WebP already allocates its canvas, and junk between JPEG markers is read a byte
at a time.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from models.refusal import Refusal

MAX_BYTES = 64 * 1024 * 1024
MAX_PIXELS = {"JPEG": 50_000_000, "PNG": 50_000_000, "WEBP": 25_000_000}  # WebP decodes twice over
MAX_SIDE = 32_768
MAX_EXIF = 256 * 1024
MAX_SEGMENTS = 4_096

_EXIF = b"Exif\0\0"
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OTHERS = {b"GIF8": "GIF", b"II*\0": "TIFF", b"MM\0*": "TIFF", b"BM": "BMP", b"%PDF": "PDF"}


@dataclass(frozen=True)
class Header:
    """Format, size in pixels as stored (before any turning), and the raw TIFF block of the EXIF, if any."""

    format: str
    width: int
    height: int
    exif: bytes = b""


def read(data: bytes) -> Header:
    """The header of a JPEG, PNG, WebP or HEIC file; a `photo.*` refusal for anything else."""
    if not data:
        raise Refusal("photo.empty")
    if len(data) > MAX_BYTES:
        raise Refusal("photo.too_large", megabytes=len(data) // 1_048_576, limit=MAX_BYTES // 1_048_576)
    try:
        header = _reader_of(data)(data)
    except (struct.error, IndexError) as short:
        raise Refusal("photo.truncated") from short
    _measure(header)
    return header


def _reader_of(data: bytes) -> Callable[[bytes], Header]:
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp
    if data[4:8] == b"ftyp":
        return _heif
    for magic, name in _OTHERS.items():
        if data.startswith(magic):
            raise Refusal("photo.format_not_accepted", format=name)
    raise Refusal("photo.not_an_image")


def _measure(header: Header) -> None:
    width, height = header.width, header.height
    if header.format == "HEIC":
        return
    if width < 1 or height < 1:
        raise Refusal("photo.not_an_image")
    most = MAX_PIXELS[header.format]
    if width * height > most or max(width, height) > MAX_SIDE:
        raise Refusal("photo.too_many_pixels", width=width, height=height, limit=most // 1_000_000)


def _jpeg(data: bytes) -> Header:
    size: tuple[int, int] | None = None
    exif = b""
    start = 0
    for marker, body, start in _jpeg_segments(data):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, body + 1)
            size = width, height
        elif marker == 0xE1 and not exif and data.startswith(_EXIF, body):
            exif = data[body + len(_EXIF) : start]
    if size is None:
        raise Refusal("photo.not_an_image")
    if data.rfind(b"\xff\xd9", start) < 0:
        raise Refusal("photo.truncated")
    return Header("JPEG", *size, exif)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, where its body starts, where it ends), up to and with the start of the scan."""
    at = 2
    for _ in range(MAX_SEGMENTS):
        if data[at] != 0xFF:
            raise Refusal("photo.not_an_image")
        while data[at + 1] == 0xFF:
            at += 1
        marker = data[at + 1]
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + max(length, 2)
        yield marker, at + 4, end
        if marker == 0xDA:
            return
        at = end
    raise Refusal("photo.not_an_image")


def _png(data: bytes) -> Header:
    if data[12:16] != b"IHDR":
        raise Refusal("photo.not_an_image")
    width, height = struct.unpack_from(">II", data, 16)
    header = Header("PNG", width, height)
    _measure(header)
    if data.rfind(b"IEND\xaeB`\x82") < 0:
        raise Refusal("photo.truncated")
    exif = next((body for name, body in _chunks(data, 8, ">I4s", 4) if name == b"eXIf"), b"")
    return replace(header, exif=exif)


def _webp(data: bytes) -> Header:
    (announced,) = struct.unpack_from("<I", data, 4)
    kind = data[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
    elif kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    elif kind == b"VP8L" and data[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", data, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        raise Refusal("photo.not_an_image")
    if announced + 8 > len(data):
        raise Refusal("photo.truncated")
    exif = next((body for name, body in _chunks(data, 12, "<4sI", 0) if name == b"EXIF"), b"")
    return Header("WEBP", width, height, exif.removeprefix(_EXIF))


def _chunks(data: bytes, at: int, shape: str, tail: int) -> Iterator[tuple[bytes, bytes]]:
    """(name, body) of PNG or RIFF chunks; bodies that cannot be EXIF of an honest camera come empty."""
    for _ in range(MAX_SEGMENTS):
        if at + 8 > len(data):
            return
        first, two = struct.unpack_from(shape, data, at)
        name, length = (two, first) if tail else (first, two)
        body = at + 8
        yield name, data[body : body + length] if length <= MAX_EXIF else b""
        at = body + length + tail + (0 if tail else length & 1)


def _heif(data: bytes) -> Header:
    (length,) = struct.unpack_from(">I", data, 0)
    brands = {data[8:12]} | {data[at : at + 4] for at in range(16, min(length, 128), 4)}
    if b"avif" in brands or b"avis" in brands:
        raise Refusal("photo.format_not_accepted", format="AVIF")
    if brands & _HEIF_BRANDS:
        return Header("HEIC", 0, 0, _loose_exif(data))
    raise Refusal("photo.not_an_image")


def _loose_exif(data: bytes) -> bytes:
    """Phones put the EXIF item whole into the file; walking the boxes would find the same bytes."""
    for order in (b"MM\0*", b"II*\0"):
        at = data.find(_EXIF + order)
        if at >= 0:
            return data[at + len(_EXIF) : at + len(_EXIF) + MAX_EXIF]
    return b""
