"""时间戳 (RFC 3161): somebody else's signed word that a day's statement existed at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

SHA256 = "2.16.840.1.101.3.4.2.1"
CERTIFICATES = 0xA0
GRANTED, GRANTED_WITH_MODS = 0, 1  # PKIStatus, RFC 3161, section 2.4.2


class BadStamp(ValueError):
    """No time stamp, or not of these bytes, or by nobody who is trusted; the message says which."""


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """`at`: the authority's own clock. `serial`: its number for this stamp."""

    at: datetime
    serial: int
    nonce: int | None
    changed: str = ""  # granted otherwise than asked (PKIStatus 1): what the authority says of it


def read(response: bytes, statement: bytes) -> TimeStamp:
    """What a response says, once it is of these bytes. Whoever signed it: see `trusted`. Raises BadStamp."""
    result = _decoded(response)
    if result.status not in (GRANTED, GRANTED_WITH_MODS):
        raise BadStamp(f"not granted: status {result.status} {' '.join(result.status_string)}".strip())
    told = result.tst_info
    imprint = told.message_imprint
    if imprint.hash_algorithm.dotted_string != SHA256 or imprint.message != sha256(statement).digest():
        raise BadStamp("a stamp of other bytes")
    changed = "; ".join(result.status_string) or "granted with modifications"
    return TimeStamp(
        told.gen_time.astimezone(UTC), told.serial_number, told.nonce,
        changed if result.status == GRANTED_WITH_MODS else "",
    )  # fmt: skip


def check_line(data: str, stamp: str, authority: str, at: datetime) -> str:
    """The line with which OpenSSL checks a stamp, today and when the authority's certificate has run out."""
    seconds = int(at.timestamp())
    return f"openssl ts -verify -data {data} -in {stamp} -CAfile {authority} -attime {seconds}"


def trusted(response: bytes, statement: bytes, roots: bytes) -> None:
    """Raise BadStamp unless an authority under one of the PEM certificates `roots` signed it."""
    builder = VerifierBuilder()
    try:
        for certificate in load_pem_x509_certificates(roots):
            builder = builder.add_root_certificate(certificate)
        builder.build().verify_message(_decoded(_plainly_granted(response)), statement)
    except (VerificationError, ValueError) as error:
        raise BadStamp(str(error)) from error


def _plainly_granted(response: bytes) -> bytes:
    """The response with status 0 in place of 1: the signature does not cover it, the verifier insists on it."""
    try:
        status = _parts(response, *_parts(response, *_parts(response, 0, len(response))[0][1:])[0][1:])[0]
    except (ValueError, IndexError):
        return response
    if response[status[1] : status[2]] != bytes([GRANTED_WITH_MODS]):
        return response
    return response[: status[1]] + bytes([GRANTED]) + response[status[2] :]


def _decoded(response: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(_in_order(response))
    except (ValueError, IndexError) as error:
        raise BadStamp("no time stamp response") from error


def _in_order(response: bytes) -> bytes:
    """The response with its certificates in DER's order: the signature does not cover them, the reader of the
    response insists on it, and authorities (openssl's among them) do not keep it.
    """
    answer = _parts(response, 0, len(response))[0]
    inner = _parts(response, *answer[1:])
    if len(inner) < 2:  # a status alone
        return response
    content = _parts(response, *inner[1][1:])[1]
    signed = _parts(response, *content[1:])[0]
    for tag, begin, end in _parts(response, *signed[1:]):
        if tag == CERTIFICATES:
            starts = [begin, *(part[2] for part in _parts(response, begin, end))]
            ordered = sorted(response[a:b] for a, b in pairwise(starts))
            return response[:begin] + b"".join(ordered) + response[end:]
    return response


def _parts(data: bytes, begin: int, end: int) -> list[tuple[int, int, int]]:
    """Tag, first byte and end of each value between two places of DER. Raises ValueError."""
    parts = []
    while begin < end:
        tag, length, begin = data[begin], data[begin + 1], begin + 2
        if length > 0x80:
            wide = length & 0x7F
            length, begin = int.from_bytes(data[begin : begin + wide], "big"), begin + wide
        elif length == 0x80:
            raise ValueError("no definite length")
        if begin + length > end:
            raise ValueError("longer than what holds it")
        parts.append((tag, begin, begin + length))
        begin += length
    return parts
