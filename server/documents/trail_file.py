"""告知经过: how the entity of a task was told, step by step, as a table or as JSON (Art. 16 (2), 20)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from locales import SHANGHAI, Words
from models.queries.notices import NoticeStep
from server.documents.table_file import table_file, workbook

COLUMNS = (
    "seq", "at", "number", "what", "channel", "outcome", "by", "detail", "text_sha256", "proof", "sha256",
)  # fmt: skip
FORMAT = "shuangsuiji/notices/1"


def as_csv(steps: Sequence[NoticeStep], words: Words) -> bytes:
    """One line a step, in the reader's words."""
    head = [words(f"steps.{column}") for column in COLUMNS]
    return table_file(head, ([row[column] for column in COLUMNS] for row in _worded(steps, words)))


def as_workbook(steps: Sequence[NoticeStep], words: Words) -> bytes:
    """The same lines as XLSX, every cell text."""
    head = [words(f"steps.{column}") for column in COLUMNS]
    return workbook(head, ([row[column] for column in COLUMNS] for row in _worded(steps, words)))


def as_json(task: str, steps: Sequence[NoticeStep]) -> bytes:
    """The same for machines: codes and times with their offset."""
    rows = [asdict(step) | {"at": step.at.astimezone(SHANGHAI).isoformat()} for step in steps]
    told = {"format": FORMAT, "task": task, "steps": rows}
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _worded(steps: Sequence[NoticeStep], words: Words) -> Iterator[dict[str, Any]]:
    for step in steps:
        yield asdict(step) | {
            "what": words(f"web.event.{step.kind}"), "by": step.by or words(f"web.role.{step.role}"),
            "channel": words(f"web.channel.{step.channel}") if step.channel else "",
            "outcome": words(f"web.outcome.{step.outcome}") if step.outcome else "",
        }  # fmt: skip
