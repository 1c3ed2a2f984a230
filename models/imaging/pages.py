"""A long picture by pages: a screenshot of many screens is read page after page, never as a strip (Art. 16 (3))."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image

from models.rules.photo import LONG, is_long

OVERLAP = 24  # pixels that stand on both pages, so that a line cut by one is whole on the other
QUALITY = 82
MOST = 40  # pages of one picture: what is narrow to the point of absurdity makes longer ones


def by_pages(copy: bytes) -> tuple[bytes, ...]:
    """A copy that we made (JPEG), cut along its long side; nothing for a picture that one page shows whole."""
    with Image.open(io.BytesIO(copy), formats=("JPEG",)) as image:
        if not is_long(*image.size):
            return ()
        return tuple(_jpeg(image.crop(box)) for box in _boxes(*image.size))


def _boxes(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """Left, upper, right and lower side of each page; the last one reaches back to be as long as the others."""
    short, long = min(width, height), max(width, height)
    page, begins = max(LONG * short, long // MOST + OVERLAP + 1), 0
    while True:
        begins = min(begins, long - page)
        ends = begins + page
        yield (0, begins, width, ends) if height >= width else (begins, 0, ends, height)
        if ends >= long:
            return
        begins = ends - min(OVERLAP, page // 2)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
