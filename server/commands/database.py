"""`init` and `doctor`: a database with its first office account; is everything as it should be?"""

from __future__ import annotations

import json
import secrets
import shutil
from datetime import UTC, datetime
from getpass import getpass
from importlib.metadata import version
from typing import NamedTuple

from models import integrity, migrate, store
from models.imaging import assert_font
from models.imaging.glyphs import unprintable
from models.procedure import clock_watch, enrolment, naming, resealing
from models.queries import enrolments, sessions, set_aside, unreachable
from models.queries.named import named
from models.rules.actor import Actor, Role
from models.rules.visit import local_day
from server import file_modes
from server import integrity as integrity_words
from server.commands import DONE, FAILED, Commands, Order
from server.commands.calendars import calendar_of
from server.config import addressed, secret_of

LEAST_DISK = 500 * 1024 * 1024
LARGEST_SKEW = 2.0


class Finding(NamedTuple):
    """One check: its name, whether it is well, and what was seen."""

    check: str
    ok: bool
    seen: str


def add(commands: Commands) -> None:
    parser = commands.add("init", init)
    parser.add_argument("--name", default="office")
    parser.add_argument("--person", default="")
    parser.add_argument("--password-stdin", action="store_true")
    parser = commands.add("doctor", doctor)
    parser.add_argument("--deep", action="store_true")
    parser.add_argument("--json", action="store_true")


async def init(order: Order) -> int:
    """Make the tables and the first office account; a second time it only brings the tables up to date."""
    from server.passwords import check, hasher

    settings, at = order.settings, datetime.now(UTC)
    secret_of(settings)
    file_modes.own(settings)
    await migrate.migrate(settings.database)
    async with store.opened(settings.database, objects_at=settings.objects):
        await resealing.begin(at=at)
        name = order.arguments.name
        account = await enrolment.account_of_office(name, at)
        if order.arguments.person:
            await naming.call(account.id, order.arguments.person, by=Actor(Role.OFFICE, "cli"), at=at)
        if (await sessions.credentials(account.id)).password:
            order.say("cli.init.again", name=name)
            return DONE
        password = _password(order) or secrets.token_hex(16)
        check(password, (name, settings.district))
        stored = hasher().hash(password)
        await enrolment.set_password(account.id, name, stored, by=Actor(Role.OFFICE, "cli"), at=at)
        order.say("cli.init.done", name=name, database=settings.database.split("@")[-1], url=settings.public)
    return DONE


def _password(order: Order) -> str:
    import sys

    if order.arguments.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    return getpass(order.words("cli.init.password")) if sys.stdin.isatty() else ""


async def doctor(order: Order) -> int:
    """Look at everything that must be well before a day of inspections."""
    found = [
        *await _store(order),
        *await _deep(order),
        _font(),
        await _calendar(order),
        _disk(order),
        _modes(order),
    ]
    found += [*await _telegram(order), *_channels(order)]
    if order.arguments.json:
        rows = [{"check": f.check, "ok": f.ok, "seen": f.seen} for f in found]
        print(json.dumps({"ok": all(f.ok for f in found), "checks": rows}, ensure_ascii=False))  # noqa: T201
    else:
        for one in found:
            mark = order.words("cli.doctor.well" if one.ok else "cli.doctor.ill")
            print(f"{mark}  {order.words('cli.doctor.' + one.check)}: {one.seen}")  # noqa: T201
    return DONE if all(f.ok for f in found) else FAILED


async def _store(order: Order) -> list[Finding]:
    try:
        waiting = await migrate.pending(order.settings.database)
        async with store.opened(order.settings.database, objects_at=order.settings.objects):
            found = [
                Finding("database", True, store.dialect()),
                Finding("migrations", not waiting, ", ".join(waiting) or "-"),
            ]
            if store.dialect() == "sqlite":
                rows = {name: await _pragma(name) for name in ("journal_mode", "synchronous", "foreign_keys")}
                well = rows == {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
                found.append(Finding("pragmas", well, " ".join(f"{k}={v}" for k, v in rows.items())))
            kept = await store.objects.put(b"shuangsuiji doctor\n")
            found.append(Finding("objects", await store.objects.exists(kept), kept[:12]))
            await store.objects.discard(kept)
            told = [*await _updates(order), await _staff(order), await _names(order)]
            return [*found, await _days(order), *told]
    except store.Damaged as error:
        return [Finding("database", False, _damaged(order, str(error)))]
    except Exception as error:
        return [Finding("database", False, f"{type(error).__name__}: {error}")]


async def _deep(order: Order) -> list[Finding]:
    """Every page of the database read, when that is asked for."""
    if not order.arguments.deep:
        return []
    url = order.settings.database
    try:
        if migrate.file_of(url) is not None:
            found = await integrity.damage(url)
        else:
            async with store.opened(url):
                found = await integrity.damage(url)
    except Exception as error:
        found = [f"{type(error).__name__}: {error}"]
    seen = _damaged(order, "; ".join(found[:5])) if found else order.words("cli.doctor.integrity.whole")
    return [Finding("integrity", not found, seen)]


def _damaged(order: Order, seen: str) -> str:
    return integrity_words.damaged(seen, order.settings.database, order.words)


async def _days(order: Order) -> Finding:
    """No jump of the clock stands in the way of closing days."""
    found = await clock_watch.doubt(datetime.now(UTC))
    if found is None:
        return Finding("days", True, "-")
    said = order.words(f"evidence.clock.{found.kind}", before=found.before, after=found.after)
    return Finding("days", False, f"{said} {order.words('evidence.clock_way')}")


async def _updates(order: Order) -> list[Finding]:
    """Nothing that a person sent lies unentered and unseen."""
    aside, waits = len(await set_aside.set_aside()), len(await set_aside.waiting(at=datetime.now(UTC)))
    bodies = len(await set_aside.unread())
    seen = order.words("cli.doctor.updates_seen", aside=aside, waits=waits, bodies=bodies)
    return [Finding("updates", not (aside or waits or bodies), seen)]


async def _staff(order: Order) -> Finding:
    """Nobody who has to act is out of reach, and no department without somebody who decides."""
    found = await unreachable.unreachable(addressed(order.settings))
    officers = await enrolments.unbound(None, addressed(order.settings))
    people = order.words.joined([*(name for name, _ in found.people), *officers]) or "-"
    seen = order.words(
        "cli.doctor.staff_seen", people=people, departments=order.words.joined(found.headless) or "-"
    )
    return Finding("staff", not found and not officers, seen)


async def _names(order: Order) -> Finding:
    """Names that a document could not show as they are written: each with its characters, some of them."""
    lost = [(name, gone) for name in await named() if (gone := unprintable(name))]
    some = order.words.joined(f"{name}（{gone}）" for name, gone in lost[:5])
    seen = order.words("cli.doctor.names_seen", n=len(lost), names=some) if lost else "-"
    return Finding("names", not lost, seen)


async def _pragma(name: str) -> str:
    rows = await store.connection().execute_query_dict(f"PRAGMA {name}")
    return str(next(iter(rows[0].values())))


def _font() -> Finding:
    try:
        assert_font()
    except Exception as error:
        return Finding("font", False, str(error))
    return Finding("font", True, "Noto Sans CJK " + version("noto-cjk-sans-otc"))


async def _calendar(order: Order) -> Finding:
    missing = (await calendar_of(order.settings)).missing_years(local_day(datetime.now(UTC)))
    return Finding(
        "calendar", not missing, order.words("cli.doctor.provisional", years=missing) if missing else "-"
    )


def _disk(order: Order) -> Finding:
    order.settings.folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(order.settings.folder).free
    return Finding("disk", free > LEAST_DISK, f"{free // 2**20} MiB")


def _modes(order: Order) -> Finding:
    found = file_modes.open_to_others(order.settings)
    return Finding("modes", not found, ", ".join(map(str, found)) or "600, 700")


def _channels(order: Order) -> list[Finding]:
    """Which channels letters can take, and what tells us later that one did not arrive. Nothing is called."""
    one, said = order.settings, order.words
    there = {"chat": one.bot_token, "email": one.smtp_url, "sms": one.sms_url}
    back = {"sms": one.sms_url and one.hook_secret, "email": one.imap_url or one.hook_secret}
    named = [said(f"web.channel.{channel}") for channel, where in there.items() if where]
    heard = [said(f"web.channel.{channel}") for channel, where in back.items() if where]
    return [
        Finding("channels", True, said.joined([*named, said("web.channel.phone")])),
        Finding("hooks", True, said.joined(heard) if heard else said("cli.doctor.no_hooks")),
    ]


async def _telegram(order: Order) -> list[Finding]:
    settings = order.settings
    if not settings.bot_token:
        return [Finding("token", True, order.words("cli.doctor.no_bot"))]
    import aiohttp

    from server import http_answer

    try:
        timeout = aiohttp.ClientTimeout(total=10)
        url = f"{settings.api}/bot{settings.bot_token}/getMe"
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url) as answer:
            said = await http_answer.parsed(answer)
            told = answer.headers.get("Date")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return [Finding("token", False, type(error).__name__)]
    found = [
        Finding(
            "token",
            bool(said.get("ok")),
            said.get("result", {}).get("username") or said.get("description", ""),
        )
    ]
    if told:
        from email.utils import parsedate_to_datetime

        skew = abs((datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds())
        found.append(Finding("clock", skew <= LARGEST_SKEW + 1, f"{skew:.0f} s"))
    return found
