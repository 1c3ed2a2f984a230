"""Makes the derived copies of one photo: upright, stamped, small. Everything but pixels stays behind.

Runs in a worker of the `Darkroom`; on the server's own loop it would block and could be bombed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from models.imaging import annotation as drawing
from models.imaging import exif, glyphs, headers
from models.imaging.font import FONT, FONT_INDEX
from models.refusal import Refusal
from models.rules import private_use
from models.rules.private_use import PRIVATE

LONG_SIDE, SHORT_SIDE = 1600, 720
MOST = 24_000_000  # pixels of a print
THUMBNAIL = 320
QUALITY = 82
ROWS_PER_LINE = 2
MAX_LINE = 400

_TURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class PhotoStamp:
    """Already worded lines for the corner: task, question, time, officer, grade."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Renditions:
    """Two JPEGs without metadata, stamped when a stamp was given. The print's long side is at most 1,600 px unless
    that would leave less than 720 px of its short side; the thumbnail of a long picture is that of its beginning."""

    print: bytes
    thumbnail: bytes
    width: int
    height: int


def render(
    data: bytes, stamp: PhotoStamp | None = None, marks: Sequence[Mapping[str, Any]] = ()
) -> Renditions:
    """The derived copies, `marks` drawn on both. Refuses what `examine` refuses, `photo.no_preview` for HEIC,
    and `photo.truncated` or `photo.undevelopable` when the pixels cannot be had."""
    header = headers.read(data)
    if not header.width:
        raise Refusal("photo.no_preview", format=header.format)
    _, orientation = exif.read(header.exif)
    upright = _upright(data, orientation)
    drawing.draw(upright, marks)
    small = _shrink(_beginning(upright), THUMBNAIL)
    if stamp is not None:
        _press(upright, stamp)
    return Renditions(_jpeg(upright, QUALITY), _jpeg(small, 75), *upright.size)


def _upright(data: bytes, orientation: int) -> Image.Image:
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
        image.draft("RGB", _fitted(image.size, LONG_SIDE, SHORT_SIDE))
        image.load()
        image = _shrink(_opaque(image), LONG_SIDE, SHORT_SIDE)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as broken:
        code = "photo.truncated" if "truncated" in str(broken) else "photo.undevelopable"
        raise Refusal(code) from broken
    if orientation in _TURN:
        image = image.transpose(_TURN[orientation])
    # The JPEG writer copies comments and profiles that it finds here.
    image.info = {}
    return image


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if image.mode.startswith("I"):
        return image.point(lambda level: level / 256).convert("L").convert("RGB")
    if "A" not in image.mode and "transparency" not in image.info:
        return image.convert("RGB")
    image = _shrink(image.convert("RGBA"), LONG_SIDE, SHORT_SIDE)
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _beginning(image: Image.Image) -> Image.Image:
    """What a thumbnail shows: all of it, or the first page of what is several times as long as wide."""
    width, height = image.size
    return image.crop((0, 0, min(width, 2 * height), min(height, 2 * width)))


def _shrink(image: Image.Image, side: int, short: int = 0) -> Image.Image:
    size = _fitted(image.size, side, short)
    if size == image.size:
        return image.copy()
    return image.resize(size, Image.Resampling.HAMMING, reducing_gap=1.5)


def _fitted(size: tuple[int, int], side: int, short: int = 0) -> tuple[int, int]:
    """The long side at most `side`, but the short one no less than `short`, as far as `MOST` allows."""
    scale = min(1.0, max(side / max(size), short / min(size)), (MOST / (size[0] * size[1])) ** 0.5)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _press(image: Image.Image, stamp: PhotoStamp) -> None:
    width, height = image.size
    size = max(12, min(max(image.size), LONG_SIDE) // 50)
    margin = size // 2
    font = _font(size)
    rows = [row for line in stamp.lines for row in _rows(clean(line), font, width - 2 * margin)]
    step = round(size * 1.4)
    rows = rows[: max(1, (height - 2 * margin) // step)]
    top = max(0, height - step * len(rows) - 2 * margin)
    draw = ImageDraw.Draw(image, "RGBA")
    reach = max((font.getlength(row) for row in rows), default=0) + 2 * margin
    draw.rectangle((0, top, min(width, round(reach)), height), fill=(0, 0, 0, 150))
    for number, row in enumerate(rows):
        draw.text((margin, top + margin + number * step), row, font=font, fill="white")


def clean(line: str) -> str:
    """Without line breaks, control characters and the marks that turn text around; a character that the font
    lacks stands as its code point."""
    shown = private_use.folded(line[:MAX_LINE])
    plain = "".join(
        c if c.isprintable() or PRIVATE.match(c) else " " if c.isspace() else "" for c in shown
    ).strip()
    return glyphs.spelt(plain, missing) if (missing := glyphs.lacking(plain)) else plain


def _rows(line: str, font: ImageFont.FreeTypeFont, room: float) -> Iterator[str]:
    for row in range(ROWS_PER_LINE):
        if font.getlength(line) <= room:
            if line:
                yield line
            return
        end = _fitting(line, font, room)
        if row == ROWS_PER_LINE - 1:
            yield line[: max(1, end - 1)] + "…"
        else:
            yield line[:end]
            line = line[end:]


def _fitting(line: str, font: ImageFont.FreeTypeFont, room: float) -> int:
    low, high = 1, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(line[:middle]) <= room else (low, middle - 1)
    return low


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size, index=FONT_INDEX, layout_engine=ImageFont.Layout.BASIC)
