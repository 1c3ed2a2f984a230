"""保管期限: how long departments keep dossiers, lists of what is to be destroyed, what was (Art. 20)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class RetentionRule(Model):
    """The class of a department's dossiers from a moment on; the newest counts, none is changed."""

    id = fields.IntField(primary_key=True)
    department = fields.CharField(max_length=16, db_index=True)
    years = fields.IntField()  # 10, 30, 0: for good
    basis = fields.TextField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "retention_rule"


class DeletionList(Model):
    """销毁清册: dossiers whose term is over, proposed by one person and agreed to by another."""

    id = fields.IntField(primary_key=True)
    department = fields.CharField(max_length=16)
    tasks = ReadableJSONField()  # numbers
    reason = fields.TextField()
    by = fields.CharField(max_length=120)
    account = fields.IntField()
    at = UtcDatetimeField()
    agreed = fields.BooleanField(null=True)
    said = fields.TextField(default="")
    decided_by = fields.CharField(max_length=120, default="")
    decided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "deletion_list"


class Tombstone(Model):
    """What was destroyed of a task: the names of its files, which are their hashes. Its rows and events stay."""

    id = fields.IntField(primary_key=True)
    task = fields.OneToOneField("models.Task", related_name="tombstone", on_delete=fields.RESTRICT)
    task_id: int
    list = fields.ForeignKeyField("models.DeletionList", related_name="tombstones", on_delete=fields.RESTRICT)
    list_id: int
    objects = ReadableJSONField()  # SHA-256 of each file destroyed
    term_over = fields.DateField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "tombstone"
