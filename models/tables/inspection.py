"""What was seen: network findings, answers, photos (Art. 16). Nothing here is ever overwritten."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class NetworkFinding(Model):
    """A row of the network check's ledger (Art. 16 (1)): what it settles does not come up on site."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="findings", on_delete=fields.RESTRICT)
    task_id: int
    question = fields.ForeignKeyField("models.Question", related_name="findings", on_delete=fields.RESTRICT)
    question_id: int
    version = fields.IntField()
    verdict = fields.CharField(max_length=12)  # pass fail open
    source = fields.CharField(max_length=200)
    finding = fields.TextField(default="")
    reason = fields.TextField(default="")  # why it was reopened
    link = fields.CharField(max_length=400, default="")  # where it was seen
    screenshot = fields.CharField(max_length=64, default="")  # object
    by = fields.CharField(max_length=64)
    at = UtcDatetimeField()

    class Meta:
        table = "network_finding"
        unique_together = (("task", "question", "version"),)


class OnlineEnding(Model):
    """办结: a task that ends from the network check, without a visit (Art. 16 (1))."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="online_endings", on_delete=fields.RESTRICT)
    task_id: int
    ground = fields.CharField(max_length=12)  # settled network_only gone
    result = fields.CharField(max_length=4, default="")  # R09 to R13 where the target is gone
    source = fields.CharField(max_length=200)
    finding = fields.TextField()
    link = fields.CharField(max_length=400, default="")
    screenshot = fields.CharField(max_length=64, default="")  # object
    by = fields.CharField(max_length=64)
    at = UtcDatetimeField()

    class Meta:
        table = "online_ending"


class Answer(Model):
    """One version of an answer; the highest version stands, `verdict` empty means taken back."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="answers", on_delete=fields.RESTRICT)
    task_id: int
    question = fields.ForeignKeyField("models.Question", related_name="answers", on_delete=fields.RESTRICT)
    question_id: int
    version = fields.IntField()
    verdict = fields.CharField(max_length=8)  # pass fail na, "" when undone
    value = fields.TextField(default="")  # the typed number, date or text
    note = fields.TextField(default="")
    by = fields.CharField(max_length=64)  # certificate
    at = UtcDatetimeField()
    source = fields.CharField(max_length=64, default="")  # chat message or companion, for the trail
    conflict = fields.BooleanField(default=False)  # given without having seen the version before
    method = fields.CharField(max_length=12, default="")  # document, sample, entrusted; "" on site

    class Meta:
        table = "answer"
        unique_together = (("task", "question", "version"),)


class Photo(Model):
    """A photo as evidence: the original's bytes under their SHA-256, with what is claimed and what is known."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="photos", on_delete=fields.RESTRICT)
    task_id: int
    question = fields.ForeignKeyField(
        "models.Question", related_name="photos", null=True, on_delete=fields.RESTRICT
    )
    question_id: int | None
    about = fields.CharField(max_length=16, default="")  # of no question: refusal place sample record recheck
    sha256 = fields.CharField(max_length=64, db_index=True)
    size = fields.IntField()
    format = fields.CharField(max_length=8)
    width = fields.IntField(default=0)
    height = fields.IntField(default=0)
    grade = fields.CharField(max_length=1)  # A file with EXIF, B with location, C photo only
    labels = ReadableJSONField(default=list)
    exif = ReadableJSONField(default=dict)
    caption = fields.TextField(default="")
    source = fields.CharField(max_length=120, default="")
    by = fields.CharField(max_length=64)
    sent_at = UtcDatetimeField(null=True)
    at = UtcDatetimeField()
    thumbnail = fields.CharField(max_length=64, default="")
    stamped = fields.CharField(max_length=64, default="")
    marks = ReadableJSONField(default=list)  # arrows, boxes and hidden parts drawn on a copy
    marked = fields.CharField(max_length=64, default="")  # the copy
    unprintable = fields.CharField(max_length=40, default="")  # why no copy can be made of it
    removed_at = UtcDatetimeField(null=True)  # not counted any more; the bytes stay
    removed_why = fields.TextField(default="")

    class Meta:
        table = "photo"
