"""How many notices a second are made: plain text, PDF, QR code and outbox row, every letter another.

    python -m tests.bench.bench_notice [--letters 120]

Prints JSON. Goal: at least 100 a second on two cores. `ratio`: against the same letters set one after the other,
each from its data alone, as a program that calls the compiler for each letter would.
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
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from models import store
from models.operations import outbox
from server.documents import layout
from server.documents.layout import fonts, qr_path
from server.documents.letter import Letter, notice_pdf, notice_text, print_letter, sheet_of
from server.documents.render_pool import RenderPool
from tests.server.documents.samples import ZH, letter

FOLDER = Path(layout.__file__).parent


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


def plainly(letters: list[Letter]) -> float:
    """Letters a second, each set for itself: its data an input of the compiler, in this thread."""
    compiler = typst.Compiler(font_paths=fonts(), ignore_system_fonts=True)
    layout = (FOLDER / "notice.typ").read_text().replace('json("data.json")', "json(bytes(sys.inputs.data))")
    files = {"main.typ": layout.encode(), "paper.typ": (FOLDER / "paper.typ").read_bytes()}
    begun = time.perf_counter()
    for one in letters:
        notice_text(one, ZH)
        compiler.compile(files, format="pdf", sys_inputs={"data": sheet_of((one, ZH)).data.decode()})
    return round(len(letters) / (time.perf_counter() - begun), 1)


async def together(letters: list[Letter], room: RenderPool, at_once: int = 4) -> float:
    """Notices a second: text, PDF with its code, and the row that owes it."""
    waiting = iter(letters)
    at = datetime.now(UTC)

    async def work() -> None:
        for one in waiting:
            notice_text(one, ZH)
            await notice_pdf(one, ZH, press=room)
            await store.run_in_transaction(
                outbox.enqueue_to_address, "email", "a@example.cn", "notice", key=one.number, at=at, notice=1
            )

    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return round(len(letters) / (time.perf_counter() - begun), 1)


def spent() -> float:
    """Processor seconds of this process and of presses that have gone."""
    return sum(
        one.ru_utime + one.ru_stime
        for one in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


async def with_rows(letters: list[Letter]) -> float:
    room = RenderPool(workers=os.cpu_count() or 1)
    with tempfile.TemporaryDirectory() as folder:
        async with store.opened(f"sqlite://{folder}/bench.sqlite3", create=True):
            await together([different(10**6 + n) for n in range(8)], room)
            try:
                return await together(letters, room)
            finally:
                await room.stop()


def measure(count: int) -> dict[str, Any]:
    print_letter((different(0), ZH))
    letters = [different(number) for number in range(1, count * 4 + 1)]
    before = time.process_time()
    parts = each_ms(letters[:count])
    # On a busy machine the processor's own time tells more than the clock.
    cpu = (time.process_time() - before) * 1000 / count
    slow = plainly(letters[count : 2 * count])
    begun = spent()
    asyncio.run(with_rows([]))  # what opening a store and hiring presses costs, however many letters follow
    opened = spent()
    fast = asyncio.run(with_rows(letters[2 * count :]))
    whole = (spent() - opened - (opened - begun)) * 1000 / (2 * count)
    return {
        "bench": "notice",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "typst": version("typst"),
        "qrcode": version("qrcode"),
        "ms": parts,
        "cpu_ms_each": round(cpu, 2),
        "plainly_per_second": slow,
        "per_second": fast,
        "ratio": round(fast / slow, 2),
        "cpu_ms_whole": round(whole, 2),
        "per_second_if_idle": round((os.cpu_count() or 1) * 1000 / whole),
        "load": os.getloadavg()[0],
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=120)
    json.dump(measure(parser.parse_args().letters), sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
