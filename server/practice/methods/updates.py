"""How the bot gets its updates: by asking (getUpdates) or by being called (webhook)."""

from __future__ import annotations

import re
from typing import Any

from server.practice.calls import Call
from server.practice.methods.registry import method
from server.practice.refusals import bad
from server.practice.state import TelegramState

LONGEST_POLL = 50
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@method("getUpdates")
async def get_updates(exchange: TelegramState, call: Call) -> Any:
    exchange.updates.allow(call.tree("allowed_updates"))
    offset = call.number("offset", 0) or 0
    limit = min(max(call.number("limit", 100) or 100, 1), 100)
    timeout = min(call.number("timeout", 0) or 0, LONGEST_POLL)
    return await exchange.updates.poll(offset, limit, timeout)


@method("setWebhook")
async def set_webhook(exchange: TelegramState, call: Call) -> Any:
    url, secret = call.text("url"), call.text("secret_token")
    if url and not url.startswith(("https://", "http://")):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    _forget_if_asked(exchange, call)
    exchange.updates.allow(call.tree("allowed_updates"))
    exchange.updates.set_webhook(
        {"url": url, "secret_token": secret, "max_connections": call.number("max_connections", 40)}
        if url
        else {}
    )
    return True


@method("deleteWebhook")
async def delete_webhook(exchange: TelegramState, call: Call) -> Any:
    _forget_if_asked(exchange, call)
    exchange.updates.set_webhook({})
    return True


@method("getWebhookInfo")
async def get_webhook_info(exchange: TelegramState, call: Call) -> Any:
    webhook = exchange.updates.webhook
    info: dict[str, Any] = {
        "url": webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(exchange.updates.waiting()),
    }
    for name in ("max_connections", "last_error_date", "last_error_message"):
        if webhook.get(name):
            info[name] = webhook[name]
    if exchange.updates.allowed:
        info["allowed_updates"] = exchange.updates.allowed
    return info


def _forget_if_asked(exchange: TelegramState, call: Call) -> None:
    if call.flag("drop_pending_updates"):
        exchange.updates.drop_all()
