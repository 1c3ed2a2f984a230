"""`platform`: what has to be entered on the provincial platform as a file, its receipts back, and where it differs (Art. 8)."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from locales.refusals import explain
from models import store
from models.procedure import on_behalf, platform_draw, platform_result, publication
from models.queries import platform as queries
from models.queries import platform_draw as platform_draws
from models.queries import platform_result as platform_results
from models.queries.person import departments_in
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.day import read_day
from models.rules.platform import (
    DEPARTMENT_FIELDS,
    FIELDS,
    PlatformMapping,
    Values,
    by_field,
    differences,
    laid_out,
    read_mapping,
)
from models.rules.platform_result import FIELDS_BESIDE, PlatformResults, apart
from models.rules.visit import local_day
from server.commands import DONE, FAILED, REFUSED, Commands, Order
from server.commands.acting import OFFICE, account_of
from server.platform_files import FileAdapter, default_mapping, result_names


def add(commands: Commands) -> None:
    inner = Commands(commands.add("platform"), commands.words)
    parser = _file(inner.add("export", export, key="platform.export"))
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--departments", action="store_true")
    _file(inner.add("compare", compare, key="platform.compare"))
    parser = _file(inner.add("receipts", receipts, key="platform.receipts"))
    parser.add_argument("--as", dest="person", required=True, metavar="ROLE:CODE")
    parser.add_argument("--reason", default="")
    parser = inner.add("draw", draw, key="platform.draw")
    parser.add_argument("file", type=Path)
    parser.add_argument("--batch", required=True, metavar="CODE")
    parser.add_argument("--take", action="store_true")

    parser = inner.add("results", results, key="platform.results")
    parser.add_argument("file", type=Path)
    parser.add_argument("--batch", default="", metavar="CODE")
    parser.add_argument("--take", action="store_true")
    parser.add_argument("--take-back", metavar="REASON")


def _file(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("file", type=Path)
    parser.add_argument("--mapping", type=Path, metavar="TOML")
    return parser


def _mapping(order: Order, fields: Sequence[str] = FIELDS) -> PlatformMapping:
    path = order.arguments.mapping
    if path:
        return read_mapping(path.read_text(encoding="utf-8-sig"), fields)
    return default_mapping(order.words, fields)


async def export(order: Order) -> int:
    """Reviewed results without a receipt, or all, in the platform's columns; `--departments`: a line for each department's."""
    asked, adapter = order.arguments, FileAdapter(order.arguments.file)
    mapping = _mapping(order, DEPARTMENT_FIELDS if asked.departments else FIELDS)
    rows_of = queries.department_rows if asked.departments else queries.to_enter
    async with store.opened(order.settings.database):
        tasks = await rows_of(every=asked.all)
    adapter.give(mapping, [laid_out(values, mapping) for values in tasks])
    order.say("cli.platform.exported", n=len(tasks), file=order.arguments.file)
    return DONE


async def compare(order: Order) -> int:
    """Where a file of theirs differs from what we hold: each difference is a line; 1 where there is any."""
    mapping = _mapping(order)
    theirs = FileAdapter(order.arguments.file).take(mapping)
    async with store.opened(order.settings.database):
        tasks = await queries.to_enter(every=True)
    apart = differences([laid_out(values, mapping) for values in tasks], theirs, mapping)
    for kind in ("missing", "unknown", "twice"):
        for number in getattr(apart, kind):
            order.say(f"cli.platform.{kind}", number=number)
    for number, heading, mine, other in apart.changed:
        order.say(
            "cli.platform.changed", number=number, heading=heading, ours=mine or "—", theirs=other or "—"
        )
    order.say("cli.platform.compared", n=len(theirs))
    return FAILED if apart else DONE


async def receipts(order: Order) -> int:
    """Receipts out of a file of theirs, each as if typed by this person; what is refused is named, the others are kept."""
    asked, at, mapping = order.arguments, datetime.now(UTC), _mapping(order)
    lines = [by_field(line, mapping) for line in FileAdapter(asked.file).take(mapping)]
    refused, done = 0, 0
    async with store.opened(order.settings.database):
        role, _, code = asked.person.partition(":")
        account = await account_of(role, code, at)
        for line in lines:
            number, receipt, day = (
                line.get(name, "").strip() for name in ("number", "receipt", "receipt_day")
            )
            if not receipt:
                continue
            try:
                await record_as(account.id, number, receipt, day, asked.reason, at)
                done += 1
            except Refusal as no:
                refused += 1
                why = explain(no, order.words, await departments_in(no))
                order.say("cli.platform.refused", number=number, receipt=receipt, why=why)
    order.say("cli.platform.received", n=done, refused=refused)
    return REFUSED if refused else DONE


async def draw(order: Order) -> int:
    """A file of what they drew for a batch: what it would do, row by row; with `--take` it becomes the batch's draw."""
    asked, at = order.arguments, datetime.now(UTC)
    async with store.opened(order.settings.database):
        id = await platform_draw.bring(
            asked.batch, asked.file.name, asked.file.read_bytes(), by=OFFICE, at=at
        )
        page = await platform_draws.page(id)
        if page.refused:
            raise page.refused
        if page.drawn:
            raise Refusal("platform_draw.drawn", "8", batch=page.batch, draw=page.drawn)
        for remark in page.bad:
            why = order.words(f"row.{remark.reason}", **remark.params)
            order.say(
                "cli.platform.draw.bad", row=remark.number, column=remark.column, value=remark.value, why=why
            )
        if page.bad or not (asked.take or page.same):
            order.say(
                "cli.platform.draw.looked",
                n=len(page.targets),
                refused=len({remark.number for remark in page.bad}),
            )
            return REFUSED if page.bad else DONE
        taken = await platform_draw.take(
            id, by=OFFICE, at=at, random=secrets.token_bytes, most=order.settings.visits_a_year
        )
    order.say("cli.platform.draw.taken", draw=taken.code, commitment=taken.commitment)
    return DONE


async def results(order: Order) -> int:
    """A file of results of theirs: what it would do, row by row and beside ours; with `--take` it is written, with
    `--take-back` what was written out of it is taken back."""
    asked, at, names = order.arguments, datetime.now(UTC), result_names()
    data = asked.file.read_bytes()
    async with store.opened(order.settings.database):
        if asked.take_back is not None:
            gone = await platform_result.take_back(
                sha256(data).hexdigest(), asked.take_back, by=OFFICE, at=at
            )
            order.say("cli.platform.results.taken_back", n=gone.rows)
            return DONE
        read = await platform_results.looked_at(data, asked.batch, "", names, local_day(at))
        _say_results(order, read, await platform_results.compared(read.rows))
        if read.bad or not asked.take:
            refused = len({remark.number for remark in read.bad})
            order.say(
                "cli.platform.results.looked", n=len(read.new), standing=len(read.standing), refused=refused
            )
            return REFUSED if read.bad else DONE
        taken = await platform_result.take(asked.file.name, data, asked.batch, names=names, by=OFFICE, at=at)
    order.say("cli.platform.results.taken", n=taken.rows, standing=taken.standing)
    return DONE


def _say_results(
    order: Order, read: PlatformResults, pairs: Mapping[tuple[str, str], tuple[Values, Values | None]]
) -> None:
    """Each cell that is refused, each field that differs from ours."""
    for remark in read.bad:
        why = order.words(f"row.{remark.reason}", **remark.params)
        order.say(
            "cli.platform.draw.bad", row=remark.number, column=remark.column, value=remark.value, why=why
        )
    mapping = default_mapping(order.words, FIELDS_BESIDE)
    for (number, _), (theirs, ours) in pairs.items():
        for heading, mine, other in apart(ours, theirs, mapping) if ours else ():
            order.say(
                "cli.platform.changed", number=number, heading=heading, ours=mine or "—", theirs=other or "—"
            )


async def record_as(account: int, number: str, receipt: str, day: str, reason: str, at: datetime) -> None:
    """One receipt in this person's name, who hears of it. `day`: as written; today where there is none."""
    received = read_day(day) if day else None
    if day and received is None:
        raise Refusal("publication.receipt_lines", article="8", given=day)

    async def done(by: Actor) -> None:
        await publication.record(number, receipt, received, by=by, at=at)

    await on_behalf.stand_in(account, "receipt", number, reason, done, by=OFFICE, at=at)
