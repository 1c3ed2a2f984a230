"""What `bench_press` begins with: five visits under way, their forty officers bound to phones.

    PYTHONPATH=TREE python tests/bench/press_town.py FOLDER [DATABASE]

Run with the tree that is measured, so that its own acts make the database. Prints the officers as JSON.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
from datetime import date, timedelta
from pathlib import Path

os.environ.setdefault("PTB_TIMEDELTA", "1")

FIRST_CHAT = 9_000_001
HELPERS = Path.cwd() / "tests" / "support"  # a tree older than this folder had them beside its tests


async def build(folder: Path, url: str) -> list[dict[str, object]]:
    from models import migrate, store
    from models.procedure import inspection
    from models.rules.actor import Role
    from models.tables import Assignment, Batch, Binding, Inspector, Question, Task

    district = importlib.import_module(".district", "tests.support" if HELPERS.is_dir() else "tests")
    await migrate.migrate(url, backup=False)
    officers = []
    async with store.opened(url, objects_at=folder / "objects"):
        await district.found()
        async with district.written():
            for department in district.CREW:
                for n in range(7, 11):
                    await Inspector.create(
                        code=f"INS-{department}-{n}", name=f"示例{n}员{department}", department=department,
                        certificate=f"TEST-{department}-{n:03d}", certificate_until=date(2028, 12, 31),
                        level="县级(区)", areas=["*"], items=["*"], may_lead=True, status="in_post",
                        phone=f"1390001{n:04d}",
                    )  # fmt: skip
            await Batch.all().update(teams={"*": 5})
            await Question.all().update(answer="TRI", fill_in="", photo="no", network="no")
        await district.drawn()
        begins = district.VISIT
        for task in await Task.all().order_by("rank").select_related("target"):
            await district.visit_fixed(task, district.district(), begins=begins)
            seats = await Assignment.filter(task=task, until=None)
            leader = await district.leader_of(task)
            present = [str(one.inspector_id) for one in seats]
            at = begins + timedelta(minutes=5)
            await inspection.begin(task.number, present, by=leader, at=at, untold="示例:当面告知")
            async with district.written():
                for seat in seats:
                    account = await district.account(Role.INSPECTOR, str(seat.inspector_id))
                    chat = FIRST_CHAT + len(officers)
                    await Binding.create(account=account, telegram_id=chat, bound_at=district.CEREMONY)
                    officers.append({"chat": chat, "target": task.target.name, "department": seat.department})
    return officers


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    database = sys.argv[2] if len(sys.argv) > 2 else f"sqlite://{folder / 'shuangsuiji.sqlite3'}"
    print(json.dumps(asyncio.run(build(folder, database)), ensure_ascii=False))
