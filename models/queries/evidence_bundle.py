"""证据包: one task's chain, rows and photos with the proof to the published root (Art. 16 (3), 20).

For a court or a reviewer: `server/public/static/verify_evidence.py` checks it with nothing of ours. Whatever
is stored goes in as it is, damaged or not; it holds names and is not for the public.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from tortoise.exceptions import BaseORMException

from models import store
from models.queries import anchor, evidence
from models.queries.raw_rows import Row
from models.refusal import Refusal
from models.rules import timestamp
from models.rules.chain import instant
from models.tables import Photo
from models.tables.hashed_rows import row_name

FORMAT = "shuangsuiji/evidence/1"
EVENT = ("seq", "kind", "by", "at", "data", "key", "previous", "sha256")
README = """shuangsuiji/evidence/1

核验 To check: python3 verify_evidence.py BUNDLE.zip --root ROOT
核验程序与每日根值见公开网页 /roots。 The program and each day's root are on the public page /roots.
"""
STAMPED = """时间戳 The time stamp ({at}): {line}
证书现已到期亦可核验：-attime 为时间戳所载时刻。 -attime is the stamp's own time: the authority's certificate need
only have been good then.
"""


@dataclass(frozen=True, slots=True)
class EvidenceBundle:
    """`files` by name; `photos`: the names of the originals that go with them."""

    files: dict[str, bytes]
    photos: tuple[str, ...]

    async def contents(self) -> AsyncIterator[tuple[str, bytes]]:
        """Every file with its bytes, one photo at a time; a photo that is lost is left out."""
        for name in sorted(self.files):
            yield name, self.files[name]
        for name in self.photos:
            if (data := await _stored(name)) is not None:
                yield f"photos/{name}", data


@dataclass(frozen=True, slots=True)
class Covered:
    """How many events the enclosed root covers, of which day it is, and whether an authority stamped it."""

    length: int
    root: str
    day: str
    stamped: bool


def read_proof(bundle: EvidenceBundle) -> Covered | None:
    """What the enclosed proof covers; None before the first root."""
    if "proof.json" not in bundle.files:
        return None
    lines = bundle.files["root.txt"].decode().split("\n")
    root, day = lines[4].removeprefix("root "), lines[2].partition(" ")[2]
    return Covered(json.loads(bundle.files["proof.json"])["length"], root, day, "root.tsr" in bundle.files)


async def evidence_bundle(number: str, *, at: datetime, photos: bool = True) -> EvidenceBundle:
    """The evidence of a task as it is stored now. Raises Refusal for an unknown task."""
    chain, events, rows = await evidence.chain_of(number)
    if not events and not rows:
        raise Refusal("task.unknown", article="16(3)", task=number)
    seals, forms = evidence.last_seals(evidence.EvidenceReport(), chain, events), await evidence.forms_of()
    files = {
        "events.jsonl": _lines(_event(row) for row in events),
        "rows.jsonl": _lines(
            _content(row, forms.get(seals[name].form) if name in seals else None)
            for name, row in sorted(
                ((row_name(row.table, row.pk), row) for row in rows), key=lambda pair: pair[0]
            )
        ),
    }
    files |= await _anchored(chain)
    files["README.txt"] = (README + _stamped(files)).encode()
    told = {
        "format": FORMAT,
        "task": number,
        "chain": chain,
        "made_at": instant(at),
        "photos": "enclosed" if photos else "left_out",
        "files": {name: sha256(data).hexdigest() for name, data in sorted(files.items())},
    }
    files["evidence.json"] = _json(told) + b"\n"
    originals = sorted({str(row["sha256"]) for row in rows if row.table is Photo})
    return EvidenceBundle(files, tuple(originals) if photos else ())


async def _anchored(chain: str) -> dict[str, bytes]:
    """The way from the chain to the root of the last day that covers it; nothing before there is one."""
    try:
        proof = await anchor.proof(chain)
    except (ValueError, TypeError, BaseORMException) as error:
        raise Refusal("evidence.roots_damaged", article="16(3)") from error
    if proof is None:
        return {}
    told = {"length": proof.end.length, "index": proof.index, "path": list(proof.path)}
    files = {"proof.json": _json(told) + b"\n", "root.txt": proof.day.said.text.encode()}
    return files | ({"root.tsr": proof.day.stamp} if proof.day.stamp else {})


def _stamped(files: dict[str, bytes]) -> str:
    if "root.tsr" not in files:
        return ""
    try:
        at = timestamp.read(files["root.tsr"], files["root.txt"]).at
    except timestamp.BadStamp:
        return ""
    line = timestamp.check_line("root.txt", "root.tsr", "AUTHORITY.pem", at)
    return STAMPED.format(at=instant(at), line=line)


def _event(row: Row) -> dict[str, Any]:
    return _marked({name: row[name] for name in EVENT}, row)


def _content(row: Row, form: evidence.Form | None) -> dict[str, Any]:
    return _marked({"row": row_name(row.table, row.pk), "values": evidence.sealed_values(row, form)}, row)


def _marked(told: dict[str, Any], row: Row) -> dict[str, Any]:
    return told | ({"unreadable": list(row.wrong)} if row.wrong else {})


def _lines(rows: Any) -> bytes:
    return b"".join(_json(row) + b"\n" for row in rows)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=_said).encode("utf-8", "backslashreplace")


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return str(value) if isinstance(value, date) else repr(value)


async def _stored(name: str) -> bytes | None:
    """An object's bytes as they are, even if they are not the right ones."""
    try:
        return b"".join([piece async for piece in store.objects.stream(name)])
    except (FileNotFoundError, ValueError):
        return None
