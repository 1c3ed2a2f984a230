"""检查方式: an answer may say how it was come by, where the plan or an entrusted agency gives cause to (Art. 16)."""

from __future__ import annotations

from models.queries import method as methods
from models.refusal import Refusal
from models.rules.checklist import Ask
from models.rules.method import CheckMethod, offered
from models.tables import Entrustment, Sample, Task


async def checked(task: Task, ask: Ask, method: str) -> str:
    """The method, if an answer to this question can have been come by that way."""
    if method == CheckMethod.ON_SITE:
        return method
    agency = await Entrustment.exists(task=task)
    if method not in offered(await methods.planned(task), agency=agency):
        raise Refusal("method.not_planned", article="16", task=task.number)
    if (
        method == CheckMethod.SAMPLE
        and not await Sample.filter(task=task, question_id=ask.id).exclude(outcome="").exists()
    ):
        raise Refusal("method.no_report", article="16", number=ask.number)
    if method == CheckMethod.ENTRUSTED and not agency:
        raise Refusal("method.no_agency", article="16", task=task.number)
    return method
