"""A photo whose receipt was given is there after a SIGKILL and after a power cut (promises R4, R5)."""

import asyncio
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from models import store
from models.procedure import objects
from models.queries import evidence
from models.tables import Photo
from tests.support import fork_server
from tests.support.district import VISIT
from tests.support.evidence import on_site

ROOT = Path(__file__).parents[2]

SENDER = """
import asyncio, secrets, sys
from models import store
from models.procedure import photo
from models.rules.actor import Actor, Role
from tests.support.district import VISIT

async def main(url, where, number, officer, department):
    by = Actor(Role.INSPECTOR, officer, department=department)
    async with store.opened(url, objects_at=where):
        while True:
            data = secrets.token_bytes(300_000)
            name = await store.objects.put(data)
            await photo.take(
                number, None, by=by, at=VISIT, sha256=name, size=len(data), format="JPEG", width=640, height=480,
                grade="C", labels=[], exif={}, key="kill:" + name[:40],
            )
            print(name, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


def killed(arguments, wait):
    """Send photos in a process of its own, kill it in the middle of one; the names it gave receipts for."""
    told: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        os.mkfifo(said)
        process = fork_server.begin("-c", SENDER, *arguments, env=os.environ, cwd=ROOT, log=said)
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        try:
            with said.open() as lines:
                for line in lines:
                    told.append(line.strip())
                    if len(told) == 2:
                        threading.Event().wait(wait)
                        process.kill()
        finally:
            watchdog.cancel()
            process.kill()
            process.join()
    assert len(told) >= 2, told
    assert process.returncode == -signal.SIGKILL
    return told


@pytest.mark.timeout(36000)
async def test_r4_no_receipt_is_given_for_a_photo_that_a_sigkill_can_take(db, tmp_path, full_size):
    task = await on_site()
    photo = await Photo.filter(task=task).first()
    seat = await task.assignments.filter(inspector_id=photo.by).first()
    url = db.partition("?")[0]
    arguments = [url, str(tmp_path / "objects"), task.number, photo.by, seat.department]
    dice = random.Random(4)
    for _ in range(1000 if full_size else 6):
        told = await asyncio.to_thread(killed, arguments, dice.random() * 0.03)
        for name in told:
            data = await store.objects.get(name)
            assert hashlib.sha256(data).hexdigest() == name
            assert await Photo.exists(sha256=name, size=len(data))
        found = await objects.compare()
        assert found.lacking == ()
        await objects.to_bin(found.orphans, at=VISIT)
        left = await objects.compare()  # what came after the newest row stays until there is a newer one
        assert (left.orphans, left.lacking) == ((), ())
        assert list((tmp_path / "objects").glob("??/.draft-*")) == []
        if await Photo.filter(task=task, removed_at=None).count() > 100:  # a task holds only so many
            await Photo.filter(task=task).update(removed_at=VISIT)
    assert full_size or (await evidence.verify()).differences == []


ORDER = """
import asyncio, os, sys
from pathlib import Path
from models.objects import object_store

log = []

def noted(name, real, describe):
    def call(*given, **named):
        done = real(*given, **named)
        log.append((name, describe(*given)))
        return done
    return call

def opened(handle):
    return os.readlink(f"/proc/self/fd/{handle}")

os.fsync = noted("fsync", os.fsync, opened)
os.replace = noted("replace", os.replace, lambda a, b: f"{a} {b}")
os.rename = noted("replace", os.rename, lambda a, b: f"{a} {b}")

async def main(where):
    objects = await object_store(where)
    name = await objects.put(b"a fictitious photo" * 1000)
    log.append(("receipt", name))

asyncio.run(main(sys.argv[1]))
for step in log:
    print(*step)
"""


def test_r5_bytes_and_folder_are_on_the_disk_before_the_receipt(tmp_path):
    where = tmp_path / "data" / "objects"
    done = subprocess.run(
        [sys.executable, "-c", ORDER, str(where)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    steps = [line.split() for line in done.stdout.splitlines()]
    *before, (_, name) = steps
    folder = where / name[:2]
    draft = next(words[1] for words in before if words[0] == "replace")
    expected = [
        ["fsync", str(tmp_path)],  # data/ is made
        ["fsync", str(where.parent)],  # objects/ is made
        ["fsync", str(where)],  # ab/ is made
        ["fsync", str(where)],  # and would be if another had made it
        ["fsync", draft],
        ["replace", draft, str(folder / name)],
        ["fsync", str(folder)],
    ]
    assert before == expected
