"""标注: arrows, boxes and hidden parts, drawn on a copy of a photo in ten-thousandths of its sides (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.refusal import Refusal

KINDS = ("arrow", "box", "hide")
CORNERS = ("x1", "y1", "x2", "y2")
MOST, WHOLE, LEAST = 20, 10_000, 50


def check(marks: Sequence[Any]) -> list[dict[str, Any]]:
    """The marks in the one form in which they are kept; `photo.bad_marks` for anything else."""
    if len(marks) > MOST:
        raise Refusal("photo.too_many_marks", article="16(3)", most=MOST)
    return [_one(mark) for mark in marks]


def _one(mark: Any) -> dict[str, Any]:
    good = (
        isinstance(mark, dict)
        and set(mark) == {"kind", *CORNERS}
        and mark["kind"] in KINDS
        and all(type(mark[corner]) is int and 0 <= mark[corner] <= WHOLE for corner in CORNERS)
    )
    if not good:
        raise Refusal("photo.bad_marks", article="16(3)")
    width, height = abs(mark["x2"] - mark["x1"]), abs(mark["y2"] - mark["y1"])
    flat = max(width, height) < LEAST if mark["kind"] == "arrow" else min(width, height) < LEAST
    if flat:
        raise Refusal("photo.bad_marks", article="16(3)")
    return {"kind": mark["kind"], **{corner: mark[corner] for corner in CORNERS}}
