"""Art. 14 (1): the tickets decide which targets are drawn."""

import tracemalloc
from collections import Counter
from hashlib import sha256
from typing import Any

import pytest

from models.rules.draw.commitment import read_commitment
from models.rules.draw.entropy import ticket
from models.rules.draw.rows import PoolRow
from models.rules.draw.sampling import candidates, candidates_of_lines, drawn_file, sample, settle
from tests.models.rules.drawing import VECTORS, pool


def seed(number: int) -> bytes:
    return sha256(b"%d" % number).digest()


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_the_vectors_targets_are_drawn_byte_for_byte(case: dict[str, Any]) -> None:
    committed = read_commitment({name: text.encode() for name, text in case["files"].items()})
    chosen = sample(bytes.fromhex(case["seed"]), committed.rules.strata, committed.pool)
    assert drawn_file(chosen.drawn).decode() == case["results"]["drawn.tsv"]


def test_the_smallest_tickets_of_each_stratum_are_drawn_and_the_rest_waits_in_order() -> None:
    rows = pool(20) + [PoolRow(row.id[::-1], "B", "东区") for row in pool(10)]
    chosen = sample(seed(1), {"A": 5, "B": 10, "C": 0}, rows)
    for stratum, count in (("A", 5), ("B", 10)):
        in_order = sorted((ticket(seed(1), b"T", row.id), row.id) for row in rows if row.stratum == stratum)
        drawn = [(one.ticket, one.id) for one in chosen.drawn if one.stratum == stratum]
        assert drawn == in_order[:count]
        assert list(chosen.reserve[stratum]) == [id for _, id in in_order[count:]]
    assert [one.rank for one in chosen.drawn] == list(range(1, 16))
    assert [one.ticket for one in chosen.drawn] == sorted(one.ticket for one in chosen.drawn)
    assert chosen.reserve["C"] == ()


def test_the_order_of_the_pool_does_not_matter() -> None:
    assert sample(seed(2), {"A": 5}, pool(20)) == sample(seed(2), {"A": 5}, pool(20)[::-1])


def test_within_a_stratum_each_target_is_equally_likely() -> None:
    rows, draws, count = pool(20), 5000, 6
    seen: Counter[str] = Counter()
    for number in range(draws):
        seen.update(one.id for one in sample(seed(number), {"A": count}, rows).drawn)
    p = count / len(rows)
    chi = sum((seen[row.id] - draws * p) ** 2 for row in rows) / (draws * p * (1 - p)) * 19 / 20
    assert len(seen) == 20
    assert chi < 63  # 19 degrees of freedom: p = 1e-6


def test_the_first_drawn_is_any_of_them() -> None:
    rows, draws = pool(10), 4000
    seen = Counter(sample(seed(number), {"A": 3}, rows).drawn[0].id for number in range(draws))
    chi = sum((seen[row.id] - draws / 10) ** 2 for row in rows) / (draws / 10)
    assert chi < 45  # 9 degrees of freedom: p = 1e-6


def test_a_pool_streams_through_little_memory_and_gives_the_same_draw() -> None:
    rows = pool(5000)
    whole = sample(seed(3), {"A": 40}, rows)
    tracemalloc.start()
    streamed = sample(seed(3), {"A": 40}, (row for row in rows), spare=10)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert streamed.drawn == whole.drawn
    assert streamed.reserve["A"] == whole.reserve["A"][:10]
    assert streamed.cut == {"A"}
    assert not whole.cut
    assert peak < 300_000


def test_parts_of_a_pool_can_be_hashed_apart() -> None:
    rows, strata = pool(900), {"A": 40}
    for needs in (None, {"A": 50}):
        parts = [candidates(seed(4), strata, rows[n::3], needs) for n in range(3)]
        assert settle(strata, parts, needs).drawn == sample(seed(4), strata, rows).drawn


def test_lines_of_the_pool_file_give_the_same_draw() -> None:
    rows = sorted([*pool(3000), *(PoolRow(row.id[::-1], "B", "东区") for row in pool(2500))])
    strata, needs = {"A": 30, "B": 7}, {"A": 40, "B": 17}
    lines = ["\t".join(row).encode() + b"\n" for row in rows]
    chunks = [lines[n : n + 700] for n in range(0, len(lines), 700)]
    assert settle(strata, [candidates_of_lines(seed(5), strata, chunks, needs)], needs) == sample(
        seed(5), strata, rows, spare=10
    )
