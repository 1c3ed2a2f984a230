"""卷宗: the sealed file of a task (Art. 20)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField


class Dossier(Model):
    """What a task was sealed into: the object, its hashes, how many files and events it holds."""

    id = fields.IntField(primary_key=True)
    task = fields.OneToOneField("models.Task", related_name="dossier", on_delete=fields.RESTRICT)
    task_id: int
    sha256 = fields.CharField(max_length=64)  # object: the ZIP
    sm3 = fields.CharField(max_length=64)
    size = fields.BigIntField()
    files = fields.IntField()
    events = fields.IntField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "dossier"
        indexes = (("at",),)
