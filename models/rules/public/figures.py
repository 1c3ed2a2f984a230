"""公示统计: how many were drawn, checked, published, and with which results, by month (Art. 8).

Drawn counts in the month of the draw, checked in that of the visit's end, a result in that of its first publication;
so the numbers of one line are no shares of each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.rules.entry import ALL, GONE, NO_PROBLEM, NO_SUCH_BUSINESS
from models.rules.visit import local_day


@dataclass(frozen=True, slots=True)
class CountedResult:
    """A result that is public now, not withdrawn: since when, and its types."""

    since: datetime
    types: Collection[str]


@dataclass(frozen=True, slots=True)
class Month:
    """`month`: 2026-12. `problems`: published results with any type but 未发现问题, 未开展本次抽查涉及的经营活动
    and those that say what became of the firm (closed, 注销, 吊销, 撤销, 迁出: of the kind 主体状态, no problem)."""

    month: str
    drawn: int
    checked: int
    published: int
    problems: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`classes`: by result type how many public results have it; one result may have several."""

    months: tuple[Month, ...]  # the oldest first
    classes: tuple[tuple[str, int], ...]
    withdrawn: int

    @property
    def highest(self) -> int:
        return max([max(month.drawn, month.checked, month.published) for month in self.months], default=0)


def figures(
    drawn: Mapping[datetime, int],
    checked: Mapping[datetime, int],
    public: Sequence[CountedResult],
    withdrawn: int,
) -> Figures:
    """Counts and nothing else: no name stands behind a number that is not public itself.

    `drawn`, `checked`: how many at each moment.
    """
    by_draw, by_visit = _months(drawn), _months(checked)
    by_result = _months(Counter(each.since for each in public))
    by_problem = _months(Counter(each.since for each in public if _problem(each.types)))
    months = sorted({*by_draw, *by_visit, *by_result})
    classes = Counter(code for each in public for code in each.types)
    return Figures(
        tuple(Month(month, by_draw[month], by_visit[month], by_result[month], by_problem[month]) for month in months),
        tuple((code, classes[code]) for code in ALL if classes[code]), withdrawn,
    )  # fmt: skip


def _problem(types: Collection[str]) -> bool:
    return not set(types) <= {NO_PROBLEM, NO_SUCH_BUSINESS, *GONE}


def _months(moments: Mapping[datetime, int]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for moment, count in moments.items():
        counted[local_day(moment).strftime("%Y-%m")] += count
    return counted
