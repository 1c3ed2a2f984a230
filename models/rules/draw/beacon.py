"""A public random beacon, checked without a network: drand's rounds, their times and signatures (Art. 14 (1)).

A round's signature is the only one that the network's public key accepts for that number, so nobody can choose
its value, and anybody can check it: value = SHA-256 of the signature (drand, scheme bls-unchained-g1-rfc9380).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from models.refusal import Refusal

ARTICLE = "14(1)"
DEFAULT = "drand-quicknet"
SOURCE = re.compile(r"beacon:(.+) ([1-9][0-9]{0,11})")
SIGNATURE = re.compile(r"[0-9a-f]{96}")
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
GENERATOR = bytes.fromhex(
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)


@dataclass(frozen=True, slots=True)
class Chain:
    """A drand network. `hash`: its name there; `public_key`: compressed, in G2; a round every `period` seconds."""

    hash: str
    public_key: bytes
    genesis: int
    period: int

    def time_of(self, number: int) -> datetime:
        """When this round comes out, never earlier."""
        return datetime.fromtimestamp(self.genesis + (number - 1) * self.period, UTC)

    def first_from(self, at: datetime) -> int:
        """The first round that comes out at `at` or later."""
        passed = at - self.time_of(1)
        return max(1, 1 - (-passed // timedelta(seconds=self.period)))


CHAINS = {
    DEFAULT: Chain(
        "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
        bytes.fromhex(
            "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
            "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
        ),
        1692803367,
        3,
    )
}


def known(source: str) -> tuple[Chain, int]:
    """The network and the round of `beacon:NAME ROUND`."""
    found = SOURCE.fullmatch(source)
    if found is None or found[1] not in CHAINS:
        raise Refusal("draw.beacon_unknown", ARTICLE, source=source, known=sorted(CHAINS))
    return CHAINS[found[1]], int(found[2])


def published(source: str) -> datetime:
    """When the round of this source comes out."""
    chain, number = known(source)
    return chain.time_of(number)


def source_from(name: str, at: datetime) -> str:
    """The source for the first round of a network at `at` or later."""
    if name not in CHAINS:
        raise Refusal("draw.beacon_unknown", ARTICLE, source=f"beacon:{name}", known=sorted(CHAINS))
    return f"beacon:{name} {CHAINS[name].first_from(at)}"


def signature_in(text: str) -> str:
    """The signature in what a person pastes: itself, or drand's whole answer as JSON."""
    given = text.strip()
    if given.startswith("{"):
        try:
            given = str(json.loads(given).get("signature", ""))
        except (ValueError, AttributeError, RecursionError):
            given = ""
    return given.strip().lower()


def value_of(source: str, signature: str) -> str:
    """The round's value, if the network's key accepts `signature` for it; else refused."""
    chain, number = known(source)
    if not SIGNATURE.fullmatch(signature) or not accepts(chain, number, bytes.fromhex(signature)):
        raise Refusal("draw.beacon_false", ARTICLE, source=source, round=number)
    return sha256(bytes.fromhex(signature)).hexdigest()


def accepts(chain: Chain, number: int, signature: bytes) -> bool:
    """Whether `signature` is the network's for this round (BLS, in G1; points of another order are refused)."""
    import pyblst

    try:
        given = pyblst.BlstP1Element.uncompress(signature)
    except ValueError:
        return False
    hashed = pyblst.BlstP1Element.hash_to_group(sha256(number.to_bytes(8, "big")).digest(), DOMAIN)
    key = pyblst.BlstP2Element.uncompress(chain.public_key)
    one = pyblst.BlstP2Element.uncompress(GENERATOR)
    return bool(pyblst.final_verify(pyblst.miller_loop(given, one), pyblst.miller_loop(hashed, key)))
