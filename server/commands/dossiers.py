"""`archive TASK --out DIR`: a task's sealed dossier as a file, and what `verify FILE` says of one (Art. 20)."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from models import store
from models.queries.dossier import file_name, kept
from models.rules import bag
from server.commands import DONE, FAILED, REFUSED, Commands, Order
from server.config import district_of
from server.evidence_words import worded


def add(commands: Commands) -> None:
    parser = commands.add("archive", archive)
    parser.add_argument("task", metavar="TASK")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")


async def archive(order: Order) -> int:
    """Write the dossier; when something lacks or differs, each is named and nothing is written."""
    from server import dossiers

    asked, settings = order.arguments, order.settings
    asked.out.mkdir(parents=True, exist_ok=True)
    path = asked.out / f"{file_name(asked.task)}.zip"
    async with store.opened(settings.database, objects_at=settings.objects):
        if there := await kept(asked.task):
            await _copy(there, path)
            order.say("dossier.copied", file=path)
            order.say("dossier.aid_written", file=dossiers.finding_aid(asked.out, order.words))
            return DONE
        created = await dossiers.write(
            asked.task,
            path,
            district_of(settings),
            at=datetime.now(UTC).replace(microsecond=0),
            stamped=bool(settings.tsa_url),
        )
    if isinstance(created, tuple):
        for difference in created:
            print("✗ " + worded(difference, order.words))  # noqa: T201
        order.say("dossier.not_sealed", task=asked.task, n=len(created))
        return REFUSED
    order.say("dossier.sealed", file=created.path, files=created.files, events=created.events)
    order.say("dossier.sums", sha256=created.sha256, sm3=created.sm3)
    order.say("dossier.aid_written", file=dossiers.finding_aid(asked.out, order.words))
    return DONE


async def _copy(name: str, path: Path) -> None:
    """The dossier that the task was archived with, as it is."""
    with path.open("wb") as file:
        async for piece in store.objects.stream(name):
            file.write(piece)


def verify(order: Order, path: Path) -> int:
    """A dossier's container and manifests, each flaw named."""
    flaws = bag.flaws(path)
    if order.arguments.json:
        print(json.dumps({"whole": not flaws, "flaws": [asdict(flaw) for flaw in flaws]}, ensure_ascii=False))  # noqa: T201
        return FAILED if flaws else DONE
    for flaw in flaws:
        order.say(f"dossier.flaw.{flaw.kind}", name=flaw.name)
    if flaws:
        return FAILED
    sha256, sm3 = bag.digests(path)
    order.say("dossier.whole", file=path)
    order.say("dossier.sums", sha256=sha256, sm3=sm3)
    return DONE
