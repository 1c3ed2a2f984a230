"""Where photos become evidence that can be looked at (Art. 15, Art. 16 (3)).

`examine` reads what a file is and claims without decoding it; `Darkroom` develops prints of it in worker
processes that may die without harm. The original bytes are never touched.
"""

from __future__ import annotations

from models.imaging.facts import PhotoFacts, examine
from models.imaging.font import FONT, FONT_SHA256, assert_font
from models.imaging.pool import ImagingPool
from models.imaging.renditions import PhotoStamp, Renditions, render

__all__ = [
    "FONT",
    "FONT_SHA256",
    "ImagingPool",
    "PhotoFacts",
    "PhotoStamp",
    "Renditions",
    "assert_font",
    "examine",
    "render",
]
