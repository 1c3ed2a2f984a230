"""默克尔树: one hash for a whole log and short proofs about it, as in RFC 9162, 2.1 (Art. 16 (3)).

A log is given as the hashes of its leaves (`leaf`), in their order. Proofs are lists of node hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from hashlib import sha256

EMPTY = sha256(b"").digest()

Hashes = Sequence[bytes]


def leaf(entry: bytes) -> bytes:
    """The hash of a leaf; its prefix keeps it apart from every node."""
    return sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Log:
    """A log that grows leaf by leaf: the peaks of its full subtrees are all that its hash needs."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []
        for hashed in leaves:
            self.append(hashed)

    def append(self, hashed: bytes) -> None:
        width, peak = 1, hashed
        while self._peaks and self._peaks[-1][0] == width:
            width, peak = width * 2, node(self._peaks.pop()[1], peak)
        self._peaks.append((width, peak))
        self.size += 1

    @property
    def root(self) -> bytes:
        peaks = [peak for _, peak in reversed(self._peaks)]
        return reduce(lambda whole, peak: node(peak, whole), peaks) if peaks else EMPTY


def root(leaves: Hashes) -> bytes:
    """The hash of the tree."""
    return Log(leaves).root


def inclusion(leaves: Hashes, index: int) -> list[bytes]:
    """What proves that the leaf at `index` is in the tree (2.1.3.1). Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion(leaves[:split], index), root(leaves[split:])]
    return [*inclusion(leaves[split:], index - split), root(leaves[:split])]


def included(hashed: bytes, index: int, size: int, proof: Hashes, root: bytes) -> bool:
    """Whether `proof` shows a leaf's hash at `index` of the tree of `size` leaves with this root."""
    if not 0 <= index < size:
        return False
    at, last, here = index, size - 1, hashed
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            here = node(other, here)
            at, last = _up(at, last)
        else:
            here = node(here, other)
        at, last = at >> 1, last >> 1
    return last == 0 and here == root


def consistency(leaves: Hashes, first: int) -> list[bytes]:
    """What proves that the tree of the `first` leaves grew into this one (2.1.4.1). Raises IndexError."""
    if not 0 <= first <= len(leaves):
        raise IndexError(first)
    return _subproof(leaves, first, True) if first else []


def _subproof(leaves: Hashes, first: int, whole: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [root(leaves)]
    split = _split(len(leaves))
    if first <= split:
        return [*_subproof(leaves[:split], first, whole), root(leaves[split:])]
    return [*_subproof(leaves[split:], first - split, False), root(leaves[:split])]


def consistent(first: int, second: int, first_root: bytes, second_root: bytes, proof: Hashes) -> bool:
    """Whether `proof` shows that the first tree is the beginning of the second (2.1.4.2)."""
    if not 0 <= first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof and first_root == EMPTY
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node(other, old), node(other, new)
            at, last = _up(at, last)
        else:
            new = node(new, other)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _up(at: int, last: int) -> tuple[int, int]:
    """Past the levels on which a node has no neighbour."""
    while not at & 1 and at:
        at, last = at >> 1, last >> 1
    return at, last


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
