"""Files as Telegram keeps them (F9): photos recompressed without EXIF, documents byte for byte."""

from __future__ import annotations

import asyncio
import io
import mimetypes
import secrets
from typing import Any

from PIL import Image, ImageOps

from server.practice.refusals import bad
from server.practice.storage import Storage

PHOTO_BYTES = 10 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
UPLOAD_BYTES = 50 * 1024 * 1024
_SIDES = (90, 320, 800, 1280)
_FORMATS = ("JPEG", "PNG", "WEBP")
_MAX_PIXELS = 50_000_000


class Files:
    """The file store; a file is `{file_id, file_unique_id, file_path, file_size, mime_type, file_name}`."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._files: dict[str, dict[str, Any]] = storage.rows("file")
        self._media: dict[str, dict[str, Any]] = storage.rows("media")

    async def photo(self, content: bytes) -> list[dict[str, Any]]:
        """PhotoSize objects, smallest first."""
        if len(content) > PHOTO_BYTES:
            raise bad("file is too big")
        sizes = await asyncio.to_thread(_sizes, content)
        shown = [
            self._keep("AgACAgUAAx", "photos", ".jpg", body, width=width, height=height)
            for width, height, body in sizes
        ]
        photo = [_only(size, "file_id file_unique_id file_size width height") for size in shown]
        for size in photo:
            self._remember(size["file_id"], {"photo": photo})
        return photo

    async def document(self, content: bytes, name: str, mime_type: str | None = None) -> dict[str, Any]:
        """A Document object; the bytes are kept as they came."""
        if len(content) > UPLOAD_BYTES:
            raise bad("file is too big")
        name = name.replace("/", "_").replace("\\", "_") or "file"
        mime = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        ending = "." + name.rpartition(".")[2] if "." in name and name.rpartition(".")[2].isalnum() else ""
        data = self._keep("BQACAgUAAx", "documents", ending, content, file_name=name, mime_type=mime)
        document = _only(data, "file_id file_unique_id file_size file_name mime_type")
        self._remember(data["file_id"], {"document": document})
        return document

    def voice(self, content: bytes) -> dict[str, Any]:
        data = self._keep("AwACAgUAAx", "voice", ".oga", content, mime_type="audio/ogg", duration=3)
        return _only(data, "file_id file_unique_id file_size mime_type duration")

    def sticker(self, emoji: str) -> dict[str, Any]:
        data = self._keep("CAACAgUAAx", "stickers", ".webp", b"RIFF", width=512, height=512, emoji=emoji)
        size = _only(data, "file_id file_unique_id file_size width height emoji")
        return {**size, "type": "regular", "is_animated": False, "is_video": False}

    def media(self, file_id: str, kind: str) -> Any:
        """What was sent before under this id, to be sent again."""
        known = self._media.get(file_id, {})
        if kind not in known:
            raise bad("wrong file identifier/HTTP URL specified")
        return known[kind]

    def described(self, file_id: str) -> dict[str, Any]:
        """The File object of getFile."""
        data = self._files.get(file_id)
        if data is None:
            raise bad("invalid file_id")
        if data["file_size"] > DOWNLOAD_BYTES:
            raise bad("file is too big")
        return _only(data, "file_id file_unique_id file_size file_path")

    def by_path(self, path: str) -> tuple[bytes, dict[str, Any]] | None:
        for file in self._files.values():
            if file["file_path"] == path:
                return self.content(file["file_id"]), file
        return None

    def content(self, file_id: str) -> bytes:
        return self._storage.read_file(self._files[file_id]["file_unique_id"])

    def known(self, file_id: str) -> dict[str, Any] | None:
        return self._files.get(file_id)

    def _keep(self, prefix: str, folder: str, ending: str, content: bytes, **more: Any) -> dict[str, Any]:
        unique = secrets.token_urlsafe(12).replace("-", "A").replace("_", "B")
        data = {
            "file_id": prefix + secrets.token_urlsafe(36),
            "file_unique_id": unique,
            "file_size": len(content),
            "file_path": f"{folder}/file_{len(self._files) + 1}{ending}",
            **more,
        }
        self._storage.write_file(unique, content)
        self._files[data["file_id"]] = data
        self._storage.put("file", data["file_id"], data)
        return data

    def _remember(self, file_id: str, media: dict[str, Any]) -> None:
        self._media[file_id] = media
        self._storage.put("media", file_id, media)


def _sizes(content: bytes) -> list[tuple[int, int, bytes]]:
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MAX_PIXELS or max(opened.size) > 20 * min(opened.size):
                raise bad("PHOTO_INVALID_DIMENSIONS")
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise bad("IMAGE_PROCESS_FAILED") from error
    sides = [side for side in _SIDES if side < max(upright.size)] or [max(upright.size)]
    if max(upright.size) < _SIDES[-1] and sides[-1] != max(upright.size):
        sides.append(max(upright.size))
    return [_scaled(upright, side) for side in sides]


def _scaled(image: Image.Image, side: int) -> tuple[int, int, bytes]:
    copy = image.copy()
    copy.thumbnail((side, side))
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=87)
    return copy.width, copy.height, out.getvalue()


def _only(data: dict[str, Any], names: str) -> dict[str, Any]:
    return {name: data[name] for name in names.split() if name in data}
