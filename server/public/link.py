"""What every page behind a secret link shares: one answer to strangers, and machines that look before people do (D68)."""

from __future__ import annotations

import re

from aiohttp import hdrs, web

from server.pages import render

PREVIEWER = re.compile(r"bot\b|bot/|spider|crawl|preview|externalhit", re.IGNORECASE)


def is_preview(request: web.Request) -> bool:
    """A machine that looks at a link before a person does: nobody has read the page yet."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return bool(purpose) or PREVIEWER.search(request.headers.get(hdrs.USER_AGENT, "")) is not None


def unknown(request: web.Request) -> web.Response:
    """The same for unknown, malformed and guessed links."""
    shown = render(request, "public/unknown.html", status=404)
    shown.headers["X-Robots-Tag"] = "noindex"
    return shown
