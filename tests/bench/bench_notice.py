"""How many notices a second are made: plain text, PDF and QR code, every letter another.

    python -m tests.bench.bench_notice [--letters 60]

Prints JSON. Goal: at least 100 a second on two cores with their outbox row.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import resource
import statistics
import sys
import time
from importlib.metadata import version
from typing import Any

from server.documents.letter import Letter, notice_pdf, notice_text, print_letter
from server.documents.paper import qr_path
from tests.server.documents.samples import ZH, letter


def different(number: int) -> Letter:
    """A letter that shares with its neighbours what the letters of one batch share."""
    return letter(
        number=f"XH-2026-HOTEL-01-{number:05}-T1",
        target=f"平顶山市新华区示例{number:05}酒店有限公司",
        credit_code=f"92410402XXXX{number:05}X",
        place=f"平顶山市新华区光明路街道示例路{number}号",
        when=f"2026年11月{25 + number % 4}日 09:{number % 60:02} – 11:00",
        url=f"https://sheng.example.cn/n/{number:022}",
        check_code=f"{number:06}",
    )


def each_ms(letters: list[Letter]) -> dict[str, float]:
    """Median milliseconds of each part, in one thread."""
    parts = {
        "text": lambda one: notice_text(one, ZH),
        "qr": lambda one: qr_path(one.url),
        "text_pdf_qr": lambda one: (notice_text(one, ZH), print_letter((one, ZH))),
    }
    taken: dict[str, list[float]] = {name: [] for name in parts}
    for one in letters:
        for name, make in parts.items():
            begun = time.perf_counter()
            make(one)
            taken[name].append((time.perf_counter() - begun) * 1000)
    return {name: round(statistics.median(values), 2) for name, values in taken.items()}


async def together(letters: list[Letter], at_once: int) -> float:
    """Notices a second, `at_once` in work."""
    waiting = iter(letters)

    async def work() -> None:
        for one in waiting:
            notice_text(one, ZH)
            await notice_pdf(one, ZH)

    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return round(len(letters) / (time.perf_counter() - begun), 1)


def measure(count: int) -> dict[str, Any]:
    print_letter((different(0), ZH))
    letters = [different(number) for number in range(1, count * 4 + 1)]
    before = time.process_time()
    parts = each_ms(letters[:count])
    # On a busy machine the processor's own time tells more than the clock.
    cpu = (time.process_time() - before) * 1000 / count
    return {
        "bench": "notice",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "typst": version("typst"),
        "qrcode": version("qrcode"),
        "ms": parts,
        "cpu_ms_each": round(cpu, 2),
        "per_second_one_at_a_time": asyncio.run(together(letters[count : 2 * count], 1)),
        "per_second_two_at_once": asyncio.run(together(letters[2 * count :], 2)),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=60)
    json.dump(measure(parser.parse_args().letters), sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
