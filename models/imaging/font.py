"""The one Chinese font of every derived photo and printed document.

Its package is young and kept by one person, so the file itself is pinned.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

FONT = Path(str(files("noto_cjk_sans_otc") / "NotoSansCJK-Regular.ttc"))
FONT_FAMILY = "Noto Sans CJK SC"
FONT_INDEX = 2  # the collection holds JP, KR, SC, TC, HK; 2 draws characters the mainland way
FONT_SHA256 = "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a"


def assert_font(path: Path = FONT) -> None:
    """RuntimeError unless the font is the very file that was looked at when it was chosen."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != FONT_SHA256:
        raise RuntimeError(f"the font {path.name} has sha256 {digest}, expected {FONT_SHA256}")
