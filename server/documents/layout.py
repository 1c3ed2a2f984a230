"""What printed documents are made of: one value says what stands there, and paper or plain text show it.

Words come from outside and stay data: the layout (`*.typ`) reads them as JSON and runs nothing in them.
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import qrcode
import typst
from qrcode.constants import ERROR_CORRECT_M

from models.imaging import glyphs
from models.imaging.font import FONT
from models.rules import text

_HERE = Path(__file__).parent
_folders: dict[tuple[str, ...], tempfile.TemporaryDirectory[str]] = {}


@dataclass(frozen=True)
class Heading:
    """The name of a section, its number included."""

    title: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Prose:
    """A paragraph; `strong` ones stand in a frame, `leading` ones on one page with what follows."""

    words: str
    strong: bool = False
    leading: bool = False
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True)
class Fields:
    """Label and value, one under the other. Fields without a value are left out."""

    rows: tuple[tuple[str, str], ...]
    kind: Literal["fields"] = "fields"


@dataclass(frozen=True)
class Grid:
    """A table whose head is repeated on every page. `widths`: shares of the line, 0 for a narrow one;
    `strong`: the rows that are set off, counted from 0."""

    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: frozenset[int] = frozenset()
    kind: Literal["grid"] = "grid"


@dataclass(frozen=True)
class Ticks:
    """Lines with a box before each, drawn because no font has the glyphs. `ticked` are the crossed ones."""

    lines: tuple[str, ...]
    ticked: frozenset[int] = frozenset()
    kind: Literal["ticks"] = "ticks"


@dataclass(frozen=True)
class Numbered:
    """A numbered list."""

    lines: tuple[str, ...]
    kind: Literal["numbered"] = "numbered"


@dataclass(frozen=True)
class Pictures:
    """Photos, three to a row: JPEG bytes and the lines under them."""

    photos: tuple[tuple[bytes, tuple[str, ...]], ...]
    kind: Literal["pictures"] = "pictures"


@dataclass(frozen=True)
class Pages:
    """A long picture cut into pages (JPEG), two beside each other, under its lines."""

    pictures: tuple[bytes, ...]
    lines: tuple[str, ...]
    kind: Literal["pages"] = "pages"


@dataclass(frozen=True)
class Signatures:
    """Places to sign: who, a picture of the signature where there is one (PNG), what stands for it, and when."""

    places: tuple[tuple[str, bytes, str, str], ...]
    kind: Literal["signatures"] = "signatures"


Block = Heading | Prose | Fields | Grid | Ticks | Numbered | Pictures | Pages | Signatures


def heading(ordinal: str, title: str) -> Heading:
    """A section's title after its number; only after a Latin number stands a blank."""
    return Heading(f"{ordinal} {title}" if ordinal.isascii() else ordinal + title)


class Drawing(str):
    """Commands for the layout and no words: reaches it unchanged."""

    __slots__ = ()


def plain(blocks: Iterable[Block]) -> str:
    """The blocks as text for a chat or a letter by e-mail; sections are parted by an empty line."""
    sections: list[list[str]] = [[]]
    for block in blocks:
        if isinstance(block, Heading):
            sections.append([])
        sections[-1].extend(line for line in _lines(block) if line)
    return "\n\n".join("\n".join(section) for section in sections if section)


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(title=title):
            yield text.visible(title)
        case Prose(words=words):
            yield text.visible(words)
        case Fields(rows=rows):
            yield from (f"{text.name(label)}\uff1a{text.name(value)}" for label, value in rows if value)
        case Grid(rows=rows):
            yield from ("\u3000".join(text.name(cell) for cell in row if cell) for row in rows)
        case Ticks(lines=lines):
            yield from (f"\u25a1 {text.name(line)}" for line in lines)
        case Numbered(lines=lines):
            yield from (f"{n}. {text.name(line)}" for n, line in enumerate(lines, 1))
        case Signatures(places=places):
            yield from (f"{text.name(who)}\uff1a{text.name(stands)}" for who, _, stands, _ in places)
        case Pages():
            return  # its lines stand with its small copy
        case Pictures(photos=photos):
            yield from ("\u3000".join(map(text.name, under)) for _, under in photos)


def qr_path(address: str) -> dict[str, Any]:
    """The QR code of an address, level M with its quiet zone: modules per side, and one path to draw."""
    # Trying all eight masks takes five times as long as the rest; readers know every mask (F16).
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4, mask_pattern=3)
    code.add_data(address)
    code.make(fit=True)
    dark = code.get_matrix()
    runs = (run for y, row in enumerate(dark) for run in _runs(row, y))
    return {"side": len(dark), "path": Drawing("".join(f"M{x} {y}h{n}v1h-{n}z" for x, y, n in runs))}


def _runs(row: list[bool], y: int) -> Iterator[tuple[int, int, int]]:
    start = None
    for x, module in enumerate([*row, False]):
        if module and start is None:
            start = x
        elif not module and start is not None:
            yield start, y, x - start
            start = None


STANDARDS: Any = ["a-2b", "ua-1"]
"""PDF/UA-1: headings, tables and pictures are marked for a reader for the blind, language and title stand. PDF/A-2b: what a
page needs lies in its file, so that it reads the same in thirty years."""


@dataclass(frozen=True)
class LaidOutDocument:
    """A document as the layouts read it: plain JSON and pictures beside it, ready to be pressed anywhere."""

    layout: str
    data: bytes
    pictures: tuple[bytes, ...]
    at: int
    form: str = "pdf"
    ppi: float = 150

    @classmethod
    def of(
        cls, layout: str, document: Mapping[str, Any], at: datetime, *, form: str = "pdf", ppi: float = 150
    ) -> LaidOutDocument:
        """`layout`: `notice` or `record`; `at` (aware) is the file's own time. What PDF/UA asks for and lacks (a
        title, the words of a picture) is an error."""
        pictures: list[bytes] = []
        data = json.dumps(_readable(document, pictures), ensure_ascii=False).encode()
        return cls(layout, data, tuple(pictures), int(at.timestamp()), form, ppi)


def render(
    layout: str, document: Mapping[str, Any], at: datetime, *, form: str = "pdf", ppi: float = 150
) -> list[bytes]:
    """The document in one layout: a list with one PDF, or with a PNG for each page.
    Equal documents give equal bytes. Takes long: run it in a thread or in the press room."""
    return rendered(LaidOutDocument.of(layout, document, at, form=form, ppi=ppi))


def rendered(sheet: LaidOutDocument) -> list[bytes]:
    """A sheet made ready, as `press`."""
    # The data is a file and no input of the compiler: what letters have in common is then laid out once.
    sheet, others = _shown(sheet)
    if not sheet.pictures:
        shared = {name: str(_HERE / name) for name in ("paper.typ", "letter.typ")}
        return _compiled(
            sheet, {"main.typ": str(_HERE / f"{sheet.layout}.typ"), **shared, "data.json": sheet.data}, others
        )
    with tempfile.TemporaryDirectory(prefix="press") as folder:
        root = Path(folder)
        for layout in _HERE.glob("*.typ"):
            (root / layout.name).write_bytes(layout.read_bytes())
        for number, picture in enumerate(sheet.pictures):
            (root / f"{number}.img").write_bytes(picture)
        (root / "data.json").write_bytes(sheet.data)
        return _compiled(sheet, str(root / f"{sheet.layout}.typ"), others, root=folder)


def _shown(sheet: LaidOutDocument) -> tuple[LaidOutDocument, tuple[str, ...]]:
    """The sheet without characters that no font has, and the files of other fonts that it needs."""
    words = sheet.data.decode()
    missing = glyphs.lacking(words)
    if not missing:
        return sheet, ()
    files, left = glyphs.fallback(missing)
    return replace(sheet, data=glyphs.spelt(words, left).encode()), files


def _compiled(
    sheet: LaidOutDocument, source: Any, others: tuple[str, ...], root: str | None = None
) -> list[bytes]:
    form: Literal["png", "pdf"] = "png" if sheet.form == "png" else "pdf"
    standards = STANDARDS if form == "pdf" else []
    created = _compiler(others).compile(
        source, format=form, ppi=sheet.ppi, timestamp=sheet.at, root=root, pdf_standards=standards
    )
    return created if isinstance(created, list) else [created or b""]


def _readable(value: Any, pictures: list[bytes]) -> Any:
    if isinstance(value, Drawing):
        return value
    if isinstance(value, str):
        return text.visible(value)
    if isinstance(value, bytes):
        pictures.append(value)
        return len(pictures) - 1 if value else -1
    if isinstance(value, Mapping):
        return {key: _readable(part, pictures) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_readable(part, pictures) for part in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if hasattr(value, "kind"):
        return _readable(asdict(value), pictures)
    return value


_local = threading.local()


def _compiler(others: tuple[str, ...] = ()) -> typst.Compiler:
    """The thread's compiler; one of its own where a sheet needs other fonts."""
    if others:
        return typst.Compiler(font_paths=fonts(others), ignore_system_fonts=True)
    if not hasattr(_local, "compiler"):
        _local.compiler = typst.Compiler(font_paths=fonts(), ignore_system_fonts=True)
    compiler: typst.Compiler = _local.compiler
    return compiler


@cache
def fonts(others: tuple[str, ...] = ()) -> typst.Fonts:
    """Our font, and `others`: alone in a folder, since the typesetter takes every font of a folder."""
    folders = [str(FONT.parent)]
    if others:
        _folders[others] = folder = tempfile.TemporaryDirectory(prefix="fonts")
        folders.append(folder.name)
        for number, file in enumerate(others):
            (Path(folder.name) / f"{number}{Path(file).suffix}").symlink_to(file)
    return typst.Fonts(include_system_fonts=False, font_paths=folders)
