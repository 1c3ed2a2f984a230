"""公示统计 from the rows: draws that stand, visits that were held, results that are public (Art. 8).

The database counts by the hour, of which a day in the district has twenty-four whole ones.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from models import store
from models.fields import json_value
from models.rules.draw.rows import IN_EARNEST
from models.rules.public.figures import CountedResult, Figures, figures
from models.states import PUBLIC

DRAWN = f"""SELECT {{hour}} AS hour, COUNT(*) AS n FROM task t JOIN draw d ON d.code = t.draw_id
WHERE d.voided_at IS NULL AND d.held_at IS NOT NULL AND d.mode IN ({store.marks(IN_EARNEST)}) GROUP BY 1"""  # noqa: S608
CHECKED = """SELECT {hour} AS hour, COUNT(*) AS n FROM task t
WHERE t.started_at IS NOT NULL AND t.ended_at IS NOT NULL GROUP BY 1"""
SHOWN = f"""SELECT {{hour}} AS hour, CAST(r.types AS TEXT) AS types, COUNT(*) AS n
FROM (SELECT p.task_id, MIN(p.id) AS first, MAX(p.id) AS last FROM publication p GROUP BY p.task_id) e
JOIN task t ON t.id = e.task_id JOIN publication f ON f.id = e.first JOIN publication l ON l.id = e.last
LEFT JOIN result r ON r.id = l.result_id WHERE t.state IN ({store.marks(PUBLIC)}) GROUP BY 1, 2"""  # noqa: S608
BEFORE_ROWS_WERE_KEPT = f"""SELECT {{hour}} AS hour, CAST(r.types AS TEXT) AS types, COUNT(*) AS n
FROM task t JOIN result r ON r.task_id = t.id WHERE t.state IN ({store.marks(PUBLIC)})
AND NOT EXISTS (SELECT 1 FROM publication p WHERE p.task_id = t.id)
AND NOT EXISTS (SELECT 1 FROM result n WHERE n.task_id = t.id AND n.version > r.version) GROUP BY 1, 2"""  # noqa: S608


async def public_figures() -> Figures:
    """Of the whole register."""
    public: list[CountedResult] = []
    withdrawn = 0
    for sql, column in ((SHOWN, "f.at"), (BEFORE_ROWS_WERE_KEPT, "t.published_at")):
        for row in await store.run_one(sql.format(hour=_hour(column)), *PUBLIC):
            types = tuple(json_value(row["types"])) if row["types"] else ()
            if types:
                public += [CountedResult(_begin(row["hour"]), types)] * int(row["n"])
            else:
                withdrawn += int(row["n"])
    return figures(
        await _by_hour(DRAWN, "d.held_at", *IN_EARNEST),
        await _by_hour(CHECKED, "t.ended_at"),
        public,
        withdrawn,
    )


async def _by_hour(sql: str, column: str, *values: object) -> Counter[datetime]:
    rows = await store.run_one(sql.format(hour=_hour(column)), *values)
    return Counter({_begin(row["hour"]): int(row["n"]) for row in rows})


def _hour(column: str) -> str:
    """A moment's hour in UTC: 2026-11-27 03."""
    if store.dialect() == "sqlite":
        return f"substr({column}, 1, 13)"
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"


def _begin(hour: str) -> datetime:
    return datetime.fromisoformat(f"{hour}:00:00+00:00")
