"""Art. 14: an outsider repeats the draw with one file of standard-library Python."""

import ast
import random
import shutil
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.rules import bundle, draw
from tests.models.rules.drawing import VECTORS, random_draw
from tests.server.public.bundles import (
    SOURCE,
    differences,
    eventful,
    folder,
    sub,
    turned,
    vector_files,
    verifier,
    with_sums,
)


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


FREE = {"reassignments.tsv": {4}, "removals.tsv": {7}, "substitutions.tsv": {5, 6, 8}}


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
        "reassignments.tsv",
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
