"""What anybody may open, without signing in: notices, plans, draws and their verifier, results (Art. 8)."""

from server.public import (
    anchor,
    arrival,
    calendar_feed,
    draws,
    feeds,
    figures,
    home,
    items,
    notice,
    order,
    plans,
    record,
    referral,
    results,
    typed_code,
)

ROUTES = (
    home.routes,
    typed_code.routes,
    notice.routes,
    order.routes,
    arrival.routes,
    items.routes,
    plans.routes,
    draws.routes,
    figures.routes,
    results.routes,
    feeds.routes,
    calendar_feed.routes,
    record.routes,
    referral.routes,
    anchor.routes,
)
