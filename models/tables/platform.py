"""省级平台: files of theirs as they were brought in (Art. 8)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField


class PlatformFile(Model):
    """A file of what the platform drew for a batch: looked at, then taken or left."""

    id = fields.IntField(primary_key=True)
    batch = fields.ForeignKeyField("models.Batch", related_name="platform_files", on_delete=fields.RESTRICT)
    batch_id: str
    name = fields.CharField(max_length=200)  # of the file
    data = fields.BinaryField()
    sha256 = fields.CharField(max_length=64)
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    draw = fields.ForeignKeyField(
        "models.Draw", related_name="platform_files", null=True, on_delete=fields.RESTRICT
    )
    draw_id: str | None  # what it became; None while it is looked at

    class Meta:
        table = "platform_file"
