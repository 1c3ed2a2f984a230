"""Art. 14: the proof of a draw in one file."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from models.refusal import Refusal
from models.rules import bundle, draw
from tests.models.rules.drawing import random_draw


def files_and_bytes(number: int = 1) -> tuple[dict[str, bytes], bytes]:
    drawn, keys = random_draw(number)
    files = draw.bundle_files(drawn, keys)
    return files, bundle.packed(files)


def test_the_same_files_give_the_same_bytes() -> None:
    files, data = files_and_bytes()
    assert bundle.packed(dict(reversed(files.items()))) == data


def test_the_public_edition_holds_all_but_the_way_to_a_name() -> None:
    drawn, keys = random_draw(1)
    public, full = draw.bundle_files(drawn), draw.bundle_files(drawn, keys)
    assert set(full) - set(public) == {"keys.tsv"}
    assert tuple(sorted(set(public) - {"reassignments.tsv"})) == bundle.PUBLIC
    code = keys[0].code.encode()
    assert code in full["keys.tsv"]
    assert not any(code in data for data in public.values())


def test_a_bundle_is_read_back_from_zip_and_folder(tmp_path: Path) -> None:
    files, data = files_and_bytes()
    (tmp_path / "b.zip").write_bytes(data)
    (tmp_path / "b").mkdir()
    for name, content in files.items():
        (tmp_path / "b" / name).write_bytes(content)
    assert bundle.read(tmp_path / "b.zip") == files == bundle.read(tmp_path / "b")


def test_a_bundle_that_lacks_a_file_is_not_written() -> None:
    files, _ = files_and_bytes()
    with pytest.raises(ValueError, match=r"drawn\.tsv"):
        bundle.packed({name: data for name, data in files.items() if name != "drawn.tsv"})


def refused(path: Path, **more: int) -> str:
    with pytest.raises(Refusal) as refusal:
        bundle.read(path, **more)
    return refusal.value.code


@pytest.mark.parametrize("name", ["../pool.tsv", "/etc/passwd", "pool.tsv/", "POOL.TSV", "readme.txt"])
def test_names_that_are_none_of_ours_are_refused(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(name, b"")
    assert refused(tmp_path / "b.zip") == "draw.bundle_file_unknown"


def test_a_bomb_is_refused_when_it_passes_the_limit(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pool.tsv", bytes(5_000_000))
    assert (tmp_path / "b.zip").stat().st_size < 10_000
    assert refused(tmp_path / "b.zip", largest=1_000_000) == "draw.bundle_too_large"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("pool.tsv", b"a")
        archive.writestr("pool.tsv", b"b")
    assert refused(tmp_path / "b.zip") == "draw.bundle_file_unknown"


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    _, data = files_and_bytes()
    for broken in (b"", b"PK", b"\0" * 1000, data[:-30], data.replace(b"witness", b"winners", 1)):
        (tmp_path / "b.zip").write_bytes(broken)
        assert refused(tmp_path / "b.zip") == "draw.bundle_unreadable"


def test_entries_carry_neither_clock_nor_user() -> None:
    _, data = files_and_bytes()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.namelist() == sorted(archive.namelist())
