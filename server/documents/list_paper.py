"""导出: a list of the console on paper, and the figures of 履职情况 for the joint conference, as PDF (Art. 5, 6, 21)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from locales import Words
from models.queries.performance import PerformanceReport
from models.rules.performance import MEASURES, Proportion
from server.documents.layout import Block, Grid, Heading, LaidOutDocument, Prose
from server.documents.table_file import shown

MOST = 2000  # rows that are set on paper; more are read on a screen


def list_paper(
    title: str, head: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[object]], words: Words, district: str,
    at: datetime,
) -> LaidOutDocument:  # fmt: skip
    """A table under its title, as of `at`. `widths`: shares of the line."""
    cells = tuple(tuple(shown(value) for value in row) for row in rows)
    as_of = Prose(words("list_paper.as_of", n=len(cells), at=words.moment(at)))
    grid = Grid(tuple(head), tuple(widths), cells) if cells else Prose(words("list_paper.none"))
    return paper(title, [as_of, grid], words, district, at)


def paper(title: str, blocks: Sequence[Block], words: Words, district: str, at: datetime) -> LaidOutDocument:
    """A plain sheet of the authority's, in the reader's language."""
    part: dict[str, Any] = {
        "language": "zh" if words.language == "zh_Hans" else "en", "authority": words("letter.authority", district=district),
        "title": title, "blocks": tuple(blocks), "page": words("letter.page"), "number": "", "check": (), "watermark": "",
        "alone": True,
    }  # fmt: skip
    return LaidOutDocument.of("cover", {"parts": [part]}, at)


def performance_blocks(report: PerformanceReport, words: Words) -> list[Block]:
    """Each share with what it is a share of, then what each figure means."""
    blocks: list[Block] = [Prose(words("web.performance.tasks", n=report.tasks))]
    head = words("web.department"), *(words(f"web.performance.{name}") for name in MEASURES)
    rows = [
        (report.departments.get(code, code), *(share_of(words, row[name]) for name in MEASURES))
        for code, row in report.figures.departments.items()
    ]
    blocks += [Heading(words("web.performance.by.departments")), _table(head, rows, words)]
    of = words("web.performance.column.of")
    channels = [
        (words(f"web.channel.{code}"), share_of(words, share)) for code, share in report.figures.channels.items()
    ]  # fmt: skip
    items = [
        (f"{code} {report.items.get(code, '')}".strip(), share_of(words, share))
        for code, share in report.figures.items.items()
    ]
    for name, measure, lines in (("channels", "told", channels), ("items", "problems", items)):
        blocks.append(Heading(words(f"web.performance.by.{name}")))
        blocks.append(_table((of, words(f"web.performance.{measure}")), lines, words))
    blocks.append(Heading(words("web.performance.definitions")))
    for name in (*MEASURES, "problems"):
        meaning = words(f"web.performance.{name}.what")
        blocks.append(
            Prose(words("list_paper.meaning", name=words(f"web.performance.{name}"), meaning=meaning))
        )
    return blocks


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], words: Words) -> Block:
    if not rows:
        return Prose(words("web.performance.none"))
    return Grid(tuple(head), (5, *(4 for _ in head[1:])), tuple(map(tuple, rows)))


def share_of(words: Words, share: Proportion) -> str:
    """60%（3/5）; 「无任务」 where there is nothing to be a share of."""
    if share.percent is None:
        return words("web.performance.none")
    return words("web.performance.share", percent=share.percent, part=share.part, whole=share.whole)
