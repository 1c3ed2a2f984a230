"""全过程留痕: one row per act, hash-chained per task, batch or registry."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class Event(Model):
    """An act that happened. `key` makes an act happen once however often it is asked for."""

    id = fields.IntField(primary_key=True)
    chain = fields.CharField(max_length=96)  # task:…, batch:…, registry, account:…
    seq = fields.IntField()
    kind = fields.CharField(max_length=40)
    by = fields.CharField(max_length=160)
    at = UtcDatetimeField()
    data = ReadableJSONField(default=dict)
    key = fields.CharField(max_length=120, null=True, unique=True)
    previous = fields.CharField(max_length=64)
    sha256 = fields.CharField(max_length=64)

    class Meta:
        table = "event"
        unique_together = (("chain", "seq"),)
