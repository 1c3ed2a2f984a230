"""计划的说法: a batch is said to be drawn when a draw was held, to be over with what is left (Art. 12, 13)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from models.rules.public.plan import BatchFacts, is_public, public_batch
from models.rules.visit import SHANGHAI
from models.states import PUBLIC, BatchState, PlanState, TaskState

AT = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)

batches = st.builds(
    BatchFacts,
    state=st.sampled_from(BatchState),
    planned=st.integers(0, 40),
    teams=st.integers(0, 9),
    committed_at=st.none() | st.just(AT),
    held_at=st.none() | st.just(AT),
    tasks=st.lists(st.sampled_from(TaskState), max_size=5).map(Counter),
)


@given(batches)
def test_what_is_said_of_a_batch_is_held_by_its_rows(facts: BatchFacts) -> None:
    said = public_batch(facts)
    assert (said.planned, said.teams) == (facts.planned, facts.teams)
    assert (said.state == BatchState.DRAWN) <= (facts.held_at is not None), "planned is not drawn"
    assert (said.state == BatchState.COMMITTED) <= (facts.committed_at is not None and facts.held_at is None)
    assert said.drawn == (facts.tasks.total() if facts.held_at else 0)
    assert said.published <= sum(facts.tasks[state] for state in PUBLIC)
    if facts.state == BatchState.CLOSED and facts.held_at:
        assert said.state == BatchState.CLOSED
        assert said.left == sum(facts.tasks[state] for state in TaskState if state not in PUBLIC), (
            "what was left is not passed over"
        )
    if said.left:
        assert said.state in (BatchState.CLOSED, BatchState.VOIDED)


@given(st.sampled_from(PlanState))
def test_of_a_plan_only_the_newest_version_is_read(state: PlanState) -> None:
    assert is_public(state) == (state != PlanState.AMENDED)
