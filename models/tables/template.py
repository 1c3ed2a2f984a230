"""告知书模板: a department's own words around the facts of a notice, versioned (Art. 16 (2))."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class Template(Model):
    """One version. `texts`: part of the letter -> language -> words; letters keep the version they were made with."""

    id = fields.IntField(primary_key=True)
    department = fields.CharField(max_length=16)
    version = fields.IntField()
    texts = ReadableJSONField(default=dict)
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "template"
        unique_together = (("department", "version"),)
