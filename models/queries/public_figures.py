"""公示统计 from the rows: draws that stand, visits that were held, results that are public (Art. 8)."""

from __future__ import annotations

from models.queries import publication
from models.rules.draw.rows import IN_EARNEST
from models.rules.public.figures import CountedResult, Figures, figures
from models.states import PUBLIC
from models.tables import Task


async def public_figures() -> Figures:
    """Of the whole register."""
    standing = Task.filter(
        draw__voided_at=None,
        draw__held_at__not_isnull=True,
        draw__mode__in=[str(mode) for mode in IN_EARNEST],
    )
    drawn = [moment for (moment,) in await standing.values_list("draw__held_at")]
    visits = Task.filter(started_at__not_isnull=True, ended_at__not_isnull=True)
    checked = [moment for (moment,) in await visits.values_list("ended_at")]
    ids = [int(str(id)) for id in await Task.filter(state__in=PUBLIC).values_list("id", flat=True)]
    rows = (await publication.published(ids)).values()
    shown = [several for several in rows if several[-1].types]
    return figures(
        drawn,
        checked,
        [CountedResult(several[0].at, several[-1].types) for several in shown],
        len(rows) - len(shown),
    )
