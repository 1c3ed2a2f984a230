"""Files of the district are its own: folders 700, files 600, whatever the machine's umask is (ASVS 13.4)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from models.migrate import file_of
from server.config import Settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def close_to_others() -> None:
    """Whatever this process makes from now on is readable by its own user alone."""
    os.umask(OTHERS)


def own(settings: Settings) -> None:
    """Take from others what an earlier version left open: the folder, the database and its copies."""
    for path in open_to_others(settings):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)


def open_to_others(settings: Settings) -> tuple[Path, ...]:
    """The district's folder and database files that other users of the machine may read or enter."""
    return tuple(path for path in _ours(settings) if path.stat().st_mode & OTHERS)


def _ours(settings: Settings) -> Iterator[Path]:
    if settings.folder.is_dir():
        yield settings.folder
    database = file_of(settings.database)
    if database is not None and database.parent.is_dir():
        yield from (path for path in database.parent.glob(database.name + "*") if path.is_file())
