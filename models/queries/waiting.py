"""What waits for a head's word, whichever kind it is: one list for whoever has no page (Art. 14 (2), 16)."""

from __future__ import annotations

from dataclasses import dataclass

from models.queries import approvals, entity, onsite, plan_drafts, publication, task_page


@dataclass(frozen=True, slots=True)
class Waits:
    """`act`: the name under which it is decided; `id`: its number, or the task's where that is its number."""

    act: str
    id: str
    task: str
    target: str
    what: str


async def for_head(department: str) -> tuple[Waits, ...]:
    """Everything that the desk of this department's head lists, in the desk's order."""
    found = [
        Waits("plan_consent", str(one.id), one.form.code, one.form.title, one.initiating)
        for one in await plan_drafts.to_consent(department)
    ]
    found += [
        Waits("plan_hand_in", str(one.id), "", str(one.year), one.name)
        for one in await plan_drafts.to_hand_in(department)
    ]
    for decision in await task_page.decisions(department):
        number, target = decision.tasks[0] if decision.tasks else ("", "")
        found.append(Waits("substitution", str(decision.id), number, target, decision.name))
    for notice in await task_page.withholdings(department):
        found.append(Waits("withholding", str(notice.id), notice.task, notice.target, notice.basis))
    for report in await onsite.undecided([department]):
        found.append(Waits("decide_refusal", str(report.id), report.number, report.target, ""))
    for letter in await approvals.approvals(department):
        found.append(Waits("approval", str(letter.id), letter.task, letter.target, letter.number))
    for recusal in await entity.recusals(department):
        found.append(Waits("recusal", str(recusal.id), recusal.task, recusal.target, recusal.officer))
    for objected in await entity.objections(department):
        found.append(Waits("objection", str(objected.id), objected.task, objected.target, objected.text))
    for revising in await publication.to_decide(department):
        found.append(Waits("revision", revising.task, revising.task, revising.target, revising.reason))
    return tuple(found)
