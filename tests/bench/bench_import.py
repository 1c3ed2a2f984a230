"""20,000 new targets come in, then the same list changed, then again: `python -m tests.bench.bench_import`.

Prints the processor seconds of each import, and of them those spent on sealing (`models.operations.sealing`). The lists of
the sample make remarks; that of `shuangsuiji sample` makes none. Beside it the reading of such a list by `csv` alone.
"""

from __future__ import annotations

import asyncio
import csv
import io
import tempfile
import time
from typing import Any

from models.data import read

COUNT = 20_000


def listed(count: int, note: str = "") -> bytes:
    """The sample's targets again and again under numbers and names of their own."""
    rows = list(csv.DictReader(io.StringIO(read("targets.csv").decode("utf-8-sig"))))
    text = io.StringIO()
    out = csv.DictWriter(text, list(rows[0]))
    out.writeheader()
    for n in range(count):
        row = dict(rows[n % len(rows)])
        row |= {"对象编号": f"OBJ9{n:05d}", "名称": f"示例第{n}号{row['主体类型']}", "住所": f"示例路{n}号"}
        row["联系人"] = f"联络员{note}"
        for column in ("统一社会信用代码", "注册号", "非市场主体标识", "关联主体统一社会信用代码"):
            row[column] = row[column] and {
                "注册号": f"41040299{n:07d}",
                "非市场主体标识": f"示例标识{n:07d}",
            }.get(column, "")
        if not row["注册号"] and not row["非市场主体标识"]:
            row["注册号"] = f"41040299{n:07d}"
        out.writerow(row)
    return text.getvalue().encode()


async def main() -> None:
    from models import store
    from models.operations import sealing
    from models.procedure import registry
    from server import sample_registers
    from tests.conftest import fill_empty_database
    from tests.support.district import CEREMONY, OFFICE

    spent = 0.0
    look = sealing._look

    async def timed(*args: Any) -> None:
        nonlocal spent
        began = time.process_time()
        await look(*args)
        spent += time.process_time() - began

    sealing._look = timed
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/bench.db"
        await fill_empty_database(url)
        async with store.opened(url):
            await registry.import_departments(read("departments.csv"), by=OFFICE, at=CEREMONY)
            await registry.import_items(read("items.csv"), by=OFFICE, at=CEREMONY)
            size = sample_registers.SampleSize(COUNT, 8, 4, 1)
            plain = sample_registers.targets(size)
            streets = sample_registers.streets(size)
            for name, data in {
                "new": listed(COUNT),
                "changed": listed(COUNT, "甲"),
                "the same": listed(COUNT, "甲"),
                "without remarks": plain,
                "without remarks, the same": plain,
            }.items():
                if name == "without remarks":
                    await registry.import_streets(streets, by=OFFICE, at=CEREMONY, keep_good=True)
                spent, began = 0.0, time.process_time()
                made = await registry.import_targets(data, by=OFFICE, at=CEREMONY, confirmed=True)
                took = time.process_time() - began
                print(
                    f"{name}: {made.added} added, {made.changed} changed: {took:.2f} s, sealing {spent:.2f} s"
                )
            began = time.process_time()
            assert len(list(csv.reader(io.StringIO(plain.decode())))) == COUNT + 1
            print(f"read by csv: {time.process_time() - began:.2f} s")


if __name__ == "__main__":
    asyncio.run(main())
