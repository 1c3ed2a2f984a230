"""A task's sealed dossier: whole, named where it is not, checked by strangers (Art. 20; R25, R28)."""

import subprocess
import sys
import warnings
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import pypdf
import pytest

from locales import words
from models import store
from models.procedure import anchor, archive
from models.queries import dossier as queries
from models.queries import evidence
from models.rules import bag
from models.rules.actor import Actor, Role
from models.tables import Account, Anchor, Answer, Dossier, Photo, Task
from server import dossiers
from server.commands.acting import shaped
from server.commands.deeds import DEEDS
from server.companion.act_request import ActRequest
from server.documents.dossier import index_pdf
from tests.server.pages import site
from tests.support import fork_server
from tests.support.district import Clock
from tests.support.evidence import LATER, filled

VERIFIER = Path(__file__).parents[2] / "server/public/static/verify_evidence.py"
SEALED_AT = LATER + timedelta(days=2)


@pytest.fixture
async def made(db):
    """A district whose events are all covered by a daily root."""
    found = await filled()
    await anchor.due(SEALED_AT, found.place)
    return found


async def sealed(made, folder):
    told = await dossiers.write(made.whole, folder / "d.zip", made.place, at=SEALED_AT)
    assert isinstance(told, dossiers.SealedDossier), told
    return told


def stranger(path, *words):
    """The one-file verifier in isolation: nothing of ours, nothing installed."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(path), *words]
    return subprocess.run(command, check=False, timeout=600, capture_output=True, encoding="utf-8")


async def test_a_sealed_dossier_is_accepted_by_product_stranger_and_bagit(made, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # bagit 1.8 asks pkg_resources for its own version
        import bagit

    done = await sealed(made, tmp_path)
    assert bag.flaws(done.path) == []
    days = await Anchor.all().order_by("number")
    root = [day.root for day in days if f"task:{made.whole}" in {chain for chain, *_ in day.ends}][-1]
    said = stranger(done.path, "--root", root, "--seal", done.sha256)
    assert (said.returncode, said.stderr) == (0, "")
    assert done.sha256 in said.stdout and (done.sm3 in said.stdout or "SM3" in said.stdout)
    with zipfile.ZipFile(done.path) as archive:
        archive.extractall(tmp_path / "out")
    (folder,) = (tmp_path / "out").iterdir()
    assert bagit.Bag(str(folder)).validate()


async def test_a_dossier_holds_every_kind_of_piece_and_an_index_for_people(made, tmp_path):
    done = await sealed(made, tmp_path)
    with zipfile.ZipFile(done.path) as archive:
        names = [name.partition("/data/")[2] for name in archive.namelist()]
        folders = {name.rpartition("/")[0] for name in names}
        index = next(name for name in archive.namelist() if name.endswith("/data/index.pdf"))
        (tmp_path / "index.pdf").write_bytes(archive.read(index))
    assert {
        "evidence",
        "letters",
        "records",
        "photos/original",
        "photos/stamped",
        "papers",
        "signatures",
    } <= folders
    assert {
        "evidence/proof.json",
        "evidence/root.txt",
        "evidence/events.jsonl",
        "evidence/rows.jsonl",
    } <= set(names)
    pdf = pypdf.PdfReader(tmp_path / "index.pdf")
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf.trailer["/Root"]["/Metadata"].get_object().get_data()
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "卷内目录" in text and made.whole in text and "evidence/events.jsonl" in text


async def test_the_same_dossier_is_the_same_bytes_from_either_database(any_db, tmp_path):
    made = await filled()
    await anchor.due(SEALED_AT, made.place)
    first = await sealed(made, tmp_path)
    assert first == await sealed(made, tmp_path)
    assert stranger(first.path).returncode == 0


async def test_a_missing_piece_is_named_and_nothing_is_sealed(made, tmp_path):
    photo = await Photo.filter(task__number=made.whole).first()
    answer = await Answer.filter(task__number=made.whole).first()
    store.objects.path(photo.stamped).unlink()
    await Answer.filter(id=answer.id).update(note="changed")
    told = await dossiers.write(made.whole, tmp_path / "d.zip", made.place, at=SEALED_AT)
    assert {(one.kind, one.subject) for one in told} == {
        ("object.missing", f"photo:{photo.id}"), ("row.changed", f"answer:{answer.id}"),
    }  # fmt: skip
    assert list(tmp_path.glob("*.zip*")) == []


async def test_what_no_daily_root_covers_is_not_sealed(db, tmp_path):
    made = await filled()
    told = await dossiers.write(made.whole, tmp_path / "d.zip", made.place, at=SEALED_AT)
    assert [one.kind for one in told] == ["dossier.no_root"]
    await anchor.due(SEALED_AT, made.place)
    told = await dossiers.write(made.whole, tmp_path / "d.zip", made.place, at=SEALED_AT, stamped=True)
    assert [one.kind for one in told] == ["dossier.no_stamp"]


async def test_the_command_seals_checks_and_names(made, db, tmp_path):
    known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": "en"}
    env = {f"SHUANGSUIJI_{name}": value for name, value in known.items()}
    said = fork_server.run("archive", made.whole, "--out", tmp_path / "out", env=env)
    assert (said.returncode, said.stderr) == (0, "") and "Dossier sealed" in said.stdout
    path = tmp_path / "out" / f"{made.whole}.zip"
    assert fork_server.run("verify", path, env=env).returncode == 0
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    said = fork_server.run("verify", path, env=env)
    assert said.returncode == 1 and "✗" in said.stdout
    assert fork_server.run("archive", "none", "--out", tmp_path / "out", env=env).returncode == 2
    photo = await Photo.filter(task__number=made.whole).first()
    store.objects.path(photo.sha256).unlink()
    said = fork_server.run("archive", made.whole, "--out", tmp_path / "other", env=env)
    assert (
        said.returncode == 2
        and f"Photo {photo.id}" in said.stdout
        and list((tmp_path / "other").glob("*.zip")) == []
    )


async def test_the_finding_aid_names_every_dossier_of_the_folder_and_its_state(made, tmp_path):
    from python_calamine import CalamineWorkbook

    done = await sealed(made, tmp_path)
    other = bytearray(done.path.read_bytes())
    other[-1] ^= 1
    (tmp_path / "e.zip").write_bytes(other)
    (tmp_path / "f.zip").write_bytes(b"nothing")
    path = dossiers.finding_aid(tmp_path, words("zh_Hans"))
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert path.name == "案卷目录.xlsx" and head[1] == "任务编号"
    assert [row[7] == "完整" for row in rows] == [True, False, False]
    task = await Task.get(number=made.whole).select_related("target")
    assert rows[0][1:3] == [made.whole, task.target.name]
    assert rows[0][-2:] == [done.sha256, done.sm3]


def changed(dice, data):
    """One change anywhere in the file: a bit, bytes taken out, put in, overwritten, moved, or the end cut off."""
    at, length = dice.randrange(len(data)), dice.randrange(1, 40)
    piece = data[at : at + length]
    match dice.randrange(6):
        case 0:
            new = bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :]
        case 1:
            new = data[at + length :]
        case 2:
            new = dice.randbytes(length) + data[at:]
        case 3:
            new = bytes(len(piece)) + data[at + length :]
        case 4:
            new = piece + data[at:]
        case _:
            new = b""
    return data[:at] + new


def pieces(path):
    """Where the bytes of each file of the container lie."""
    with zipfile.ZipFile(path) as archive:
        return {
            one.filename.partition("/")[2]: range(
                begins := one.header_offset + 30 + len(one.filename.encode()), begins + one.compress_size
            )
            for one in archive.infolist()
        }


def hit(there, before, after):
    """The files whose bytes alone were changed where they lie; none where anything else was touched."""
    if len(before) != len(after):
        return set()
    changes = [at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    names = {name for at in changes for name, where in there.items() if at in where}
    return names if all(any(at in where for where in there.values()) for at in changes) else set()


@pytest.mark.timeout(7200)
async def test_r25_every_change_of_a_sealed_dossier_is_found_and_named_by_product_and_stranger(
    made, tmp_path, full_size
):
    import runpy

    verify = runpy.run_path(str(VERIFIER))
    done = await sealed(made, tmp_path)
    data, dice, missed, path, n = done.path.read_bytes(), Random(25), [], tmp_path / "changed.zip", 0
    there = pieces(done.path)
    while n < (10_000 if full_size else 60):
        other = changed(dice, data)
        if other == data:
            continue
        n += 1
        path.write_bytes(other)
        try:
            strange = " ".join(where for where, *_ in verify["verify"](str(path))[0].told)
        except verify["Broken"] as error:
            strange = str(error)
        ours = {flaw.name for flaw in bag.flaws(path)}
        names = hit(there, data, other)
        if not (ours and strange and names <= ours and all(name in strange for name in names)):
            missed.append((n, names, ours, strange))
    assert missed == []


async def test_the_act_keeps_the_dossier_and_the_command_gives_it_again(made, db, tmp_path):
    known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": "en"}
    env = {f"SHUANGSUIJI_{name}": value for name, value in known.items()}
    head = (await Account.get(role="head", department="GA")).id
    sealed_as = await dossiers.sealed(made.whole, made.place, at=SEALED_AT)
    by = Actor(Role.HEAD, "GA", "示例", "GA", head)
    await archive.seal(made.whole, sealed_as, by=by, at=SEALED_AT + timedelta(days=30), district=made.place)
    said = fork_server.run("archive", made.whole, "--out", tmp_path / "out", env=env)
    assert said.returncode == 0, said.stdout + said.stderr
    path = tmp_path / "out" / f"{made.whole}.zip"
    assert bag.digests(path) == (sealed_as.sha256, sealed_as.sm3) and stranger(path).returncode == 0
    assert (await evidence.verify(made.whole)).differences == []
    row = await Dossier.get(task__number=made.whole)
    await Dossier.filter(id=row.id).update(files=row.files + 1)
    store.objects.path(row.sha256).unlink()
    differences = (await evidence.verify(made.whole)).differences
    assert {(one.kind, one.subject) for one in differences} == {
        ("row.changed", f"dossier:{row.id}"), ("object.missing", f"dossier:{row.id}"),
    }  # fmt: skip


ARCHIVED_AT = SEALED_AT + timedelta(days=30)


async def test_the_head_archives_at_the_desk_once_nothing_hinders_it_and_downloads_the_dossier(
    made, tmp_path
):
    task = f"/console/tasks/{made.whole}"
    async with site(Clock(SEALED_AT)) as house:
        head = await house.browser(Role.HEAD, "GA")
        early = await head.get(task)
        assert "异议期" in early.text and f"{task}/archive" not in early.html
        house.clock.move(ARCHIVED_AT)
        await head.sign_in(Role.HEAD, "GA")
        shown = await head.get(task)
        assert shown.form(f"{task}/archive")["method"] == "post"
        assert (await head.post(f"{task}/archive")).status == 303
        after = await head.get(task)
        assert not {f"{task}/archive", f"{task}/record", f"{task}/revision/ask"} & {
            form["action"] for form in after.reader.forms
        }
        given = await head.get(f"{task}/dossier.zip")
        assert (given.status, given.response.content_type) == (200, "application/zip")
        (tmp_path / "d.zip").write_bytes(given.body)
        assert bag.flaws(tmp_path / "d.zip") == [] and stranger(tmp_path / "d.zip").returncode == 0
        other = await house.browser(Role.HEAD, "XF")
        assert (await other.get(f"{task}/dossier.zip")).status == 404
        assert (await (await house.browser()).get(f"{task}/dossier.zip")).status in (303, 403)


async def test_act_do_archives_and_says_why_a_task_cannot_be(made, db, tmp_path):
    known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": "en"}
    env = {f"SHUANGSUIJI_{name}": value for name, value in known.items()}
    who = ("--as", "head:GA", "--reason", "example")
    told = fork_server.run("act", "do", "archive", made.moved, *who, env=env)
    assert (told.returncode, "cannot be done now" in told.stderr) == (2, True), told.stderr
    head = (await Account.get(role="head", department="GA")).id
    _, deed = DEEDS["archive"]
    turn = ActRequest(made.whole, Actor(Role.HEAD, "GA", "示例", "GA", head), ARCHIVED_AT, "示例", made.place)
    await deed(turn, shaped("archive", {}, "example-0123456789"))
    assert (await Task.get(number=made.whole)).state == "archived"


async def test_the_index_says_what_each_department_entered(db, object_store):
    made = await filled()
    contents = await queries.dossier(made.whole, at=SEALED_AT)
    parts = contents.results[-1].parts
    assert len(parts) > 1 and all(part.types for part in parts)
    index = await index_pdf(contents, (), words("zh_Hans"), made.place.name, SEALED_AT)
    text = "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(index)).pages)
    assert "各部门结果" in text and all("".join(part.name.split()) in text for part in parts)
