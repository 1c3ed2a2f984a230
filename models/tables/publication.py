"""公示与更正: what is public of a task, how it came to be changed, and the platform's receipts (Art. 8, 16 (3))."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class Publication(Model):
    """What is public of a task from this moment on: the newest row counts, none is ever changed."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="publications", on_delete=fields.RESTRICT)
    task_id: int
    kind = fields.CharField(max_length=12)  # published corrected withdrawn
    result = fields.ForeignKeyField(
        "models.Result", related_name="publications", null=True, on_delete=fields.RESTRICT
    )
    result_id: int | None  # None: withdrawn
    reason = fields.TextField(default="")  # why it was corrected or withdrawn, open to all
    unsigned = fields.TextField(default="")  # why it was published without a signed record sheet
    untold = fields.TextField(default="")  # why it was published though the entity could not be told
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "publication"


class Revision(Model):
    """更正: why a published result is looked at again, what the leader enters instead, what the head decides."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="revisions", on_delete=fields.RESTRICT)
    task_id: int
    objection = fields.ForeignKeyField(
        "models.Objection", related_name="revisions", null=True, on_delete=fields.RESTRICT
    )
    objection_id: int | None
    reason = fields.TextField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    result = fields.ForeignKeyField(
        "models.Result", related_name="revisions", null=True, on_delete=fields.RESTRICT
    )
    result_id: int | None  # the version proposed; None while nothing is
    aside = ReadableJSONField(default=list)  # numbers of failed questions that do not count any more
    outcome = fields.CharField(max_length=12, default="")  # corrected withdrawn dropped
    said = fields.TextField(default="")  # why a proposal came back, or why it was decided so
    decided_by = fields.CharField(max_length=120, default="")
    decided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "revision"


class PlatformReceipt(Model):
    """回执: under which number and on which day the provincial platform has the result; a mistaken one is replaced."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="receipts", on_delete=fields.RESTRICT)
    task_id: int
    number = fields.CharField(max_length=80, db_index=True)
    day = fields.DateField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    replaced_at = UtcDatetimeField(null=True)

    class Meta:
        table = "platform_receipt"


class Notification(Model):
    """后续告知: what the entity is told at a step after the visit."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="notifications", on_delete=fields.RESTRICT)
    task_id: int
    kind = fields.CharField(max_length=12)  # concluded record result published corrected withdrawn ordered …
    subject = fields.IntField(default=0)  # the row it is about: record, result or publication
    reference = fields.CharField(max_length=32, unique=True)  # its name at a channel
    at = UtcDatetimeField()
    told_at = UtcDatetimeField(null=True)  # the first channel that took it, or a person who told it
    by_hand = fields.CharField(max_length=12, default="")  # the way by which a person has to tell it
    overtaken_at = UtcDatetimeField(null=True)  # no longer true: not to be sent any more

    class Meta:
        table = "notification"
        unique_together = (("task", "kind", "subject"),)


class NotificationAttempt(Model):
    """One try to tell it."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField(
        "models.Task", related_name="notification_attempts", on_delete=fields.RESTRICT
    )
    task_id: int
    notification = fields.ForeignKeyField(
        "models.Notification", related_name="attempts", on_delete=fields.RESTRICT
    )
    notification_id: int
    channel = fields.CharField(max_length=12)
    outcome = fields.CharField(
        max_length=12
    )  # delivered accepted failed bounced delayed told no_answer skipped
    detail = fields.TextField(default="")
    text_sha256 = fields.CharField(max_length=64, default="")
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "notification_attempt"
