#!/usr/bin/env bash
# tortoise-orm 1.1.9 on SQLite (and by the same switch, support_update_limit_order_by, on PostgreSQL): a query with
# order_by and limit that ends in update() or delete() is written without either: all rows that match are changed or
# gone. Expected: one row, or an error that says the database cannot limit them.
# Seen: UPDATE "row" SET "value"=? and DELETE FROM "row"; of four rows four were changed, then none was left.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/python" -m pip -q install --disable-pip-version-check tortoise-orm==1.1.9
cat > "$work/limited_rows.py" <<'P'
import asyncio, sys
from tortoise import Tortoise, fields
from tortoise.models import Model

class Row(Model):
    id = fields.IntField(primary_key=True)
    value = fields.IntField()

async def main():
    await Tortoise.init(db_url="sqlite://:memory:", modules={"models": ["limited_rows"]})
    await Tortoise.generate_schemas()
    from limited_rows import Row
    for number in range(1, 5):
        await Row.create(id=number, value=0)
    oldest = Row.all().order_by("id").limit(1)
    print(oldest.update(value=7).sql(), "|", oldest.delete().sql(), "|", oldest.sql())
    await Row.all().order_by("id").limit(1).update(value=7)
    changed = await Row.filter(value=7).count()
    await Row.all().order_by("id").limit(1).delete()
    left = await Row.all().count()
    await Tortoise.close_connections()
    print("changed", changed, "left", left)
    return 0 if (changed, left) == (4, 0) else 1

if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
P
cd "$work" && "$work/env/bin/python" limited_rows.py
