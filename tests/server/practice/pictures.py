"""Small pictures for tests."""

from __future__ import annotations

import io

from PIL import ExifTags, Image


def jpeg(width: int = 640, height: int = 480, colour: str = "seagreen") -> bytes:
    """A JPEG with a camera's EXIF time."""
    exif = Image.Exif()
    exif[ExifTags.Base.DateTime] = "2026:05:12 09:30:00"
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def exif_time(content: bytes) -> str | None:
    with Image.open(io.BytesIO(content)) as image:
        return image.getexif().get(ExifTags.Base.DateTime)
