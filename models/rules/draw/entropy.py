"""Where chance comes from, and that nobody steers it (Art. 14 (1)): sources, pledges, seed, tickets.

Witnesses pledge before anyone reveals, so the last to reveal cannot choose; a beacon or lottery comes
out after the last reveal, so not even all witnesses together can.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256

from models.refusal import Refusal
from models.rules.draw.files import lines, plain
from models.rules.draw.rows import HASH, SPEC, DrawRules

VALUES = {
    "witness": re.compile(r"[1-6]{50}|[0-9a-f]{32,64}"),
    "beacon": re.compile(r"[0-9a-f]{64}"),
    "lottery": re.compile(r"[0-9]{1,20}(?: [0-9]{1,20})*"),
}


def check_value(source: str, value: str) -> str:
    """`value` if it is what such a source gives; anything else is refused, spaces and capitals too."""
    kind = source.partition(":")[0]
    if kind not in VALUES or not VALUES[kind].fullmatch(value):
        raise Refusal("draw.entropy_malformed", "14(1)", source=source, value=value)
    return value


def pledge(commitment: str, value: str) -> str:
    """What a witness publishes before anyone reveals: SHA-256 hex over commitment and value."""
    return sha256(f"{commitment}\n{value}\n".encode()).hexdigest()


def check_pledge(source: str, pledged: str) -> str:
    if not HASH.fullmatch(pledged):
        raise Refusal("draw.pledge_malformed", "14(1)", source=source)
    return pledged


def check_reveal(source: str, value: str, pledged: str, commitment: str) -> str:
    """`value` if it meets its pledge."""
    if pledge(commitment, check_value(source, value)) != pledged:
        raise Refusal("draw.reveal_breaks_pledge", "14(1)", source=source)
    return value


def pledges_file(rules: DrawRules, pledges: Sequence[str]) -> bytes:
    """`pledges.tsv`: a row per witness in the order of the sources."""
    witnesses = [f"witness:{department}" for department in rules.witnesses]
    if len(pledges) != len(witnesses):
        raise Refusal("draw.pledge_missing", "14(1)", pledges=len(pledges), witnesses=len(witnesses))
    return lines(f"{w}\t{check_pledge(w, p)}" for w, p in zip(witnesses, pledges, strict=True))


def entropy_file(rules: DrawRules, values: Sequence[str]) -> bytes:
    """`entropy.txt`: a value per source in their order."""
    if len(values) != len(rules.entropy):
        raise Refusal("draw.entropy_missing", "14(1)", values=len(values), sources=len(rules.entropy))
    return lines(check_value(s, v) for s, v in zip(rules.entropy, values, strict=True))


def check_reveals(rules: DrawRules, commitment: str, pledges: Sequence[str], values: Sequence[str]) -> None:
    """Refuses the first witness whose value does not meet its pledge."""
    pledges_file(rules, pledges)
    entropy_file(rules, values)
    given = zip(rules.entropy, values, strict=True)
    revealed = [(source, value) for source, value in given if source.startswith("witness:")]
    for (source, value), pledged in zip(revealed, pledges, strict=True):
        check_reveal(source, value, pledged, commitment)


def seed(draw: str, commitment: str, entropy: bytes) -> bytes:
    """The 32 bytes from which every ticket follows; `entropy` is the content of `entropy.txt`."""
    return sha256(f"{SPEC}\n{plain(draw, 'draw')}\n{commitment}\n".encode() + entropy).digest()


def ticket(seed: bytes, kind: bytes, text: str) -> bytes:
    """32 bytes, compared as bytes. kind: `T` targets, `I` inspectors, `M` matching."""
    return sha256(seed + kind + text.encode()).digest()
