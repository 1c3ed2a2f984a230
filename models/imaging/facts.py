"""What a photo is and what it claims, before anybody looks at it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from models.imaging import exif, headers
from models.rules.photo import Claims


@dataclass(frozen=True)
class PhotoFacts:
    """An accepted file. `width` and `height` are pixels as seen upright, 0 where there is no preview."""

    format: str
    size: int
    sha256: str
    width: int
    height: int
    orientation: int
    claims: Claims
    preview: bool

    @property
    def mime(self) -> str:
        """The media type that the bytes have, whatever the sender said."""
        return f"image/{self.format.lower()}"


def examine(data: bytes) -> PhotoFacts:
    """Reads the header only, in a millisecond. Refuses with `photo.empty`, `photo.too_large`,
    `photo.not_an_image`, `photo.format_not_accepted`, `photo.too_many_pixels` or `photo.truncated`."""
    header = headers.read(data)
    claims, orientation = exif.read(header.exif)
    preview = header.width > 0
    width, height = (header.height, header.width) if orientation >= 5 else (header.width, header.height)
    digest = hashlib.sha256(data).hexdigest()
    return PhotoFacts(header.format, len(data), digest, width, height, orientation, claims, preview)
