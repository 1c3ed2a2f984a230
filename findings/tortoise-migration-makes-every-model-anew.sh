#!/usr/bin/env bash
# tortoise-orm 1.1.9: each operation of a migration renders all models of the app anew, whatever it is about.
# Adding 20 columns to one table in an app of 40 tables builds 1,681 model classes; from the models the same
# tables come with 40. Expected: work of the size of what the operations are about.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/python" -m pip -q install --disable-pip-version-check tortoise-orm==1.1.9
mkdir -p "$work/steps"; touch "$work/steps/__init__.py"
cat > "$work/tables.py" <<'P'
from tortoise import fields
from tortoise.models import Model

made = {
    f"T{n}": type(f"T{n}", (Model,), {
        "__module__": __name__, "id": fields.IntField(primary_key=True),
        **({f"c{k}": fields.IntField(null=True) for k in range(20)} if n == 0 else {}),
    })
    for n in range(40)
}
globals().update(made)
P
cat > "$work/steps/0001_tables.py" <<'P'
from tortoise import fields, migrations
from tortoise.migrations import operations as ops

class Migration(migrations.Migration):
    initial = True
    operations = [
        *(ops.CreateModel(name=f"T{n}", fields=[("id", fields.IntField(primary_key=True))],
                          options={"app": "models", "pk_attr": "id"}) for n in range(40)),
        *(ops.AddField(model_name="T0", name=f"c{k}", field=fields.IntField(null=True)) for k in range(20)),
    ]
P
cat > "$work/see.py" <<'P'
import asyncio, sys
from tortoise import Tortoise
from tortoise.migrations.executor import MigrationExecutor
from tortoise.models import ModelMeta

built = 0
make = ModelMeta.__new__
def counted(*given, **more):
    global built
    built += 1
    return make(*given, **more)
ModelMeta.__new__ = staticmethod(counted)
APPS = {"models": {"models": ["tables"], "default_connection": "default", "migrations": "steps"}}

async def main():
    global built
    await Tortoise.init(config={"connections": {"default": "sqlite://:memory:"}, "apps": APPS})
    from_models, built = built, 0
    executor = MigrationExecutor(Tortoise.get_connection("default"), APPS)
    await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
    await executor.migrate(direction="forward")
    await Tortoise.close_connections()
    print({"from the models": from_models, "by the migration": built})
    sys.exit(0 if built > 1500 else 1)

asyncio.run(main())
P
cd "$work" && PYTHONPATH="$work" "$work/env/bin/python" see.py
