"""Draws of an older database, whose files lay whole in their row, come into pieces: the same bytes, still what was hashed."""

from datetime import timedelta
from pathlib import Path

from models import migrate, store
from models.fields import readable_json
from models.operations import event, sealing
from models.procedure import draw, resealing
from models.queries import draw_texts, draws, evidence, raw_rows
from models.tables import Draw, Event, SealForm
from models.tables.hashed_rows import form, name_of
from tests.models.test_our_tables import up_to
from tests.server.public.bundles import differences, folder
from tests.support import district
from tests.support.district import CEREMONY, OFFICE

STEP = "0042_draw_texts"


async def as_before(changed: dict[str, str]) -> None:
    """The tables, hashes and events as the version before wrote them; `changed`: put into a draw's keys afterwards."""
    columns, hashes = form(), {}
    columns["draw"] = sorted({*columns["draw"], "files", "keys"} - {"texts"})
    json, text = ("JSONB", "TEXT") if store.dialect() == "postgres" else ("JSON", "TEXT")
    await store.run_one(f"ALTER TABLE draw ADD COLUMN files {json}")
    await store.run_one(f"ALTER TABLE draw ADD COLUMN keys {text}")
    for row in await raw_rows.rows(Draw, "code", await raw_rows.ids(Draw)):
        row.values.update(await draw_texts.with_moved(row.values))
        hashes[f"draw:{row.pk}"] = raw_rows.seal(evidence.sealed_values(row, columns))
        files, keys, register = (row[name] for name in ("files", "keys", "whole_register"))
        await store.run_one(
            "UPDATE draw SET files = ?, keys = ?, register = ? WHERE code = ?", readable_json(files),
            keys + changed.get(row.pk, ""), readable_json(register), row.pk,
        )  # fmt: skip
    await _events(hashes, name_of(columns))
    await SealForm.all().delete()
    await SealForm.create(id=name_of(columns), columns=columns)
    for statement in (
        "ALTER TABLE draw DROP COLUMN texts",
        "DROP TABLE draw_text",
        f"DELETE FROM tortoise_migrations WHERE name = '{STEP}'",
    ):
        await store.run_one(statement)


async def _events(hashes: dict[str, str], called: str) -> None:
    for one in await Event.all().order_by("id"):
        for said in ("rows", "before"):
            if said in one.data:
                one.data[said] |= {name: hashes[name] for name in one.data[said].keys() & hashes}
        if "form" in one.data:
            one.data["form"] = called
        previous = await Event.filter(chain=one.chain, seq=one.seq - 1).first()
        one.previous = previous.sha256 if previous else event.GENESIS
        one.sha256 = event.digest(
            one.chain, one.seq, one.kind, one.by, one.at, one.data, one.previous, one.key
        )
        await one.save()


async def migrated(url: str, folder: Path, monkeypatch) -> None:
    await store.close()
    sealing._known = None  # as in another process
    report = await migrate.migrate(url, schema=up_to(STEP, folder, monkeypatch), backup=False)
    assert report.applied == (STEP,)
    await store.open(url)


def told(report: evidence.EvidenceReport) -> set[tuple[str, str]]:
    return {(one.kind, one.subject) for one in report.differences}


async def test_an_older_draw_is_the_same_in_pieces_verified_before_and_after(any_db, tmp_path, monkeypatch):
    await district.found()
    held = await district.drawn()
    bundle, known = await draws.bundle_files(held.code, full=True), await draw_texts.targets(held)
    await as_before({})
    await migrated(any_db, tmp_path, monkeypatch)
    assert told(await evidence.verify()) == set(), "the hashes of then cover the files that lie in pieces now"
    assert await draws.bundle_files(held.code, full=True) == bundle
    assert differences(folder(bundle, tmp_path / "bundle")) == []
    assert await draw_texts.targets(await Draw.get(code=held.code)) == known
    assert await resealing.begin(at=CEREMONY + timedelta(days=1))
    assert told(await evidence.verify()) == set()
    assert await draws.held(await Draw.get(code=held.code)) == await draws.held(held)


async def test_a_draw_committed_before_is_held_after(any_db, tmp_path, monkeypatch):
    await district.found()
    code = await district.revealed()
    await as_before({})
    await migrated(any_db, tmp_path, monkeypatch)
    await resealing.begin(at=CEREMONY)
    fixed = await draw.hold(code, by=OFFICE, at=CEREMONY + timedelta(hours=1))
    assert fixed.results_sha256 and told(await evidence.verify()) == set()


async def test_what_was_changed_before_is_named_after_and_not_covered_up(any_db, tmp_path, monkeypatch):
    await district.found()
    held = await district.drawn()
    await as_before({held.code: "x\ty\tz\n"})
    await migrated(any_db, tmp_path, monkeypatch)
    expected = {("row.changed", f"draw:{held.code}")}
    assert told(await evidence.verify()) == expected
    await resealing.begin(at=CEREMONY)
    assert told(await evidence.verify()) == expected
