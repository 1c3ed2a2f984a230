"""The days off that hold for a command: with the office's lists where there is a database to ask (Art. 16 (3))."""

from __future__ import annotations

from models import store
from models.data import workday_calendar
from models.queries import calendar
from models.rules.workdays import Calendar
from server.config import Settings


async def calendar_of(settings: Settings) -> Calendar:
    """Without a database, or one that cannot be asked now, the days that came with the program."""
    sqlite = settings.folder / "shuangsuiji.sqlite3"
    if not settings.database_url and not sqlite.exists():
        return workday_calendar()
    try:
        async with store.opened(settings.database):
            return await calendar.current()
    except Exception:  # the tables may be older than the program: `doctor` says so itself
        return workday_calendar()
