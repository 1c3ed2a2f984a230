"""A product of several versions for tests of its migrations: tables, the steps between them, a few rows."""

import importlib
import sys

from models import migrate, store
from models.store import Schema

FIRST = """
from tortoise import fields
from tortoise.models import Model
from models.fields import UtcDatetimeField

INDEXES = ['CREATE UNIQUE INDEX IF NOT EXISTS "uq_photo_open" ON "photo" ("name") WHERE until IS NULL']

class Team(Model):
    '''A team; its docstring has a semicolon.'''
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=64, unique=True)
    area = fields.CharField(max_length=16, db_index=True)
    number = fields.IntField()
    class Meta:
        table = "team"
        unique_together = (("area", "number"),)
        indexes = (("number", "name"),)

class Case(Model):
    id = fields.IntField(primary_key=True)
    team = fields.ForeignKeyField("models.Team", related_name="cases", on_delete=fields.CASCADE)
    number = fields.IntField()
    class Meta:
        table = "case_file"
        unique_together = (("team", "number"),)

class Photo(Model):
    id = fields.IntField(primary_key=True)
    case = fields.ForeignKeyField("models.Case", related_name="photos", on_delete=fields.CASCADE)
    name = fields.CharField(max_length=40)
    until = UtcDatetimeField(null=True)
    class Meta:
        table = "photo"
"""
WIDER = FIRST.replace("max_length=64", "max_length=80").replace("max_length=40", "max_length=50")
CHANGED = WIDER.replace("on_delete=fields.CASCADE", "on_delete=fields.RESTRICT").replace(
    'number = fields.IntField()\n    class Meta:\n        table = "case_file"',
    "number = fields.IntField()\n    note = fields.CharField(max_length=9, default='', db_default='')\n"
    '    class Meta:\n        table = "case_file"',
)
UNTIL = "    until = UtcDatetimeField(null=True)"
PRIVATE = FIRST.replace(UNTIL, f"    secret = fields.CharField(max_length=40, null=True)\n{UNTIL}")
PUBLIC = PRIVATE.replace("secret = fields", "caption = fields")
VERSIONS = {"first": FIRST, "wider": WIDER, "changed": CHANGED, "private": PRIVATE, "public": PUBLIC}


class Versions:
    """A product of three versions: its tables as they were written, and the steps between them."""

    def __init__(self, folder):
        self.folder = folder
        self.steps = folder / "steps"
        self.steps.mkdir()
        (self.steps / "__init__.py").touch()
        for name, source in VERSIONS.items():
            (folder / f"tables_{name}.py").write_text(source)

    def schema(self, name):
        return Schema(f"tables_{name}", "steps", f"tables_{name}")

    async def write_steps(self, *names):
        for name in names:
            assert len(await migrate.make(name, schema=self.schema(name))) == 1

    def write_step(self, number, name, operations, head=""):
        before = sorted(path.stem for path in self.steps.glob("0*.py"))[-1]
        (self.steps / f"{number:04}_{name}.py").write_text(
            "from tortoise import migrations\nfrom tortoise.migrations import operations as ops\n"
            f"{head}\n"
            "class Migration(migrations.Migration):\n"
            f"    dependencies = [('models', '{before}')]\n"
            f"    operations = [{operations}]\n"
        )
        importlib.invalidate_caches()

    async def migrate(self, url, name, **how):
        self.forget()
        return await migrate.migrate(url, schema=self.schema(name), **how)

    def forget(self):
        for module in [name for name in sys.modules if name.split(".")[0] == "steps"]:
            del sys.modules[module]


async def fill():
    db = store.connection()
    for statement in (
        "INSERT INTO team (id, name, area, number) VALUES (1, '一组', '新华区', 1), (2, '二组', '新华区', 2)",
        "INSERT INTO case_file (id, team_id, number) VALUES (1, 1, 1), (2, 2, 1)",
        "INSERT INTO photo (id, case_id, name) VALUES (1, 1, 'door'), (2, 2, 'kitchen')",
    ):
        await db.execute_query(statement)


async def counts():
    return [
        (await store.connection().execute_query_dict(f"SELECT COUNT(*) AS n FROM {table}"))[0]["n"]
        for table in ("team", "case_file", "photo")
    ]


async def filled(url, versions):
    await versions.migrate(url, "first")
    async with store.opened(url, schema=versions.schema("first")):
        await fill()


async def with_secrets(url, versions):
    await versions.write_steps("private")
    await versions.migrate(url, "private")
    async with store.opened(url, schema=versions.schema("private")):
        await fill()
        await store.connection().execute_query("UPDATE photo SET secret = 'not for the public ' || id")


async def captions(url, versions):
    async with store.opened(url, schema=versions.schema("public")):
        rows = await store.connection().execute_query_dict("SELECT caption FROM photo ORDER BY id")
        return [row["caption"] for row in rows]
