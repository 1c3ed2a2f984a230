"""检查记录表: read with the entity, answered by it, signed or refused (Art. 16 (3))."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class Record(Model):
    """One version of the record sheet: its frozen facts. What changes afterwards makes the next version."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="records", on_delete=fields.RESTRICT)
    task_id: int
    version = fields.IntField()
    facts = ReadableJSONField()
    sha256 = fields.CharField(max_length=64)  # of the facts in canonical form: what is signed
    token_sha256 = fields.CharField(max_length=64, db_index=True)
    check_code = fields.CharField(max_length=6)
    pdf = fields.CharField(max_length=64, default="")  # object
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    # officers who came and have not signed; 0 under a later version; -1: drawn up before this was counted
    awaited = fields.IntField(default=0, db_default=-1)

    class Meta:
        table = "record"
        unique_together = (("task", "version"),)


class Statement(Model):
    """陈述申辩: what the entity says, on site or afterwards through its page; never changed, only added to."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="statements", on_delete=fields.RESTRICT)
    task_id: int
    kind = fields.CharField(max_length=8)  # on_site reply
    text = fields.TextField()
    by = fields.CharField(max_length=120)  # who wrote it in
    at = UtcDatetimeField()

    class Meta:
        table = "statement"


class Signature(Model):
    """A signature on glass under one version of the record, or 拒签 with a reason and a witness."""

    id = fields.IntField(primary_key=True)
    record = fields.ForeignKeyField("models.Record", related_name="signatures", on_delete=fields.RESTRICT)
    record_id: int
    task = fields.ForeignKeyField("models.Task", related_name="signatures", on_delete=fields.RESTRICT)
    task_id: int
    role = fields.CharField(max_length=8)  # entity officer witness
    name = fields.CharField(max_length=80)
    position = fields.CharField(max_length=80, default="")
    picture = fields.CharField(max_length=64, default="")  # object: PNG
    refused = fields.BooleanField(default=False)
    reason = fields.TextField(default="")
    by = fields.CharField(max_length=120)  # on whose phone
    at = UtcDatetimeField()

    class Meta:
        table = "signature"
