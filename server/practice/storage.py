"""Keeps a practice over a restart: one SQLite table of JSON rows and a folder of files.

Rows of one act are written in one transaction when the act is over, so a SIGKILL leaves the state
between two acts. Without a folder everything stays in memory, which is what most tests want.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any


class Storage:
    def __init__(self, folder: Path | None) -> None:
        self._waiting: dict[tuple[str, str], Any] = {}
        self._files: dict[str, bytes] = {}
        self._folder: Path | None = None
        self._database: sqlite3.Connection | None = None
        if folder is not None:
            self._open(Path(folder))

    def _open(self, folder: Path) -> None:
        self._folder = folder / "files"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(folder / "practice.sqlite3", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS kept (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key))"
        )

    def rows(self, kind: str) -> dict[str, Any]:
        """Everything kept of one kind, by key, in the order in which it was first written."""
        if self._database is None:
            return {}
        result = self._database.execute("SELECT key, body FROM kept WHERE kind = ? ORDER BY rowid", (kind,))
        return {key: json.loads(body) for key, body in result}

    def put(self, kind: str, key: object, body: Any) -> None:
        """Remember at the next flush; None forgets."""
        if self._database is not None:
            self._waiting[kind, str(key)] = body

    def flush(self) -> None:
        if self._database is None or not self._waiting:
            return
        self._database.execute("BEGIN IMMEDIATE")
        for (kind, key), body in self._waiting.items():
            if body is None:
                self._database.execute("DELETE FROM kept WHERE kind = ? AND key = ?", (kind, key))
            else:
                self._database.execute(
                    "INSERT INTO kept VALUES (?, ?, ?)"
                    " ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
                    (kind, key, json.dumps(body, ensure_ascii=False)),
                )
        self._database.execute("COMMIT")
        self._waiting.clear()

    def write_file(self, name: str, content: bytes) -> None:
        if self._folder is None:
            self._files[name] = content
            return
        half = self._folder / f"{name}.part"
        half.write_bytes(content)
        half.rename(self._folder / name)

    def read_file(self, name: str) -> bytes:
        if self._folder is None:
            return self._files[name]
        return (self._folder / name).read_bytes()

    def close(self) -> None:
        if self._database is not None:
            self.flush()
            self._database.close()
            self._database = None
