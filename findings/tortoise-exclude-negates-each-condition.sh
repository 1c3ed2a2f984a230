#!/usr/bin/env bash
# tortoise-orm 1.1.9: exclude(a=1, b=1) is NOT a=1 AND NOT b=1, while exclude(Q(a=1, b=1)) is NOT (a=1 AND b=1).
# Of the rows (1,1) (1,2) (2,1) (2,2) the first leaves one and the second three. Expected: the same of both, three.
# A negated condition on rows that hang on this one is joined: a row with one child that fulfils it and one that does
# not is both kept and left out. Expected: a subquery, as of a condition on all of them.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/python" -m pip -q install --disable-pip-version-check tortoise-orm==1.1.9
cat > "$work/see.py" <<'P'
import asyncio, sys
from tortoise import Tortoise, fields
from tortoise.expressions import Q
from tortoise.models import Model

class Pair(Model):
    id = fields.IntField(primary_key=True)
    a = fields.IntField()
    b = fields.IntField()

class Child(Model):
    id = fields.IntField(primary_key=True)
    of = fields.ForeignKeyField("models.Pair", related_name="children")
    ended = fields.BooleanField()

async def main():
    await Tortoise.init(db_url="sqlite://:memory:", modules={"models": ["__main__"]})
    await Tortoise.generate_schemas()
    for a in (1, 2):
        for b in (1, 2):
            await Pair.create(a=a, b=b)
    first = await Pair.first()
    await Child.create(of=first, ended=True)
    await Child.create(of=first, ended=False)
    words, one = await Pair.exclude(a=1, b=1).count(), await Pair.exclude(Q(a=1, b=1)).count()
    living = await Pair.exclude(children__ended=False).filter(id=first.id).count()
    await Tortoise.close_connections()
    print({"by two words": words, "by one Q": one, "kept though a child lives": living})
    sys.exit(0 if (words, one, living) == (1, 3, 1) else 1)

asyncio.run(main())
P
cd "$work" && PYTHONPATH="$work" "$work/env/bin/python" see.py
