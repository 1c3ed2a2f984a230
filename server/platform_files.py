"""省级平台: the way to it and back. Its interface is unknown, so files go there and come back by hand (Art. 8).

An adapter takes lines under headings and gives lines under the same headings; another one may speak to an interface of
theirs one day, and nothing else changes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from locales import LANGUAGES, Words, words
from models.refusal import Refusal
from models.rules.department_result import MEASURES
from models.rules.entry import ALL
from models.rules.platform import FIELDS, PlatformColumn, PlatformMapping
from models.rules.platform_result import ResultNames, bare
from models.rules.registry.file import sheets
from server.documents.table_file import FORMULA, table_file, workbook

FORMS = (".xlsx", ".csv", ".json")
Lines = Sequence[Sequence[str]]


class PlatformAdapter(Protocol):
    """Where lines go and from where they come back."""

    def give(self, mapping: PlatformMapping, lines: Lines) -> None: ...
    def take(self, mapping: PlatformMapping) -> list[tuple[str, ...]]: ...


class FileAdapter:
    """A workbook, a CSV or a JSON file; which one its ending says."""

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in FORMS:
            raise Refusal("platform.form", article="8", file=path.name, forms=list(FORMS))
        self.path = path

    def give(self, mapping: PlatformMapping, lines: Lines) -> None:
        """Every cell as text: a code keeps its zeros and no formula runs."""
        data = file_of(self.path.suffix.lower(), mapping, lines)
        draft = self.path.with_name(f".{self.path.name}.part")
        draft.write_bytes(data)
        draft.replace(self.path)

    def take(self, mapping: PlatformMapping) -> list[tuple[str, ...]]:
        """The lines under our headings, in whatever order and among whatever other columns. Refuses what lacks one."""
        data = self.path.read_bytes()
        if self.path.suffix.lower() == ".json":
            return _from_json(data, mapping)
        wanted = set(mapping.headings)
        for sheet in sheets(data, lambda cells: len(wanted & {cell.strip() for cell in cells})):
            for at, (_, cells) in enumerate(sheet.rows):
                heads = [cell.strip() for cell in cells]
                if wanted <= set(heads):
                    places = [heads.index(heading) for heading in mapping.headings]
                    return [
                        _line(row, places)
                        for _, row in sheet.rows[at + 1 :]
                        if any(cell.strip() for cell in row)
                    ]
        raise Refusal("platform.no_columns", article="8", file=self.path.name, columns=list(mapping.headings))


def file_of(form: str, mapping: PlatformMapping, lines: Lines) -> bytes:
    """The lines under their headings. `form`: one of `FORMS`."""
    if form == ".json":
        rows = [dict(zip(mapping.headings, line, strict=True)) for line in lines]
        return json.dumps(rows, ensure_ascii=False, indent=1).encode()
    return (workbook if form == ".xlsx" else table_file)(mapping.headings, lines)


def default_mapping(words: Words, fields: Sequence[str] = FIELDS) -> PlatformMapping:
    """Every field under its own name, result types, measures and what is late in words."""
    values = {
        "types": {code: words(f"web.result.{code}") for code in ALL},
        "measures": {code: words(f"measure.{code}") for code in MEASURES},
        "late": {code: words(f"web.platform.late.{code}") for code in ("late", "silent")},
    }
    return PlatformMapping(
        tuple(
            PlatformColumn(words(f"web.platform.field.{name}"), name, values.get(name, {})) for name in fields
        )
    )


def result_names() -> ResultNames:
    """What a file of results may call a type or a measure: our code, or its words in any of our languages."""
    types, measures = {bare(code): code for code in ALL}, {bare(code): code for code in MEASURES}
    for language in LANGUAGES:
        say = words(language)
        types |= {bare(say(f"web.result.{code}")): code for code in ALL}
        measures |= {bare(say(f"measure.{code}")): code for code in MEASURES}
    return ResultNames(types, measures)


def _line(row: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    return tuple(_cell(row[place]) if place < len(row) else "" for place in places)


def _cell(written: str) -> str:
    """Without the apostrophe that keeps a cell from being run, or from being taken for a number."""
    rest = written.removeprefix("'")
    return rest if rest.lstrip().startswith(FORMULA) or rest.isdigit() else written


def _from_json(data: bytes, mapping: PlatformMapping) -> list[tuple[str, ...]]:
    try:
        rows = json.loads(data)
        return [tuple(str(row[heading] or "") for heading in mapping.headings) for row in rows]
    except (ValueError, KeyError, TypeError):
        raise Refusal(
            "platform.no_columns", article="8", file="JSON", columns=list(mapping.headings)
        ) from None
