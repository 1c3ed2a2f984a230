"""随身检查: the companion on the officer's phone, which works without reception and without Telegram (Art. 15, 16)."""

from aiohttp import web

from server.field import acts, entity, live, methods, records, shared, shell, tasks, unsent, uploads

ROUTES = tuple(room.routes for room in (shell, tasks, acts, uploads, live, records, methods, entity, unsent))


def join(app: web.Application) -> None:
    """Add the companion to the house's pages."""
    app[live.WATCH] = live.Watch()
    app.on_shutdown.append(live.closing)
    app[uploads.SILENCE] = uploads.SILENT
    app[shared.SHARED] = shared.Shared()
    app.on_startup.append(uploads.on_startup)
    for routes in ROUTES:
        routes.join(app)
