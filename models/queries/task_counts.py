"""How many tasks of each state somebody sees, whose result is due soon, whose letter was given: batch by batch (Art. 15, 16).

A department serves in every task of a batch or in none, but for a draw of the provincial platform: which of them it is, is
looked at once for as many tasks as the batch has, since seats are never taken away. What a batch was told that is over is
counted once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models import store
from models.read_once import ReadOnce
from models.states import BEFORE_THE_VISIT, GIVEN, PUBLIC, REACHED, UNREACHED, TaskState
from models.tables import Batch

STATES = "SELECT batch_id, state, COUNT(*) AS n FROM task GROUP BY batch_id, state"
IN_BATCHES = "SELECT t.batch_id, {state} AS state, COUNT(*) AS n FROM task t WHERE {where} GROUP BY t.batch_id, {state}"
SEATED = "EXISTS (SELECT 1 FROM assignment a WHERE a.department = ? AND a.task_id = t.id)"
OWN = "EXISTS (SELECT 1 FROM assignment o WHERE o.inspector_id = ? AND o.until IS NULL AND o.task_id = t.id)"
TOLD = f"EXISTS (SELECT 1 FROM notice r WHERE r.task_id = t.id AND r.state IN ({store.marks(REACHED)}))"  # noqa: S608
BEFORE = f"t.state IN ({store.marks(BEFORE_THE_VISIT)})"
TOLD_BEFORE = f"""SELECT t.batch_id, t.state, COUNT(*) AS n FROM task t
WHERE {BEFORE} AND {TOLD} GROUP BY t.batch_id, t.state"""  # noqa: S608
OWN_BEFORE = f"""SELECT t.batch_id, t.state, COUNT(*) AS n FROM assignment o CROSS JOIN task t
WHERE t.id = o.task_id AND o.inspector_id = ? AND o.until IS NULL AND {BEFORE} AND NOT {TOLD} GROUP BY t.batch_id, t.state"""  # noqa: S608
LETTERS = f"SELECT COUNT(*) AS n FROM notice n WHERE n.state IN ({store.marks(GIVEN)})"  # noqa: S608
LETTERS_OF = f"""SELECT t.batch_id, COUNT(*) AS n FROM task t JOIN notice n ON n.task_id = t.id
WHERE n.state IN ({store.marks(GIVEN)}) AND {{where}} GROUP BY t.batch_id"""  # noqa: S608
VAIN = f"SELECT n.task_id AS id FROM notice n WHERE n.state IN ({store.marks(UNREACHED)})"  # noqa: S608
OF_TASK = " AND EXISTS (SELECT 1 FROM task t WHERE t.id = n.task_id AND {where})"
OF_CREW = " AND EXISTS (SELECT 1 FROM assignment a WHERE a.department = ? AND a.task_id = n.task_id)"

_seated, _given = ReadOnce(), ReadOnce()

Condition = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class SeenTasks:
    """By batch the states of the tasks that somebody sees. `department` None: everybody's. `officer`: see `board.Sight`.

    `partly`: batches in whose tasks the department serves here and there. `every`: so many tasks there are, and batches.
    """

    department: str | None
    officer: str
    states: Mapping[str, Counter[str]]
    partly: frozenset[str]
    every: tuple[int, int]

    @property
    def batches(self) -> tuple[str, ...]:
        return tuple(sorted(code for code, states in self.states.items() if states.total()))

    @property
    def most(self) -> bool:
        """True if it is at least half of all tasks."""
        return 2 * self.total("").total() >= self.every[0]

    def total(self, batch: str) -> Counter[str]:
        """The states of one batch, or of all."""
        chosen = [self.states.get(batch, Counter())] if batch else [*self.states.values()]
        return sum(chosen, Counter())


async def seen_tasks(department: str | None, officer: str = "") -> SeenTasks:
    """What somebody sees of each batch."""
    states = _counted(await store.run_one(STATES))
    every = (sum(each.total() for each in states.values()), len(states))
    if department is None:
        return SeenTasks(None, "", states, frozenset(), every)
    whole, partly = await _seats_in({code: each.total() for code, each in states.items()}, department)
    seen = {code: states[code] for code in whole}
    if partly:
        seen |= await _by_state([_batches(partly), (SEATED, [department])])
    if officer:
        seen = await _as_an_officer_sees(seen, partly, department, officer)
    return SeenTasks(department, officer, seen, frozenset(partly), every)


async def _as_an_officer_sees(
    seen: Mapping[str, Counter[str]], partly: Collection[str], department: str, officer: str
) -> dict[str, Counter[str]]:
    """Before the visit the own tasks and those whose entity was told: the second are looked up by their letters, of the
    rest only what the officer's own seats name."""
    whole = [code for code in seen if code not in partly]
    rows = [*await store.run_one(TOLD_BEFORE, *BEFORE_THE_VISIT, *REACHED)]
    rows += await store.run_one(OWN_BEFORE, officer, *BEFORE_THE_VISIT, *REACHED)
    known = {code: counter for code, counter in _counted(rows).items() if code in whole}
    if partly:
        before: list[Condition] = [
            (BEFORE, [*BEFORE_THE_VISIT]), _batches(partly), (SEATED, [department]),
            (f"({OWN} OR {TOLD})", [officer, *REACHED]),
        ]  # fmt: skip
        known |= await _by_state(before)
    return {
        code: Counter({state: n for state, n in states.items() if state not in BEFORE_THE_VISIT})
        + known.get(code, Counter())
        for code, states in seen.items()
    }


async def soon(seen: SeenTasks, since: date, until: date, batch: str = "") -> int:
    """How many of them have a result to enter between these days."""
    due = ("t.state = ? AND t.entry_due >= ? AND t.entry_due <= ?", [TaskState.CONCLUDED, since, until])
    counted = await _by_state([due], state="t.state")
    whole = sum(
        states.total() for code, states in counted.items() if code in seen.states and code not in seen.partly
        and batch in ("", code)
    )  # fmt: skip
    partly = [code for code in seen.partly if batch in ("", code)]
    if not partly:
        return whole
    few = await _by_state([due, _batches(partly), (SEATED, [seen.department])])
    return whole + sum(states.total() for states in few.values())


async def given(seen: SeenTasks, batch: str = "") -> int:
    """How many of them have a letter that was given and stands: there is one of a task at most."""
    hidden = await _hidden(seen, batch) if seen.officer else 0
    everything = not seen.partly and len(seen.states) == seen.every[1]
    if everything and not batch:
        [row] = await store.run_one(LETTERS, *GIVEN)
        return int(row["n"]) - hidden
    whole = {code for code in seen.states if code not in seen.partly and batch in ("", code)}
    count = sum((await _letters_of(whole, seen)).values())
    if partly := [code for code in seen.partly if batch in ("", code)]:
        where, values = _all_of([_batches(partly), (SEATED, [seen.department])])
        rows = await store.run_one(LETTERS_OF.format(where=where), *GIVEN, *values)
        count += sum(int(row["n"]) for row in rows)
    return count - hidden


async def _letters_of(batches: Collection[str], seen: SeenTasks) -> dict[str, int]:
    """By batch; one whose tasks are all public has no letter to come."""
    over = {
        code: key for code in batches
        if set(key := tuple(sorted(seen.states[code].items()))) and {state for state, _ in key} <= {*PUBLIC}
    }  # fmt: skip
    known = {code: n for code, key in over.items() if (n := _given.known.get((code, key))) is not None}
    if asked := [code for code in batches if code not in known]:
        where, values = _batches(asked)
        rows = await store.run_one(LETTERS_OF.format(where=where), *GIVEN, *values)
        counted = {str(row["batch_id"]): int(row["n"]) for row in rows}
        for code in asked:
            known[code] = counted.get(code, 0)
            if code in over:
                _given.known[code, over[code]] = known[code]
    return known


async def _hidden(seen: SeenTasks, batch: str) -> int:
    """Letters that reached nobody before the visit of a colleague's team: who is not on it does not see them."""
    where, values = _all_of([(BEFORE, [*BEFORE_THE_VISIT]), (f"NOT {OWN}", [seen.officer]), *_in(batch)])
    asked = VAIN + OF_CREW + OF_TASK.format(where=where)
    return len(await store.run_one(asked, *UNREACHED, seen.department, *values))


async def unreached(department: str | None, officer: str = "", batch: str = "") -> list[int]:
    """The tasks that somebody sees whose letter that stands has reached nobody."""
    asked, values = VAIN, [state.value for state in UNREACHED]
    if department is not None:
        asked, values = asked + OF_CREW, [*values, department]
    conditions = _in(batch)
    if officer:
        conditions.append((f"(NOT {BEFORE} OR {OWN})", [*BEFORE_THE_VISIT, officer]))
    if conditions:
        where, more = _all_of(conditions)
        asked, values = asked + OF_TASK.format(where=where), [*values, *more]
    return sorted({int(row["id"]) for row in await store.run_one(asked, *values)})


async def _seats_in(sizes: Mapping[str, int], department: str) -> tuple[list[str], list[str]]:
    """The batches in each of whose tasks the department serves, and those in which here and there."""
    known = _seated.known
    if unknown := [code for code, size in sizes.items() if known.get((department, code), (0, 0))[0] != size]:
        counted = await _by_state([_batches(unknown), (SEATED, [department])])
        for code in unknown:
            known[department, code] = (sizes[code], counted.get(code, Counter()).total())
    crews = {str(code): crew for code, crew in await Batch.all().values_list("code", "crew")}
    whole = [code for code, size in sizes.items() if known[department, code][1] == size]
    partly = [
        code
        for code in sizes
        if code not in whole and (known[department, code][1] or department in crews[code])
    ]
    return whole, partly


async def _by_state(conditions: Iterable[Condition], state: str = "t.state") -> dict[str, Counter[str]]:
    """By batch the states of the tasks `t` of which all of these are true."""
    where, values = _all_of(conditions)
    return _counted(await store.run_one(IN_BATCHES.format(state=state, where=where), *values))


def _counted(rows: Iterable[Any]) -> dict[str, Counter[str]]:
    counted: dict[str, Counter[str]] = {}
    for row in rows:
        counted.setdefault(str(row["batch_id"]), Counter())[str(row["state"])] += int(row["n"])
    return counted


def _batches(codes: Collection[str]) -> Condition:
    return f"t.batch_id IN ({store.marks([*codes])})", [*codes]


def _in(batch: str) -> list[Condition]:
    return [("t.batch_id = ?", [batch])] if batch else []


def _all_of(conditions: Iterable[Condition]) -> Condition:
    parts = [*conditions]
    return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]
