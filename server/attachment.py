"""Bytes that came from outside, handed out again (D38, D45)."""

from __future__ import annotations

from aiohttp import hdrs, web

TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "HEIC": "image/heic",
}


def attachment(data: bytes, form: str, sha256: str) -> web.Response:
    """Bytes from outside, to be saved and never shown by the browser itself."""
    return web.Response(
        body=data,
        content_type="application/pdf" if form == "PDF" else TYPES.get(form, "application/octet-stream"),
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{sha256[:16]}.{form.lower()}"',
            hdrs.CACHE_CONTROL: "private, max-age=3600",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
