"""What a draw is made of (Art. 14): rules, pool, roster, recusals, exclusions, holds, keys."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256 as _sha256
from typing import Any, NamedTuple

from models.refusal import Refusal
from models.rules.draw.files import ARTICLE, canonical, lines, normal, plain, refuse_duplicates, sha256

SPEC = "shuangsuiji/draw/1"
HASH = re.compile(r"[0-9a-f]{64}")
UNUSUAL = re.compile(r"[^!-+\--~\t]|\t\t")  # among codes between TABs: what has to be looked at one by one


class Mode(StrEnum):
    OFFICIAL = "official"
    PRACTICE = "practice"
    PLATFORM = "platform"  # drawn by the provincial platform: brought in by file, not to be repeated here


IN_EARNEST = (Mode.OFFICIAL, Mode.PLATFORM)
"""These share one chain of numbers: no draw that inspections follow from is out of its sight."""


class RecusalGround(StrEnum):
    SELF = "self"
    REGISTER = "register"
    ENTITY = "entity"


@dataclass(frozen=True, slots=True)
class DrawRules:
    """`rules.json`. areas: teams per area; crew: seats per team and department; strata: targets to draw."""

    draw: str
    areas: Mapping[str, int]
    crew: Mapping[str, int]
    initiating: str
    strata: Mapping[str, int]
    entropy: tuple[str, ...]
    number: int = 1
    previous: str = ""
    mode: Mode = Mode.OFFICIAL
    spec: str = SPEC

    @property
    def witnesses(self) -> tuple[str, ...]:
        """Departments whose witness gives a value, in the order of the sources."""
        return tuple(s.removeprefix("witness:") for s in self.entropy if s.startswith("witness:"))

    @property
    def steerable(self) -> bool:
        """Without a beacon or lottery one honest witness who reveals is needed; the page says so."""
        return len(self.witnesses) == len(self.entropy)


class PoolRow(NamedTuple):
    id: str
    stratum: str
    area: str


class RosterRow(NamedTuple):
    certificate: str
    department: str
    areas: tuple[str, ...]
    lead: bool


class RecusalRow(NamedTuple):
    id: str
    certificate: str
    ground: RecusalGround


class ExclusionRow(NamedTuple):
    subject: str
    ground: str


class Hold(NamedTuple):
    """A target to be removed if it is drawn. `document`: SHA-256 hex of the paper; `salt`: 16 bytes."""

    id: str
    ground: str
    document: str
    salt: bytes

    @property
    def sealed(self) -> str:
        return sha256(self.salt + f"{self.id}\t{self.ground}\t{self.document}".encode())


class PseudonymKey(NamedTuple):
    """The way from an id back to a name; never in the public edition."""

    id: str
    salt: bytes
    code: str


@dataclass(frozen=True, slots=True)
class Commitment:
    """Everything that is fixed, as values and as bytes. `commitment`: SHA-256 hex of SHA256SUMS."""

    rules: DrawRules
    pool: tuple[PoolRow, ...]
    roster: tuple[RosterRow, ...]
    recusals: tuple[RecusalRow, ...]
    exclusions: tuple[ExclusionRow, ...]
    sealed: frozenset[str]
    files: Mapping[str, bytes]
    commitment: str


def target_id(salt: bytes, code: str) -> str:
    """The id of a target in one draw; `salt` is 16 fresh random bytes, `code` is normalised here."""
    if len(salt) != 16:
        raise ValueError("a salt has 16 bytes")
    return urlsafe_b64encode(_sha256(salt + normal(code).encode()).digest()[:16]).decode().rstrip("=")


def key(salt: bytes, code: str) -> PseudonymKey:
    code = plain(normal(code), "code")
    return PseudonymKey(target_id(salt, code), salt, code)


def keys_of(salts: Sequence[bytes], codes: Sequence[str]) -> list[PseudonymKey]:
    """`key` of each salt and code, for a whole register at once."""
    together = "\t".join(codes)
    if (
        UNUSUAL.search(f"\t{together}\t")
        or together.count("\t") != len(codes) - 1
        or set(map(len, salts)) != {16}
    ):
        return list(map(key, salts, codes))
    normals = together.upper().split("\t")
    hashed = (_sha256(salt + code.encode()).digest()[:16] for salt, code in zip(salts, normals, strict=True))
    ids = urlsafe_b64encode(
        b"".join([digest + b"\0\0" for digest in hashed])
    ).decode()  # 18 bytes are 24 letters
    starts = range(0, len(ids), 24)
    return [
        PseudonymKey(ids[start : start + 22], salt, code)
        for start, salt, code in zip(starts, salts, normals, strict=True)
    ]


def keys_file(keys: Iterable[PseudonymKey]) -> bytes:
    """`keys.tsv`; refuses one code under two ids."""
    remaining = list(keys)
    refuse_duplicates([k.code for k in remaining], "draw.code_twice", "target")
    refuse_duplicates([k.id for k in remaining], "draw.id_twice", "id")
    return lines(sorted([f"{id}\t{salt.hex()}\t{code}" for id, salt, code in remaining]))


def encode_rules(rules: DrawRules) -> bytes:
    return canonical(
        {
            "areas": dict(rules.areas),
            "crew": dict(rules.crew),
            "draw": rules.draw,
            "entropy": list(rules.entropy),
            "initiating": rules.initiating,
            "mode": str(rules.mode),
            "number": rules.number,
            "previous": rules.previous,
            "spec": rules.spec,
            "strata": dict(rules.strata),
        }
    )


def decode_rules(data: bytes) -> DrawRules:
    try:
        raw: dict[str, Any] = json.loads(data)
        rules = DrawRules(**raw | {"entropy": tuple(raw["entropy"]), "mode": Mode(raw["mode"])})
        again = encode_rules(rules)
        texts = (rules.draw, rules.initiating, rules.previous, rules.spec, *rules.entropy)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Refusal("draw.rules_malformed", ARTICLE, field="rules.json") from None
    if again != data or not all(isinstance(text, str) for text in texts):
        raise Refusal("draw.rules_malformed", ARTICLE, field="rules.json")
    return rules
