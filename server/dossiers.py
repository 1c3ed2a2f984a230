"""卷宗 sealed into one file: everything of a task, printed, listed and hashed; what lacks is named instead (Art. 20)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from locales import Words, words
from models import store
from models.district import District
from models.queries import dossier as queries
from models.queries.dossier import Dossier, Piece, file_name
from models.queries.objects import Difference
from models.rules import bag
from models.rules.chain import instant
from server.documents.dossier import Line, index_pdf
from server.documents.table_file import workbook
from server.letters import LetterRenderer
from server.records import RecordRenderer

INDEX = "index.pdf"
AID = ("n", "task", "target", "code", "sealed", "root_day", "files", "state", "file", "sha256", "sm3")


@dataclass(frozen=True, slots=True)
class SealedDossier:
    """The file, its hashes, and how many files and events it holds."""

    path: Path
    sha256: str
    sm3: str
    files: int
    events: int


async def write(
    number: str, path: Path, district: District, *, at: datetime, stamped: bool = False
) -> SealedDossier | tuple[Difference, ...]:
    """The dossier of a task written to `path`; or, with nothing written, what is missing or differs."""
    found = await queries.dossier(number, at=at, stamped=stamped)
    if found.missing:
        return found.missing
    spoken = words("zh_Hans")
    pieces = {piece.path: piece for piece in (*found.pieces, *await _printed(found, district, at))}
    lines = [await _line(piece, spoken) for _, piece in sorted(pieces.items())]
    index = await index_pdf(found, lines, spoken, district.name, at)
    pieces[INDEX] = Piece(INDEX, "index", "", index)
    draft = path.with_name(f".{path.name}.draft")
    try:
        with (
            draft.open("wb") as file,
            bag.BagWriter(file, file_name(number), _info(found, district, at)) as writer,
        ):
            for name, piece in sorted(pieces.items()):
                writer.add(name, await _bytes(piece))
            writer.seal()
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sha256, sm3 = bag.digests(path)
    return SealedDossier(path, sha256, sm3, len(pieces), len(found.steps))


def finding_aid(folder: Path, spoken: Words) -> Path:
    """案卷目录: one line for each dossier in a folder, each checked anew, as XLSX beside them."""
    head = [spoken(f"dossier.aid.{name}") for name in AID]
    path = folder / f"{spoken('dossier.aid')}.xlsx"
    rows = [_aid(file, spoken) for file in sorted(folder.glob("*.zip"))]
    path.write_bytes(workbook(head, ([str(n), *row] for n, row in enumerate(rows, 1))))
    return path


def _aid(file: Path, spoken: Words) -> list[str]:
    about, flaws = bag.about(file), bag.flaws(file)
    info = about.info if about else {}
    named = [info.get(name, "") for name in ("External-Identifier", "External-Description", "Credit-Code")]
    sealed = [info.get(name, "") for name in ("Sealed-At", "Root-Day")]
    state = spoken("dossier.aid.flawed", n=len(flaws)) if flaws else spoken("dossier.aid.whole")
    return [*named, *sealed, str(about.files) if about else "", state, file.name, *bag.digests(file)]


async def _printed(found: Dossier, district: District, at: datetime) -> list[Piece]:
    """Each version of the letter and of the record as it is read, in the language in force."""
    letters, records = LetterRenderer(district), RecordRenderer(district)
    made = []
    for id, number in found.letters:
        made += _both("letters", number, await letters.copy(id))
    for id, number in found.records:
        made += _both("records", number, await records.copy(id))
    return made


def _both(folder: str, number: str, printed: tuple[bytes, str]) -> list[Piece]:
    pdf, said = printed
    path = f"{folder}/{file_name(number)}"
    return [Piece(f"{path}.pdf", folder, number, pdf), Piece(f"{path}.txt", folder, number, said.encode())]


async def _bytes(piece: Piece) -> bytes:
    return await store.objects.get(piece.object) if piece.object else piece.data


async def _line(piece: Piece, spoken: Words) -> Line:
    data = await _bytes(piece)
    what = spoken(f"dossier.what.{piece.kind}", name=piece.name)
    return Line(piece.path, what, len(data), hashlib.sha256(data).hexdigest())


def _info(found: Dossier, district: District, at: datetime) -> Mapping[str, str]:
    return {
        "Bagging-Date": at.date().isoformat(), "External-Identifier": found.task,
        "External-Description": " ".join(found.target.split()), "Credit-Code": " ".join(found.credit_code.split()),
        "Internal-Sender-Description": "shuangsuiji/dossier/1", "Sealed-At": instant(at),
        "Source-Organization": district.name, "Root": found.root or "-", "Root-Day": found.day or "-",
    }  # fmt: skip
