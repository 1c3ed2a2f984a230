"""时间戳 (RFC 3161): somebody else's signed word that a day's statement existed at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

SHA256 = "2.16.840.1.101.3.4.2.1"


class BadStamp(ValueError):
    """No time stamp, or not of these bytes, or by nobody who is trusted; the message says which."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """`at`: the authority's own clock. `serial`: its number for this stamp."""

    at: datetime
    serial: int
    nonce: int | None


def read(response: bytes, statement: bytes) -> Stamp:
    """What a response says, once it is of these bytes. Whoever signed it: see `trusted`. Raises BadStamp."""
    found = _decoded(response)
    if found.status != 0:
        raise BadStamp(f"not granted: status {found.status} {' '.join(found.status_string)}".strip())
    told = found.tst_info
    imprint = told.message_imprint
    if imprint.hash_algorithm.dotted_string != SHA256 or imprint.message != sha256(statement).digest():
        raise BadStamp("a stamp of other bytes")
    return Stamp(told.gen_time.astimezone(UTC), told.serial_number, told.nonce)


def trusted(response: bytes, statement: bytes, roots: bytes) -> None:
    """Raise BadStamp unless an authority under one of the PEM certificates `roots` signed it."""
    builder = VerifierBuilder()
    try:
        for certificate in load_pem_x509_certificates(roots):
            builder = builder.add_root_certificate(certificate)
        builder.build().verify_message(_decoded(response), statement)
    except (VerificationError, ValueError) as error:
        raise BadStamp(str(error)) from error


def _decoded(response: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(response)
    except ValueError as error:
        raise BadStamp("no time stamp response") from error
