"""Who holds a phone. The caller says who; one human may be inspector, leader, head and hotel at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from server.practice.words import Words

PRACTICE_PLACE = (33.7372, 113.2941)


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder of a practice phone.

    `role` is the label over the phone, for the human only; `phone_number` as people write it;
    `place` is where the phone says it is (latitude, longitude).
    """

    id: int
    name: str
    role: Words = ""
    phone_number: str = ""
    language: str = "zh-hans"
    username: str | None = None
    place: tuple[float, float] = PRACTICE_PLACE

    def user(self) -> dict[str, Any]:
        """The person as the Bot API's User object."""
        user: dict[str, Any] = {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language,
        }
        if self.username:
            user["username"] = self.username
        return user


def international(number: str) -> str:
    """The number as Telegram shares it: digits, country code first, no plus sign."""
    digits = re.sub(r"\D", "", number)
    if number.strip().startswith("+"):
        return digits
    if digits.startswith("00"):
        return digits[2:]
    if digits.startswith("86") and len(digits) > 11:
        return digits
    return "86" + digits.removeprefix("0") if digits else ""
