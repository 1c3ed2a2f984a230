"""随身检查: the companion on the officer's phone, which works without reception and without Telegram (Art. 15, 16)."""

from aiohttp import web

from server.field import acts, entity, live, methods, records, shell, tasks, uploads

ROUTES = (shell.routes, tasks.routes, acts.routes, uploads.routes, live.routes, records.routes, methods.routes, entity.routes)


def join(app: web.Application) -> None:
    """Add the companion to the house's pages."""
    app[live.WATCH] = live.Watch()
    app.on_shutdown.append(live.closing)
    app[uploads.SILENCE] = uploads.SILENT
    app.on_startup.append(uploads.opening)
    for routes in ROUTES:
        routes.join(app)
