"""卷宗 sealed into one file: everything of a task, printed, listed and hashed; what lacks is named instead (Art. 20)."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from locales import Words, words
from models import store
from models.district import District
from models.procedure import archive
from models.queries import dossier as queries
from models.queries import rechecks as queries_of_rechecks
from models.queries import rectification_page
from models.queries.dossier import DossierContents, DossierFile, file_name
from models.queries.objects import Difference
from models.refusal import Refusal
from models.rules import bag
from models.rules.chain import instant
from models.rules.target_number import NumberKind
from server import orders, rechecks
from server.documents.dossier import DossierLine, index_pdf
from server.documents.table_file import workbook
from server.letters import LetterRenderer
from server.records import RecordRenderer

INDEX = "index.pdf"
NUMBERS = {
    NumberKind.CREDIT_CODE: "Credit-Code", NumberKind.REGISTRATION: "Registration-Number", NumberKind.OWN: "Target-Number",
}  # fmt: skip
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
    contents = await queries.dossier(number, at=at, stamped=stamped)
    if contents.missing:
        return contents.missing
    spoken = words("zh_Hans")
    pieces = {piece.path: piece for piece in (*contents.pieces, *await _printed(contents, district, at))}
    lines = [await _line(piece, spoken) for _, piece in sorted(pieces.items())]
    index = await index_pdf(contents, lines, spoken, district.name, at)
    pieces[INDEX] = DossierFile(INDEX, "index", "", index)
    draft = path.with_name(f".{path.name}.draft")
    try:
        with (
            draft.open("wb") as file,
            bag.BagWriter(file, file_name(number), _info(contents, district, at)) as writer,
        ):
            for name, piece in sorted(pieces.items()):
                writer.add(name, await _bytes(piece))
            writer.seal()
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sha256, sm3 = bag.digests(path)
    return SealedDossier(path, sha256, sm3, len(pieces), len(contents.steps))


async def sealed(number: str, district: District, *, at: datetime) -> archive.Sealed:
    """A dossier written and kept among the objects, for the act; refused when something is missing."""
    with tempfile.TemporaryDirectory(prefix="dossier") as folder:
        path = Path(folder) / "dossier.zip"
        created = await write(number, path, district, at=at)
        if isinstance(created, tuple):
            raise Refusal("archive.missing", article="20", task=number, n=len(created))
        return archive.Sealed(
            await store.objects.put_file(path),
            created.sm3,
            path.stat().st_size,
            created.files,
            created.events,
        )


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
    number = next((info[name] for name in NUMBERS.values() if name in info), "")
    named = [info.get("External-Identifier", ""), info.get("External-Description", ""), number]
    sealed = [info.get(name, "") for name in ("Sealed-At", "Root-Day")]
    state = spoken("dossier.aid.flawed", n=len(flaws)) if flaws else spoken("dossier.aid.whole")
    return [*named, *sealed, str(about.files) if about else "", state, file.name, *bag.digests(file)]


async def _printed(contents: DossierContents, district: District, at: datetime) -> list[DossierFile]:
    """Each version of the letter and of the record as it is read, in the language in force."""
    letters, records = LetterRenderer(district), RecordRenderer(district)
    files = []
    for id, number in contents.letters:
        files += _both("letters", number, await letters.copy(id))
    for id, number in contents.records:
        files += _both("records", number, await records.copy(id))
    for number in contents.orders:
        if page := await rectification_page.printable(number):
            files += _both("orders", number, await orders.copy(page, district))
    for id in contents.rechecks:
        if recheck := await queries_of_rechecks.printable(id):
            files += _both("rechecks", recheck.line.number, await rechecks.copy(recheck, district))
    return files


def _both(folder: str, number: str, printed: tuple[bytes, str]) -> list[DossierFile]:
    pdf, text = printed
    path = f"{folder}/{file_name(number)}"
    return [
        DossierFile(f"{path}.pdf", folder, number, pdf),
        DossierFile(f"{path}.txt", folder, number, text.encode()),
    ]


async def _bytes(piece: DossierFile) -> bytes:
    return await store.objects.get(piece.object) if piece.object else piece.data


async def _line(piece: DossierFile, spoken: Words) -> DossierLine:
    data = await _bytes(piece)
    what = spoken(f"dossier.what.{piece.kind}", name=piece.name)
    return DossierLine(piece.path, what, len(data), hashlib.sha256(data).hexdigest())


def _info(contents: DossierContents, district: District, at: datetime) -> Mapping[str, str]:
    number, kind = contents.target_number
    return {
        "Bagging-Date": at.date().isoformat(), "External-Identifier": contents.task,
        "External-Description": " ".join(contents.target.split()), NUMBERS[kind]: " ".join(number.split()),
        "Internal-Sender-Description": "shuangsuiji/dossier/1", "Sealed-At": instant(at),
        "Source-Organization": district.name, "Root": contents.root or "-", "Root-Day": contents.day or "-",
    }  # fmt: skip
