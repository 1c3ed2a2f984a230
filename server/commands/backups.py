"""`backup`, `restore`, and what `verify DIR` does: copies of the whole district and the way back (Art. 20, R29)."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from models.backups import restoring, snapshot
from models.refusal import Refusal
from server import file_modes
from server.commands import DONE, FAILED, REFUSED, Commands, Order
from server.config import secret_of

SPEAKS_EVERY = 2.0  # seconds


def add(commands: Commands) -> None:
    parser = commands.add("backup", backup)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser = commands.add("restore", restore)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--snapshot", default="", metavar="NAME")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--replace", action="store_true")
    parser.add_argument("--json", action="store_true")


async def backup(order: Order) -> int:
    """A snapshot of database, objects and secret, beside the running service."""
    asked, settings = order.arguments, order.settings
    if asked.list:
        return _listed(order)
    secret_of(settings)
    manifest = await snapshot.back_up(
        asked.folder, settings.database, settings.objects, settings.folder / "secret.key",
        at=datetime.now(UTC).replace(microsecond=0), told=_progress(order),
    )  # fmt: skip
    if asked.json:
        _print(asdict(manifest))
    else:
        _say_manifest(order, manifest)
        order.say("backup.copied", n=manifest.copied)
        order.say("backup.secret")
    return FAILED if manifest.missing else DONE


def _listed(order: Order) -> int:
    folder = order.arguments.folder
    manifests = [snapshot.manifest_of(folder, name) for name in snapshot.snapshots_in(folder)]
    if order.arguments.json:
        _print([asdict(manifest) for manifest in manifests])
    for manifest in manifests if not order.arguments.json else ():
        _say_manifest(order, manifest)
    if not manifests:
        order.say("backup.none", folder=folder)
    return DONE


def _say_manifest(order: Order, manifest: snapshot.Manifest) -> None:
    order.say(
        "backup.snapshot", at=order.words.moment(datetime.fromisoformat(manifest.at)), rows=sum(manifest.rows.values()),
        objects=manifest.objects, megabytes=round(manifest.bytes / 2**20),
    )  # fmt: skip
    for name in manifest.missing:
        order.say("backup.flaw.never_there", name=name, snapshot=manifest.at)


async def restore(order: Order) -> int:
    """A snapshot in the place of what stands here; `--compare` only says what would be lost and gained."""
    asked, settings = order.arguments, order.settings
    name = restoring.chosen(asked.folder, asked.snapshot)
    comparison = await restoring.compare(asked.folder, name, settings.database)
    if not asked.json:
        _say_comparison(order, comparison)
    if asked.compare:
        if asked.json:
            _print(asdict(comparison))
        return DONE
    if comparison.n_lost and not asked.replace:
        order.say("backup.replace")
        return REFUSED
    done = await restoring.restore(
        asked.folder, name, settings.database, settings.objects, settings.folder / "secret.key",
        at=datetime.now(UTC), replace=asked.replace, told=_progress(order),
    )  # fmt: skip
    file_modes.own(settings)
    if asked.json:
        _print({**asdict(comparison), "missing": done.missing, "aside": str(done.aside or "")})
        return FAILED if done.missing else DONE
    _say_manifest(order, done.manifest)
    if done.aside:
        order.say("backup.aside", path=done.aside)
    for missing in done.missing:
        order.say("backup.flaw.object_missing", name=missing, snapshot=name)
    order.say("backup.restored")
    return FAILED if done.missing else DONE


def _say_comparison(order: Order, comparison: restoring.Comparison) -> None:
    if comparison.empty:
        order.say("backup.empty", n=comparison.gained)
        return
    order.say("backup.compared", lost=comparison.n_lost, gained=comparison.gained)
    for event in comparison.lost:
        order.say("backup.lost", chain=event.chain, seq=event.seq, kind=event.kind, at=event.at)


async def verify(order: Order, folder: Path) -> int:
    """Every snapshot of a folder read whole; every flaw named."""
    names = snapshot.snapshots_in(folder)
    if not names:
        raise Refusal("backup.none", "20", folder=str(folder))
    flaws = [flaw for name in names async for flaw in snapshot.flaws(folder, name, _progress(order))]
    if order.arguments.json:
        _print({"whole": not flaws, "snapshots": names, "flaws": [asdict(flaw) for flaw in flaws]})
    else:
        for flaw in flaws:
            order.say(f"backup.flaw.{flaw.kind}", name=flaw.name, snapshot=flaw.snapshot)
        order.say("backup.flawed" if flaws else "backup.whole", n=len(flaws), snapshots=len(names))
    return FAILED if flaws else DONE


def _progress(order: Order) -> Callable[[int, int], None]:
    """Says how far it is every few seconds, beside what a program reads."""
    last = time.monotonic()

    def told(done: int, total: int) -> None:
        nonlocal last
        if (now := time.monotonic()) - last >= SPEAKS_EVERY:
            last = now
            print(order.words("backup.progress", done=done, total=total), file=sys.stderr, flush=True)  # noqa: T201

    return told


def _print(what: object) -> None:
    print(json.dumps(what, ensure_ascii=False))  # noqa: T201 - the command line's voice
