"""Two tiny tables for the tests of the ground itself."""

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField
from models.store import Schema

INDEXES = ['CREATE UNIQUE INDEX IF NOT EXISTS "uq_leaf_open" ON "leaf" ("word") WHERE until IS NULL']
SAMPLE = Schema("tests.models.sample", "tests.models.no_steps", "tests.models.sample")


class Tree(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40, unique=True)


class Leaf(Model):
    id = fields.IntField(primary_key=True)
    tree = fields.ForeignKeyField("models.Tree", related_name="leaves", on_delete=fields.CASCADE)
    word = fields.CharField(max_length=40)
    at = UtcDatetimeField(null=True)
    until = UtcDatetimeField(null=True)
    more = ReadableJSONField(null=True)
