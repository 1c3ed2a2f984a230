"""Art. 10: a list that its register took last is known by its bytes; whatever happened since, it is read again."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest

from models.data import read
from models.procedure import registry
from models.rules.actor import Actor, Role
from models.rules.registry.table import TablePlace
from models.tables import Event, Target
from tests.models.procedure.test_registry import FEW, rewritten
from tests.support.register_files import xlsx
from tests.support.statements import counted

OFFICE = Actor(Role.OFFICE, "office")
AT = datetime(2026, 11, 23, 4, tzinfo=UTC)


async def take(data: str) -> registry.ImportReport:
    return await registry.import_targets(data.encode(), by=OFFICE, at=AT, confirmed=True)


@pytest.fixture
async def taken(any_db: str) -> registry.ImportReport:
    """Ten targets of the sample, brought in by the last act on any register."""
    await registry.import_departments(read("departments.csv"), by=OFFICE, at=AT)
    await registry.import_items(read("items.csv"), by=OFFICE, at=AT)
    report = await take(FEW)
    assert (report.added, report.bad, report.warnings) == (10, [], [])
    return report


async def test_the_same_list_again_is_reported_as_if_it_had_been_read(taken):
    events = await Event.all().count()
    known = await take(FEW)
    assert (known.rows, known.unchanged, known.added, known.changed) == (10, 10, 0, 0)
    newest = await Event.filter(chain="registry").order_by("-seq").first()
    newest.data["reading"] = "other rules"
    await Event.filter(id=newest.id).update(data=newest.data)
    read_again = await take(FEW)
    assert read_again.place and asdict(replace(read_again, place=None)) == asdict(known)
    assert await Event.all().count() == events


async def test_another_sheet_of_the_same_workbook_is_read(taken):
    head, *rows = csv.reader(io.StringIO(FEW))
    book = xlsx([head, *rows], [head, [rows[0][0], rows[0][1], rows[0][2], "示例另一家旅馆", *rows[0][4:]]])
    reports = [
        await registry.import_targets(book, by=OFFICE, at=AT, confirmed=True, place=TablePlace(sheet))
        for sheet in ("Sheet1", "Sheet2")
    ]
    assert [(report.changed, report.place) for report in reports] == [
        (0, TablePlace("Sheet1", 1)), (1, TablePlace("Sheet2", 1)),
    ]  # fmt: skip
    again = await registry.import_targets(book, by=OFFICE, at=AT, confirmed=True, place=TablePlace("Sheet1"))
    assert again.changed == 1


async def test_the_same_list_again_takes_one_statement(db):
    await registry.import_departments(read("departments.csv"), by=OFFICE, at=AT)
    await registry.import_items(read("items.csv"), by=OFFICE, at=AT)
    await take(FEW)
    async with counted() as again:
        await take(FEW)
    assert len(again.statements) == 1, again.listed()


async def test_whatever_was_changed_by_another_act_is_put_right_by_the_same_list(taken):
    name = (await Target.get(code="OBJ00001")).name
    await take(rewritten(FEW, 2, "名称", "示例另一家旅馆"))
    assert (await Target.get(code="OBJ00001")).name != name
    report = await take(FEW)
    assert (report.changed, report.unchanged) == (1, 9)
    assert (await Target.get(code="OBJ00001")).name == name


async def test_a_list_with_remarks_makes_them_each_time(taken):
    doubtful = rewritten(FEW, 2, "电话", "示例电话")
    first, again = await take(doubtful), await take(doubtful)
    assert first.changed == 1 and first.warnings
    assert (again.unchanged, again.warnings) == (10, first.warnings)


async def test_a_list_with_a_refused_row_names_it_each_time(taken):
    broken = rewritten(rewritten(FEW, 2, "名称", ""), 3, "名称", "示例又一家旅馆").encode()
    reports = [
        await registry.import_targets(broken, by=OFFICE, at=AT, confirmed=True, keep_good=True)
        for _ in range(2)
    ]
    assert [(report.changed, len(report.bad)) for report in reports] == [(1, 1), (0, 1)]
