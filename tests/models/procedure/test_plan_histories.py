"""Whatever order a plan's acts come in, what was published never changes and somebody has a way on (Art. 12)."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from json import dumps
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import store
from models.procedure import plan_draft, plan_merge
from models.queries import evidence, plan_drafts, plan_merges
from models.queries.planned import entry_value
from models.refusal import Refusal
from models.rules.plan_draft import content_of
from models.states import PlanState
from models.tables import DraftEntry, Plan, PlanDraft, PlanEntry, PlanMerge
from tests.conftest import run_apart
from tests.models.procedure.test_plan_draft import AT, FORM, OFFICE, head
from tests.models.procedure.test_plan_merge import OTHER, liaison, published
from tests.support import district as sample

YEAR, OWN = 2027, {"GA": FORM, "WJ": OTHER}
HEADS = ("GA", "WJ", "XF", "SCJG")
LATER, NARROWER = timedelta(days=20), ["XF"]
FORMS = [
    *OWN.values(), replace(FORM, title="宾馆联合抽查乙", closes=FORM.closes + LATER), replace(FORM, participating=NARROWER),
    replace(OTHER, title="文化场所联合抽查乙"), replace(FORM, code="2027-XH-GA-05", title="另一项", opens=date(2027, 5, 1),
    closes=date(2027, 6, 1)),
]  # fmt: skip
owner, who, form = st.sampled_from(sorted(OWN)), st.sampled_from(HEADS), st.integers(0, len(FORMS) - 1)
acts = st.one_of(
    st.tuples(st.just("put"), owner, form), st.tuples(st.just("remove"), owner, st.integers(0, 2)),
    st.tuples(st.just("amend"), owner), st.tuples(st.just("ask"), owner),
    st.tuples(st.just("consent"), who, st.booleans()), st.tuples(st.just("consent to all"), owner),
    st.tuples(st.just("hand in"), owner), st.tuples(st.just("send back"), owner), st.tuples(st.just("publish"), owner),
    st.tuples(st.just("finish"), owner), st.tuples(st.just("propose"), st.booleans()),
    st.tuples(st.just("sign"), who, st.booleans()),
    st.tuples(st.just("sign by all")), st.tuples(st.just("drop")), st.tuples(st.just("merge"), st.booleans()),
    st.tuples(st.just("all but publish"), owner),
)  # fmt: skip


@dataclass
class Year:
    """A history of acts on two departments' plans. `words`: who agreed to which content of which entry, as it stands."""

    done: list[str] = field(default_factory=list)
    words: set[tuple[str, str, str]] = field(default_factory=set)
    versions: dict[int, tuple[Any, ...]] = field(default_factory=dict)

    async def act(self, kind: str, *given_: Any) -> None:
        try:
            await getattr(self, "_" + kind.replace(" ", "_"))(*given_)
        except Refusal:
            return
        self.done.append(kind)

    async def _put(self, department: str, n: int) -> None:
        await plan_draft.put(YEAR, FORMS[n], by=liaison(department), at=AT)

    async def _remove(self, department: str, n: int) -> None:
        rows = await DraftEntry.filter(draft__department=department, draft__published_at=None).order_by("id")
        if n < len(rows):
            await plan_draft.remove(rows[n].id, by=liaison(department), at=AT)

    async def _amend(self, department: str) -> None:
        await plan_draft.amend(YEAR, by=liaison(department), at=AT)

    async def _ask(self, department: str) -> None:
        await plan_draft.ask(await _open(department), by=liaison(department), at=AT)

    async def _consent(self, department: str, agree: bool) -> None:
        for row in await DraftEntry.filter(draft__published_at=None, draft__handed_in_at=None).order_by("id"):
            if department in row.content["participating"]:
                await plan_draft.consent(row.id, agree, "示例", by=head(department), at=AT)
                word = (row.code, dumps(row.content, sort_keys=True), department)
                if agree:
                    self.words.add(word)
                elif not await _stands(
                    row
                ):  # what is published already is not taken back by a word about a draft
                    self.words.discard(word)

    async def _consent_to_all(self, _: str) -> None:
        for department in HEADS:
            await self._consent(department, True)

    async def _hand_in(self, department: str) -> None:
        await plan_draft.hand_in(await _open(department), "示例", by=head(department), at=AT)

    async def _send_back(self, department: str) -> None:
        await plan_draft.send_back(await _open(department), "示例", by=OFFICE, at=AT)

    async def _publish(self, department: str) -> None:
        await plan_draft.publish(await _open(department), by=OFFICE, at=AT)

    async def _finish(self, department: str) -> None:
        """From wherever a plan stands to its publication: every step is somebody's."""
        row = await PlanDraft.get_or_none(id=await _open(department))
        if row is None:
            return
        if not row.handed_in_at:
            if not await DraftEntry.exists(draft=row) and not await _standing(department):
                await plan_draft.put(YEAR, OWN[department], by=liaison(department), at=AT)
            await plan_draft.ask(row.id, by=liaison(department), at=AT)
            await self._consent_to_all(department)
            await plan_draft.hand_in(row.id, "示例", by=head(department), at=AT)
        await plan_draft.publish(row.id, by=OFFICE, at=AT)

    async def _propose(self, forth: bool) -> None:
        codes = (FORM.code, OTHER.code) if forth else (OTHER.code, FORM.code)
        await plan_merge.propose(*codes, "示例", by=OFFICE, at=AT)

    async def _sign(self, department: str, agree: bool) -> None:
        row = await PlanMerge.get_or_none(merged_at=None, dropped_at=None)
        if row:
            await plan_merge.sign(row.id, agree, "示例", by=head(department), at=AT)
            await self._heard(row.id)

    async def _sign_by_all(self) -> None:
        row = await PlanMerge.get_or_none(merged_at=None, dropped_at=None)
        for department in plan_merges.asked(row) if row else ():
            await plan_merge.sign(row.id, True, by=head(department), at=AT)
        if row:
            await self._heard(row.id)

    async def _merge(self, forth: bool) -> None:
        await self._propose(forth)
        await self._sign_by_all()

    async def _all_but_publish(self, department: str) -> None:
        await self._consent_to_all(department)
        await self._hand_in(department)

    async def _heard(self, id: int) -> None:
        row = await PlanMerge.get(id=id)
        for department in plan_merges.asked(row) if row.merged_at else ():
            self.words.add((row.goes_on, dumps(row.content, sort_keys=True), department))

    async def _drop(self) -> None:
        row = await PlanMerge.get_or_none(merged_at=None, dropped_at=None)
        if row:
            await plan_merge.drop(row.id, "示例", by=OFFICE, at=AT)

    async def look(self) -> None:
        """What holds after each act."""
        for row in await Plan.filter(year=YEAR):
            file = (row.department, row.version, row.source, row.sha256, row.adopted_at, row.submitted_on)
            assert self.versions.setdefault(row.id, file) == file, f"a published version changed: {self.done}"
        for department in OWN:
            in_force = await Plan.filter(year=YEAR, department=department, state=PlanState.PUBLISHED).count()
            assert in_force == 1, self.done
            assert await PlanDraft.filter(department=department, published_at=None).count() <= 1, self.done
        for entry in await PlanEntry.filter(plan__year=YEAR).select_related("plan"):
            assert entry.plan.state == PlanState.PUBLISHED, self.done
            content = dumps(content_of(entry_value(entry)), sort_keys=True)
            silent = [one for one in entry.participating if (entry.code, content, one) not in self.words]
            assert silent == [], f"{entry.code} is published without {silent}: {self.done}"

    async def end(self) -> None:
        """Nobody is stuck: what is open is dropped or finished by those whose it is, without a refusal."""
        await self._drop()
        for department in OWN:
            await self._finish(department)
            await self.look()
        assert not await PlanDraft.exists(published_at=None), self.done
        assert (await evidence.verify()).differences == []


async def _open(department: str) -> int:
    row = await PlanDraft.get_or_none(year=YEAR, department=department, published_at=None)
    return row.id if row else 0


async def _stands(row: DraftEntry) -> bool:
    entry = await PlanEntry.get_or_none(code=row.code)
    return entry is not None and content_of(entry_value(entry)) == row.content


async def _standing(department: str) -> bool:
    return await plan_drafts.published(YEAR, department) is not None


async def live(url: str, history: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with store.opened(url, objects_at=Path(folder)):
            year = Year()
            for plan in OWN.values():
                [row] = await PlanEntry.filter(code=plan.code)
                content = dumps(content_of(entry_value(row)), sort_keys=True)
                year.words |= {(plan.code, content, department) for department in row.participating}
            await year.look()
            for act in history:
                await year.act(*act)
                await year.look()
            await year.end()


@pytest.fixture(scope="module")
def planned_file(sqlite_template, tmp_path_factory):
    """A district with two published plans in a file of its own, copied for each history."""
    path = tmp_path_factory.mktemp("planned") / "planned.sqlite3"
    shutil.copyfile(sqlite_template, path)

    async def fill() -> None:
        async with store.opened(f"sqlite://{path}", objects_at=path.parent / "objects"):
            await sample.found()
            for department, plan in OWN.items():
                await published(plan, department)

    run_apart(fill())
    return path


def test_no_order_of_a_plans_acts_changes_what_was_published_or_leaves_anybody_stuck(
    planned_file, tmp_path, full_size
):
    numbers = itertools.count()

    @given(st.lists(acts, min_size=4, max_size=20))
    @settings(
        max_examples=150 if full_size else 12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    def histories(history):
        copy = tmp_path / f"{next(numbers)}.sqlite3"
        shutil.copyfile(planned_file, copy)
        run_apart(live(f"sqlite://{copy}?synchronous=OFF", history))
        copy.unlink()

    histories()
