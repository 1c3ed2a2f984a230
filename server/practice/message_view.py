"""A message as a person sees it on the phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MessageView:
    """`mine` means the phone's own; `raw` is the Bot API's Message; `revision` grows with every change."""

    id: int
    chat_id: int
    mine: bool
    from_bot: bool
    text: str
    revision: int
    raw: dict[str, Any]

    @property
    def rows(self) -> list[list[dict[str, Any]]]:
        return list(self.raw.get("reply_markup", {}).get("inline_keyboard", []))

    @property
    def buttons(self) -> list[str]:
        """Labels under the message, row by row."""
        return [button["text"] for row in self.rows for button in row]

    @property
    def links(self) -> list[str]:
        """Addresses in the text and behind its buttons, in the order of reading."""
        units = self.text.encode("utf-16-le", "surrogatepass")
        results = []
        for entity in self.raw.get("entities", []) + self.raw.get("caption_entities", []):
            if entity["type"] == "text_link":
                results.append(entity["url"])
            elif entity["type"] == "url":
                part = units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2]
                results.append(part.decode("utf-16-le", "replace"))
        return results + [button["url"] for row in self.rows for button in row if "url" in button]

    @property
    def edited(self) -> bool:
        return "edit_date" in self.raw

    @property
    def photo(self) -> str | None:
        """file_id of the largest size."""
        return self.raw["photo"][-1]["file_id"] if "photo" in self.raw else None

    @property
    def document(self) -> str | None:
        return self.raw["document"]["file_id"] if "document" in self.raw else None


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button did. `kind`: callback, url, web_app, copy, text, contact, location; `value` by kind."""

    kind: str
    value: str


def id_of(message: int | MessageView) -> int:
    return message.id if isinstance(message, MessageView) else message
