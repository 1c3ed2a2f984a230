"""What reads a database beside the service leaves the service its locks (sqlite.org/howtocorrupt.html, 2.2)."""

import os
import struct
import subprocess
import sys

from models.procedure import objects
from tests.support import database_contents

DEAD_MAN_SWITCH = 128  # the byte of the `-shm` file that everybody who has the database open locks

ASK = f"""
import fcntl, struct, sys
with open(sys.argv[1], "r+b") as file:
    asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, {DEAD_MAN_SWITCH}, 1, 0)
    sys.stdout.buffer.write(fcntl.fcntl(file, fcntl.F_GETLK, asked))
"""


def holder(url: str) -> int:
    """The process that holds the lock, 0 for none; asked by another, since one's own locks are not shown."""
    file = url.partition("?")[0].removeprefix("sqlite://") + "-shm"
    answer = subprocess.run([sys.executable, "-c", ASK, file], check=True, capture_output=True).stdout
    return int(struct.unpack("hhqqi4x", answer)[4])


async def test_the_lock_outlives_a_look_at_the_contents_and_a_comparison_of_the_objects(db):
    await database_contents.stands(await database_contents.known())
    assert holder(db) == os.getpid()
    await objects.compare(db.partition("?")[0])
    assert holder(db) == os.getpid()
