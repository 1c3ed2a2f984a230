"""信用记录: which published results went into the credit record, and who asked for repair (Art. 19)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class CreditEntry(Model):
    """纳入信用记录: a published result as it went into the target's record; in a chain of its own, since a record
    outlives the task that is archived."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=80, unique=True)
    task = fields.ForeignKeyField("models.Task", related_name="credit_entries", on_delete=fields.RESTRICT)
    task_id: int
    publication = fields.ForeignKeyField(
        "models.Publication", related_name="credit_entries", null=True, on_delete=fields.RESTRICT
    )
    publication_id: int | None  # None: published before such rows were kept
    department = fields.CharField(max_length=16)  # whose head entered it and decides on repair
    types = ReadableJSONField()  # result types
    published_on = fields.DateField()
    valid_until = fields.DateField(db_index=True)
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    repaired_on = fields.DateField(null=True)

    class Meta:
        table = "credit_entry"


class CreditRepair(Model):
    """信用修复: asked for by the entity, decided once by the head of the department."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="credit_repairs", on_delete=fields.RESTRICT)
    task_id: int
    entry = fields.ForeignKeyField("models.CreditEntry", related_name="repairs", on_delete=fields.RESTRICT)
    entry_id: int
    text = fields.TextField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField(db_index=True)
    granted = fields.BooleanField(null=True)
    said = fields.TextField(default="")
    decided_by = fields.CharField(max_length=120, default="")
    decided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "credit_repair"


class CreditPaper(Model):
    """A paper that came with an application for repair."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="credit_papers", on_delete=fields.RESTRICT)
    task_id: int
    repair = fields.ForeignKeyField("models.CreditRepair", related_name="papers", on_delete=fields.RESTRICT)
    repair_id: int
    name = fields.CharField(max_length=200)
    sha256 = fields.CharField(max_length=64)  # object: the file as it came
    size = fields.BigIntField()
    format = fields.CharField(max_length=8)
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "credit_paper"
