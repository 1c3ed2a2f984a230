"""Practice photos: drawn here, with a camera's EXIF, and labelled so that nobody takes them for evidence."""

from __future__ import annotations

import colorsys
import io
import random
from datetime import datetime

import noto_cjk_sans_otc  # type: ignore[import-untyped]
from PIL import ExifTags, Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1600, 1200
_SIMPLIFIED = 2


def practice_photo(label: str, at: datetime, place: tuple[float, float] | None = None) -> bytes:
    """A JPEG of a made-up room under `label`; `at` and `place` (latitude, longitude) stand in its EXIF."""
    dice = random.Random(at.timestamp())  # noqa: S311  a picture, not a draw
    image = _room(dice)
    draw = ImageDraw.Draw(image)
    _write(draw, label, at)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88, exif=_exif(at, place))
    return out.getvalue()


def _room(dice: random.Random) -> Image.Image:
    wall, floor, thing = (_tone(dice.random(), light) for light in (0.86, 0.62, 0.44))
    image = Image.new("RGB", (WIDTH, HEIGHT), wall)
    draw = ImageDraw.Draw(image)
    line = dice.randint(700, 820)
    draw.rectangle((0, line, WIDTH, HEIGHT), fill=floor)
    for x in range(-WIDTH, WIDTH * 2, 150):
        draw.line((WIDTH // 2 + (x - WIDTH // 2) // 3, line, x, HEIGHT), fill=wall, width=3)
    left = dice.randint(160, 800)
    draw.rectangle((left, 240, left + 330, line + 60), fill=thing)
    draw.rectangle((left + 26, 270, left + 304, line + 30), outline=wall, width=5)
    draw.ellipse((left + 272, 560, left + 296, 584), fill=wall)
    red = (left + 520) % (WIDTH - 260)
    draw.rounded_rectangle((red, line - 170, red + 110, line + 100), 46, fill=(176, 58, 46))
    draw.rectangle((red + 38, line - 212, red + 72, line - 166), fill=(60, 60, 60))
    return image


def _tone(hue: float, light: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(hue, light, 0.18)
    return int(red * 255), int(green * 255), int(blue * 255)


def _write(draw: ImageDraw.ImageDraw, label: str, at: datetime) -> None:
    font = ImageFont.truetype(str(noto_cjk_sans_otc.FONT_PATH), 50, index=_SIMPLIFIED)
    draw.rectangle((0, 0, WIDTH, 112), fill=(28, 52, 46))
    draw.text((44, 22), label, font=font, fill=(255, 255, 255))
    draw.text(
        (WIDTH - 44, 22), at.strftime("%Y-%m-%d %H:%M:%S"), font=font, fill=(222, 232, 228), anchor="ra"
    )


def _exif(at: datetime, place: tuple[float, float] | None) -> Image.Exif:
    exif = Image.Exif()
    moment = at.strftime("%Y:%m:%d %H:%M:%S")
    exif[ExifTags.Base.Make] = "Practice"
    exif[ExifTags.Base.Model] = "Practice phone"
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.DateTime] = moment
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = moment
    details[ExifTags.Base.OffsetTimeOriginal] = at.strftime("%z")[:3] + ":" + at.strftime("%z")[3:]
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        for at_ref, at_value, degrees, signs in (
            (ExifTags.GPS.GPSLatitudeRef, ExifTags.GPS.GPSLatitude, place[0], "NS"),
            (ExifTags.GPS.GPSLongitudeRef, ExifTags.GPS.GPSLongitude, place[1], "EW"),
        ):
            gps[at_ref] = signs[degrees < 0]
            gps[at_value] = _sexagesimal(abs(degrees))
    return exif


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), round(minutes % 1 * 60, 3)
