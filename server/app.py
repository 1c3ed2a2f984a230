"""The web side put together: pages, their checks in order, and what every answer carries.

The order of the checks, outermost first: machines go past them (`machines`); errors become words; where from (`passage`);
who (`visitor`); whose page and whose form (`gate`); how often (`throttled`). Security headers are set as the very last thing.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from ipaddress import ip_network

from aiohttp import hdrs, web

from models.delivery import ReadableLetter
from models.district import District
from models.procedure.companion_launch import Launch
from server import access, app_keys, assets, companion, console, health, public, quota, records, throttle
from server.console import import_work
from server.errors import errors
from server.passwords import PASSWORDS, PasswordQueue
from server.public import calendar_feed, typed_code

LARGEST = 1024 * 1024
POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; "
    "img-src 'self' data: blob:"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def make_app(
    *,
    district: District,
    now: Callable[[], datetime],
    wake: Callable[[], None],
    letter: Callable[[int, str], Awaitable[ReadableLetter]],
    random: Callable[[int], bytes] = secrets.token_bytes,
    deep_link: Callable[[str], str] | None = None,
    chat: bool = False,
    launch: Callable[[str], Launch] | None = None,
    channels: Collection[str] = (),
    trusted_proxies: Sequence[str] = (),
    extra: Callable[[web.Application], None] | None = None,
    pages: bool = True,
) -> web.Application:
    """The web application.

    `wake()` is called after an act that owes messages; `letter(notice id, language)` makes a notice readable;
    `deep_link(token)` is where an invited person opens the bot, `chat` whether there is one,
    `launch(initData)` who opens the companion in it, `channels` which of `sms` and `email` there are; `trusted_proxies`
    are networks (`10.0.0.0/8`) whose X-Forwarded-For counts; `extra(app)` adds routes, which must declare their audience too;
    without `pages` there is nothing for people.
    """
    app = web.Application(
        client_max_size=LARGEST,
        middlewares=[
            access.machines,
            errors,
            access.client_address,
            access.session,
            access.authorize,
            throttle.throttled,
        ],
    )
    app[app_keys.DISTRICT], app[app_keys.NOW], app[app_keys.WAKE] = district, now, wake
    app[app_keys.LETTER], app[app_keys.RANDOM] = letter, random
    record: Callable[[int, str], Awaitable[ReadableLetter]] = records.RecordRenderer(district, now)
    app[app_keys.RECORD] = record
    app[app_keys.DEEP_LINK] = deep_link or (lambda token: f"/start {token}")
    app[app_keys.CHAT], app[app_keys.CHANNELS], app[app_keys.LAUNCH] = chat, frozenset(channels), launch
    app[app_keys.PROXIES] = tuple(ip_network(network) for network in trusted_proxies)
    app[throttle.THROTTLE] = throttle.Throttle()
    app[calendar_feed.READS] = throttle.Throttle(calendar_feed.A_MINUTE)
    app[typed_code.TYPED] = typed_code.TypedCodes()
    app[PASSWORDS] = PasswordQueue()
    app.on_cleanup.append(_close_passwords)
    app[quota.QUOTA] = quota.Quota()
    app[import_work.IMPORT_WORK] = import_work.ImportWork()
    app.on_shutdown.append(import_work.closing)
    for routes in (*public.ROUTES, *console.ROUTES, assets.routes) if pages else ():
        routes.join(app)
    if pages:
        companion.join(app)
    health.routes.join(app)
    if extra:
        extra(app)
    access.refuse_undeclared(app)
    app.on_startup.append(_closed_by_default)
    app.on_response_prepare.append(_guard)
    return app


async def _close_passwords(app: web.Application) -> None:
    app[PASSWORDS].close()


async def _closed_by_default(app: web.Application) -> None:
    access.refuse_undeclared(app)


async def _guard(request: web.Request, response: web.StreamResponse) -> None:
    """What every answer carries; a page may state a policy of its own (evidence is sandboxed)."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.config_dict[app_keys.DISTRICT].public_url.startswith("https:"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    response.headers.pop(hdrs.SERVER, None)
    response.headers[hdrs.SERVER] = "shuangsuiji"
