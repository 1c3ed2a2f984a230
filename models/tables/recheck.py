"""现场复查: a small visit that verifies an order to rectify, with its own record (Art. 17)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class Recheck(Model):
    """Two officers go and see. Its record is frozen in `facts` when it ends, and signed under their SHA-256."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="rechecks", on_delete=fields.RESTRICT)
    task_id: int
    rectification = fields.ForeignKeyField(
        "models.Rectification", related_name="rechecks", on_delete=fields.RESTRICT
    )
    rectification_id: int
    number = fields.CharField(max_length=90, unique=True)
    visit_from = UtcDatetimeField()  # as the entity was told
    officers = ReadableJSONField()  # the two inspectors' codes
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    begun_by = fields.CharField(max_length=120, default="")
    begun_at = UtcDatetimeField(null=True)
    begun_place = ReadableJSONField(null=True)  # [latitude, longitude, accuracy in metres], as the phone said
    ended_by = fields.CharField(max_length=120, default="")
    ended_at = UtcDatetimeField(null=True)
    ended_place = ReadableJSONField(null=True)
    findings = ReadableJSONField(default=list)  # [[number on the sheet, rectified partly not_done, note]]
    facts = ReadableJSONField(null=True)
    sha256 = fields.CharField(max_length=64, default="")  # of the facts in canonical form: what is signed
    settled_at = UtcDatetimeField(null=True)  # both officers signed: the order was verified by it

    class Meta:
        table = "recheck"


class RecheckSignature(Model):
    """A signature under the record of a recheck, or 拒签 with a reason and a witness."""

    id = fields.IntField(primary_key=True)
    recheck = fields.ForeignKeyField("models.Recheck", related_name="signatures", on_delete=fields.RESTRICT)
    recheck_id: int
    task = fields.ForeignKeyField("models.Task", related_name="recheck_signatures", on_delete=fields.RESTRICT)
    task_id: int
    role = fields.CharField(max_length=8)  # officer entity
    inspector = fields.CharField(max_length=32, default="")  # an officer's code
    name = fields.CharField(max_length=80)
    position = fields.CharField(max_length=80, default="")
    picture = fields.CharField(
        max_length=64, default=""
    )  # object: PNG; an officer's account signs without one
    refused = fields.BooleanField(default=False)
    reason = fields.TextField(default="")
    witness = fields.CharField(max_length=160, default="")
    by = fields.CharField(max_length=120)  # on whose phone
    at = UtcDatetimeField()

    class Meta:
        table = "recheck_signature"
