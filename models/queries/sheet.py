"""检查记录表 as it stands: questions, network findings and answers of one task (Art. 7, 16)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from models.rules.checklist import Ask, Given, Kind, Network, Sheet, settles
from models.rules.visit import local_day
from models.tables import Answer, Batch, Finalised, NetworkFinding, Photo, Question, Sample, Task


async def sheet_of(task: Task) -> Sheet:
    """The sheet of a task, with the checklist versions that its batch began with."""
    return (await sheets_of([task]))[task.id]


async def sheets_of(tasks: Sequence[Task]) -> dict[int, Sheet]:
    """The sheets of many tasks by task id, asked of the database together."""
    asks = await _asked({str(task.batch_id) for task in tasks})
    ids = [task.id for task in tasks]
    photos: dict[int, Counter[int]] = defaultdict(Counter)
    for of, question in await Photo.filter(task_id__in=ids, removed_at=None).values_list(
        "task_id", "question_id"
    ):
        photos[of][question] += 1
    answers: dict[int, list[Answer]] = defaultdict(list)
    for row in await Answer.filter(task_id__in=ids).order_by("version"):
        answers[row.task_id].append(row)
    findings: dict[int, list[NetworkFinding]] = defaultdict(list)
    for found in await NetworkFinding.filter(task_id__in=ids).order_by("version"):
        findings[found.task_id].append(found)
    closed: dict[int, set[str]] = defaultdict(set)
    for task_id, department in await Finalised.filter(task_id__in=ids).values_list("task_id", "department"):
        closed[task_id].add(str(department))
    sampled: dict[int, set[int]] = defaultdict(set)
    out = Sample.filter(task_id__in=ids, outcome="", question_id__isnull=False)
    for of, question in await out.values_list("task_id", "question_id"):
        sampled[of].add(question)
    return {
        task.id: _sheet(
            asks[str(task.batch_id)],
            answers[task.id],
            findings[task.id],
            frozenset(closed[task.id]),
            photos[task.id],
            sampled[task.id],
        )
        for task in tasks
    }


async def _asked(batches: set[str]) -> dict[str, tuple[Ask, ...]]:
    """The questions of each batch, numbered through all its checklists."""
    found = {}
    for batch in await Batch.filter(code__in=list(batches)):
        questions = await Question.filter(checklist_id__in=batch.checklists).order_by(
            "checklist_id", "number"
        )
        found[batch.code] = tuple(_ask(number, question) for number, question in enumerate(questions, 1))
    return found


def _sheet(
    asks: tuple[Ask, ...],
    answers: Sequence[Answer],
    findings: Sequence[NetworkFinding],
    closed: frozenset[str],
    photos: Mapping[int, int],
    sampled: Collection[int],
) -> Sheet:
    by_id = {ask.id: ask for ask in asks}
    given = {by_id[id].number: Given(photos=n) for id, n in photos.items() if id in by_id}
    for row in answers:
        given[by_id[row.question_id].number] = _given(row, photos.get(row.question_id, 0))
    network = {}
    for found in findings:
        ask = by_id[found.question_id]
        network[ask.number] = Network(
            found.verdict, found.source, found.finding, settles(ask, found.verdict), found.by, found.version,
            found.at, found.link, found.screenshot, found.id,
        )  # fmt: skip
    return Sheet(asks, given, network, closed, frozenset(by_id[id].number for id in sampled if id in by_id))


def _ask(number: int, q: Question) -> Ask:
    """Numbered through all checklists of the task, so that a number means one question."""
    return Ask(
        q.id,
        number,
        q.department,
        q.text,
        q.basis,
        Kind(q.answer),
        q.fill_in,
        q.photo,
        q.network,
        q.network_source,
        q.may_not_apply,
        q.prepare,
    )


def _given(row: Answer, photos: int) -> Given:
    day = local_day(row.at).isoformat()
    return Given(row.version, row.verdict, row.value, row.note, photos, row.conflict, row.by, row.method, day)
