"""Photos and documents, kept by the SHA-256 of their bytes: written once, the same photo once.

`put` returns only when the bytes are on the disk under their name (file and folder synced) or when the
object server has confirmed them, so a row that names a photo never outlives it.
"""

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import ObjectStore as Bucket
from obstore.store import from_url

CHUNK = 256 * 1024
NAME = re.compile(r"[0-9a-f]{64}")


class ObjectDamaged(Exception):
    """The bytes under a name are not the bytes that were put there."""


class ObjectStore(Protocol):
    """Bytes by their SHA-256 (64 hexadecimal digits). A name that is none is a ValueError."""

    async def put(self, data: bytes) -> str:
        """Keep the bytes and give their name. Raises OSError when they cannot be kept."""

    async def put_file(self, path: Path) -> str:
        """Keep a copy of a file of any size."""

    async def get(self, name: str) -> bytes:
        """Raises FileNotFoundError, or Damaged when the bytes do not carry their name any more."""

    def stream(self, name: str) -> AsyncIterator[bytes]:
        """The bytes in pieces, unchecked. Raises FileNotFoundError."""

    async def exists(self, name: str) -> bool: ...

    async def size(self, name: str) -> int:
        """In bytes. Raises FileNotFoundError."""

    def names(self) -> AsyncIterator[str]:
        """Every name, in no order: for `doctor` and `verify`."""

    async def discard(self, name: str) -> None:
        """Remove what no row names. Nothing happens when it is gone already."""

    async def kept_at(self, name: str) -> datetime:
        """When the bytes came under their name. Raises FileNotFoundError."""

    async def to_bin(self, name: str, day: str) -> None:
        """Take an object out of the store into the bin of a day; `from_bin` brings it back."""

    async def from_bin(self, name: str, day: str) -> None: ...

    async def binned(self) -> list[tuple[str, str]]:
        """Day and name of everything in the bin."""

    async def empty(self, name: str, day: str) -> None:
        """Remove an object from the bin for good."""

    async def tidy(self) -> int:
        """Remove what a crash left half written, while nobody writes; how many."""


async def object_store(where: str | Path) -> ObjectStore:
    """The store in a folder (made when missing) or in a bucket (`s3://bucket/prefix?endpoint=…`)."""
    address = str(where).removeprefix("file://")
    if "://" in address:
        return BucketObjects(_bucket(address))
    root = await asyncio.to_thread(lambda: Path(address).resolve())
    await asyncio.to_thread(_make_folder, root)
    return FolderObjects(root)


def _bucket(url: str) -> Bucket:
    """Settings of the server go in the query: endpoint, region, access_key_id, secret_access_key …"""
    from urllib.parse import parse_qsl, urlsplit, urlunsplit

    parts = urlsplit(url)
    settings: dict[str, Any] = dict(parse_qsl(parts.query))
    retry: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=15)}
    options = {"allow_http": True} if settings.get("endpoint", "").startswith("http://") else {}
    bare = urlunsplit(parts._replace(query=""))
    opened: Any = from_url(bare, config=settings, client_options=options, retry_config=retry)  # type: ignore[call-overload]
    return opened  # type: ignore[no-any-return]


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(f"not the name of an object: {name[:80]!r}")
    return name


def _day(day: str) -> str:
    return date.fromisoformat(day).isoformat()


def _moved(source: Path, target: Path) -> None:
    _make_folder(target.parent)
    source.replace(target)
    _sync_folder(target.parent)
    _sync_folder(source.parent)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for piece in _pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o750, exist_ok=True)
    _sync_folder(folder.parent)


class FolderObjects:
    """Objects as files `ab/abcd…`, read-only once written.

    obstore's LocalStore does not sync what it writes, so the writing is done here.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._durable: set[str] = set()  # folders whose own entry is on the disk for certain

    def path(self, name: str) -> Path:
        """Where the bytes of a name are or would be."""
        return self.root / _checked(name)[:2] / name

    async def put(self, data: bytes) -> str:
        return await asyncio.to_thread(self._keep, hashlib.sha256(data).hexdigest(), [data])

    async def put_file(self, path: Path) -> str:
        return await asyncio.to_thread(lambda: self._keep(_digest(path), _pieces(path)))

    def _keep(self, name: str, pieces: Any) -> str:
        target = self.path(name)
        _make_folder(target.parent)
        if target.parent.name not in self._durable:  # made by somebody else a moment ago, perhaps
            _sync_folder(self.root)
            self._durable.add(target.parent.name)
        if not target.exists():
            draft = target.parent / f".draft-{secrets.token_hex(8)}"
            try:
                self._write(draft, pieces)
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)
        _sync_folder(target.parent)
        return name

    def _write(self, draft: Path, pieces: Any) -> None:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o440)
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())

    async def get(self, name: str) -> bytes:
        data = await asyncio.to_thread(self.path(name).read_bytes)
        return _proved(name, data)

    async def stream(self, name: str) -> AsyncIterator[bytes]:
        pieces = _pieces(self.path(name))
        while piece := await asyncio.to_thread(next, pieces, b""):
            yield piece

    async def exists(self, name: str) -> bool:
        return await asyncio.to_thread(self.path(name).is_file)

    async def size(self, name: str) -> int:
        return (await asyncio.to_thread(self.path(name).stat)).st_size

    async def names(self) -> AsyncIterator[str]:
        for path in await asyncio.to_thread(lambda: list(self.root.glob("??/*"))):
            if NAME.fullmatch(path.name):
                yield path.name

    async def discard(self, name: str) -> None:
        await asyncio.to_thread(self.path(name).unlink, missing_ok=True)

    async def kept_at(self, name: str) -> datetime:
        stat_result = await asyncio.to_thread(self.path(name).stat)
        return datetime.fromtimestamp(stat_result.st_mtime, UTC)

    def _binned(self, name: str, day: str) -> Path:
        return self.root / "bin" / _day(day) / _checked(name)

    async def to_bin(self, name: str, day: str) -> None:
        await asyncio.to_thread(_moved, self.path(name), self._binned(name, day))

    async def from_bin(self, name: str, day: str) -> None:
        await asyncio.to_thread(_moved, self._binned(name, day), self.path(name))

    async def binned(self) -> list[tuple[str, str]]:
        results = await asyncio.to_thread(lambda: sorted((self.root / "bin").glob("????-??-??/*")))
        return [(path.parent.name, path.name) for path in results if NAME.fullmatch(path.name)]

    async def empty(self, name: str, day: str) -> None:
        await asyncio.to_thread(self._binned(name, day).unlink, missing_ok=True)

    async def tidy(self) -> int:
        drafts = await asyncio.to_thread(lambda: list(self.root.glob("??/.draft-*")))
        for draft in drafts:
            await asyncio.to_thread(draft.unlink, missing_ok=True)
        return len(drafts)


@contextmanager
def _reached() -> Iterator[None]:
    """An object server that does not answer, or not as it should, is an OSError like a disk that does not."""
    try:
        yield
    except AlreadyExistsError:
        return
    except NotFoundError as error:
        raise FileNotFoundError(str(error)) from error
    except BaseError as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


class BucketObjects:
    """Objects in a bucket, through obstore, created once and never written over."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket

    def key(self, name: str) -> str:
        return f"{_checked(name)[:2]}/{name}"

    async def put(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        await self._create(name, data)
        return name

    async def put_file(self, path: Path) -> str:
        name = await asyncio.to_thread(_digest, path)
        await self._create(name, path)
        return name

    async def _create(self, name: str, what: bytes | Path) -> None:
        with _reached():
            await obstore.put_async(self.bucket, self.key(name), what, mode="create")

    async def get(self, name: str) -> bytes:
        with _reached():
            result = await obstore.get_async(self.bucket, self.key(name))
            data = bytes(await result.bytes_async())
        return _proved(name, data)

    async def stream(self, name: str) -> AsyncIterator[bytes]:
        with _reached():
            result = await obstore.get_async(self.bucket, self.key(name))
            async for piece in result.stream(min_chunk_size=CHUNK):
                yield bytes(piece)

    async def exists(self, name: str) -> bool:
        try:
            await self.size(name)
        except FileNotFoundError:
            return False
        return True

    async def size(self, name: str) -> int:
        with _reached():
            return (await obstore.head_async(self.bucket, self.key(name)))["size"]

    async def names(self) -> AsyncIterator[str]:
        async for page in obstore.list(self.bucket):
            for entry in page:
                name = entry["path"].rsplit("/", 1)[-1]
                if NAME.fullmatch(name) and not entry["path"].startswith("bin/"):
                    yield name

    async def kept_at(self, name: str) -> datetime:
        return (await obstore.head_async(self.bucket, self.key(name)))["last_modified"]

    def _binned(self, name: str, day: str) -> str:
        return f"bin/{_day(day)}/{_checked(name)}"

    async def to_bin(self, name: str, day: str) -> None:
        await obstore.rename_async(self.bucket, self.key(name), self._binned(name, day))

    async def from_bin(self, name: str, day: str) -> None:
        await obstore.rename_async(self.bucket, self._binned(name, day), self.key(name))

    async def binned(self) -> list[tuple[str, str]]:
        rows = []
        async for page in obstore.list(self.bucket, prefix="bin"):
            rows += [tuple(entry["path"].split("/")[-2:]) for entry in page]
        return sorted((day, name) for day, name in rows if NAME.fullmatch(name))

    async def empty(self, name: str, day: str) -> None:
        await obstore.delete_async(self.bucket, self._binned(name, day))

    async def discard(self, name: str) -> None:
        await obstore.delete_async(self.bucket, self.key(name))

    async def tidy(self) -> int:
        return 0  # a bucket shows an object whole or not at all


def _proved(name: str, data: bytes) -> bytes:
    if hashlib.sha256(data).hexdigest() != name:
        raise ObjectDamaged(name)
    return data
