"""A photo is kept by its bytes: once, whole, and on the disk before anybody is told so."""

import hashlib
import os
import secrets
from pathlib import Path

import pytest

from models.objects import ObjectDamaged, object_store

PHOTO = b"\xff\xd8 a fictitious photo \xff\xd9"
NAME = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture(scope="session")
def s3_server():
    """A local object server; nothing of it survives the run."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture
def bucket(s3_server):
    import boto3

    name = f"photos-{secrets.token_hex(4)}"
    boto3.client(
        "s3",
        endpoint_url=s3_server,
        region_name="us-east-1",
        aws_access_key_id="fictitious",
        aws_secret_access_key="fictitious",
    ).create_bucket(Bucket=name)
    return (
        f"s3://{name}/district?endpoint={s3_server}&region=us-east-1"
        "&access_key_id=fictitious&secret_access_key=fictitious"
    )


@pytest.fixture(params=["folder", "bucket"])
async def objects(request, tmp_path):
    where = tmp_path / "objects" if request.param == "folder" else request.getfixturevalue("bucket")
    return await object_store(where)


async def everything(objects):
    return sorted([name async for name in objects.names()])


async def test_bytes_come_back_by_their_name(objects):
    assert not await objects.exists(NAME)
    assert await objects.put(PHOTO) == NAME
    assert await objects.exists(NAME)
    assert await objects.get(NAME) == PHOTO
    assert await objects.size(NAME) == len(PHOTO)
    assert b"".join([piece async for piece in objects.stream(NAME)]) == PHOTO


async def test_d43_the_same_photo_twice_is_one_blob_and_no_error(objects):
    assert await objects.put(PHOTO) == await objects.put(PHOTO) == NAME
    assert await everything(objects) == [NAME]
    assert await objects.get(NAME) == PHOTO


async def test_a_large_file_goes_in_and_out_in_pieces(objects, tmp_path):
    big = secrets.token_bytes(3_000_001)
    (tmp_path / "big").write_bytes(big)
    name = await objects.put_file(tmp_path / "big")
    assert name == hashlib.sha256(big).hexdigest()
    pieces = [piece async for piece in objects.stream(name)]
    assert len(pieces) > 1
    assert b"".join(pieces) == big


async def test_an_empty_file_is_a_file(objects):
    name = await objects.put(b"")
    assert await objects.get(name) == b""
    assert [piece async for piece in objects.stream(name)] == []


async def test_what_is_not_there_is_said_so(objects):
    absent = "0" * 64
    for question in (objects.get, objects.size):
        with pytest.raises(FileNotFoundError):
            await question(absent)
    with pytest.raises(FileNotFoundError):
        async for _ in objects.stream(absent):
            pass


@pytest.mark.parametrize("name", ["", "..", "../" * 20 + "etc/passwd", NAME.upper(), NAME + "\n", NAME[:-1]])
async def test_a_name_that_is_no_hash_is_refused(objects, name):
    for question in (objects.get, objects.size, objects.exists, objects.discard):
        with pytest.raises(ValueError, match="not the name"):
            await question(name)


async def test_what_no_row_names_can_be_discarded(objects):
    await objects.put(PHOTO)
    await objects.discard(NAME)
    await objects.discard(NAME)
    assert await everything(objects) == []


async def test_changed_bytes_are_noticed(tmp_path):
    objects = await object_store(tmp_path)
    await objects.put(PHOTO)
    path = objects.path(NAME)
    path.chmod(0o640)
    path.write_bytes(PHOTO[:-1])
    with pytest.raises(ObjectDamaged):
        await objects.get(NAME)


async def test_what_was_cut_short_is_never_taken_for_a_photo(tmp_path):
    objects = await object_store(tmp_path)
    (tmp_path / NAME[:2]).mkdir()
    (tmp_path / NAME[:2] / ".draft-left-by-a-crash").write_bytes(PHOTO[:5])
    assert not await objects.exists(NAME)
    assert await everything(objects) == []
    await objects.put(PHOTO)
    assert await everything(objects) == [NAME]


async def test_r5_file_and_folders_are_synced_before_the_receipt(tmp_path, monkeypatch):
    order = []

    def watched(name):
        really = getattr(os, name)

        def call(first, *rest, **how):
            what = Path(f"/proc/self/fd/{first}").readlink() if name == "fsync" else Path(first)
            order.append((name, what))
            return really(first, *rest, **how)

        monkeypatch.setattr(os, name, call)

    for name in ("fsync", "replace", "mkdir"):
        watched(name)
    objects = await object_store(tmp_path / "new" / "objects")
    target = objects.path(await objects.put(PHOTO))
    monkeypatch.undo()

    renamed = next(n for n, (name, _) in enumerate(order) if name == "replace")
    draft = order[renamed][1]
    assert ("fsync", draft) in order[:renamed]
    assert order[renamed + 1 :] == [("fsync", target.parent)]
    made = [what for name, what in order if name == "mkdir"]
    assert made == [tmp_path / "new", tmp_path / "new" / "objects", target.parent]
    for folder in made:
        assert ("fsync", folder.parent) in order[order.index(("mkdir", folder)) :]


async def test_r5_the_second_receipt_for_the_same_photo_waits_for_the_disk_too(tmp_path, monkeypatch):
    objects = await object_store(tmp_path)
    await objects.put(PHOTO)
    synced = []
    really = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), really(handle))[1])
    await objects.put(PHOTO)
    assert len(synced) == 1
