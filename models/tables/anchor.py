"""每日存证: what was published of all chains, day by day."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class Anchor(Model):
    """The log's root at the end of a day. `stamp` is empty until a time stamping authority answered."""

    id = fields.IntField(primary_key=True)
    number = fields.IntField(unique=True)  # 1 for the first day
    day = fields.DateField(unique=True)  # in the district's zone
    origin = fields.CharField(max_length=120)  # who publishes it
    ends = ReadableJSONField(default=list)  # [chain, length, sha256] of the chains that grew
    size = fields.IntField()  # leaves of the whole log
    root = fields.CharField(max_length=64)
    previous = fields.CharField(max_length=64)
    consistency = ReadableJSONField(default=list)  # proof from the root before
    closed_at = UtcDatetimeField()
    closed_by = fields.CharField(max_length=120)
    stamp = fields.TextField(default="")  # base64 of an RFC 3161 response
    stamped_at = UtcDatetimeField(null=True)  # by the authority's clock

    class Meta:
        table = "anchor"
