"""The district's rules for photos taken with the companion (U35, D35).

`original`: keep what the camera gave up to this many bytes; larger ones are made smaller on the phone: the long side
to `side` pixels, the short one to no less than `short`, so that a long screenshot can still be read. What the camera
wrote goes along, and the phone says that it did so. 0 keeps every original. `part`: how many bytes are sent at
first; then what the line takes in five seconds.
"""

from __future__ import annotations

LARGEST = 20 * 1024 * 1024
POLICY = {"original": 1_500_000, "side": 2560, "short": 1080, "largest": LARGEST, "part": 128 * 1024}
