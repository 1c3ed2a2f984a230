"""联席会议: its meetings and what each resolved (Art. 5, 6, 21)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class Meeting(Model):
    """A meeting that was held, with its minutes as they were written down; they never change."""

    id = fields.IntField(primary_key=True)
    day = fields.DateField()
    title = fields.CharField(max_length=120)
    chair = fields.CharField(max_length=80)
    departments = ReadableJSONField()  # codes of those who came
    minutes = fields.TextField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "meeting"


class Resolution(Model):
    """What a meeting gave a department to do by a day; open until it is reported done, or dropped with a reason."""

    id = fields.IntField(primary_key=True)
    meeting = fields.ForeignKeyField("models.Meeting", related_name="resolutions", on_delete=fields.RESTRICT)
    meeting_id: int
    text = fields.CharField(max_length=500)
    owner = fields.CharField(max_length=16)  # department
    due = fields.DateField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    report = fields.TextField(default="")
    ended_by = fields.CharField(max_length=120, default="")
    ended_at = UtcDatetimeField(null=True)
    dropped = fields.BooleanField(default=False)

    class Meta:
        table = "resolution"
