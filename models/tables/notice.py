"""告知: the notice, its channels and everything the entity says back (Art. 16 (2))."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField
from models.states import NoticeState


class Notice(Model):
    """One version of the letter to one target; approved, it never changes: a change is a new version."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=80, unique=True)
    task = fields.ForeignKeyField("models.Task", related_name="notices", on_delete=fields.RESTRICT)
    task_id: int
    version = fields.IntField()
    state = fields.CharEnumField(NoticeState, max_length=16)
    letter = ReadableJSONField(default=dict)  # the frozen facts of the letter
    token_sha256 = fields.CharField(max_length=64, default="", db_index=True)
    check_code = fields.CharField(max_length=6, default="")
    pdf = fields.CharField(max_length=64, default="")  # object
    created_at = UtcDatetimeField()
    approved_by = fields.CharField(max_length=120, default="")
    approved_at = UtcDatetimeField(null=True)
    template_id = fields.IntField(null=True)  # the version of the department's words
    head_by = fields.CharField(max_length=120, default="")  # where the head approves too
    head_at = UtcDatetimeField(null=True)
    withheld_basis = fields.TextField(default="")
    opened_at = UtcDatetimeField(null=True)
    acknowledged_at = UtcDatetimeField(null=True)
    acknowledged_by = fields.CharField(max_length=120, default="")

    class Meta:
        table = "notice"
        unique_together = (("task", "version"),)


class Attempt(Model):
    """One try to reach the entity by one channel, whoever or whatever made it."""

    id = fields.IntField(primary_key=True)
    notice = fields.ForeignKeyField("models.Notice", related_name="attempts", on_delete=fields.RESTRICT)
    notice_id: int
    channel = fields.CharField(max_length=16)  # chat email sms phone fax post personal
    outcome = fields.CharField(max_length=16)  # delivered failed bounced no_answer told
    at = UtcDatetimeField()
    by = fields.CharField(max_length=120)
    detail = fields.TextField(default="")  # what was said, or why it failed
    text_sha256 = fields.CharField(max_length=64, default="")
    proof = fields.CharField(max_length=64, default="")  # object: receipt of fax, post or hand

    class Meta:
        table = "attempt"


class Postponement(Model):
    """改期: the entity asks for another time; once by default."""

    id = fields.IntField(primary_key=True)
    notice = fields.ForeignKeyField("models.Notice", related_name="postponements", on_delete=fields.RESTRICT)
    notice_id: int
    reason = fields.TextField()
    wanted = fields.CharField(max_length=200, default="")
    wanted_from = UtcDatetimeField(null=True)  # one of the windows in which the whole team is free
    wanted_until = UtcDatetimeField(null=True)
    asked_by = fields.CharField(max_length=120)
    asked_at = UtcDatetimeField()
    granted = fields.BooleanField(null=True)
    decided_by = fields.CharField(max_length=120, default="")
    decided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "postponement"
