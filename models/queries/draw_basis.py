"""What commit and hold of a draw are worked out from, told by its acts: registers, plan, scheme, batches (Art. 13, 14).

Every row of these leaves its hash in an event of its own chain, so chains that have not grown say that no row has changed.
A draw of a big register is worked out before its transaction begins, which then asks this again.
"""

from __future__ import annotations

from models import store
from models.tables import Batch, PlanEntry

HEADS = """SELECT 'batch:' || b.code AS chain, (SELECT MAX(e.seq) FROM event e WHERE e.chain = 'batch:' || b.code) AS acts
FROM batch b UNION ALL SELECT chain, MAX(seq) FROM event WHERE chain IN (?, ?, ?) GROUP BY chain"""
Basis = dict[str, int]


async def basis(batch: Batch, entry: PlanEntry) -> Basis:
    """How many acts each chain behind a batch's draw holds; draws of other batches count against a target's year."""
    plan = f"plan:{entry.plan.year}-{entry.plan.department}"
    rows = await store.run_one(HEADS, "registry", f"scheme:{batch.scheme_id}", plan)
    return {row["chain"]: row["acts"] or 0 for row in rows}
