"""What an act that is done to a numbered row is about, as a person calls it: a task, a batch, a title, a year (Art. 7)."""

from __future__ import annotations

from typing import Any

from tortoise.models import Model

from models.tables import (
    CodeOverride,
    CreditRepair,
    DraftEntry,
    FollowUp,
    Meeting,
    NonCooperation,
    Notice,
    Notification,
    Objection,
    PlanDraft,
    PlanMerge,
    Reassignment,
    Rectification,
    RecusalRequest,
    RegisterEnquiry,
    Resolution,
    SchemeDraft,
    Substitution,
    TeamGroup,
    TermReminder,
    VisitJoin,
)

TASK = "task__number"
ROWS: dict[str, tuple[type[Model], str]] = {
    **dict.fromkeys(("rectify_file", "rectify_revoke"), (Rectification, TASK)),
    "follow_up_end": (FollowUp, TASK), "credit_decide": (CreditRepair, TASK),
    **dict.fromkeys(("join_answer", "join_part"), (VisitJoin, TASK)),
    "reassign_answer": (Reassignment, TASK),
    "substitution": (Substitution, "team__draw__batch_id"),
    "withholding": (Notice, TASK), "approval": (Notice, TASK), "told": (Notification, TASK),
    "decide_refusal": (NonCooperation, TASK), "recusal": (RecusalRequest, TASK), "objection": (Objection, TASK),
    **dict.fromkeys(("plan_remove", "plan_consent"), (DraftEntry, "content")),
    **dict.fromkeys(("plan_ask", "plan_amend", "plan_hand_in", "plan_send_back", "plan_publish"), (PlanDraft, "year")),
    **dict.fromkeys(("plan_merge_sign", "plan_merge_drop"), (PlanMerge, "content")),
    **dict.fromkeys(("scheme_ask", "scheme_sign", "scheme_drop"), (SchemeDraft, "code")),
    **dict.fromkeys(("resolution_report", "resolution_drop"), (Resolution, "text")),
    **dict.fromkeys(("override_decide", "override_drop"), (CodeOverride, "code")),
    "resolution": (Meeting, "title"), "snooze": (TermReminder, "due"), "group_end": (TeamGroup, "team__draw__batch_id"),
    "register_answer": (RegisterEnquiry, "quarter"),
}  # fmt: skip


async def subject_named(act: str, subject: str) -> str:
    """`subject`: as the act takes it. A row that is gone is called by its number."""
    if act not in ROWS or not subject.isdecimal():
        return subject
    table, column = ROWS[act]
    values: list[Any] = await table.filter(id=int(subject)).values_list(column, flat=True)
    if not values:
        return subject
    return str(values[0]["title"] if isinstance(values[0], dict) else values[0])
