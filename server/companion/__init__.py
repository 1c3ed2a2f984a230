"""随身检查: the companion on the officer's phone, which works without reception and without Telegram (Art. 15, 16)."""

from aiohttp import web

from server import watching
from server.companion import (
    acts,
    away,
    calendar_feed,
    entity,
    joins,
    launch,
    live,
    methods,
    records,
    reminders,
    shared,
    shell,
    tasks,
    timetable,
    unsent,
    uploads,
)

ROOMS = (
    shell, tasks, acts, uploads, live, records, methods, entity, unsent, away, timetable, joins, calendar_feed, reminders, launch,
)  # fmt: skip
ROUTES = tuple(room.routes for room in ROOMS)


def join(app: web.Application) -> None:
    """Add the companion to the house's pages."""
    app[watching.WATCH] = watching.Watch()
    app.on_shutdown.append(watching.closing)
    app[uploads.SILENCE] = uploads.SILENT
    app[shared.SHARED] = shared.Shared()
    app.on_startup.append(uploads.on_startup)
    for routes in ROUTES:
        routes.join(app)
