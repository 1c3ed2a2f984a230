"""Who ought to have been told and was not, until it is settled (Art. 5-7, 16)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.rules.left_out import LeftOutReason, Whose


class LeftOut(Model):
    """A line of the office's desk. `key` makes each once; that it happened is an event of `chain`."""

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=240, unique=True)
    chain = fields.CharField(max_length=120)
    task = fields.CharField(max_length=64, default="")  # its number, if it is about one
    whose = fields.CharEnumField(Whose, max_length=12)
    of = fields.CharField(max_length=64)
    why = fields.CharEnumField(LeftOutReason, max_length=12)
    about = fields.CharField(max_length=40)  # the kind of the message
    owed = fields.CharField(max_length=160, default="")  # key of the message that still may go out
    at = UtcDatetimeField()
    settled_at = UtcDatetimeField(null=True)
    settled_by = fields.CharField(max_length=120, default="")
    settled = fields.CharField(max_length=500, default="")  # how: a person's words, or "account", "channel"

    class Meta:
        table = "left_out"
        indexes = (("settled_at", "whose", "of"),)
