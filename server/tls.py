"""Whom TLS connections of ours believe: the machine's authorities, and one more that the operator names.

A bureau's mail server, gateway or time stamp service often has a certificate of the bureau's own authority.
"""

from __future__ import annotations

import ssl


def context(authority: str = "") -> ssl.SSLContext:
    """A context that checks name and certificate. `authority`: path of a PEM file whose certificates count too."""
    created = ssl.create_default_context()
    if authority:
        created.load_verify_locations(cafile=authority)
    return created
