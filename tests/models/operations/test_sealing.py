"""No act writes a row of evidence without its hash, whatever way it writes it (Art. 16 (3), 20)."""

from datetime import timedelta

import pytest

from models import store
from models.operations import event, sealing
from models.procedure import enrolment, notice, record, resealing
from models.queries import draw_texts, evidence, raw_rows
from models.tables import (
    Account,
    Department,
    Draw,
    Event,
    Item,
    Notice,
    Photo,
    Plan,
    Pledge,
    Record,
    Result,
    SealForm,
    Target,
    Task,
)
from models.tables.hashed_rows import HOMES, columns
from tests.support.district import CEREMONY, OFFICE
from tests.support.evidence import filled

AT = CEREMONY


def told(report):
    return {(one.kind, one.subject) for one in report.differences}


@store.transactional
async def act(*deeds, chain="registry", kind="registry.sample", fail=False):
    for deed in deeds:
        await deed()
    made = await event.record(chain, kind, by=OFFICE, at=AT)
    if fail:
        raise RuntimeError("example")
    return made


def department(code, name="示例"):
    return Department(code=code, name=name, unit="示例局", note="")


async def test_e5_rows_are_sealed_however_an_act_writes_them(any_db):
    async def one():
        await Department.create(code="A", name="示例", unit="", note="")

    async def many():
        await Department.bulk_create([department("B"), department("C"), department("D")])

    async def again():
        await Department.bulk_create(
            [department("B", "改名"), department("E")], on_conflict=["code"], update_fields=["name"]
        )

    async def changed():
        await Department.filter(code__in=["A", "B"]).update(unit="示例一局")
        rows = await Department.filter(code__in=["C", "D"])
        for row in rows:
            row.note = "示例"
        await Department.bulk_update(rows, ["note"])
        first = await Department.get(code="A")
        first.name = "示例二"
        await first.save(update_fields=["name"])

    async def numbered():
        await Account.bulk_create([Account(role="office", name=f"示例{n}", created_at=AT) for n in range(3)])
        await Account.create(role="office", name="示例", created_at=AT)

    made = await act(one, many)
    assert set(made.data["rows"]) == {f"department:{code}" for code in "ABCD"}
    made = await act(again, changed)
    assert set(made.data["rows"]) == {f"department:{code}" for code in "ABCDE"}
    await act(numbered)
    own = await Event.filter(chain__startswith="account:").values_list("kind", flat=True)
    assert list(own) == ["rows.written"] * 4
    report = await evidence.verify()
    assert report.differences == []
    assert report.rows == 9


async def test_e5_a_row_that_an_act_removed_may_not_come_back(any_db):
    async def one():
        await Department.bulk_create([department("A"), department("B")])

    async def gone():
        await Department.filter(code="A").delete()

    await act(one)
    made = await act(gone)
    assert made.data["rows"] == {"department:A": ""}
    assert (await evidence.verify()).whole
    await Department.create(code="A", name="示例", unit="示例局", note="")
    assert told(await evidence.verify()) == {("row.unknown", "department:A")}


async def test_e5_what_is_undone_leaves_neither_rows_nor_hashes(any_db):
    async def one():
        await Department.create(code="A", name="示例", unit="", note="")

    with pytest.raises(RuntimeError):
        await act(one, fail=True)
    assert not await Event.exists()
    await act(one)
    assert (await evidence.verify()).whole


async def test_e5_an_act_seals_only_what_it_wrote(db):
    async def one():
        await Department.bulk_create([department("A"), department("B")])

    async def other():
        await Department.filter(code="B").update(note="示例")

    await act(one)
    await Department.filter(code="A").update(name="改过")
    await act(other)
    assert told(await evidence.verify()) == {("row.changed", "department:A")}


async def test_e5_an_act_that_writes_a_changed_row_again_does_not_cover_that_up(any_db):
    """The row is what the act left; that it was something else before stays named for good."""

    async def one():
        await Department.bulk_create([department(code) for code in "ABCD"])

    async def updated():
        await Department.filter(code__in=["A", "D"]).update(note="示例")

    async def upserted():
        again = [department("B", "改名"), department("E")]
        await Department.bulk_create(again, on_conflict=["code"], update_fields=["name"])

    async def removed():
        await Department.filter(code="C").delete()

    async def both():
        await Department.filter(code="D").update(note="示例二")
        await event.record("registry", "registry.sample", by=OFFICE, at=AT)
        await Department.filter(code="D").update(note="示例三")

    await act(one)
    for code in "ABC":
        await Department.filter(code=code).update(unit="改过")
    await act(updated, upserted, removed)
    await act(both)
    expected = {("row.changed_before", f"department:{code}") for code in "ABC"}
    assert told(await evidence.verify()) == expected
    await act(updated, upserted)
    assert told(await evidence.verify()) == expected


async def test_e5_a_row_put_in_or_taken_out_is_not_covered_up_by_the_act_that_writes_it(any_db):
    async def one():
        await Department.bulk_create([department("A")])

    async def upserted():
        await Department.bulk_create(
            [department("A"), department("B")], on_conflict=["code"], update_fields=["name"]
        )

    await act(one)
    await Department.filter(code="A").delete()
    await department("B").save()
    await act(upserted)
    assert told(await evidence.verify()) == {
        ("row.changed_before", "department:A"), ("row.changed_before", "department:B"),
    }  # fmt: skip


async def test_e5_a_paper_a_copy_of_a_photo_and_a_language_put_in_place_of_ours_are_found(db):
    """What people are shown is sealed too: letter and record as PDF, the pictures on the page, a person's language."""
    made = await filled()
    kept = await store.objects.put(b"%PDF-1.7 another paper %%EOF")
    task = await Task.get(number=made.whole)
    letter, sheet = await Notice.filter(task=task).first(), await Record.filter(task=task).first()
    shot, head = await Photo.filter(task=task).first(), await Account.first()
    await notice.printed(letter.id, await store.objects.put(b"%PDF-1.7 ours %%EOF"), at=AT)
    ours, signed = await store.objects.put(b"%PDF-1.7 ours too %%EOF"), await sheet.signatures.all().count()
    await record.printed(sheet.id, ours, signed, at=AT)
    await enrolment.speak([head.id], "en", at=AT)
    assert told(await evidence.verify()) == set()
    await Notice.filter(id=letter.id).update(pdf=kept)
    await Record.filter(id=sheet.id).update(pdf=kept)
    await Photo.filter(id=shot.id).update(thumbnail=kept)
    await Account.filter(id=head.id).update(language="zh_Hans")
    assert told(await evidence.verify()) == {
        ("row.changed", f"{name}:{row.id}")
        for name, row in {"notice": letter, "record": sheet, "photo": shot, "account": head}.items()
    }


async def test_e5_one_row_and_many_are_hashed_alike(any_db):
    """The hash of an act that writes many rows is that of `verify`, whatever stands in the columns."""
    await filled()
    for table in HOMES:
        hashed = raw_rows.hasher(table, tuple(columns(table)))
        pk = table._meta.db_pk_column
        keys = await raw_rows.ids(table)
        raw = await raw_rows.raw(table, keys)
        rows = await raw_rows.rows(table, pk, keys)
        assert {row.pk: raw_rows.hashed(row, columns(table)) for row in rows} == {
            key: hashed(columns_of) for key, columns_of in raw.items()
        }


async def test_e5_an_act_that_records_nothing_is_a_mistake_that_tests_see(db):
    with pytest.warns(UserWarning, match="recorded no event"):
        async with store.transaction():
            await Department.create(code="A", name="示例", unit="", note="")
    assert (await evidence.verify()).whole


async def test_e5_register_draw_pledge_plan_and_account_are_seen_to_be_changed(any_db):
    made = await filled()
    target = (await Task.get(number=made.whole)).target_id
    wanted = {
        (Target, target): {"name": "示例区改名宾馆有限公司"},
        (Item, (await Item.first()).code): {"basis": "改过"},
        (Draw, (await Draw.first()).code): {"seed": "0" * 64},
        (Pledge, (await Pledge.first()).id): {"value": "1" * 50},
        (Plan, (await Plan.first()).id): {"late": True},
        (Account, (await Account.first()).id): {"login": "example"},
    }
    for (table, pk), change in wanted.items():
        await table.filter(pk=pk).update(**change)
    expected = {("row.changed", f"{table._meta.db_table}:{pk}") for table, pk in wanted}
    assert told(await evidence.verify()) == expected


async def test_e5_a_result_moved_to_another_task_is_found(db):
    made = await filled()
    result = await Result.filter(task__number=made.whole).first()
    other = await Task.get(number=made.moved)
    await Result.filter(id=result.id).update(task_id=other.id)
    assert told(await evidence.verify()) == {
        ("row.missing", f"result:{result.id}"), ("row.unknown", f"result:{result.id}"),
    }  # fmt: skip


async def test_e5_a_row_whose_reference_leads_nowhere_is_found(db):
    made = await filled()
    result = await Result.filter(task__number=made.whole).first()
    await store.connection().execute_query("PRAGMA foreign_keys = OFF")
    await Result.create(task_id=999_999, version=1, types=["R01"], by=result.by, at=result.at)
    [odd] = (await evidence.verify()).differences
    assert (odd.kind, odd.chain) == ("row.unknown", "-")


async def older():
    """The database as the version before left it: hashes of fewer tables, of the columns of then, and no forms."""
    first = evidence.first_form()
    hashes = {}
    for table in HOMES:
        for row in await evidence.raw_rows.rows(
            table, table._meta.db_pk_column, await evidence.raw_rows.ids(table)
        ):
            if table._meta.db_table in first:
                if table is Draw:
                    row.values.update(await draw_texts.with_moved(row.values))
                sealed = evidence.sealed_values(row, first)
                hashes[evidence.row_name(table, row.pk)] = evidence.raw_rows.seal(sealed)
    for one in await Event.all().order_by("id"):
        rows = {name: hashes[name] for name in one.data.get("rows", {}) if name in hashes}
        one.data = {k: v for k, v in one.data.items() if k not in ("rows", "form", "before")} | (
            {"rows": rows} if rows else {}
        )
        previous = await Event.filter(chain=one.chain, seq=one.seq - 1).first()
        one.previous = previous.sha256 if previous else event.GENESIS
        one.sha256 = event.digest(
            one.chain, one.seq, one.kind, one.by, one.at, one.data, one.previous, one.key
        )
        await one.save()
    await SealForm.all().delete()
    sealing._known = None  # as in another process


async def test_e5_an_older_database_is_sealed_from_now_on_and_says_since_when(any_db):
    await filled_without_roots()
    await older()
    assert await resealing.due()
    assert not (await evidence.verify()).whole
    now = AT + timedelta(days=40)
    counted = await resealing.begin(at=now)
    report = await evidence.verify()
    assert report.differences == []
    since = report.since[str(now.date())]
    assert since["target"] == await Target.all().count()
    assert sum(since.values()) == counted
    assert not await resealing.due()
    assert await resealing.begin(at=now) == 0
    await Target.filter(code="OBJ00001").update(name="改过")
    assert told(await evidence.verify()) == {("row.changed", "target:OBJ00001")}


async def test_e5_the_upgrade_does_not_cover_up_what_was_changed_before_it(db):
    made = await filled_without_roots()
    await older()
    result = await Result.filter(task__number=made).first()
    await Result.filter(id=result.id).update(types=["R02"])
    await resealing.begin(at=AT + timedelta(days=40))
    assert told(await evidence.verify()) == {("row.changed", f"result:{result.id}")}


async def test_e5_a_row_put_in_after_the_upgrade_is_not_sealed_by_the_next_start(db):
    await resealing.begin(at=AT)
    await Department.create(code="A", name="示例", unit="", note="")
    assert await resealing.begin(at=AT) == 0
    assert told(await evidence.verify()) == {("row.unknown", "department:A")}


async def test_e5_a_changed_list_of_sealed_columns_is_named(db):
    async def one():
        await Department.create(code="A", name="示例", unit="", note="")

    await act(one)
    form = await SealForm.first()
    await SealForm.filter(id=form.id).update(columns={**form.columns, "department": ["code"]})
    assert told(await evidence.verify()) == {("form.changed", f"seal_form:{form.id}")}


async def test_e5_columns_that_came_later_are_sealed_by_the_upgrade(db):
    """Rows sealed when a table had fewer columns keep their hash; the next start covers the new ones."""

    async def one():
        await Department.create(code="A", name="示例", unit="示例局", note="")

    await act(one)
    await resealing.begin(at=AT)
    first = await Event.filter(chain="registry").first()
    fewer = {**(await SealForm.first()).columns, "department": ["code", "name"]}
    name = resealing.name_of(fewer)
    await SealForm.create(id=name, columns=fewer)
    sha256 = evidence.raw_rows.seal({"code": "A", "name": "示例"})
    first.data = {**first.data, "form": name, "rows": {"department:A": sha256}}
    first.sha256 = event.digest(
        first.chain, 1, first.kind, first.by, first.at, first.data, first.previous, first.key
    )
    await first.save()
    await Event.filter(chain="seals").delete()
    assert (await evidence.verify()).whole
    await resealing.begin(at=AT)
    await Department.filter(code="A").update(unit="改过")
    assert told(await evidence.verify()) == {("row.changed", "department:A")}


async def filled_without_roots():
    from models.tables import Anchor

    made = await filled()
    await Event.filter(chain__in=["anchors", "seals"]).delete()
    await Anchor.all().delete()
    return made.whole
