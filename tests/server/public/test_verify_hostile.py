"""Art. 14: a bundle from a stranger, hostile or broken, is answered in words and without harm."""

import random
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from tests.models.rules.drawing import VECTORS
from tests.server.public.bundles import differences, folder, sub, vector_files, with_sums


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
