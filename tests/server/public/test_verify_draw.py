"""Art. 14: an outsider repeats the draw with one file of standard-library Python."""

import ast
import importlib.util
import random
import shutil
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.rules import bundle, draw, entropy
from models.rules.commitment import commit
from models.rules.drawfiles import LOCAL, sums
from models.rules.drawrows import Mode
from tests.models.rules.drawing import VECTORS, padding, pool, random_draw, roster, rules

SOURCE = Path(__file__).parents[3] / "server" / "public" / "static" / "verify_draw.py"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_draw", SOURCE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verifier = load()


def folder(files: dict[str, bytes], at: Path) -> Path:
    shutil.rmtree(at, ignore_errors=True)
    at.mkdir()
    for name, data in files.items():
        (at / name).write_bytes(data)
    return at


def differences(path: Path, *expect: str) -> list[str]:
    return list(verifier.check(str(path), expect).lines)


def vector_files(case: dict[str, Any]) -> dict[str, bytes]:
    texts = {**case["files"], **case["results"], "substitutions.tsv": ""}
    return {name: text.encode() for name, text in texts.items()}


def with_sums(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with hashes that fit them, as a forger would make them."""
    return {**files, "SHA256SUMS": sums({name: files[name] for name in verifier.FIXED})}


def test_it_is_one_file_of_standard_library_python_for_3_9() -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name.partition(".")[0] for alias in node.names} <= set(sys.stdlib_module_names)
        if isinstance(node, ast.ImportFrom):
            assert (
                node.module == "__future__"
                or (node.module or "").partition(".")[0] in sys.stdlib_module_names
            )


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_the_vectors_agree(case: dict[str, Any], tmp_path: Path) -> None:
    assert differences(folder(vector_files(case), tmp_path / "b"), case["commitment"]) == []


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_product_and_verifier_agree_on_whole_histories(tmp_path: Path, number: int) -> None:
    drawn, keys = random_draw(number)
    path = tmp_path / f"{number}.zip"
    path.write_bytes(bundle.packed(draw.bundle_files(drawn, keys)))
    expect = (drawn.committed.commitment, draw.results_hash(drawn), draw.course_hash(drawn))
    assert differences(path, *expect) == []


def test_r28_an_outsiders_verifier_agrees_on_a_thousand_bundles(tmp_path: Path, full_size: bool) -> None:
    for number in range(1000 if full_size else 50):
        drawn, _ = random_draw(2_000_000 + number)
        (tmp_path / "b.zip").write_bytes(bundle.packed(draw.bundle_files(drawn)))
        assert differences(tmp_path / "b.zip") == []


def eventful() -> tuple[draw.Draw, dict[str, bytes]]:
    """A history in which a good deal happened."""
    for number in range(1000):
        drawn, keys = random_draw(number)
        passed = [row for row in drawn.substitutions if row.passed and row.incoming != "-"]
        if len(drawn.removals) > 2 and len(drawn.substitutions) > 2 and passed and drawn.committed.recusals:
            return drawn, draw.bundle_files(drawn, keys)
    raise AssertionError("no eventful history")


def test_any_flipped_bit_is_found(tmp_path: Path) -> None:
    drawn, files = eventful()
    chance, path = random.Random(7), folder(files, tmp_path / "b")
    expect = (drawn.committed.commitment, draw.results_hash(drawn), draw.course_hash(drawn))
    assert differences(path, *expect) == []
    for name, data in files.items():
        for at in chance.sample(range(len(data)), min(len(data), 25)):
            changed = bytearray(data)
            changed[at] ^= 1 << chance.randrange(8)
            (path / name).write_bytes(changed)
            assert differences(path, *expect), (name, at)
        (path / name).write_bytes(data)


FREE = {"removals.tsv": {7}, "substitutions.tsv": {5, 6, 8}}


def test_any_other_field_is_found_from_the_bundle_alone(tmp_path: Path) -> None:
    """Without a published hash; times, reasons and the hashes of papers follow from nothing else."""
    _, files = eventful()
    chance, path = random.Random(5), folder(files, tmp_path / "b")
    for name in (
        "drawn.tsv",
        "teams.tsv",
        "matches.tsv",
        "removals.tsv",
        "substitutions.tsv",
        "pledges.tsv",
        "keys.tsv",
    ):
        rows = files[name].decode().splitlines()
        for n in sorted(chance.sample(range(len(rows)), min(len(rows), 12))):
            fields = rows[n].split("\t")
            for m, field in enumerate(fields):
                if m in FREE.get(name, ()):
                    continue
                other = [*fields[:m], "1" if field == "0" else "0" if field == "1" else field[:-1] + "0"]
                if other[-1] == field:
                    other[-1] = field[:-1] + "1"
                changed = [*rows[:n], "\t".join([*other, *fields[m + 1 :]]), *rows[n + 1 :]]
                (path / name).write_text("".join(f"{line}\n" for line in changed), "utf-8")
                assert differences(path), (name, n, m)
        (path / name).write_bytes(files[name])


def test_any_row_left_out_doubled_or_moved_is_found(tmp_path: Path) -> None:
    drawn, files = eventful()
    chance, path = random.Random(9), folder(files, tmp_path / "b")
    expect = (draw.course_hash(drawn),)
    for name in [*verifier.NEEDED[1:], "keys.tsv"]:
        rows = files[name].splitlines(keepends=True)
        for n in sorted(chance.sample(range(len(rows)), min(len(rows), 8))):
            for changed in (rows[:n] + rows[n + 1 :], rows[: n + 1] + rows[n:], rows[n:] + rows[:n]):
                if changed != rows:
                    (path / name).write_bytes(b"".join(changed))
                    assert differences(path, *expect), (name, n)
        (path / name).write_bytes(files[name])


def test_a_pool_that_was_edited_afterwards_is_named(tmp_path: Path) -> None:
    drawn, files = eventful()
    gone = drawn.sample.drawn[0].id.encode()
    rows = [row for row in files["pool.tsv"].splitlines(keepends=True) if not row.startswith(gone)]
    path = folder({**files, "pool.tsv": b"".join(rows)}, tmp_path / "b")
    found = "\n".join(differences(path))
    assert "pool.tsv" in found
    assert gone.decode() in found
    forged = folder(with_sums({**files, "pool.tsv": b"".join(rows)}), tmp_path / "c")
    assert any("pledges.tsv" in line for line in differences(forged))


Forgery = Callable[[dict[str, bytes]], dict[str, bytes]]
REFUSED_AT_COMMIT: list[tuple[str, str, Forgery]] = [
    ("rules.json", "spec", lambda f: sub(f, "rules.json", b"draw/1", b"draw/2")),
    (
        "rules.json",
        "witnesses",
        lambda f: sub(f, "rules.json", b'["witness:GA","witness:SCJG"]', b'["witness:GA"]'),
    ),
    ("rules.json", "mode", lambda f: sub(f, "rules.json", b"official", b"informal")),
    ("rules.json", "previous", lambda f: sub(f, "rules.json", b'"number":1', b'"number":2')),
    ("rules.json", "crew", lambda f: sub(f, "rules.json", b'"initiating":"GA"', b'"initiating":"XX"')),
    ("rules.json", "stratum", lambda f: sub(f, "rules.json", b'"A":6', b'"A":60')),
    ("rules.json", "as agreed", lambda f: sub(f, "rules.json", b',"crew"', b', "crew"')),
    ("roster.tsv", "seats", lambda f: sub(f, "rules.json", b'"GA":2', b'"GA":9')),
    ("rules.json", "unusable", lambda f: sub(f, "rules.json", '"焦店镇":2'.encode(), '"焦店镇":0'.encode())),
    ("pool.tsv", "no team", lambda f: sub(f, "rules.json", "焦店镇".encode(), "湛北乡".encode())),
    ("holds.tsv", "multiple of ten", lambda f: {**f, "holds.tsv": f["holds.tsv"][65:]}),
    ("holds.tsv", "the row before", lambda f: {**f, "holds.tsv": f["holds.tsv"][:65] + f["holds.tsv"][:-65]}),
    ("pool.tsv", "byte order", lambda f: {**f, "pool.tsv": turned(f["pool.tsv"])}),
    ("roster.tsv", "normalised", lambda f: sub(f, "roster.tsv", b"1604GA000", b"1604Ga000")),
    ("roster.tsv", "unknown department", lambda f: sub(f, "roster.tsv", b"\tGA\t", b"\tGB\t")),
    (
        "roster.tsv",
        "areas",
        lambda f: sub(f, "roster.tsv", "光明路街道,焦店镇".encode(), "焦店镇,光明路街道".encode()),
    ),
    ("recusals.tsv", "not in the pool", lambda f: sub(f, "recusals.tsv", b"02EkKBiZ", b"02AkKBiZ")),
    ("recusals.tsv", "ground", lambda f: sub(f, "recusals.tsv", b"entity", b"rumour")),
    ("exclusions.tsv", "left out", lambda f: sub(f, "exclusions.tsv", b"1604XX999", b"1604GA009")),
    ("pool.tsv", "no id", lambda f: sub(f, "pool.tsv", b"02EkKBiZq_viOTckkoKYaw", b"02EkKBiZq_viOTckkoKYaB")),
]


def sub(files: dict[str, bytes], name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in files[name]
    return {**files, name: files[name].replace(old, new, 1)}


def turned(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[::-1])


@pytest.mark.parametrize(("file", "word", "forge"), REFUSED_AT_COMMIT, ids=lambda value: str(value)[:20])
def test_what_should_never_have_been_committed_is_named(
    file: str, word: str, forge: Forgery, tmp_path: Path
) -> None:
    forged = with_sums(forge(vector_files(VECTORS[0])))
    found = differences(folder(forged, tmp_path / "b"))
    assert any(line.startswith(file) and word in line for line in found), found


def test_a_certificate_as_long_as_an_id_is_not_taken_for_one(tmp_path: Path) -> None:
    files = vector_files(VECTORS[0])
    rows = sorted([*files["exclusions.tsv"].splitlines(), b"TEST-1604-SCJG-00000AA\texpired"])
    found = differences(
        folder(with_sums({**files, "exclusions.tsv": b"\n".join(rows) + b"\n"}), tmp_path / "b")
    )
    assert not any(line.startswith(("keys.tsv", "exclusions.tsv")) for line in found)


def test_a_code_that_was_hashed_unnormalised_is_named(tmp_path: Path) -> None:
    files, salt = vector_files(VECTORS[0]), bytes(16)
    id = urlsafe_b64encode(sha256(salt + "电梯-a".encode()).digest()[:16])[:22]
    out = sorted([*files["exclusions.tsv"].splitlines(keepends=True), id + b"\texpired\n"])
    keys = [*files["keys.tsv"].splitlines(keepends=True), id + f"\t{salt.hex()}\t电梯-a\n".encode()]
    forged = {**files, "exclusions.tsv": b"".join(out), "keys.tsv": b"".join(sorted(keys))}
    found = differences(folder(with_sums(forged), tmp_path / "b"))
    assert [line for line in found if line.startswith("keys.tsv") and "not normalised" in line]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    files = vector_files(VECTORS[0])
    del files["matches.tsv"]
    assert differences(folder(files, tmp_path / "b")) == ["matches.tsv: 缺此文件 | this file is missing"]


def test_a_hash_that_was_published_for_another_draw_is_noticed(tmp_path: Path) -> None:
    path = folder(vector_files(VECTORS[0]), tmp_path / "b")
    assert differences(path, VECTORS[1]["commitment"])


def test_on_the_command_line_it_needs_nothing_of_ours(tmp_path: Path) -> None:
    shutil.copy(SOURCE, tmp_path / "verify.py")
    folder(vector_files(VECTORS[0]), tmp_path / "b")

    def run() -> "subprocess.CompletedProcess[str]":
        command, alone = [sys.executable, "-I", "verify.py", "b"], {"PYTHONUTF8": "1"}
        return subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)

    good = run()
    assert (good.returncode, good.stderr) == (0, "")
    assert "一致" in good.stdout
    assert VECTORS[0]["commitment"] in good.stdout
    (tmp_path / "b" / "drawn.tsv").write_bytes(turned((tmp_path / "b" / "drawn.tsv").read_bytes()))
    bad = run()
    assert (bad.returncode, bad.stderr) == (1, "")
    assert "drawn.tsv 第1行 row 1" in bad.stdout


def test_a_console_without_chinese_is_not_a_reason_to_fail(tmp_path: Path) -> None:
    folder(vector_files(VECTORS[0]), tmp_path / "b")
    done = subprocess.run([sys.executable, str(SOURCE), str(tmp_path / "b")], capture_output=True, check=False,
                          env={"PYTHONIOENCODING": "ascii"})  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


# -- hostile bundles --


def polite(path: Path) -> str:
    """One refusal in words, no traceback."""
    (line,) = differences(path)
    assert "Traceback" not in line
    return line


def archive(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "name", ["../../pool.tsv", "/pool.tsv", "a/pool.tsv", "pool.tsv/", "con", "x\x1b[2J.tsv"]
)
def test_a_path_in_a_bundle_is_refused(name: str, tmp_path: Path) -> None:
    line = polite(archive(tmp_path / "b.zip", {name: b""}))
    assert "no place in a bundle" in line
    assert "\x1b" not in line


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as made:
        for _ in range(2):
            made.writestr("pool.tsv", b"")
    assert "twice" in polite(tmp_path / "b.zip")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as made,
        made.open("pool.tsv", "w") as out,
    ):
        for _ in range(64):
            out.write(bytes(1 << 20))
    assert "bomb" in polite(tmp_path / "b.zip")


def test_a_directory_of_millions_is_refused_before_it_is_read(tmp_path: Path) -> None:
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 60_000, 60_000, 3_000_000, 0, 0)
    (tmp_path / "b.zip").write_bytes(bytes(3_000_000) + end)
    assert "directory is too large" in polite(tmp_path / "b.zip")


def test_lzma_encryption_and_rubbish_are_refused(tmp_path: Path) -> None:
    assert "compression" in polite(archive(tmp_path / "l.zip", {"pool.tsv": b""}, zipfile.ZIP_LZMA))
    good = archive(tmp_path / "e.zip", {"pool.tsv": b"x"}).read_bytes()
    at = good.index(b"PK\1\2") + 8
    (tmp_path / "e.zip").write_bytes(good[:at] + b"\1" + good[at + 1 :])
    assert "encrypted" in polite(tmp_path / "e.zip")
    for n, rubbish in enumerate((b"", b"PK\5\6", b"PK\5\6" + b"\xff" * 18, zlib.compress(b"x" * 99))):
        (tmp_path / f"{n}.zip").write_bytes(rubbish)
        assert polite(tmp_path / f"{n}.zip")
    assert polite(tmp_path / "nothing there")


def test_any_damaged_archive_is_answered_in_words(tmp_path: Path) -> None:
    files, chance = vector_files(VECTORS[0]), random.Random(1)
    good = archive(tmp_path / "b.zip", files).read_bytes()
    for _ in range(150):
        changed = bytearray(good)
        changed[chance.randrange(len(good))] ^= 1 << chance.randrange(8)
        (tmp_path / "b.zip").write_bytes(changed[: chance.choice([None, chance.randrange(len(good))])])
        assert "Traceback" not in "".join(differences(tmp_path / "b.zip"))


def test_a_folder_with_a_link_for_a_file_is_refused(tmp_path: Path) -> None:
    path = folder(vector_files(VECTORS[0]), tmp_path / "b")
    (path / "pool.tsv").unlink()
    (path / "pool.tsv").symlink_to("/dev/zero")
    assert "not a regular file" in polite(path)


@pytest.mark.parametrize(
    "rules",
    [
        b"[" * 200_000,
        b"[]",
        b"{}",
        b"null",
        b'{"number":' + b"9" * 100_000 + b"}",
        b"\xff",
        b'{"areas":NaN}',
        b'"\\ud800"',
    ],
    ids=lambda value: repr(value[:12]),
)
def test_hostile_rules_are_refused_in_words(rules: bytes, tmp_path: Path) -> None:
    found = differences(folder(with_sums({**vector_files(VECTORS[0]), "rules.json": rules}), tmp_path / "b"))
    assert any(line.startswith("rules.json") for line in found)


def test_rules_with_a_billion_teams_take_no_memory(tmp_path: Path) -> None:
    forged = sub(
        vector_files(VECTORS[0]), "rules.json", '"焦店镇":2'.encode(), '"焦店镇":2000000000'.encode()
    )
    assert any("seats" in line for line in differences(folder(with_sums(forged), tmp_path / "b")))


def test_control_characters_never_reach_the_terminal(tmp_path: Path) -> None:
    forged = sub(vector_files(VECTORS[0]), "drawn.tsv", b"1\tA\t", b"1\t\x1b]0;owned\x07\t")
    found = "\n".join(differences(folder(forged, tmp_path / "b")))
    assert "\x1b" not in found
    assert "\\x1b" in found


def test_a_pool_is_never_held_in_memory(tmp_path: Path) -> None:
    """8,000 ids as Python strings alone would be half a megabyte, their tickets as much again."""
    files, peaks = vector_files(VECTORS[0]), []
    for count in (1_000, 8_000):
        rows = "".join(sorted(f"{n:021d}A\tA\t光明路街道\n" for n in range(count)))
        path = folder(with_sums({**files, "pool.tsv": rows.encode()}), tmp_path / "b")
        tracemalloc.start()
        assert differences(path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 400_000


def ceremony_of(*rows: str) -> bytes:
    return "".join(sorted(row.replace(" | ", "\t") + "\n" for row in rows)).encode()


BEACON_BEFORE, BEACON_AFTER = "2023-08-23T23:59:00+08:00", "2023-08-24T00:01:00+08:00"
SIGNATURE = (
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
)
TRUE = [
    f"witness:GA | pledge | {BEACON_BEFORE} | head:GA | own",
    f"witness:GA | value | {BEACON_BEFORE} | head:GA | own",
    f"witness:WL | pledge | {BEACON_BEFORE} | inspector:INS-WJ-1 | own",
    f"witness:WL | value | {BEACON_BEFORE} | inspector:INS-WJ-1 | own",
    f"beacon:drand-quicknet 1000 | value | {BEACON_AFTER} | office:1 | {SIGNATURE}",
]


def witnessed(*rows: str, mode: Mode = Mode.OFFICIAL) -> dict[str, bytes]:
    """A small official draw with a real round of a beacon, and the record of who gave what."""
    outside = next((row.split(" | ")[0] for row in rows if not row.startswith("witness:")), "")
    sources = ("witness:GA", "witness:WL", *([outside] if outside else []))
    fixed = commit(replace(rules(), entropy=sources, mode=mode), pool(), roster(), padding=padding())
    values = ["123456" * 8 + "12", "654321" * 8 + "65"]
    pledges = [entropy.pledge(fixed.commitment, value) for value in values]
    if outside:
        values.append("5 0 7" if outside.startswith("lottery") else sha256(bytes.fromhex(SIGNATURE)).hexdigest())
    made = draw.hold(fixed, pledges, values, datetime(2023, 8, 24, 9, tzinfo=LOCAL))
    return {**draw.bundle_files(made), "ceremony.tsv": ceremony_of(*rows)}


def test_e2_a_true_ceremony_agrees_and_says_what_is_left_to_compare(tmp_path: Path) -> None:
    report = verifier.check(str(folder(witnessed(*TRUE), tmp_path / "b")))
    assert report.lines == []
    assert [note.split(" | ")[1] for note in report.notes] == [
        "the signature of 「beacon:drand-quicknet 1000」 is not checked here: compare the round at any drand site"
    ]


LOTTERY_ROWS = [
    *TRUE[:4],
    f"lottery:示例彩票@2023-08-24T00:00+08:00 7 | value | {BEACON_AFTER} | office:1 | read",
    f"lottery:示例彩票@2023-08-24T00:00+08:00 7 | confirm | {BEACON_AFTER} | head:WL | read",
]
FALSE_CEREMONIES = {
    "typed by the office": ([*TRUE[1:], TRUE[0].replace("head:GA | own", "office:1 | typed")], "not given from"),
    "given by the office": ([row.replace("head:GA", "office:1") for row in TRUE], "not given from"),
    "another department's head": ([row.replace("head:GA", "head:WL") for row in TRUE], "not given from"),
    "one account for two": ([row.replace("head:GA", "inspector:INS-WJ-1") for row in TRUE], "speaks for several"),
    "another account revealed": (
        [TRUE[0].replace("head:GA", "inspector:X"), *TRUE[1:]], "changed or speaks for several"),
    "revealed when the round was out": (
        [TRUE[0], TRUE[1].replace(BEACON_BEFORE, "2023-08-23T23:59:24+08:00"), *TRUE[2:]], "was out already"),
    "revealed before all had pledged": (
        [*TRUE[:2], TRUE[2].replace("59:00", "59:10"), TRUE[3].replace("59:00", "59:10"), TRUE[4]],
        "before the last pledge",
    ),
    "entered before it came out": ([*TRUE[:4], TRUE[4].replace(BEACON_AFTER, BEACON_BEFORE)], "before it came out"),
    "another signature": ([*TRUE[:4], TRUE[4].replace("b446", "b447")], "not the value of"),
    "a row missing": (TRUE[1:], "pledge is missing"),
    "a lottery read by one": (LOTTERY_ROWS[:5], "was not confirmed"),
    "a lottery confirmed by the same": (
        [*LOTTERY_ROWS[:5], LOTTERY_ROWS[5].replace("head:WL", "office:1")], "was not confirmed"),
    "a lottery without its time": (
        [row.replace("@2023-08-24T00:00+08:00", "") for row in LOTTERY_ROWS], "does not say when"),
}


@pytest.mark.parametrize("name", FALSE_CEREMONIES)
def test_e2_a_ceremony_that_did_not_go_as_it_must_differs(name: str, tmp_path: Path) -> None:
    rows, said = FALSE_CEREMONIES[name]
    found = differences(folder(witnessed(*rows), tmp_path / "b"))
    assert found and any(said in line for line in found), found


def test_e2_a_bundle_says_when_anybody_could_choose(tmp_path: Path) -> None:
    alone = verifier.check(str(folder(witnessed(*TRUE[:4]), tmp_path / "b")))
    assert any("could choose the outcome" in note for note in alone.notes)
    rehearsed = witnessed(*[row.replace("head:GA | own", "office:1 | typed") for row in TRUE[:4]], mode=Mode.PRACTICE)
    report = verifier.check(str(folder(rehearsed, tmp_path / "c")))
    assert report.lines == []
    assert any("proves nothing about chance" in note for note in report.notes)
