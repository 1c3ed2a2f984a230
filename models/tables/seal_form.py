"""Which columns the hash of a row covered when it was taken: tables grow, old hashes stay true."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField


class SealForm(Model):
    """Named by its own content: `id` begins the SHA-256 of `columns` in canonical form; events name it."""

    id = fields.CharField(primary_key=True, max_length=16)
    columns = ReadableJSONField()  # table -> its sealed columns

    class Meta:
        table = "seal_form"
