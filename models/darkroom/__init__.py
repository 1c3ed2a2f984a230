"""Where photos become evidence that can be looked at (Art. 15, Art. 16 (3)).

`examine` reads what a file is and claims without decoding it; `Darkroom` develops prints of it in worker
processes that may die without harm. The original bytes are never touched.
"""

from __future__ import annotations

from models.darkroom.font import FONT, FONT_SHA256, assert_font
from models.darkroom.negative import Negative, examine
from models.darkroom.prints import Prints, Stamp, develop
from models.darkroom.room import Darkroom

__all__ = [
    "FONT",
    "FONT_SHA256",
    "Darkroom",
    "Negative",
    "Prints",
    "Stamp",
    "assert_font",
    "develop",
    "examine",
]
