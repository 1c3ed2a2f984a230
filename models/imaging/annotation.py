"""Draws arrows and boxes onto a copy of a photo and hides parts of it, so that nothing brings them back (Art. 16 (3)).

A hidden part keeps a handful of colours, each the mean of a wide field: no face and no number plate is left in
the file. The original is never opened for writing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, ImageDraw

INK, EDGE = (224, 30, 37), (255, 255, 255)
FIELDS = 5  # along the shorter side of a hidden part
WHOLE = 10_000


def draw(image: Image.Image, marks: Sequence[Mapping[str, Any]]) -> None:
    """Hidden parts first: a line drawn over one stays a line."""
    for mark in sorted(marks, key=lambda row: row["kind"] != "hide"):
        begins, ends = _point(image, mark, "1"), _point(image, mark, "2")
        if mark["kind"] == "hide":
            _hide(image, begins, ends)
        else:
            _stroke(image, mark["kind"], begins, ends)


def _point(image: Image.Image, mark: Mapping[str, Any], which: str) -> tuple[int, int]:
    width, height = image.size
    return (
        round(mark["x" + which] * (width - 1) / WHOLE),
        round(mark["y" + which] * (height - 1) / WHOLE),
    )


def _hide(image: Image.Image, row: tuple[int, int], other: tuple[int, int]) -> None:
    box = (
        max(0, min(row[0], other[0])),
        max(0, min(row[1], other[1])),
        min(image.width, max(row[0], other[0]) + 1),
        min(image.height, max(row[1], other[1]) + 1),
    )
    width, height = box[2] - box[0], box[3] - box[1]
    field = max(1.0, min(width, height) / FIELDS)
    few = (max(1, min(12, round(width / field))), max(1, min(12, round(height / field))))
    part = image.crop(box).resize(few, Image.Resampling.BOX).quantize(8).convert("RGB")
    image.paste(part.resize((width, height), Image.Resampling.NEAREST), box)


def _stroke(image: Image.Image, kind: str, begins: tuple[int, int], ends: tuple[int, int]) -> None:
    pen = ImageDraw.Draw(image)
    thick = max(3, max(image.size) // 200)
    for colour, width in ((EDGE, thick + max(2, thick // 2)), (INK, thick)):
        if kind == "box":
            left, right = sorted((begins[0], ends[0]))
            top, bottom = sorted((begins[1], ends[1]))
            grown = (width - thick) // 2
            pen.rectangle(
                (left - grown, top - grown, right + grown, bottom + grown), outline=colour, width=width
            )
        else:
            pen.line((begins, ends), fill=colour, width=width)
            for barb in _barbs(begins, ends, thick * 5):
                pen.line((barb, ends), fill=colour, width=width)


def _barbs(begins: tuple[int, int], ends: tuple[int, int], long: int) -> list[tuple[int, int]]:
    """Where the two strokes of an arrow's head begin."""
    back = math.atan2(begins[1] - ends[1], begins[0] - ends[0])
    return [
        (round(ends[0] + long * math.cos(back + turn)), round(ends[1] + long * math.sin(back + turn)))
        for turn in (math.pi / 7, -math.pi / 7)
    ]
