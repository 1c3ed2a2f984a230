"""A long file in pieces of bounded size, each named by its SHA-256 (Art. 14): a draw of a big register is kept, read and
hashed piece by piece.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring

from models.rules.draw.files import sha256

SIZE = 1 << 18  # characters; a longer line is a piece of its own
TARGETS = "targets.jsonl"  # a line per target of the pool: id, number, name, code, status as they were
KEYS = "keys.tsv"

Names = dict[str, list[str]]
TargetLine = Sequence[str]


def pieces(text: str, size: int = SIZE) -> Iterator[str]:
    """The text cut after the last line that ends within `size` characters; nothing of an empty one."""
    start = 0
    while start < len(text):
        end = text.rfind("\n", start, start + size) + 1 or text.find("\n", start + size) + 1 or len(text)
        if len(text) - start <= size:
            end = len(text)
        yield text[start:end]
        start = end


def named(files: Iterable[tuple[str, str]], by_name: dict[str, str]) -> Names:
    """By file the names of its pieces in their order; the pieces themselves join `by_name`."""
    names: Names = {}
    for name, text in files:
        names[name] = []
        for piece in pieces(text):
            names[name].append(sha256(piece.encode()))
            by_name.setdefault(names[name][-1], piece)
    return names


def targets_file(lines: Iterable[tuple[str, str, str, str, str]]) -> str:
    """`targets.jsonl`: in JSON the five texts of each line."""
    text = encode_basestring
    return "".join(
        [
            f"[{text(id)},{text(number)},{text(name)},{text(code)},{text(status)}]\n"
            for id, number, name, code, status in lines
        ]
    )


def target_lines(text: str) -> list[TargetLine]:
    """The lines of a piece of `targets.jsonl`. In JSON a line break within a text is escaped."""
    lines: list[TargetLine] = json.loads(f"[{text[:-1].replace(chr(10), ',')}]")
    return lines


def known_targets(text: str) -> Mapping[str, TargetLine]:
    """By id the number, name, code and status of each target."""
    return {id: known for id, *known in target_lines(text)}
