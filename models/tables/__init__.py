"""What the house remembers: one file per noun of the regulation."""

from models.tables.anchor import Anchor
from models.tables.arrival import Arrival
from models.tables.cooperation import Absence, NonCooperation, Suspension
from models.tables.draw import Declaration, Draw, Pledge, Substitution, Team
from models.tables.entity import Correction, Objection, Paper, Preparation, Rating, RecusalRequest
from models.tables.event import Event
from models.tables.inspection import Answer, NetworkFinding, OnlineEnding, Photo
from models.tables.left_out import LeftOut
from models.tables.message import Card, Inbox, InboxState, Lease, Outbox, OutboxState, Prompt, Reminder, Stray
from models.tables.notice import Attempt, Notice, Postponement
from models.tables.person import Account, Binding, Invitation, Miss, Session
from models.tables.plan import Batch, DraftEntry, Plan, PlanDraft, PlanEntry, Scheme
from models.tables.publication import (
    Notification,
    NotificationAttempt,
    PlatformReceipt,
    Publication,
    Revision,
)
from models.tables.record import Record, Signature, Statement
from models.tables.registry import (
    CalendarYear,
    Checklist,
    Department,
    Inspector,
    Item,
    Question,
    RegisterChange,
    RegisterHeading,
    RegisterImport,
    Street,
    Target,
)
from models.tables.sample import Entrustment, Sample
from models.tables.seal_form import SealForm
from models.tables.task import Assignment, Finalised, Result, Task
from models.tables.template import Template

__all__ = [
    "Absence",
    "Account",
    "Anchor",
    "Answer",
    "Arrival",
    "Assignment",
    "Attempt",
    "Batch",
    "Binding",
    "CalendarYear",
    "Card",
    "Checklist",
    "Correction",
    "Declaration",
    "Department",
    "DraftEntry",
    "Draw",
    "Entrustment",
    "Event",
    "Finalised",
    "Inbox",
    "InboxState",
    "Inspector",
    "Invitation",
    "Item",
    "Lease",
    "LeftOut",
    "Miss",
    "NetworkFinding",
    "NonCooperation",
    "Notice",
    "Notification",
    "NotificationAttempt",
    "Objection",
    "OnlineEnding",
    "Outbox",
    "OutboxState",
    "Paper",
    "Photo",
    "Plan",
    "PlanDraft",
    "PlanEntry",
    "PlatformReceipt",
    "Pledge",
    "Postponement",
    "Preparation",
    "Prompt",
    "Publication",
    "Question",
    "Rating",
    "Record",
    "RecusalRequest",
    "RegisterChange",
    "RegisterHeading",
    "RegisterImport",
    "Reminder",
    "Result",
    "Revision",
    "Sample",
    "Scheme",
    "SealForm",
    "Session",
    "Signature",
    "Statement",
    "Stray",
    "Street",
    "Substitution",
    "Suspension",
    "Target",
    "Task",
    "Team",
    "Template",
]
