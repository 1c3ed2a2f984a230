"""What anybody may open, without signing in: notices, plans, draws and their verifier, results (Art. 8)."""

from server.public import anchor, arrival, draws, home, notice, plans, record, results

ROUTES = (
    home.routes,
    notice.routes,
    arrival.routes,
    plans.routes,
    draws.routes,
    results.routes,
    record.routes,
    anchor.routes,
)
