"""How long a phone photo takes from original to prints, beside the straightforward way and on a live loop.

    python -m tests.bench.bench_photo [--rounds 5] [--photos 16]

Prints JSON. Goals: at most 0.4 x straightforward Pillow, two workers at least 1.8 x one, loop lag p99 at most
10 ms, at most 150 MB a worker.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import PIL
from PIL import Image, ImageDraw, ImageFont, ImageOps

from models.imaging import FONT, ImagingPool, PhotoStamp, render
from models.imaging.font import FONT_INDEX

STAMP = PhotoStamp(
    ("任务 XH-2026-HOTEL-01-0007", "第 3 题 营业执照置于醒目位置", "2026-11-25 09:21", "示例甲 0017", "A 级")
)


def phone_photo(width: int = 4000, height: int = 3000) -> bytes:
    """12 megapixels with the detail of a real scene, about 3.8 MB, lying on its side as phones store it."""
    scene = Image.merge("RGB", [Image.effect_noise((500, 375), 70).resize((width, height)) for _ in range(3)])
    grain = Image.effect_noise((width, height), 18).convert("RGB")
    tags = Image.Exif()
    tags[0x0112] = 6
    out = io.BytesIO()
    Image.blend(scene, grain, 0.25).save(out, "JPEG", quality=90, exif=tags)
    return out.getvalue()


def straightforward(data: bytes) -> tuple[bytes, bytes]:
    """What one writes first: decode all, turn all, shrink, stamp, and the same again for the thumbnail."""
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    scale = 1600 / max(upright.size)
    print_ = upright.resize(
        (round(upright.width * scale), round(upright.height * scale)), Image.Resampling.LANCZOS
    )
    font = ImageFont.truetype(str(FONT), 32, index=FONT_INDEX)
    draw = ImageDraw.Draw(print_, "RGBA")
    draw.rectangle((0, print_.height - 260, print_.width, print_.height), fill=(0, 0, 0, 150))
    for number, line in enumerate(STAMP.lines):
        draw.text((16, print_.height - 244 + number * 45), line, font=font, fill="white")
    small = upright.copy()
    small.thumbnail((320, 320))
    prints = io.BytesIO(), io.BytesIO()
    print_.save(prints[0], "JPEG", quality=82)
    small.save(prints[1], "JPEG", quality=75)
    return prints[0].getvalue(), prints[1].getvalue()


def in_turns(data: bytes, rounds: int, ways: dict[str, Callable[[bytes], Any]]) -> dict[str, list[float]]:
    """Milliseconds of each way, one after the other, `rounds` times after one that does not count."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            begun = time.perf_counter()
            way(data)
            if turn:
                taken[name].append((time.perf_counter() - begun) * 1000)
    return taken


def summed(values: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), 2),
        "min": round(min(values), 2),
        "max": round(max(values), 2),
    }


async def beside_a_loop(data: bytes, photos: int, workers: int) -> dict[str, Any]:
    """All photos at once through the darkroom while the loop ticks every 5 ms."""
    room = ImagingPool(workers=workers, timeout=600)
    await room.start()
    await asyncio.gather(*(room.develop(data, STAMP) for _ in range(workers)))
    lags: list[float] = []
    ticker = asyncio.create_task(_tick(lags))
    begun = time.perf_counter()
    await asyncio.gather(*(room.develop(data, STAMP) for _ in range(photos)))
    seconds = time.perf_counter() - begun
    ticker.cancel()
    peak = worker_peak_mb()
    await room.stop()
    lags.sort()
    return {
        "photos_per_second": round(photos / seconds, 2),
        "lag_ms_p50": round(lags[len(lags) // 2], 2),
        "lag_ms_p99": round(lags[int(len(lags) * 0.99)], 2),
        "lag_ms_max": round(lags[-1], 2),
        "worker_peak_mb": peak,
    }


def worker_peak_mb() -> float | None:
    """The most that a worker has used since it was started, where the system tells."""
    tasks = Path("/proc/self/task")
    if not tasks.exists():
        return None
    children = {pid for task in tasks.iterdir() for pid in (task / "children").read_text().split()}
    told = (Path("/proc", pid, "status").read_text() for pid in children)
    return max(
        int(line.split()[1]) / 1024 for status in told for line in status.splitlines() if "VmHWM" in line
    )


async def _tick(lags: list[float]) -> None:
    while True:
        due = time.perf_counter() + 0.005
        await asyncio.sleep(0.005)
        lags.append((time.perf_counter() - due) * 1000)


def measure(rounds: int, photos: int) -> dict[str, Any]:
    data = phone_photo()
    taken = in_turns(data, rounds, {"straightforward": straightforward, "ours": lambda d: render(d, STAMP)})
    one, two = (asyncio.run(beside_a_loop(data, photos, workers)) for workers in (1, 2))
    ratios = [ours / theirs for ours, theirs in zip(taken["ours"], taken["straightforward"], strict=True)]
    return {
        "bench": "photo",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "pillow": PIL.__version__,
        "photo_bytes": len(data),
        "ms": {name: summed(values) for name, values in taken.items()},
        "ratio_to_straightforward": summed(ratios),
        "one_worker": one,
        "two_workers": two,
        "two_workers_to_one": round(two["photos_per_second"] / one["photos_per_second"], 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--photos", type=int, default=16)
    asked = parser.parse_args()
    json.dump(measure(asked.rounds, asked.photos), sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
