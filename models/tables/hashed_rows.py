"""Which rows are evidence: the event of the act that wrote one keeps its hash (Art. 16 (3), 20).

Every table is named here: in HOMES, with the chain whose events keep its hashes, or in UNSEALED, column by
column, with the reason why nothing public or legal depends on it. Every column of a table in HOMES is sealed,
references included, save those in FREE. A row belongs to the chain of one thing for good.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tortoise.models import Model

from models.rules import anchor
from models.rules.chain import canonical
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
from models.tables.hashed_rows_before import FORM as BEFORE_FORMS
from models.tables.inspection import Answer, NetworkFinding, OnlineEnding, Photo
from models.tables.left_out import LeftOut
from models.tables.message import Card, Inbox, Lease, Outbox, Prompt, Snooze, Stray, TermReminder, TermSweep
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

FIRST_FORM = ""  # of events that name no form


class Home(NamedTuple):
    """How a row's chain is called, by the row at the end of its references (`row["attribute"]`)."""

    chain: Callable[[Any], str]
    through: tuple[tuple[str, type[Model]], ...] = ()
    fixed: str = ""  # where all rows of the table are of one chain


def _of_tasks(*through: tuple[str, type[Model]]) -> Home:
    return Home(lambda task: f"task:{task['number'] or f'?{task.pk}'}", through)


def _of_credit() -> Home:
    """A chain beside the task's, which is closed when it is archived."""
    return Home(lambda task: f"credit:{task['number']}", (("task_id", Task),))


def _of_batches(*through: tuple[str, type[Model]]) -> Home:
    return Home(lambda draw: f"batch:{draw['batch_id']}", through)


def _fixed(chain: str) -> Home:
    return Home(lambda row: chain, fixed=chain)


# The column that leads to the owner of the chain: a task, or a notice of a task.
OF_TASKS: tuple[type[Model], ...] = (
    Assignment, NetworkFinding, OnlineEnding, Answer, Photo, Finalised, Result, DepartmentResult, ResultPart,
    Notice,
    Arrival, NonCooperation, Absence, Suspension, Sample, Entrustment, Record, Statement, Signature,
    Preparation, Paper, Correction, Objection,
    Publication, Revision, PlatformReceipt, PlatformResult, Notification, NotificationAttempt, Dossier, Tombstone,
    Rectification, RectificationStep, VisitJoin, Recheck, RecheckSignature, Reassignment,
    QuestionShare,
)  # fmt: skip
OF_NOTICES: tuple[type[Model], ...] = (Attempt, Postponement)

REGISTERS: tuple[type[Model], ...] = (
    Department, Item, Checklist, ChecklistDraft, Question, Street, Target, Inspector, CalendarYear, RegisterChange,
    RegisterEnquiry, ItemListVersion, CodeOverride, Agency,
)  # fmt: skip

HOMES: Mapping[type[Model], Home] = {
    Task: _of_tasks(),
    **{table: _of_tasks(("task_id", Task)) for table in OF_TASKS},
    **{table: _of_tasks(("notice_id", Notice), ("task_id", Task)) for table in OF_NOTICES},
    Anchor: _fixed(anchor.CHAIN),
    **{table: _fixed("registry") for table in REGISTERS},
    Plan: Home(lambda plan: f"plan:{plan['year']}-{plan['department']}"),
    PlanEntry: Home(lambda plan: f"plan:{plan['year']}-{plan['department']}", (("plan_id", Plan),)),
    PlanChange: Home(lambda plan: f"plan:{plan['year']}-{plan['department']}"),
    PlanMerge: Home(lambda plan: f"plan:{plan['year']}-{plan['department']}"),
    PlanDraft: Home(lambda plan: f"plan:{plan['year']}-{plan['department']}"),
    DraftEntry: Home(lambda plan: f"plan:{plan['year']}-{plan['department']}", (("draft_id", PlanDraft),)),
    Scheme: Home(lambda scheme: f"scheme:{scheme.pk}"),
    SchemeDraft: Home(lambda scheme: f"scheme:{scheme['code']}"),
    Batch: Home(lambda batch: f"batch:{batch.pk}"),
    Declaration: _of_batches(),
    Draw: _of_batches(),
    Pledge: _of_batches(("draw_id", Draw)),
    Team: _of_batches(("draw_id", Draw)),
    Substitution: Home(lambda row: f"team:{row['team_id']}"),
    TeamGroup: Home(lambda row: f"team:{row['team_id']}"),
    Account: Home(lambda account: f"account:{account.pk}"),
    Binding: Home(lambda binding: f"account:{binding['account_id']}"),
    AwayTime: Home(lambda row: f"officer:{row['inspector_id']}"),
    Template: Home(lambda template: f"template:{template['department']}"),
    RecusalRequest: Home(lambda request: f"recusal:{request.pk}"),
    **{table: _of_credit() for table in (CreditEntry, CreditRepair, CreditPaper)},
    FollowUp: Home(lambda row: f"follow_up:{row.pk}"),
    Rating: _fixed("ratings"),
    RetentionRule: _fixed("retention"),
    DeletionList: _fixed("retention"),
    Meeting: _fixed("conference"),
    Resolution: _fixed("conference"),
}

HASHED_TABLES: tuple[type[Model], ...] = tuple(HOMES)

UNHASHED_COLUMNS: Mapping[
    type[Model], Mapping[str, str]
] = {}  # columns of sealed tables that are not, with the reason

CAME_IN = "what came in, until an act wrote it into sealed rows; kept to look at"
GOES_OUT = "work still to be done or done; what reached whom is in the sealed attempt"
KEYS = "a door key of one person for a while; each use that counts is an event of the account's chain"
SHOWN = "what a chat shows at present; drawn again from sealed rows"
UNHASHED_TABLES: Mapping[type[Model], tuple[str, str]] = {
    Event: (
        "id chain seq kind by at data key previous sha256",
        "its own hash covers all but `id`, the number of the row, which says nothing: `seq` is the order",
    ),
    SealForm: ("id columns", "named by its own hash, which `verify` computes anew"),
    DrawText: (
        "id text", "named by its own hash, which `verify` computes anew; a draw's sealed row names its pieces",
    ),
    Inbox: (
        "update_id sender body received_at state attempts not_before waiting_since retried_at repeats error done_at", CAME_IN,
    ),
    Stray: ("id update_id body reason received_at closed_at", CAME_IN),
    Outbox: (
        "id key channel lane account_id address kind payload state due_at attempts claimed_by claimed_at "
        "waiting_since sent_at error reference",
        GOES_OUT,
    ),
    LeftOut: (
        "id key chain task whose of why about owed at settled_at settled_by settled",
        "a line of the office's desk; that somebody was left out, and how it was settled, are events of the chain",
    ),
    RegisterImport: ("id kind name data sha256 by department at sheet heading_row taken_at taken_back_at", CAME_IN),
    PlatformFile: ("id batch_id name data sha256 by at draw_id", CAME_IN),
    RegisterHeading: ("id department kind heading column", "how a file is read, which is shown before it is taken"),
    TermReminder: ("id subject kind threshold account_id due at", GOES_OUT),
    Snooze: ("id subject kind due account_id until reason at", "what one person hears later; that it was put off is an event"),
    TermSweep: ("day at", GOES_OUT),
    Card: ("id chat_id subject message_id shown_sha256", SHOWN),
    Prompt: ("telegram_id flow subject data opened_at past", SHOWN),
    Lease: ("name holder until", "which process works at present"),
    Miss: ("id guesser at", "wrong guesses of the last minutes"),
    Invitation: (
        "id token_sha256 purpose account_id made_by made_at expires_at opened_by used_at reason", KEYS,
    ),
    GroupCode: ("id token_sha256 team_id account_id made_at expires_at used_at chat_id", KEYS),
    CalendarFeed: ("id token_sha256 account_id made_by made_at ended_at", KEYS),
    Session: ("id token_sha256 csrf account_id made_at expires_at ended_at through by_link", KEYS),
}  # fmt: skip


def row_name(table: type[Model], pk: Any) -> str:
    """A row's name in events: `answer:17`."""
    return f"{table._meta.db_table}:{pk}"


def columns(table: type[Model]) -> dict[str, str]:
    """Column to attribute, those left out of the seal not among them."""
    left_out = UNHASHED_COLUMNS.get(table, {})
    names = table._meta.fields_db_projection_reverse
    return {column: names[column] for column in sorted(names) if column not in left_out}


def form() -> dict[str, list[str]]:
    """The columns that a hash covers now, by table."""
    return {table._meta.db_table: list(columns(table)) for table in HASHED_TABLES}


def name_of(covered: Any) -> str:
    """How events call a form: the beginning of its hash."""
    return hashlib.sha256(canonical(covered).encode()).hexdigest()[:16]


def first_form() -> dict[str, list[str]]:
    """What was covered before events named a form."""
    return {table: list(names) for table, names in BEFORE_FORMS.items()}
