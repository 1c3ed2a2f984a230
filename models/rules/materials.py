"""提示准备相关材料: what the entity prepares for a checklist, in words for the entity (Art. 16 (2)).

Letters from before checklists had such words hold the points themselves: those are parted by what they ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

PAPER = re.compile(
    "证|执照|许可|记录|台账|合同|协议|报告|登记|备案|名簿|名册|日志|预案|手续|档案|凭证|票据|账册|批准|制度|承诺"
)
NOTE = re.compile("[(（][^()（）]*(?:__|填写|记录|抽查|可附|选不适用|核查)[^()（）]*[)）]")


def said(point: str) -> str:
    """A checklist's point without its notes to the officer (`(填写有效期至)`, `(应持__人/实持__人)`)."""
    return NOTE.sub("", point).strip() or point


def of_letter(facts: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a letter asks to have ready, each paper once, and what is looked at on site.

    `facts`: the letter's own; its `materials` hold first the `papers`, in words for the entity, then the points.
    """
    if "papers" not in facts:
        return parted(facts["materials"])
    lines, count = facts["materials"], facts["papers"]
    return tuple(dict.fromkeys(lines[:count])), tuple(lines[count:])


def asks_for_papers(point: str) -> bool:
    """True where something written settles the point: a licence, a record, a contract."""
    return PAPER.search(said(point)) is not None


def parted(points: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What to have ready, and what is looked at on site, both in the order of the checklist."""
    papers: list[str] = []
    seen: list[str] = []
    for point in points:
        (papers if asks_for_papers(point) else seen).append(said(point))
    return tuple(papers), tuple(seen)
