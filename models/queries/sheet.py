"""检查记录表 as it stands: questions, network findings and answers of one task (Art. 7, 16)."""

from __future__ import annotations

from collections import Counter

from models.rules.checklist import Ask, Given, Kind, Network, Sheet, settles
from models.tables import Answer, Batch, Finalised, NetworkFinding, Photo, Question, Task


async def sheet_of(task: Task) -> Sheet:
    """The sheet of a task, with the checklist versions that its batch began with."""
    batch = await Batch.get(code=task.batch_id)
    questions = await Question.filter(checklist_id__in=batch.checklists).order_by("checklist_id", "number")
    asks = tuple(_ask(number, question) for number, question in enumerate(questions, 1))
    numbers = {ask.id: ask.number for ask in asks}
    by_number = {ask.number: ask for ask in asks}
    photos = Counter(await Photo.filter(task=task, removed_at=None).values_list("question_id", flat=True))
    given: dict[int, Given] = {}
    for row in await Answer.filter(task=task).order_by("version"):
        number = numbers[row.question_id]
        given[number] = _given(row, photos[row.question_id])
    for ask in asks:
        if ask.number not in given and photos[ask.id]:
            given[ask.number] = Given(photos=photos[ask.id])
    network = {}
    for found in await NetworkFinding.filter(task=task).order_by("version"):
        number = numbers[found.question_id]
        network[number] = Network(
            found.verdict,
            found.source,
            found.finding,
            settles(by_number[number], found.verdict),
            found.by,
            found.version,
        )
    closed = await Finalised.filter(task=task).values_list("department", flat=True)
    return Sheet(asks, given, network, frozenset(str(one) for one in closed))


def _ask(number: int, q: Question) -> Ask:
    """Numbered through all checklists of the task, so that a number means one question."""
    return Ask(
        q.id, number, q.department, q.text, q.basis, Kind(q.answer), q.fill_in, q.photo, q.network,
        q.network_source, q.may_not_apply,
    )  # fmt: skip


def _given(row: Answer, photos: int) -> Given:
    return Given(row.version, row.verdict, row.value, row.note, photos, row.conflict, row.by)
