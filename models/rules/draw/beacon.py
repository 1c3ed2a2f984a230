"""A public random beacon, checked without a network: drand's rounds, their times and signatures (Art. 14 (1)).

A round's signature is the only one that the network's public key accepts for it, so nobody can choose its value, and
anybody can check it: value = SHA-256 of the signature. Two of drand's schemes: bls-unchained-g1-rfc9380 (quicknet:
signed is the round's number) and pedersen-bls-chained (the default chain: the signature before and the number).
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
PUBLISHED_AT = "https://api.drand.sh"
SOURCE = re.compile(r"beacon:(.+) ([1-9][0-9]{0,11})")
HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2})*")
DOMAIN_G1 = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"  # RFC 9380
DOMAIN_G2 = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_"
GENERATOR_G1 = bytes.fromhex(
    "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
)
GENERATOR_G2 = bytes.fromhex(
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)


@dataclass(frozen=True, slots=True)
class Chain:
    """A drand network. `hash`: its name there; `public_key`: compressed, in G1 where rounds are chained, else in G2;
    a round every `period` seconds."""

    hash: str
    public_key: bytes
    genesis: int
    period: int
    chained: bool = False

    @property
    def signature_size(self) -> int:
        """Bytes of a compressed point: in G2 for a chained network, else in G1."""
        return 96 if self.chained else 48

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
    ),
    "drand-default": Chain(
        "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce",
        bytes.fromhex(
            "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31"
        ),
        1595431050,
        30,
        chained=True,
    ),
}


@dataclass(frozen=True, slots=True)
class BeaconAnswer:
    """What a person pastes of a round, lower-case hex; `previous`: the signature before, of a chained network."""

    signature: str
    previous: str = ""


def known(source: str) -> tuple[Chain, int]:
    """The network and the round of `beacon:NAME ROUND`."""
    match = SOURCE.fullmatch(source)
    if match is None or match[1] not in CHAINS:
        raise Refusal("draw.beacon_unknown", ARTICLE, source=source, known=sorted(CHAINS))
    return CHAINS[match[1]], int(match[2])


def address(source: str) -> str:
    """Where the round of this source is published."""
    chain, number = known(source)
    return f"{PUBLISHED_AT}/{chain.hash}/public/{number}"


def published(source: str) -> datetime:
    """When the round of this source comes out."""
    chain, number = known(source)
    return chain.time_of(number)


def source_from(name: str, at: datetime) -> str:
    """The source for the first round of a network at `at` or later."""
    if name not in CHAINS:
        raise Refusal("draw.beacon_unknown", ARTICLE, source=f"beacon:{name}", known=sorted(CHAINS))
    return f"beacon:{name} {CHAINS[name].first_from(at)}"


def answer_in(text: str) -> BeaconAnswer:
    """The round in what a person pastes: its signature, or drand's whole answer as JSON."""
    pasted = text.strip()
    if not pasted.startswith("{"):
        return BeaconAnswer(pasted.lower())
    try:
        fields = json.loads(pasted)
    except (ValueError, RecursionError):
        return BeaconAnswer("")
    signature, previous = fields.get("signature", ""), fields.get("previous_signature", "")
    return BeaconAnswer(str(signature).strip().lower(), str(previous).strip().lower())


def value_of(source: str, answer: BeaconAnswer) -> str:
    """The round's value, if the network's key accepts the answer's signature for it; else refused."""
    chain, number = known(source)
    signature, previous = _bytes(answer.signature), _bytes(answer.previous)
    if len(signature) == chain.signature_size and chain.chained and not previous:
        raise Refusal("draw.beacon_incomplete", ARTICLE, source=source, round=number)
    if len(signature) != chain.signature_size or not accepts(chain, number, signature, previous):
        raise Refusal("draw.beacon_false", ARTICLE, source=source, round=number)
    return sha256(signature).hexdigest()


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text) if HEXADECIMAL.fullmatch(text) else b""


def accepts(chain: Chain, number: int, signature: bytes, previous: bytes = b"") -> bool:
    """Whether `signature` is the network's for this round (BLS; points of another order are refused)."""
    return (_accepts_chained if chain.chained else _accepts_unchained)(chain, number, signature, previous)


def _accepts_unchained(chain: Chain, number: int, signature: bytes, _previous: bytes) -> bool:
    import pyblst

    try:
        point = pyblst.BlstP1Element.uncompress(signature)
    except ValueError:
        return False
    hashed = pyblst.BlstP1Element.hash_to_group(sha256(number.to_bytes(8, "big")).digest(), DOMAIN_G1)
    key, generator = map(pyblst.BlstP2Element.uncompress, (chain.public_key, GENERATOR_G2))
    return bool(pyblst.final_verify(pyblst.miller_loop(point, generator), pyblst.miller_loop(hashed, key)))


def _accepts_chained(chain: Chain, number: int, signature: bytes, previous: bytes) -> bool:
    import pyblst

    try:
        point = pyblst.BlstP2Element.uncompress(signature)
    except ValueError:
        return False
    message = sha256(previous + number.to_bytes(8, "big")).digest()
    hashed = pyblst.BlstP2Element.hash_to_group(message, DOMAIN_G2)
    key, generator = map(pyblst.BlstP1Element.uncompress, (chain.public_key, GENERATOR_G1))
    return bool(pyblst.final_verify(pyblst.miller_loop(generator, point), pyblst.miller_loop(key, hashed)))
