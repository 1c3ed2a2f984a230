"""What hides names in public reasons costs what a page shows, and knows every change of the register (Art. 8)."""

import sqlite3
from datetime import date

from models.queries.public_words import hiding
from models.tables import Inspector, RegisterChange
from tests.support import district as sample
from tests.support.district import CEREMONY, written
from tests.support.rows_read import rows_read


def officer(number: int) -> Inspector:
    return Inspector(
        code=f"N{number:04}", name=f"示例员{number:04}", department="GA", certificate=f"N-{number:04}",
        certificate_until=date(2027, 1, 1), level="县区级", areas=["*"], items=["*"], status="in_post",
    )  # fmt: skip


async def read() -> int:
    await hiding()
    async with rows_read() as reading:
        hidden = await hiding()
    assert hidden("因示例员0001请假改期").startswith("因示")
    return reading.rows


async def test_e14_a_reason_is_shown_at_the_same_cost_whatever_the_size_of_the_officers_register(any_db):
    await sample.found()
    few = await read()
    async with written():
        await Inspector.bulk_create([officer(number) for number in range(600)])
    many = await read()
    assert many <= few + 5
    assert (await hiding())("因示例员0001请假改期") == "因示**请假改期"


async def test_e14_a_name_that_another_process_entered_is_hidden_at_once(db):
    await sample.found()
    assert (await hiding())("由示例某某负责") == "由示例某某负责"
    async with written():
        row = await RegisterChange.create(
            kind="inspectors", code="X", act="added", by="office:1", at=CEREMONY
        )
    await hiding()
    path = db.removeprefix("sqlite://").partition("?")[0]
    with sqlite3.connect(path) as beside:
        beside.execute("UPDATE inspector SET name = '示例某某' WHERE code = 'INS-GA-1'")
        columns = "kind, code, act, before, after, by, at, source, reason"
        beside.execute(
            f"INSERT INTO register_change ({columns}) SELECT {columns} FROM register_change WHERE id = ?",
            (row.id,),
        )
    beside.close()
    assert (await hiding())("由示例某某负责") == "由示**负责"
