"""分工: who of a visit answers which question. Whoever answers is recorded as ever; this locks nothing (Art. 7, 15)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField


class QuestionShare(Model):
    """A question of a task in an officer's hands, until `ended_at`; one at a time."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="shares", on_delete=fields.RESTRICT)
    task_id: int
    question = fields.ForeignKeyField("models.Question", related_name="shares", on_delete=fields.RESTRICT)
    question_id: int
    inspector = fields.ForeignKeyField("models.Inspector", related_name="shares", on_delete=fields.RESTRICT)
    inspector_id: str
    shared_by = fields.CharField(max_length=120)
    shared_at = UtcDatetimeField()
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "question_share"
