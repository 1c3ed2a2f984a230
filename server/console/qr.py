"""A QR code as a picture of one path: sharp at any size, nothing to load."""

from __future__ import annotations

import qrcode
from markupsafe import Markup

QUIET = 4


def svg(text: str) -> Markup:
    """An SVG element, dark on white whatever the page's colours are."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Markup(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="QR" shape-rendering="crispEdges">'
        '<rect width="{0}" height="{0}" fill="#fff"></rect><path d="{1}" fill="#000"></path></svg>'
    ).format(len(rows), path)
