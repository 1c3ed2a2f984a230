"""What the house remembers: one file per noun of the regulation."""

from models.tables.anchor import Anchor
from models.tables.draw import Draw, Pledge, Substitution, Team
from models.tables.event import Event
from models.tables.inspection import Answer, NetworkFinding, Photo
from models.tables.message import Card, Inbox, InboxState, Lease, Outbox, OutboxState, Prompt, Reminder, Stray
from models.tables.notice import Attempt, Notice, Postponement
from models.tables.person import Account, Binding, Invitation, Miss, Session
from models.tables.plan import Batch, Plan, PlanEntry, Scheme
from models.tables.registry import Checklist, Department, Inspector, Item, Question, Target
from models.tables.task import Assignment, Finalised, Result, Task

__all__ = [
    "Account",
    "Anchor",
    "Answer",
    "Assignment",
    "Attempt",
    "Batch",
    "Binding",
    "Card",
    "Checklist",
    "Department",
    "Draw",
    "Event",
    "Finalised",
    "Inbox",
    "InboxState",
    "Inspector",
    "Invitation",
    "Item",
    "Lease",
    "Miss",
    "NetworkFinding",
    "Notice",
    "Outbox",
    "OutboxState",
    "Photo",
    "Plan",
    "PlanEntry",
    "Pledge",
    "Postponement",
    "Prompt",
    "Question",
    "Reminder",
    "Result",
    "Scheme",
    "Session",
    "Stray",
    "Substitution",
    "Target",
    "Task",
    "Team",
]
