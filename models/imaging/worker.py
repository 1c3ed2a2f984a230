"""One darkroom worker: reads photos from its input, writes prints to its output, and may die of a photo.

A request is a JSON line followed by the photo's bytes; so is an answer, with the bytes of its prints.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import IO, Any

from PIL import Image

from models.imaging.renditions import PhotoStamp, Renditions, render
from models.refusal import Refusal

MEMORY = 1_024 * 1024 * 1024
CPU_SECONDS = 20


def main() -> None:
    """Works until its input ends."""
    Image.MAX_IMAGE_PIXELS = None  # the header was measured before
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    source, out = sys.stdin.buffer, sys.stdout.buffer
    _say(out, {"ready": True})
    while order := source.readline():
        _allow_cpu()
        wanted = json.loads(order)
        _answer(out, source.read(wanted["size"]), wanted["lines"], wanted["marks"])


def _allow_cpu() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _answer(out: IO[bytes], data: bytes, lines: list[str] | None, marks: list[dict[str, Any]]) -> None:
    try:
        prints = render(data, None if lines is None else PhotoStamp(tuple(lines)), marks)
    except Refusal as no:
        _say(out, {"refused": no.code, "params": no.params})
    except MemoryError:
        _say(out, {"refused": "photo.undevelopable", "params": {}})
    else:
        _hand_over(out, prints)


def _hand_over(out: IO[bytes], prints: Renditions) -> None:
    sizes = [len(prints.print), len(prints.thumbnail)]
    out.write(json.dumps({"sizes": sizes, "width": prints.width, "height": prints.height}).encode() + b"\n")
    out.write(prints.print)
    out.write(prints.thumbnail)
    out.flush()


def _say(out: IO[bytes], answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
