"""`verify`, `anchor`, `repair`: is the evidence whole, daily roots, stored files (Art. 16 (3), 20)."""

from __future__ import annotations

import json
import sys
import zipfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from locales import Words
from models import store
from models.procedure import anchor, clock_watch, objects, resealing
from models.queries import evidence, evidence_bundle
from models.queries.evidence import EvidenceReport
from models.refusal import Refusal
from models.rules import timestamp
from models.rules.actor import Actor, Role
from server.commands import DONE, FAILED, Commands, Order, backups, dossiers
from server.config import authorities_of, district_of
from server.evidence_words import worded

OFFICE = Actor(Role.OFFICE, "cli")
SHOWN = 200


def add(commands: Commands) -> None:
    parser = commands.add("verify", verify)
    parser.add_argument("backup", type=Path, nargs="?", metavar="DIR")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--task", metavar="NUMBER")
    parser.add_argument("--root", action="append", default=[], metavar="HEX")
    parser.add_argument("--bundle", type=Path, metavar="OUT.zip")
    parser.add_argument("--no-photos", action="store_true")
    commands.add("anchor", close_days)
    parser = commands.add("clock", clock)
    parser.add_argument("--confirm", metavar="REASON")
    parser = commands.add("repair", repair)
    parser.add_argument("--discard", action="store_true")
    parser.add_argument("--yes", action="store_true")
    parser.add_argument("--take-back", action="store_true")
    parser.add_argument("--json", action="store_true")


async def verify(order: Order) -> int:
    """Look at everything, or at one task, whose evidence `--bundle` writes as well."""
    asked = order.arguments
    if asked.backup:
        return (
            dossiers.verify(order, asked.backup)
            if asked.backup.is_file()
            else await backups.verify(order, asked.backup)
        )
    if asked.bundle and not asked.task:
        raise Refusal("evidence.bundle_of_a_task", article="16(3)")
    async with store.opened(order.settings.database, objects_at=order.settings.objects):
        authorities = authorities_of(order.settings)
        roots = [root.lower() for root in asked.root]
        waiting = await resealing.due()
        report = await evidence.verify(asked.task, expected=roots, authorities=authorities)
        if asked.task is not None and not (report.events or report.rows or report.differences):
            raise Refusal("task.unknown", article="16(3)")
        if asked.bundle:
            await _write(asked.task, asked.bundle, not asked.no_photos)
    if asked.json:
        print(json.dumps({"whole": report.whole, "seals_due": waiting, **asdict(report)}, ensure_ascii=False))  # noqa: T201
    else:
        if waiting:
            order.say("evidence.seals_due")
        _tell(order, report)
        if asked.bundle:
            order.say("evidence.bundle", file=asked.bundle)
    return DONE if report.whole else FAILED


def _tell(order: Order, report: EvidenceReport) -> None:
    counts = {name: getattr(report, name) for name in ("chains", "events", "rows", "objects", "days")}
    order.say("evidence.looked", **counts)
    if report.unanchored:
        order.say("evidence.unanchored", n=report.unanchored)
    if report.unstamped and order.settings.tsa_url:
        order.say("evidence.unstamped", n=report.unstamped)
    for day, tables in sorted(report.since.items()):
        for table, count in sorted(tables.items()):
            order.say("evidence.since", day=day, table=_table(table, order.words), n=count)
    for number, day in sorted(report.destroyed.items()):
        order.say("evidence.destroyed", task=number, day=day)
    for difference in report.differences[:SHOWN]:
        print("✗ " + worded(difference, order.words))  # noqa: T201
    if len(report.differences) > SHOWN:
        order.say("evidence.more", n=len(report.differences) - SHOWN)
    order.say("evidence.whole" if report.whole else "evidence.differs", n=len(report.differences))


def _table(name: str, words: Words) -> str:
    return words(f"evidence.table.{name}", number="").strip()


async def _write(number: str, out: Path, photos: bool) -> None:
    bundle = await evidence_bundle.evidence_bundle(number, at=datetime.now(UTC), photos=photos)
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        async for name, data in bundle.contents():
            archive.writestr(name, data)


async def close_days(order: Order) -> int:
    """Close every day that is over, have what waits stamped, and show the newest root."""
    import aiohttp

    from server import outside_time, timestamping

    settings = order.settings
    async with store.opened(settings.database):
        if doubt := await outside_time.settled(settings, lambda: datetime.now(UTC)):
            _doubt(order, doubt)
            return FAILED
        for day in await anchor.due(datetime.now(UTC), district_of(settings), by=OFFICE):
            order.say("evidence.closed", day=day.said.day, root=day.said.root)
        if not settings.tsa_url:
            return DONE
        try:
            count = await timestamping.catch_up(
                settings.tsa_url, authorities_of(settings), lambda: datetime.now(UTC)
            )
        except (aiohttp.ClientError, TimeoutError, timestamp.BadStamp) as error:
            order.say("evidence.no_stamp", why=error or type(error).__name__)
            return FAILED
        order.say("evidence.stamped", n=count)
    return DONE


async def clock(order: Order) -> int:
    """Whether the clock jumped since the last day was closed; `--confirm` says that it is right."""
    from server import outside_time

    settings, why = order.settings, (order.arguments.confirm or "").strip()
    async with store.opened(settings.database):
        doubt = await outside_time.settled(settings, lambda: datetime.now(UTC))
        outside = await outside_time.told(settings) if doubt else {}
        for name, at in sorted(outside.items()):
            order.say("evidence.clock_outside", source=name, at=at)
        if doubt and why and not outside:
            await clock_watch.confirm(why, by=OFFICE, at=datetime.now(UTC))
            order.say("evidence.clock_confirmed")
            return DONE
    if doubt:
        _doubt(order, doubt)
        return FAILED
    order.say("evidence.clock_fine")
    return DONE


def _doubt(order: Order, doubt: clock_watch.ClockDoubt) -> None:
    order.say(f"evidence.clock.{doubt.kind}", before=doubt.before, after=doubt.after)
    order.say("evidence.clock_way")


async def repair(order: Order) -> int:
    """Name objects that no row names and rows whose object is gone. `--discard` asks and moves the former into
    the bin, save those younger than the newest row; `--take-back` brings back what lies there.
    """
    asked, settings = order.arguments, order.settings
    async with store.opened(settings.database, objects_at=settings.objects):
        if asked.take_back:
            order.say("evidence.taken_back", n=await objects.take_back())
        repaired = await objects.compare(settings.database)
        if asked.json:
            print(json.dumps(asdict(repaired), ensure_ascii=False, default=str))  # noqa: T201
        else:
            _compared(order, repaired)
        if asked.discard and repaired.orphans:
            if not (asked.yes or _agreed(order, len(repaired.orphans))):
                order.say("evidence.nothing_moved")
                return FAILED
            await objects.to_bin(repaired.orphans, at=datetime.now(UTC))
            order.say("evidence.binned", n=len(repaired.orphans), days=objects.TERM.days)
    return FAILED if repaired.lacking else DONE


def _compared(order: Order, repaired: objects.Repaired) -> None:
    for name in repaired.orphans:
        order.say("evidence.orphan", name=name)
    for difference in repaired.lacking:
        print("✗ " + worded(difference, order.words))  # noqa: T201
    if repaired.younger:
        order.say("evidence.younger", n=len(repaired.younger), newest=repaired.newest or "-")
    if repaired.elsewhere:
        order.say("evidence.elsewhere", n=len(repaired.elsewhere))
    order.say("evidence.repaired", orphans=len(repaired.orphans), lacking=len(repaired.lacking))
    if repaired.binned:
        order.say("evidence.in_bin", n=len(repaired.binned), days=objects.TERM.days)


def _agreed(order: Order, count: int) -> bool:
    """Whether whoever sits there types the number; nobody there is no consent."""
    if not sys.stdin.isatty():
        order.say("evidence.ask_yes", n=count)
        return False
    return input(order.words("evidence.ask", n=count) + " ").strip() == str(count)
