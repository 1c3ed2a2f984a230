"""The public draw: what was committed, who pledged, what came out (Art. 14; `shuangsuiji/draw/1`)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class Draw(Model):
    """One draw of a district's chain; numbered without gaps, each names the one before."""

    code = fields.CharField(primary_key=True, max_length=64)
    batch = fields.ForeignKeyField("models.Batch", related_name="draws", on_delete=fields.RESTRICT)
    batch_id: str
    mode = fields.CharField(max_length=10)  # official | practice
    number = fields.IntField()
    previous = fields.CharField(max_length=64, default="")
    commitment = fields.CharField(max_length=64, unique=True)
    texts = (
        ReadableJSONField()
    )  # file -> its pieces in order; keys.tsv and targets.jsonl only for witnesses and courts
    openings = ReadableJSONField(
        default=dict
    )  # held id -> {salt, ground, document}: opens a row of holds.tsv
    certain = ReadableJSONField(default=dict)
    committed_at = UtcDatetimeField()
    committed_by = fields.CharField(max_length=120)
    seed = fields.CharField(max_length=64, default="")
    results = ReadableJSONField(default=dict)  # name -> text, as held
    results_sha256 = fields.CharField(max_length=64, default="")
    held_at = UtcDatetimeField(null=True)
    held_by = fields.CharField(max_length=120, default="")
    ceremony = fields.TextField(null=True)  # ceremony.tsv, as held: who gave what, when
    register = ReadableJSONField(
        null=True
    )  # whom certificates meant when they were committed, and what was declared
    void_reason = fields.TextField(default="")
    voided_at = UtcDatetimeField(null=True)
    void_asked_at = UtcDatetimeField(null=True)
    void_asked_by = fields.CharField(max_length=120, null=True)
    void_asked_account = fields.IntField(null=True)
    void_consented_by = fields.CharField(max_length=120, null=True)

    class Meta:
        table = "draw"
        unique_together = (("mode", "number"),)


class DrawText(Model):
    """A piece of a file that a draw fixed; `id`: SHA-256 hex of its UTF-8 bytes, by which the draw names it."""

    id = fields.CharField(primary_key=True, max_length=64)
    text = fields.TextField()

    class Meta:
        table = "draw_text"


class Declaration(Model):
    """申报: one target of a batch is out, sealed or may be drawn again, on a ground with its document (Art. 3, 14 (1))."""

    id = fields.IntField(primary_key=True)
    batch = fields.ForeignKeyField("models.Batch", related_name="declarations", on_delete=fields.RESTRICT)
    batch_id: str
    target = fields.CharField(max_length=32)  # number in the register
    ground = fields.CharField(max_length=20)
    document = fields.CharField(max_length=200)  # its number and title
    document_sha256 = fields.CharField(max_length=64)
    department = fields.CharField(max_length=16, default="")  # of who declared it; empty for the office
    declared_by = fields.CharField(max_length=120)
    declared_at = UtcDatetimeField()
    withdrawn_by = fields.CharField(max_length=120, null=True)
    withdrawn_at = UtcDatetimeField(null=True)
    withdrawn_reason = fields.CharField(max_length=400, null=True)

    class Meta:
        table = "declaration"


class Pledge(Model):
    """A witness's sealed value: the pledge first, the value only after all have pledged."""

    id = fields.IntField(primary_key=True)
    draw = fields.ForeignKeyField("models.Draw", related_name="pledges", on_delete=fields.RESTRICT)
    draw_id: str
    source = fields.CharField(max_length=80)
    pledge = fields.CharField(max_length=64, default="")  # empty for beacons and lotteries
    value = fields.CharField(max_length=400, default="")
    pledged_at = UtcDatetimeField(null=True)
    revealed_at = UtcDatetimeField(null=True)
    witness = fields.CharField(max_length=120, default="")
    named_account = fields.IntField(null=True)  # whom the head named to speak, beside the head
    named_by = fields.CharField(max_length=120, null=True)
    named_at = UtcDatetimeField(null=True)
    hand = fields.CharField(max_length=8, null=True)  # own typed read
    account = fields.IntField(null=True)  # whose account pledged, or entered an outside value
    given_by = fields.CharField(max_length=120, null=True)
    proof = fields.CharField(max_length=200, null=True)  # a beacon's signature, hex
    confirmed_by = fields.CharField(max_length=120, null=True)  # a lottery's value, by a second person
    confirmed_at = UtcDatetimeField(null=True)

    class Meta:
        table = "pledge"
        unique_together = (("draw", "source"),)


class Team(Model):
    """联合抽查组 (Art. 15)."""

    id = fields.IntField(primary_key=True)
    draw = fields.ForeignKeyField("models.Draw", related_name="teams", on_delete=fields.RESTRICT)
    draw_id: str
    area = fields.CharField(max_length=64)
    number = fields.IntField()

    class Meta:
        table = "team"
        unique_together = (("draw", "area", "number"),)


class Substitution(Model):
    """更换: asked by the person or the leader, consented by the head, decided by the next ticket (Art. 14 (2))."""

    id = fields.IntField(primary_key=True)
    team = fields.ForeignKeyField("models.Team", related_name="substitutions", on_delete=fields.RESTRICT)
    team_id: int
    department = fields.CharField(max_length=16)
    outgoing = fields.CharField(max_length=64)  # certificate
    incoming = fields.CharField(max_length=64, default="")  # '-' when nobody was left
    targets = ReadableJSONField(default=list)  # ids; [] means all of the team's targets not yet visited
    asked_in = fields.CharField(
        max_length=64, default="", db_default=""
    )  # the visit under way that is handed over too
    tasks = ReadableJSONField(null=True)  # numbers of the tasks concerned, as decided
    reason = fields.CharField(max_length=16)  # post conflict recusal other
    note = fields.TextField(default="")
    passed = ReadableJSONField(default=list)
    asked_by = fields.CharField(max_length=120)
    asked_at = UtcDatetimeField()
    decided_by = fields.CharField(max_length=120, default="")
    decided_at = UtcDatetimeField(null=True)
    consented = fields.BooleanField(null=True)

    class Meta:
        table = "substitution"
