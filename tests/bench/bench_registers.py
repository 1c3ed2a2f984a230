"""A register of targets: pages of its list, and the preview of a file as long: `python -m tests.bench.bench_registers --full`.

The register holds 20,000 targets, with `--full` a million; the files have a tenth of them, with `--full` 100,000 rows. Each
part runs in a process of its own, which prints its seconds and the most memory it had over what it began with.
"""

from __future__ import annotations

import asyncio
import io
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

SMALL, FULL = 20_000, 1_000_000
ROUNDS = 5
PARTS = ("pages", "csv", "xlsx")
NUMBERED = """INSERT INTO target ({columns}) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})
SELECT {values} FROM n"""
OWN = {
    "code": "'M' || substr('0000000' || i, -7)", "name": "'示例' || substr('甲乙丙丁', 1 + i % 4, 1) || '店' || i",
    "initials": "'sl' || substr('jybd', 1 + i % 4, 1) || 'd' || i", "kind": "'for_profit'", "status": "'operating'",
    "departments": """CASE i % 2 WHEN 0 THEN '["WJ"]' ELSE '["GA"]' END""", "credit_code": "NULL",
}  # fmt: skip
PAGES = {
    "the first page": {},
    "a page from the middle, by name": {"sort": "name", "after": "M0500000", "name": "示例甲店500000"},
    "part of a name that fits everywhere": {"search": "甲店"},
    "a number that fits one row": {"search": "M0000777"},
    "a department": {"department": "GA"},
    "a search that finds nothing": {"search": "nobody"},
}


async def fill(count: int) -> None:
    """So many fictitious targets, by one statement."""
    from models import store

    columns = await store.run_one("PRAGMA table_info(target)")
    nothing = {"INT": "0", "DATE": "NULL", "JSON": "'[]'"}
    given = {
        row["name"]: OWN.get(row["name"])
        or ("NULL" if not row["notnull"] else nothing.get(row["type"].split("(")[0].upper(), "''"))
        for row in columns
    }
    sql = NUMBERED.format(columns=", ".join(given), values=", ".join(given.values()), count=count)
    await store.connection().execute_query(sql)


async def pages(count: int) -> None:
    from models.queries import register_list
    from tests.support.district import OFFICE

    await fill(count)
    for name, query in PAGES.items():
        spent = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            asked = register_list.read_filter("targets", query)
            await register_list.page("targets", asked, by=OFFICE)
            spent.append(time.perf_counter() - began)
        print(f"{count:,} targets, {name}: {median(spent) * 1000:.1f} ms")


def as_workbook(data: bytes) -> bytes:
    import csv

    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO(data.decode("utf-8-sig")))):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value)
    return out.getvalue()


async def preview(form: str, count: int) -> None:
    """What a file of new targets would do, in a register of as many others."""
    from models.procedure import register_import, registry
    from models.queries import register_import as queries
    from server import sample_registers
    from tests.support.district import CEREMONY, OFFICE

    size = sample_registers.SampleSize(count, 8, 4, 1)
    await registry.import_streets(sample_registers.streets(size), by=OFFICE, at=CEREMONY, keep_good=True)
    data = sample_registers.targets(size)
    data = as_workbook(data) if form == "xlsx" else data
    number = await register_import.bring("targets", f"list.{form}", data, by=OFFICE, at=CEREMONY)
    length = len(data)
    del data
    before, began, spent, longest = _memory(), time.perf_counter(), time.process_time(), 0.0
    work = asyncio.create_task(queries.preview(number, by=OFFICE))
    while not work.done():  # as every other request of the process finds it
        asked = time.perf_counter()
        await asyncio.sleep(0.02)
        longest = max(longest, time.perf_counter() - asked - 0.02)
    seen = work.result()
    print(
        f"preview of {len(seen.new):,} new rows of {form.upper()} ({length >> 20} MB): {time.perf_counter() - began:.1f} s, "
        f"{time.process_time() - spent:.1f} s of processor time, {_memory() - before} MB, others waited {longest:.2f} s at most"
    )


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def main(part: str, count: int) -> None:
    from models import store
    from models.data import read
    from models.procedure import registry
    from tests.conftest import fill_empty_database
    from tests.support.district import CEREMONY, OFFICE

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/bench.db"
        await fill_empty_database(url)
        async with store.opened(url):
            await registry.import_departments(read("departments.csv"), by=OFFICE, at=CEREMONY)
            await registry.import_items(read("items.csv"), by=OFFICE, at=CEREMONY)
            await (pages(count) if part == "pages" else preview(part, count // 10))


def parts(words: list[str]) -> list[Any]:
    """Each part in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.bench_registers"]
    return [
        subprocess.run([*command, "--part", part, *words], check=True, cwd=Path(__file__).parents[2])
        for part in PARTS
    ]


if __name__ == "__main__":
    given = sys.argv[1:]
    if "--part" in given:
        asyncio.run(main(given[given.index("--part") + 1], FULL if "--full" in given else SMALL))
    else:
        parts(given)
