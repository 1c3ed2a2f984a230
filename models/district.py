"""What differs from district to district: its names, its secret, its calendar and periods (Art. 1, 22-24)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from models.rules.overdue import DEFAULT, Terms
from models.rules.quiet_hours import USUAL, QuietHours
from models.rules.workdays import Calendar


@dataclass(frozen=True)
class District:
    """The settings that acts need. `secret`: 32 random bytes kept beside the database."""

    name: str
    secret: bytes
    calendar: Calendar
    public_url: str
    complaint_phone: str = "12345"
    notice_days: int = 3  # working days between notice and visit
    practice: bool = False
    head_approves: bool = False  # a notice goes out when the head agrees too
    chat_evidence: bool = True  # False: the chat carries numbers, times and links only
    reply_days: int = 3  # working days that the entity has to answer a result before it is published
    officer_day_mb: int = 4096  # photos that one officer may enter in a day, in MiB
    terms: Terms = DEFAULT  # how long each other thing may take before it is overdue
    visits_a_year: int = (
        0  # most visits of one target in a year; 0: as the regulation and the item list have it
    )
    quiet_hours: QuietHours = USUAL  # in which nobody is reminded and nothing rings
    convenor: tuple[tuple[str, str], ...] = ()  # channel and address to which the monthly digest goes

    def link(self, path: str) -> str:
        return self.public_url.rstrip("/") + path

    def announce(self, calendar: Calendar) -> None:
        """From now on terms are counted by `calendar`: the one thing that changes while the program runs."""
        object.__setattr__(self, "calendar", calendar)

    @property
    def trusted(self) -> bool:
        """True where a browser lets the companion keep things offline: by https, or on the same machine."""
        at = urlsplit(self.public_url)
        return at.scheme == "https" or at.hostname in ("localhost", "127.0.0.1", "::1")

    @property
    def domain(self) -> str:
        return self.public_url.split("://", 1)[-1].rstrip("/")
