"""One call of the Bot API: its parameters as they come in all their forms, and the record of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.practice.refusals import bad


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart call."""

    name: str
    content: bytes
    mime_type: str | None = None


@dataclass(slots=True)
class Call:
    """`parameters` as sent (query, form, JSON or multipart), `status` and `result` once answered.

    What was uploaded is kept by name only; the bytes are in the file store.
    """

    method: str
    parameters: dict[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    at: float = 0.0
    status: int = 0
    result: Any = None
    fault: str | None = None

    def text(self, name: str, default: str = "") -> str:
        value = self.parameters.get(name)
        return default if value is None else str(value)

    def number(self, name: str, default: int | None = None) -> int | None:
        value = self.parameters.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f"parameter {name} must be an integer") from None

    def decimal(self, name: str) -> float | None:
        value = self.parameters.get(name)
        try:
            return None if value is None else float(value)
        except (TypeError, ValueError):
            raise bad(f"parameter {name} must be a number") from None

    def flag(self, name: str) -> bool:
        return str(self.parameters.get(name, "")).lower() in ("true", "1")

    def tree(self, name: str) -> Any:
        """A structured parameter; in forms it comes as JSON text."""
        value = self.parameters.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None

    @property
    def chat_id(self) -> int | None:
        value = self.parameters.get("chat_id")
        try:
            return int(value) if value not in (None, "") else None
        except (TypeError, ValueError):
            return None

    def upload(self, reference: Any, name: str) -> Upload | None:
        """The file meant by `attach://part`, or the part that carries the parameter's own name."""
        if isinstance(reference, str) and reference.startswith("attach://"):
            upload = self.uploads.get(reference.removeprefix("attach://"))
            if upload is None:
                raise bad("file attachment not found")
            return upload
        return self.uploads.get(name)
