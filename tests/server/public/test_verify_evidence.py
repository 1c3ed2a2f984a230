"""A stranger checks a task's evidence with one file and nothing of ours (Art. 16 (3), 20; R28)."""

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from random import Random

import pytest

from models import store
from models.procedure import anchor
from models.queries import evidence, evidence_bundle
from models.tables import Anchor, Event, Task
from models.tables.hashed_rows import HASHED_TABLES
from tests.support.evidence import LATER, filled
from tests.support.tampering import ask, spoilt

VERIFIER = Path(__file__).parents[3] / "server/public/static/verify_evidence.py"
TASKS_OWN = tuple(table for table in (*HASHED_TABLES, Event) if table is not Anchor)


async def bundle(number, **how):
    made = await evidence_bundle.evidence_bundle(number, at=LATER, **how)
    return {name: data async for name, data in made.contents()}


def check(files, path, *arguments):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return run(path, *arguments)


def run(path, *arguments):
    """In isolation: neither this project nor anything installed can be imported."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(path), *arguments]
    how = {"capture_output": True, "encoding": "utf-8", "cwd": path.parent}
    return subprocess.run(command, check=False, timeout=600, **how)


def listed_anew(files):
    """The bundle as a forger would hand it in: the list of files agrees with what it holds."""
    about = json.loads(files["evidence.json"])
    kept = {name: data for name, data in files.items() if not name.startswith("photos/")}
    del kept["evidence.json"]
    about["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in kept.items()}
    return files | {"evidence.json": json.dumps(about).encode()}


async def test_an_untouched_bundle_agrees_with_the_published_root(db, tmp_path):
    made = await filled()
    files = await bundle(made.whole)
    last, chain = await Anchor.all().order_by("-number").first(), f"task:{made.whole}"
    root, covered = last.root, {name: length for name, length, _ in last.ends}[chain]
    later = await Event.filter(chain=chain).count() - covered
    assert later > 20
    said = check(files, tmp_path / "b.zip", "--root", root)
    assert (said.returncode, said.stderr) == (0, "")
    assert made.whole in said.stdout and root in said.stdout and f" {later} later events" in said.stdout
    assert len([name for name in files if name.startswith("photos/")]) == 3


async def test_the_same_bundle_comes_from_either_database(any_db, tmp_path):
    made = await filled()
    for number in (made.whole, made.moved):
        assert check(await bundle(number), tmp_path / "b.zip").returncode == 0


async def test_another_root_than_the_published_one_is_no_proof(db, tmp_path):
    made = await filled()
    said = check(await bundle(made.whole), tmp_path / "b.zip", "--root", "0" * 64)
    assert said.returncode == 1 and "not the root that was published" in said.stdout


async def test_a_bundle_from_before_the_first_root_says_so(db, tmp_path):
    made = await filled()
    await Anchor.all().delete()
    files = await bundle(made.whole)
    said = check(files, tmp_path / "b.zip")
    assert said.returncode == 0 and "no daily root covers this chain yet" in said.stdout
    assert check(files, tmp_path / "b.zip", "--root", "0" * 64).returncode == 1


async def test_photos_may_stay_at_home_and_the_verifier_says_so(db, tmp_path):
    made = await filled()
    files = await bundle(made.whole, photos=False)
    assert not [name for name in files if name.startswith("photos/")]
    said = check(files, tmp_path / "b.zip")
    assert said.returncode == 0 and "originals are not enclosed" in said.stdout


async def test_what_is_no_bundle_is_refused_in_one_line(db, tmp_path):
    made = await filled()
    files = await bundle(made.whole)
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    for said in (
        run(tmp_path / "x.zip"), run(tmp_path / "none.zip"), check({}, tmp_path / "e.zip"),
        check(files | {"evidence.json": b'{"format": "other"}'}, tmp_path / "o.zip"),
    ):  # fmt: skip
        assert (said.returncode, said.stderr) == (1, "") and said.stdout.count("\n") == 1


async def test_a_bundle_cannot_steer_the_terminal(db, tmp_path):
    made = await filled()
    files = await bundle(made.whole)
    said = check(
        listed_anew(files | {"rows.jsonl": b'{"row": "\\u001b[2J", "values": {}}\n'}), tmp_path / "b.zip"
    )
    assert said.returncode == 1 and "\x1b" not in said.stdout


def forged(dice, files):
    """One thing in the bundle changed so that it says something else, and the list of files made to agree."""
    files = dict(files)
    ways = [_event, _event, _row, _row, _dropped, _photo]
    if "proof.json" in files:
        ways += [_root, _path]
    dice.choice(ways)(dice, files)
    return listed_anew(files)


def _changed(dice, value):
    match value:
        case bool():
            return not value
        case int():
            return value ^ 1 << dice.randrange(8)
        case str() if value:
            at = dice.randrange(len(value))
            return value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
        case list() if value:
            at = dice.randrange(len(value))
            return [*value[:at], _changed(dice, value[at]), *value[at + 1 :]]
        case dict() if value:
            key = dice.choice(sorted(value))
            return {**value, key: _changed(dice, value[key])}
    return "x"


def _line(files, name, change):
    rows = [json.loads(line) for line in files[name].splitlines()]
    change(rows)
    files[name] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _event(dice, files):
    def change(rows):
        at = dice.randrange(len(rows))
        name = dice.choice(sorted(rows[at]))
        rows[at][name] = _changed(dice, rows[at][name])

    _line(files, "events.jsonl", change)


def _row(dice, files):
    def change(rows):
        at = dice.randrange(len(rows))
        rows[at]["values"] = _changed(dice, rows[at]["values"])

    _line(files, "rows.jsonl", change)


def _dropped(dice, files):
    def change(rows):
        del rows[dice.randrange(max(1, len(rows) - 1))]

    _line(files, dice.choice(["events.jsonl", "rows.jsonl"]), change)


def _photo(dice, files):
    photos = [name for name in files if name.startswith("photos/")]
    if not photos:
        return _row(dice, files)
    name = dice.choice(photos)
    if dice.random() < 0.3:
        del files[name]
    else:
        at = dice.randrange(len(files[name]))
        files[name] = (
            files[name][:at] + bytes([files[name][at] ^ 1 << dice.randrange(8)]) + files[name][at + 1 :]
        )


def _root(dice, files):
    text = files["root.txt"].decode().split("\n")
    number, digits = dice.choice([(3, "size "), (4, "root ")])
    value = text[number].removeprefix(digits)
    # a tree one leaf larger may have the same path: only the published root tells those apart
    text[number] = digits + (str(int(value) * 4) if digits == "size " else f"{int(value, 16) ^ 1 << 7:064x}")
    files["root.txt"] = "\n".join(text).encode()


def _path(dice, files):
    told = json.loads(files["proof.json"])
    told["path"] = (
        _changed(dice, told["path"]) if told["path"] and dice.random() < 0.7 else [*told["path"], "0" * 64]
    )
    files["proof.json"] = json.dumps(told).encode()


def concerns_the_bundle(one, chain):
    """What a bundle can show: its chain, its rows, the originals of its photos; no other day."""
    return one.chain == chain or (one.kind.startswith("object.") and one.seen.startswith("sha256 "))


@pytest.mark.timeout(7200)
async def test_r28_product_and_verifier_agree_on_every_bundle(db, tmp_path, full_size):
    made = await filled()
    await anchor.due(LATER, made.place)
    await ask("PRAGMA foreign_keys = OFF")
    numbers = [task.number for task in await Task.all().order_by("number")]
    dice, wrong, rejected = Random(28), [], 0
    for n in range(1000 if full_size else 50):
        number = dice.choice([made.whole, made.whole, made.moved, *numbers])
        if n % 5 == 0:  # as it is
            said, expected, what = check(await bundle(number), tmp_path / "b.zip"), True, "untouched"
        elif n % 5 < 3:  # changed in the bundle
            files = forged(dice, await bundle(number))
            said, expected, what = check(files, tmp_path / "b.zip"), False, "forged"
        else:  # changed in the database before it was made
            async with spoilt(dice, TASKS_OWN) as done:
                report = await evidence.verify(number)
                expected = not any(concerns_the_bundle(one, f"task:{number}") for one in report.differences)
                said, what = check(await bundle(number), tmp_path / "b.zip"), done.what
        rejected += not expected
        if said.stderr or (said.returncode == 0) != expected:
            wrong.append((what, said.stdout, said.stderr[-300:]))
    assert wrong == []
    assert rejected > n * 2 // 5  # more than the forged ones alone
    assert (await evidence.verify()).whole and store.objects
