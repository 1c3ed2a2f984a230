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
from server.commands import DONE, FAILED, Commands, Order, values
from server.commands.calendars import calendar_of
from server.config import addressed, secret_of

LEAST_DISK = 500 * 1024 * 1024
LARGEST_SKEW = 2.0


class CheckResult(NamedTuple):
    """One check: its name, whether it is well, and what was seen."""

    check: str
    ok: bool
    seen: str


def add(commands: Commands) -> None:
    parser = commands.add("init", init)
    parser.add_argument("--name", type=values.login, default="office")
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
    results = [
        *await _store(order),
        *await _deep(order),
        _font(),
        await _calendar(order),
        _disk(order),
        _modes(order),
    ]
    results += [*await _telegram(order), *_channels(order)]
    if order.arguments.json:
        rows = [{"check": f.check, "ok": f.ok, "seen": f.seen} for f in results]
        print(json.dumps({"ok": all(f.ok for f in results), "checks": rows}, ensure_ascii=False))  # noqa: T201
    else:
        for check_result in results:
            mark = order.words("cli.doctor.well" if check_result.ok else "cli.doctor.ill")
            print(f"{mark}  {order.words('cli.doctor.' + check_result.check)}: {check_result.seen}")  # noqa: T201
    return DONE if all(f.ok for f in results) else FAILED


async def _store(order: Order) -> list[CheckResult]:
    try:
        waiting = await migrate.pending(order.settings.database)
        async with store.opened(order.settings.database, objects_at=order.settings.objects):
            results = [
                CheckResult("database", True, store.dialect()),
                CheckResult("migrations", not waiting, ", ".join(waiting) or "-"),
            ]
            if store.dialect() == "sqlite":
                rows = {name: await _pragma(name) for name in ("journal_mode", "synchronous", "foreign_keys")}
                well = rows == {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
                results.append(CheckResult("pragmas", well, " ".join(f"{k}={v}" for k, v in rows.items())))
            stored = await store.objects.put(b"shuangsuiji doctor\n")
            results.append(CheckResult("objects", await store.objects.exists(stored), stored[:12]))
            await store.objects.discard(stored)
            told = [*await _updates(order), await _staff(order), await _names(order)]
            return [*results, await _days(order), *told]
    except store.Damaged as error:
        return [CheckResult("database", False, _damaged(order, str(error)))]
    except Exception as error:
        return [CheckResult("database", False, f"{type(error).__name__}: {error}")]


async def _deep(order: Order) -> list[CheckResult]:
    """Every page of the database read, when that is asked for."""
    if not order.arguments.deep:
        return []
    url = order.settings.database
    try:
        if migrate.file_of(url) is not None:
            damage = await integrity.damage(url)
        else:
            async with store.opened(url):
                damage = await integrity.damage(url)
    except Exception as error:
        damage = [f"{type(error).__name__}: {error}"]
    seen = _damaged(order, "; ".join(damage[:5])) if damage else order.words("cli.doctor.integrity.whole")
    return [CheckResult("integrity", not damage, seen)]


def _damaged(order: Order, seen: str) -> str:
    return integrity_words.damaged(seen, order.settings.database, order.words)


async def _days(order: Order) -> CheckResult:
    """No jump of the clock stands in the way of closing days."""
    doubt = await clock_watch.doubt(datetime.now(UTC))
    if doubt is None:
        return CheckResult("days", True, "-")
    words = order.words(f"evidence.clock.{doubt.kind}", before=doubt.before, after=doubt.after)
    return CheckResult("days", False, f"{words} {order.words('evidence.clock_way')}")


async def _updates(order: Order) -> list[CheckResult]:
    """Nothing that a person sent lies unentered and unseen."""
    aside, waits = len(await set_aside.set_aside()), len(await set_aside.waiting(at=datetime.now(UTC)))
    bodies = len(await set_aside.unread())
    seen = order.words("cli.doctor.updates_seen", aside=aside, waits=waits, bodies=bodies)
    return [CheckResult("updates", not (aside or waits or bodies), seen)]


async def _staff(order: Order) -> CheckResult:
    """Nobody who has to act is out of reach, and no department without somebody who decides."""
    result = await unreachable.unreachable(addressed(order.settings))
    officers = await enrolments.unbound(None, addressed(order.settings))
    people = order.words.joined([*(name for name, _ in result.people), *officers]) or "-"
    seen = order.words(
        "cli.doctor.staff_seen", people=people, departments=order.words.joined(result.headless) or "-"
    )
    return CheckResult("staff", not result and not officers, seen)


async def _names(order: Order) -> CheckResult:
    """Names that a document could not show as they are written: each with its characters, some of them."""
    lost = [(name, gone) for name in await named() if (gone := unprintable(name))]
    some = order.words.joined(f"{name}（{gone}）" for name, gone in lost[:5])
    seen = order.words("cli.doctor.names_seen", n=len(lost), names=some) if lost else "-"
    return CheckResult("names", not lost, seen)


async def _pragma(name: str) -> str:
    rows = await store.connection().execute_query_dict(f"PRAGMA {name}")
    return str(next(iter(rows[0].values())))


def _font() -> CheckResult:
    try:
        assert_font()
    except Exception as error:
        return CheckResult("font", False, str(error))
    return CheckResult("font", True, "Noto Sans CJK " + version("noto-cjk-sans-otc"))


async def _calendar(order: Order) -> CheckResult:
    missing = (await calendar_of(order.settings)).missing_years(local_day(datetime.now(UTC)))
    return CheckResult(
        "calendar", not missing, order.words("cli.doctor.provisional", years=missing) if missing else "-"
    )


def _disk(order: Order) -> CheckResult:
    order.settings.folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(order.settings.folder).free
    return CheckResult("disk", free > LEAST_DISK, f"{free // 2**20} MiB")


def _modes(order: Order) -> CheckResult:
    open_to_others = file_modes.open_to_others(order.settings)
    return CheckResult("modes", not open_to_others, ", ".join(map(str, open_to_others)) or "600, 700")


def _channels(order: Order) -> list[CheckResult]:
    """Which channels letters can take, and what tells us later that one did not arrive. Nothing is called."""
    settings, words = order.settings, order.words
    there = {"chat": settings.bot_token, "email": settings.smtp_url, "sms": settings.sms_url}
    back = {
        "sms": settings.sms_url and settings.hook_secret,
        "email": settings.imap_url or settings.hook_secret,
    }
    named = [words(f"web.channel.{channel}") for channel, where in there.items() if where]
    heard = [words(f"web.channel.{channel}") for channel, where in back.items() if where]
    return [
        CheckResult("channels", True, words.joined([*named, words("web.channel.phone")])),
        CheckResult("hooks", True, words.joined(heard) if heard else words("cli.doctor.no_hooks")),
    ]


async def _telegram(order: Order) -> list[CheckResult]:
    settings = order.settings
    if not settings.bot_token:
        return [CheckResult("token", True, order.words("cli.doctor.no_bot"))]
    import aiohttp

    from server import http_answer

    try:
        timeout = aiohttp.ClientTimeout(total=10)
        url = f"{settings.api}/bot{settings.bot_token}/getMe"
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url) as answer:
            reply = await http_answer.parsed(answer)
            told = answer.headers.get("Date")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return [CheckResult("token", False, type(error).__name__)]
    telegram = [
        CheckResult(
            "token",
            bool(reply.get("ok")),
            reply.get("result", {}).get("username") or reply.get("description", ""),
        )
    ]
    if told:
        from email.utils import parsedate_to_datetime

        skew = abs((datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds())
        telegram.append(CheckResult("clock", skew <= LARGEST_SKEW + 1, f"{skew:.0f} s"))
    return telegram
