"""`batch` and `draw`: commit, hold and verify a draw without the console (Art. 14)."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import sys
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

from models import store
from models.procedure import batch as batches
from models.procedure import declaration, draw
from models.queries import draws
from models.queries.draws import DrawDetails
from models.refusal import Refusal
from models.rules import bundle
from models.rules.actor import Actor, Role
from models.rules.draw import entropy
from models.rules.draw.chance import last_reveal
from models.rules.draw.declaration import DeclarationGround
from models.rules.draw.rows import Mode
from models.rules.visit import SHANGHAI
from server.commands import DONE, FAILED, Commands, Order, values

OFFICE = Actor(Role.OFFICE, "cli")


def add(commands: Commands) -> None:
    batch = Commands(commands.add("batch"), commands.words)
    parser = batch.add("commit", commit, key="batch.commit")
    parser.add_argument("code")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--practice", action="store_true")
    parser.add_argument("--outside-from", type=datetime.fromisoformat, metavar="TIME")
    parser = batch.add("hold", hold, key="batch.hold")
    parser.add_argument("code")
    parser.add_argument("--entropy", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--full", action="store_true")
    parser = batch.add("void", void, key="batch.void")
    parser.add_argument("code")
    parser.add_argument("--reason", required=True)
    parser.add_argument("--consenting", default="")
    parser = batch.add("close", close, key="batch.close")
    parser.add_argument("code")
    parser.add_argument("--left", action="append", default=[], metavar="TASK=REASON")
    parser = batch.add("withdraw", withdraw, key="batch.withdraw")
    parser.add_argument("code")
    parser.add_argument("--reason", required=True)
    parser = batch.add("declare", declare, key="batch.declare")
    parser.add_argument("code")
    parser.add_argument("--target", required=True)
    parser.add_argument("--ground", required=True, choices=[str(ground) for ground in DeclarationGround])
    parser.add_argument("--document", required=True)
    rest = parser.add_mutually_exclusive_group(required=True)
    rest.add_argument("--file", type=Path)
    rest.add_argument("--sha256", default="")
    parser = batch.add("undeclare", undeclare, key="batch.undeclare")
    parser.add_argument("declaration", type=values.whole)
    parser.add_argument("--reason", required=True)
    verify = Commands(commands.add("draw"), commands.words).add("verify", verify_bundle, key="draw.verify")
    verify.add_argument("bundle", type=Path)


async def commit(order: Order) -> int:
    """Fix a batch and write the committed files into a folder."""
    asked = order.arguments
    until = asked.outside_from
    if until is not None and until.tzinfo is None:
        until = until.replace(tzinfo=SHANGHAI)
    async with store.opened(order.settings.database):
        fixed = await draw.commit(
            asked.code, by=OFFICE, at=datetime.now(UTC), random=secrets.token_bytes, practice=asked.practice,
            outside_from=until, most=order.settings.visits_a_year,
        )  # fmt: skip
        committed = await draws.files_of(fixed.code)
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, content in committed.items():
        (asked.out / name).write_bytes(content)
    order.say("cli.batch.committed", draw=fixed.code, commitment=fixed.commitment, out=asked.out)
    if last := last_reveal(fixed.rules):
        order.say("cli.batch.last_reveal", at=last)
    for what in ("strata", "areas", "inspectors"):
        if fixed.certain[what]:
            order.say(f"cli.batch.certain.{what}", names=fixed.certain[what])
    return DONE


async def hold(order: Order) -> int:
    """Hold a committed batch once every source has given its value from an account of its own.

    `--entropy`: a value per source, for rehearsals alone; the pledges are made from the values.
    """
    asked, at = order.arguments, datetime.now(UTC)
    async with store.opened(order.settings.database):
        held = await draws.standing(asked.code)
        if held.held_at is None:
            if asked.entropy is not None:
                await _give(held, _values(asked.entropy), at)
            held = await draw.hold(held.code, by=OFFICE, at=datetime.now(UTC))
        files_of = await draws.bundle_files(held.code, full=asked.full)
    asked.out.write_bytes(bundle.packed(files_of))
    order.say("cli.batch.held", draw=held.code, seed=held.seed, results=held.results_sha256, out=asked.out)
    return DONE


async def close(order: Order) -> int:
    """End a batch, with a reason for each task that is left."""
    asked = order.arguments
    reasons = {number: reason for number, _, reason in (line.partition("=") for line in asked.left)}
    async with store.opened(order.settings.database):
        await batches.close(asked.code, reasons, by=OFFICE, at=datetime.now(UTC))
    order.say("cli.batch.closed", batch=asked.code)
    return DONE


async def withdraw(order: Order) -> int:
    """Void a batch that nobody will draw, with a reason that becomes public."""
    asked = order.arguments
    async with store.opened(order.settings.database):
        await batches.withdraw(asked.code, asked.reason, by=OFFICE, at=datetime.now(UTC))
    order.say("cli.batch.withdrawn", batch=asked.code)
    return DONE


async def declare(order: Order) -> int:
    """Declare a target out, sealed or to be drawn again, with the hash of the document it rests on."""
    asked = order.arguments
    hash_ = hashlib.sha256(asked.file.read_bytes()).hexdigest() if asked.file else asked.sha256
    async with store.opened(order.settings.database):
        line = await declaration.declare(
            asked.code, asked.target, asked.ground, asked.document, hash_, by=OFFICE, at=datetime.now(UTC)
        )
    order.say("cli.batch.declared", id=line.id, target=line.name, batch=line.batch, sha256=line.sha256)
    return DONE


async def undeclare(order: Order) -> int:
    """Take a declaration back with a reason."""
    asked = order.arguments
    async with store.opened(order.settings.database):
        gone = await declaration.withdraw(asked.declaration, asked.reason, by=OFFICE, at=datetime.now(UTC))
    order.say("cli.batch.undeclared", id=gone.id, target=gone.name, batch=gone.batch)
    return DONE


def _values(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


async def void(order: Order) -> int:
    """Withdraw a batch's draw with a reason; it stays public, and the batch may be committed again."""
    asked = order.arguments
    async with store.opened(order.settings.database):
        code = (await draws.standing(asked.code)).code
        voided = await draw.void(code, asked.reason, asked.consenting, by=OFFICE, at=datetime.now(UTC))
    order.say("cli.batch.voided" if voided.voided_at else "cli.batch.void_asked", draw=code)
    return DONE


async def _give(fixed: DrawDetails, values: list[str], at: datetime) -> None:
    """Pledge and reveal each source's value, in the order of the sources: in a rehearsal, by one hand."""
    if fixed.mode != Mode.PRACTICE:
        raise Refusal("draw.typed_by_another", article="14(1)", source="--entropy")
    sources = fixed.rules.entropy
    if len(values) != len(sources):
        raise Refusal("draw.entropy_missing", article="14(1)", values=len(values), sources=len(sources))
    for source, value in zip(sources, values, strict=True):
        entropy.check_value(source, value)
        if source.startswith("witness:"):
            await draw.pledge(fixed.code, source, entropy.pledge(fixed.commitment, value), by=OFFICE, at=at)
    for source, value in zip(sources, values, strict=True):
        await draw.reveal(fixed.code, source, value, by=OFFICE, at=at)


async def verify_bundle(order: Order) -> int:
    """Run the verifier that everybody may download over a bundle."""
    with as_file(files("server").joinpath("public/static/verify_draw.py")) as verifier:
        done = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(verifier), str(order.arguments.bundle)
        )
        code = await done.wait()
    return DONE if code == 0 else FAILED
