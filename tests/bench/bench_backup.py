"""What `backup` takes beside `cp -r` of the same bytes: `python -m tests.bench.bench_backup [--full]`. Prints JSON.

A district's data folder with photos of 2 MB each, 5,000 of them in full size. In one run: `cp -r` of the folder and what it
takes until it is on the disk, a first `backup`, a second one that finds everything there, and `verify` of the copy.
Seconds by the clock and seconds of processor time; whether every byte arrived is looked at too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

SIZE = 2 * 1024 * 1024
FULL, QUICK = 5_000, 100


async def filled(folder: Path, photos: int) -> None:
    """A served district's folder: a database whose rows name every photo, and the photos."""
    from models import store
    from models.tables import Photo
    from tests.conftest import fill_empty_database
    from tests.support.district import written
    from tests.support.evidence import on_site

    url = f"sqlite://{folder}/shuangsuiji.sqlite3"
    await fill_empty_database(url)
    async with store.opened(url, objects_at=folder / "objects"):
        await on_site()
        sample = await Photo.all().first()
        columns = {name: getattr(sample, name) for name in sample._meta.db_fields if name != "id"}
        rows = []
        for _ in range(photos):
            data = os.urandom(SIZE)
            name = sha256(data).hexdigest()
            path = store.objects.path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            rows.append(Photo(**columns | {"sha256": name, "size": SIZE}))
        async with written():
            await Photo.bulk_create(rows, batch_size=500)


def taken(*command: object, env: dict[str, str] | None = None) -> dict[str, float]:
    """Seconds of a command, by the clock and of the processor."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, env=env, stdout=subprocess.DEVNULL)
    after, took = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"clock": round(took, 1), "processor": round(processor, 1)}


def measure(root: Path, photos: int) -> dict[str, object]:
    data, copy, backup = root / "data", root / "copy", root / "backup"
    data.mkdir()
    asyncio.run(filled(data, photos))
    ours = [sys.executable, "-m", "server"]
    known = {"DATA_DIR": str(data), "DATABASE_URL": f"sqlite://{data}/shuangsuiji.sqlite3", "LANGUAGE": "en"}
    env = os.environ | {f"SHUANGSUIJI_{name}": value for name, value in known.items()}
    os.sync()
    plain = taken("cp", "-r", data, copy)
    kept = taken("sync", "-f", copy)
    shutil.rmtree(copy)
    first = taken(*ours, "backup", backup, env=env)
    time.sleep(1)  # two snapshots of one second would have one name
    second = taken(*ours, "backup", backup, env=env)
    whole = taken(*ours, "verify", backup, env=env)
    return {
        "bytes": sum(path.stat().st_size for path in data.rglob("*") if path.is_file()), "photos": photos, "cp -r": plain,
        "sync": kept, "backup": first, "backup again": second, "verify": whole,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--folder", help="where there is room for three times the bytes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        json.dump(measure(Path(folder), FULL if asked.full else QUICK), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
