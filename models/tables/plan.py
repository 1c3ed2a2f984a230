"""The year's plan, its schemes and their batches (Art. 12, 13)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField
from models.rules.plan_change import PlanChangeKind
from models.states import BatchState, PlanState, SchemeState


class Plan(Model):
    """年度部门联合抽查计划 of one department; a changed file is a new version."""

    id = fields.IntField(primary_key=True)
    year = fields.IntField()
    department = fields.CharField(max_length=16)
    version = fields.IntField(default=1)
    state = fields.CharEnumField(PlanState, max_length=16)
    submitted_on = fields.DateField()
    late = fields.BooleanField()
    adopted_at = UtcDatetimeField()
    source = fields.TextField()  # the file as adopted
    sha256 = fields.CharField(max_length=64)

    class Meta:
        table = "plan"
        unique_together = (("year", "department", "version"),)


class PlanEntry(Model):
    """One joint inspection of the plan: whom, what, when, with whom, at which rates."""

    code = fields.CharField(primary_key=True, max_length=64)
    plan = fields.ForeignKeyField("models.Plan", related_name="entries", on_delete=fields.RESTRICT)
    plan_id: int
    title = fields.CharField(max_length=200)
    items = ReadableJSONField()
    industries = ReadableJSONField()
    areas = ReadableJSONField()
    participating = ReadableJSONField()
    rates = ReadableJSONField()
    opens = fields.DateField()
    closes = fields.DateField()
    methods = ReadableJSONField()

    class Meta:
        table = "plan_entry"


class PlanChange(Model):
    """What an amendment did to a published entry: withdrawn, merged into another, or its window widened, and why."""

    id = fields.IntField(primary_key=True)
    year = fields.IntField()
    department = fields.CharField(max_length=16)
    version = fields.IntField()  # of the plan that brought it
    entry = fields.CharField(max_length=64)
    title = fields.CharField(max_length=200)
    kind = fields.CharEnumField(PlanChangeKind, max_length=16)
    into = fields.CharField(max_length=64, default="")  # the entry that goes on, of a merged one
    window = (
        ReadableJSONField()
    )  # [opened, closed, opens now, closes now]; what is withdrawn has the first two alone
    reason = fields.CharField(max_length=500)
    at = UtcDatetimeField()

    class Meta:
        table = "plan_change"
        indexes = (("entry",),)


class PlanDraft(Model):
    """A department's plan before it is published: its liaison drafts, its head hands in, the office publishes."""

    id = fields.IntField(primary_key=True)
    year = fields.IntField()
    department = fields.CharField(max_length=16)
    begun_by = fields.CharField(max_length=120)
    begun_at = UtcDatetimeField()
    handed_in_by = fields.CharField(max_length=120, null=True)
    handed_in_at = UtcDatetimeField(null=True)  # None: a draft, or sent back
    reason = fields.CharField(max_length=500, default="")  # why the published plan is amended
    published_at = UtcDatetimeField(null=True)

    class Meta:
        table = "plan_draft"
        indexes = (("year", "department"),)


class DraftEntry(Model):
    """One joint inspection of a draft. `consents`: department to {agreed, reason, by, at}, of this content."""

    id = fields.IntField(primary_key=True)
    draft = fields.ForeignKeyField("models.PlanDraft", related_name="entries", on_delete=fields.RESTRICT)
    draft_id: int
    code = fields.CharField(max_length=64)
    content = ReadableJSONField()
    consents = ReadableJSONField()
    asked_at = UtcDatetimeField(null=True)

    class Meta:
        table = "draft_entry"
        unique_together = (("draft", "code"),)


class PlanMerge(Model):
    """合并建议: two published entries that would become one. `content`, `ended`: what goes on and what ends, as asked about.

    `signatures`: department to {agreed, reason, by, at}. Open until merged or dropped.
    """

    id = fields.IntField(primary_key=True)
    year = fields.IntField()
    department = fields.CharField(max_length=16)  # initiates the entry that goes on
    other = fields.CharField(max_length=16)
    goes_on = fields.CharField(max_length=64)
    ends = fields.CharField(max_length=64)
    content = ReadableJSONField()
    ended = ReadableJSONField()
    shared = fields.IntField()  # targets of both, when it was proposed
    signatures = ReadableJSONField()
    reason = fields.CharField(max_length=500)
    proposed_by = fields.CharField(max_length=120)
    proposed_at = UtcDatetimeField()
    merged_at = UtcDatetimeField(null=True)
    dropped_by = fields.CharField(max_length=120, null=True)
    dropped_at = UtcDatetimeField(null=True)
    drop_reason = fields.CharField(max_length=500, default="")

    class Meta:
        table = "plan_merge"


class Scheme(Model):
    """联合抽查工作实施方案, signed by every department that sends officers."""

    code = fields.CharField(primary_key=True, max_length=64)
    entry = fields.ForeignKeyField("models.PlanEntry", related_name="schemes", on_delete=fields.RESTRICT)
    entry_id: str
    state = fields.CharEnumField(SchemeState, max_length=16)
    adopted_by = ReadableJSONField()
    adopted_at = UtcDatetimeField()
    source = fields.TextField()
    sha256 = fields.CharField(max_length=64)

    class Meta:
        table = "scheme"


class SchemeDraft(Model):
    """A scheme before it takes effect, or an amendment of one: drafted at a desk, signed by the heads of its crews.

    `signatures`: department to {agreed, reason, by, name, at}, of this content. One open draft a code at most.
    """

    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=64)
    entry = fields.CharField(max_length=64)  # number of the plan's entry
    batches = ReadableJSONField()
    signatures = ReadableJSONField()
    reason = fields.CharField(max_length=500, default="")  # why the adopted scheme is amended
    begun_by = fields.CharField(max_length=120)
    begun_at = UtcDatetimeField()
    asked_at = UtcDatetimeField(null=True)
    adopted_at = UtcDatetimeField(null=True)
    dropped_by = fields.CharField(max_length=120, null=True)
    dropped_at = UtcDatetimeField(null=True)

    class Meta:
        table = "scheme_draft"
        indexes = (("code",),)


class Batch(Model):
    """批次: one draw, its teams and its tasks."""

    code = fields.CharField(primary_key=True, max_length=64)
    scheme = fields.ForeignKeyField("models.Scheme", related_name="batches", on_delete=fields.RESTRICT)
    scheme_id: str
    state = fields.CharEnumField(BatchState, max_length=16)
    strata = ReadableJSONField()
    teams = ReadableJSONField()
    crew = ReadableJSONField()
    opens = fields.DateField()
    closes = fields.DateField()
    entropy = ReadableJSONField()
    ceremony = fields.CharField(max_length=200, default="")
    checklists = ReadableJSONField(default=list)  # ids of the versions that its tasks keep
    extensions = ReadableJSONField(null=True)  # [[closed before, closes now, reason, by, at], …]
    closed_at = UtcDatetimeField(null=True)
    closed_by = fields.CharField(max_length=120, null=True)
    left = ReadableJSONField(null=True)  # task number to the reason why it was left
    void_reason = fields.CharField(
        max_length=500, null=True
    )  # why nobody draws it; `closed_at`, `closed_by` say when, who

    class Meta:
        table = "batch"
