"""What the house remembers: one file per noun of the regulation."""

from models.tables.anchor import Anchor
from models.tables.archive import Dossier
from models.tables.arrival import Arrival
from models.tables.away_time import AwayTime
from models.tables.conference import Meeting, Resolution
from models.tables.cooperation import Absence, NonCooperation, Suspension
from models.tables.credit import CreditEntry, CreditPaper, CreditRepair
from models.tables.draw import Declaration, Draw, DrawText, Pledge, Substitution, Team
from models.tables.entity import Correction, Objection, Paper, Preparation, Rating, RecusalRequest
from models.tables.event import Event
from models.tables.follow_up import FollowUp
from models.tables.inspection import Answer, NetworkFinding, OnlineEnding, Photo
from models.tables.left_out import LeftOut
from models.tables.message import (
    Card,
    Inbox,
    InboxState,
    Lease,
    Outbox,
    OutboxState,
    Prompt,
    Snooze,
    Stray,
    TermReminder,
    TermSweep,
)
from models.tables.notice import Attempt, Notice, Postponement
from models.tables.person import Account, Binding, CalendarFeed, Invitation, Miss, Session
from models.tables.plan import (
    Batch,
    DraftEntry,
    Plan,
    PlanChange,
    PlanDraft,
    PlanEntry,
    PlanMerge,
    Scheme,
    SchemeDraft,
)
from models.tables.platform import PlatformFile, PlatformResult
from models.tables.publication import (
    Notification,
    NotificationAttempt,
    PlatformReceipt,
    Publication,
    Revision,
)
from models.tables.question_share import QuestionShare
from models.tables.reassignment import Reassignment
from models.tables.recheck import Recheck, RecheckSignature
from models.tables.record import Record, Signature, Statement
from models.tables.rectification import Rectification, RectificationStep
from models.tables.registry import (
    Agency,
    CalendarYear,
    Checklist,
    ChecklistDraft,
    CodeOverride,
    Department,
    Inspector,
    Item,
    ItemListVersion,
    Question,
    RegisterChange,
    RegisterEnquiry,
    RegisterHeading,
    RegisterImport,
    Street,
    Target,
)
from models.tables.retention import DeletionList, RetentionRule, Tombstone
from models.tables.sample import Entrustment, Sample
from models.tables.seal_form import SealForm
from models.tables.task import Assignment, DepartmentResult, Finalised, Result, ResultPart, Task
from models.tables.team_group import GroupCode, TeamGroup
from models.tables.template import Template
from models.tables.visit_join import VisitJoin

__all__ = [
    "Absence",
    "Account",
    "Agency",
    "Anchor",
    "Answer",
    "Arrival",
    "Assignment",
    "Attempt",
    "AwayTime",
    "Batch",
    "Binding",
    "CalendarFeed",
    "CalendarYear",
    "Card",
    "Checklist",
    "ChecklistDraft",
    "CodeOverride",
    "Correction",
    "CreditEntry",
    "CreditPaper",
    "CreditRepair",
    "Declaration",
    "DeletionList",
    "Department",
    "DepartmentResult",
    "Dossier",
    "DraftEntry",
    "Draw",
    "DrawText",
    "Entrustment",
    "Event",
    "Finalised",
    "FollowUp",
    "GroupCode",
    "Inbox",
    "InboxState",
    "Inspector",
    "Invitation",
    "Item",
    "ItemListVersion",
    "Lease",
    "LeftOut",
    "Meeting",
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
    "PlanChange",
    "PlanDraft",
    "PlanEntry",
    "PlanMerge",
    "PlatformFile",
    "PlatformReceipt",
    "PlatformResult",
    "Pledge",
    "Postponement",
    "Preparation",
    "Prompt",
    "Publication",
    "Question",
    "QuestionShare",
    "Rating",
    "Reassignment",
    "Recheck",
    "RecheckSignature",
    "Record",
    "Rectification",
    "RectificationStep",
    "RecusalRequest",
    "RegisterChange",
    "RegisterEnquiry",
    "RegisterHeading",
    "RegisterImport",
    "Resolution",
    "Result",
    "ResultPart",
    "RetentionRule",
    "Revision",
    "Sample",
    "Scheme",
    "SchemeDraft",
    "SealForm",
    "Session",
    "Signature",
    "Snooze",
    "Statement",
    "Stray",
    "Street",
    "Substitution",
    "Suspension",
    "Target",
    "Task",
    "Team",
    "TeamGroup",
    "Template",
    "TermReminder",
    "TermSweep",
    "Tombstone",
    "VisitJoin",
]
