"""后续处理: what a department does after the result (Art. 17)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField


class FollowUp(Model):
    """立案, 移交, 移送司法, 后续监管: one row each, ended once; in a chain of its own, since 移送司法 is confidential."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="follow_ups", on_delete=fields.RESTRICT)
    task_id: int
    department = fields.CharField(max_length=16)
    kind = fields.CharField(max_length=12)  # case referral judicial supervision
    day = fields.DateField()  # filed or sent on; to be looked at by
    reference = fields.CharField(max_length=120)  # number of the case or of the letter
    authority = fields.CharField(max_length=120)  # to whom it went
    text = fields.TextField()
    token_sha256 = fields.CharField(max_length=64, db_index=True)  # of the link by which it is acknowledged
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    ended_on = fields.DateField(null=True)
    outcome = fields.TextField(default="")  # receipt, decision of the case, what was seen
    ended_by = fields.CharField(max_length=120, default="")
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "follow_up"
