"""The log's hash and its proofs, against the RFC's own words (RFC 9162, section 2.1; R26)."""

import json
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import merkle

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "rfc9162.json").read_text())
LEAVES = [merkle.leaf(bytes.fromhex(entry)) for entry in VECTORS["leaves"]]
ROOTS = [bytes.fromhex(root) for root in VECTORS["roots"]]


def hashes(proof):
    return [bytes.fromhex(one) for one in proof]


def half(size):
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def mth(entries):
    """The hash of a tree as the RFC defines it, entry by entry."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = half(len(entries))
    return sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m, entries):
    if len(entries) == 1:
        return []
    k = half(len(entries))
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def subproof(m, entries, known):
    if m == len(entries):
        return [] if known else [mth(entries)]
    k = half(len(entries))
    if m <= k:
        return [*subproof(m, entries[:k], known), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], False), mth(entries[:k])]


@pytest.mark.parametrize("size", range(9))
def test_the_hash_of_a_tree_is_the_one_of_the_reference_tests(size):
    assert merkle.root(LEAVES[:size]) == ROOTS[size]


@pytest.mark.parametrize("case", VECTORS["inclusion"], ids=lambda c: f"{c['index']} of {c['size']}")
def test_r26_the_vectors_of_inclusion_are_made_and_accepted(case):
    index, size, proof = case["index"], case["size"], hashes(case["proof"])
    assert merkle.inclusion(LEAVES[:size], index) == proof
    assert merkle.included(LEAVES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize("case", VECTORS["consistency"], ids=lambda c: f"{c['first']} to {c['second']}")
def test_r26_the_vectors_of_consistency_are_made_and_accepted(case):
    first, second, proof = case["first"], case["second"], hashes(case["proof"])
    assert merkle.consistency(LEAVES[:second], first) == proof
    assert merkle.consistent(first, second, ROOTS[first], ROOTS[second], proof)


@given(st.lists(st.binary(max_size=40), max_size=70), st.data())
def test_any_log_has_the_hash_and_the_proofs_of_the_definition(entries, data):
    leaves = [merkle.leaf(entry) for entry in entries]
    whole = merkle.root(leaves)
    assert whole == mth(entries)
    first = data.draw(st.integers(0, len(entries)))
    grown = merkle.consistency(leaves, first)
    assert grown == (subproof(first, entries, True) if first else [])
    assert merkle.consistent(first, len(entries), mth(entries[:first]), whole, grown)
    if entries:
        index = data.draw(st.integers(0, len(entries) - 1))
        proof = merkle.inclusion(leaves, index)
        assert proof == path(index, entries)
        assert merkle.included(leaves[index], index, len(entries), proof, whole)


def test_a_leaf_is_never_taken_for_a_node():
    left, right = merkle.leaf(b"a"), merkle.leaf(b"b")
    assert merkle.leaf(left + right) != merkle.node(left, right)


def spoil(dice, proof, known):
    """One thing changed that matters: a bit of a hash, a step more, less or twice; `known` are both ends."""
    proof, known = list(proof), list(known)
    kind = dice.choice(["bit", "end", "less", "more", "swap"])
    if kind in ("bit", "less", "swap") and len(proof) < 2:
        kind = "end"
    if kind in ("bit", "end"):
        hashed = proof if kind == "bit" else known
        at = dice.randrange(len(hashed))
        changed = bytearray(hashed[at])
        changed[dice.randrange(32)] ^= 1 << dice.randrange(8)
        hashed[at] = bytes(changed)
    elif kind == "less":
        del proof[dice.randrange(len(proof))]
    elif kind == "more":
        proof.insert(dice.randrange(len(proof) + 1), dice.choice([*proof, dice.randbytes(32)]))
    elif kind == "swap":
        at = dice.randrange(len(proof) - 1)
        proof[at], proof[at + 1] = proof[at + 1], proof[at]
    return proof, known


def forgeries(dice):
    """Proofs that prove something else than what is claimed: a size always comes with its published root."""
    leaves = [merkle.leaf(b"%d" % n) for n in range(130)]
    roots = [merkle.root(leaves[:size]) for size in range(131)]
    while True:
        size = dice.randrange(2, 131)
        part, other, grown = dice.randrange(1, size), dice.randrange(1, 131), dice.randrange(2, 131)
        inside, grew = merkle.inclusion(leaves[:size], part), merkle.consistency(leaves[:size], part)
        proof, (a, b) = spoil(dice, inside, (leaves[part], roots[size]))
        yield merkle.included, (a, part, size, proof, b)
        proof, (a, b) = spoil(dice, grew, (roots[part], roots[size]))
        yield merkle.consistent, (part, size, a, b, proof)
        if other != part:
            yield merkle.included, (leaves[part], other, size, inside, roots[size])
            yield merkle.consistent, (other, size, roots[other], roots[size], grew)
        if grown != size:
            yield merkle.included, (leaves[part], part, grown, inside, roots[grown])
            yield merkle.consistent, (part, grown, roots[part], roots[grown], grew)


def test_r26_none_of_ten_thousand_forged_proofs_is_accepted():
    accepted = [
        (check.__name__, claim) for check, claim in islice(forgeries(Random(9162)), 10_000) if check(*claim)
    ]
    assert accepted == []
