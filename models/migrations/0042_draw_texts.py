from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models import store
from models.fields import ReadableJSONField, json_value, readable_json
from models.rules.draw.pieces import KEYS, TARGETS, named, targets_file

COLUMNS = "SELECT files, keys, register FROM draw WHERE code = ?"


async def cut(apps, editor):
    """Each draw's files go into pieces, one draw after another; its register keeps all but the targets."""
    for draw in await store.run_one("SELECT code FROM draw"):
        [row] = await store.run_one(COLUMNS, draw["code"])
        register, pieces = json_value(row["register"]), {}
        files = [*json_value(row["files"]).items(), (KEYS, row["keys"])]
        if register is not None and "targets" in register:
            known = register.pop("targets")
            files.append((TARGETS, targets_file((id, *known[id]) for id in known)))
        texts = named(files, pieces)
        for name, text in pieces.items():
            await store.run_one(
                "INSERT INTO draw_text (id, text) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", name, text
            )
        told = None if register is None else readable_json(register)
        await store.run_one(
            "UPDATE draw SET texts = ?, register = ? WHERE code = ?", readable_json(texts), told, draw["code"]
        )


class Migration(migrations.Migration):
    dependencies = [('models', '0041_team_groups')]

    initial = False
    changes_rows = True

    operations = [
        ops.CreateModel(
            name='DrawText',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('text', fields.TextField(unique=False)),
            ],
            options={'table': 'draw_text', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(model_name='Draw', name='texts', field=ReadableJSONField(null=True)),
        ops.RunPython(cut),
        ops.AlterField(model_name='Draw', name='texts', field=ReadableJSONField()),
        ops.RemoveField(model_name='Draw', name='files'),
        ops.RemoveField(model_name='Draw', name='keys'),
    ]
