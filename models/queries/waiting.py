"""What waits for a head's word, whichever kind it is: one list for whoever has no page (Art. 14 (2), 16)."""

from __future__ import annotations

from dataclasses import dataclass

from models.queries import (
    approvals,
    credit,
    entity,
    follow_up,
    onsite,
    plan_drafts,
    plan_merges,
    publication,
    reassignments,
    rectification,
    scheme_drafts,
    task_page,
    visit_joins,
)


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
    waits = [
        Waits("plan_consent", str(entry.id), entry.form.code, entry.form.title, entry.initiating)
        for entry in await plan_drafts.to_consent(department)
    ]
    waits += [
        Waits("plan_hand_in", str(plan.id), "", str(plan.year), plan.name)
        for plan in await plan_drafts.to_hand_in(department)
    ]
    for merge in await plan_merges.to_accept(department):
        waits.append(
            Waits("plan_merge_sign", str(merge.id), merge.form.code, merge.form.title, merge.ends_title)
        )
    for draft in await scheme_drafts.to_sign(department):
        waits.append(Waits("scheme_sign", str(draft.id), draft.form.code, draft.title, draft.initiating_name))
    for proposal in await visit_joins.to_accept(department):
        first, second = proposal.numbers
        waits.append(Waits("join_answer", str(proposal.id), first, proposal.target, second))
    waits += [
        Waits("reassign_answer", str(asked.id), asked.number, asked.target, str(asked.to))
        for asked in await reassignments.to_accept(department)
    ]
    for decision in await task_page.decisions(department):
        number, target = decision.tasks[0] if decision.tasks else ("", "")
        waits.append(Waits("substitution", str(decision.id), number, target, decision.name))
    for notice in await task_page.withholdings(department):
        waits.append(Waits("withholding", str(notice.id), notice.task, notice.target, notice.basis))
    for report in await onsite.undecided([department]):
        waits.append(Waits("decide_refusal", str(report.id), report.number, report.target, ""))
    for letter in await approvals.approvals(department):
        waits.append(Waits("approval", str(letter.id), letter.task, letter.target, letter.number))
    for recusal in await entity.recusals(department):
        waits.append(Waits("recusal", str(recusal.id), recusal.task, recusal.target, recusal.officer))
    for objected in await entity.objections(department):
        waits.append(Waits("objection", str(objected.id), objected.task, objected.target, objected.text))
    for revising in await publication.to_decide(department):
        waits.append(Waits("revision", revising.task, revising.task, revising.target, revising.reason))
    for order in await rectification.lapsed(department):
        waits.append(Waits("rectify_file", str(order.id), order.task, order.target, order.number))
    for open_one in await follow_up.open_for(department):
        waits.append(
            Waits("follow_up_end", str(open_one.id), open_one.task, open_one.target, open_one.reference)
        )
    waits += [
        Waits("credit_decide", str(repair.id), repair.task, repair.target, repair.entry)
        for repair in await credit.to_decide(department)
    ]
    return tuple(waits)
