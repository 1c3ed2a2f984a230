"""Small draws for tests: a fictitious district, random ones by number, and the vectors of the page."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from models.refusal import Refusal
from models.rules import draw
from models.rules.draw.commitment import commit
from models.rules.draw.entropy import pledge
from models.rules.draw.rows import (
    Commitment,
    DrawRules,
    ExclusionRow,
    Hold,
    Mode,
    PoolRow,
    PseudonymKey,
    RecusalGround,
    RecusalRow,
    RosterRow,
    key,
)
from models.rules.draw.substitution import LeavingOfficer, Reason

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "draw-1.json").read_text(encoding="utf-8")
)
NINE = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
DICE = "3141526535" * 5


def rules(**changes: Any) -> DrawRules:
    """A district of two areas, two departments and one stratum; anything of it may be changed."""
    usual: dict[str, Any] = {
        "draw": "2026-XH-TEST-01-1",
        "areas": {"东区": 1, "西区": 2},
        "crew": {"GA": 2, "WL": 2},
        "initiating": "GA",
        "strata": {"A": 4},
        "entropy": ("witness:GA", "witness:WL"),
    }
    return DrawRules(**usual | changes)


def salt(number: int) -> bytes:
    return sha256(b"salt %d" % number).digest()[:16]


def keys(count: int) -> list[PseudonymKey]:
    return [key(salt(n), f"91410402TEST{n:06d}") for n in range(count)]


def pool(count: int = 12, areas: tuple[str, ...] = ("东区", "西区"), stratum: str = "A") -> list[PoolRow]:
    return [PoolRow(one.id, stratum, areas[n % len(areas)]) for n, one in enumerate(keys(count))]


def roster(
    count: int = 9, departments: tuple[str, ...] = ("GA", "WL"), areas: tuple[str, ...] = ("东区", "西区")
) -> list[RosterRow]:
    """`count` per department, everybody everywhere; in each department every other one may lead."""
    return [
        RosterRow(f"1604{department}{n:03d}", department, areas, n % 2 == 0)
        for department in departments
        for n in range(count)
    ]


def padding() -> Callable[[int], bytes]:
    """Bytes for one commit: different every time, the same in every run."""
    numbers = count()
    return lambda n: sha256(b"padding %d" % next(numbers)).digest()[:n]


def values_for(committed: Commitment, number: int = 0) -> list[str]:
    """A value for each source."""
    chance = random.Random(number)
    made = {
        "witness": lambda: "".join(chance.choice("123456") for _ in range(50)),
        "beacon": lambda: "".join(chance.choice("0123456789abcdef") for _ in range(64)),
        "lottery": lambda: " ".join(str(chance.randrange(10)) for _ in range(3)),
    }
    return [made[source.partition(":")[0]]() for source in committed.rules.entropy]


def held(committed: Commitment, number: int = 0, at: datetime = NINE, **more: Any) -> draw.Draw:
    """The draw after its entropy; another `number`, another seed."""
    values = values_for(committed, number)
    given = zip(committed.rules.entropy, values, strict=True)
    pledges = [pledge(committed.commitment, value) for source, value in given if source.startswith("witness")]
    return draw.hold(committed, pledges, values, at, **more)


def hold_for(id: str, number: int = 0, ground: str = "art3-3") -> Hold:
    return Hold(id, ground, sha256(b"paper %d" % number).hexdigest(), salt(1000 + number))


def random_draw(number: int) -> tuple[draw.Draw, list[PseudonymKey]]:
    """A whole random history: two or three departments, recusals, holds, removals, substitutions, reassignments."""
    chance = random.Random(number)
    areas = chance.sample(["东区", "西区", "a", "Ａ区", "𠀀里"], chance.randint(1, 4))
    departments = chance.sample(["GA", "WL", "XF", "SCJG"], chance.randint(2, 3))
    made = DrawRules(
        draw=f"2026-TEST-{number}",
        areas={area: chance.randint(1, 3) for area in areas},
        crew={department: chance.randint(1, 3) for department in departments},
        initiating=departments[0],
        strata={},
        entropy=("witness:" + departments[0], "witness:" + departments[1], "lottery:福彩3D 2026300")[
            : chance.randint(2, 3)
        ],
        mode=chance.choice([Mode.OFFICIAL, Mode.PRACTICE]),
    )
    codes = keys(chance.randint(6, 30))
    targets = [PoolRow(k.id, chance.choice("AB"), chance.choice(areas)) for k in codes[:-1]]
    left_out = [ExclusionRow(codes[-1].id, "same-year"), ExclusionRow("1604XX999", "expired")]
    strata = {s: sum(t.stratum == s for t in targets) for s in "AB"}
    made = replace(made, strata={s: chance.randint(0, n) for s, n in strata.items()})
    people = _people(chance, made)
    pairs = {(chance.choice(targets).id, chance.choice(people).certificate) for _ in range(len(targets) * 2)}
    recusals = [RecusalRow(id, who, chance.choice(list(RecusalGround))) for id, who in sorted(pairs)]
    holds = [hold_for(t.id, n) for n, t in enumerate(targets) if chance.random() < 0.4]
    committed = commit(made, targets, people, recusals, left_out, holds, padding=padding())
    at_once = holds if chance.random() < 0.4 else []
    return _history(chance, held(committed, number, holds=at_once), {h.id: h for h in holds}), codes


def _people(chance: random.Random, made: DrawRules) -> list[RosterRow]:
    """Enough to fill every seat, in a tight way, and a few more."""
    found = []
    for department, seats in made.crew.items():
        wanted = [(area, n < teams) for area, teams in made.areas.items() for n in range(teams * seats)]
        wanted += [(chance.choice(list(made.areas)), False) for _ in range(chance.randint(0, 5))]
        for n, (area, lead) in enumerate(wanted):
            more = chance.sample(list(made.areas), chance.randint(0, len(made.areas)))
            where = tuple(sorted({area, *more}))
            found.append(
                RosterRow(f"1604{department}{n:03d}", department, where, lead or chance.random() < 0.3)
            )
    chance.shuffle(found)
    return found


def _history(chance: random.Random, now: draw.Draw, holds: dict[str, Hold]) -> draw.Draw:
    at = NINE
    for _ in range(chance.randint(0, 6)):
        at += timedelta(minutes=chance.choice([0, 1, 30, 90]), microseconds=chance.choice([0, 7]))
        try:
            now = _something(chance, now, holds, at)
        except Refusal as refusal:
            if refusal.code != "draw.time_not_after_last":
                raise
    return now


def _something(chance: random.Random, now: draw.Draw, holds: dict[str, Hold], at: datetime) -> draw.Draw:
    standing = draw.stand(now)
    unfit = {
        row.certificate: chance.choice(["expired", "leave:0123456789abcdef", "moved:fedcba9876543210"])
        for row in now.committed.roster
        if chance.random() < 0.2
    }
    if (moving := random.Random(at.timestamp())).random() < 0.3:
        return _reassigned(moving, now, standing, at)
    open_now = [holds[id] for id in standing.team_of if id in holds]
    if open_now and chance.random() < 0.6:
        return draw.remove(now, chance.sample(open_now, chance.randint(1, len(open_now))), at, unfit)
    return draw.substitute(now, _leaving(chance, standing), at, unfit)


def _reassigned(chance: random.Random, now: draw.Draw, standing: Any, at: datetime) -> draw.Draw:
    """A target goes to another team of its area that may take it, if there is one."""
    for id, (area, team) in sorted(standing.team_of.items(), key=lambda pair: chance.random()):
        others = [to for where, to in standing.seats_of if where == area and to != team]
        if others:
            try:
                return draw.reassign(now, id, chance.choice(others), at)
            except Refusal as refusal:
                if refusal.code != "reassignment.recused":
                    raise
    return now


def _leaving(chance: random.Random, standing: Any) -> list[LeavingOfficer]:
    team = chance.choice(list(standing.seats_of))
    seated = [standing.holder[n] for n in standing.seats_of[team] if standing.holder[n] != "-"]
    gone = chance.sample(seated, chance.randint(0, min(2, len(seated))))
    targets = sorted(standing.targets[team])
    if targets and chance.random() < 0.4:
        id = chance.choice(targets)
        serving = [who for _, who in standing.members(id) if who != "-"]
        if serving:
            return [LeavingOfficer(chance.choice(serving), Reason.OTHER, (id,))]
    return [LeavingOfficer(who, chance.choice(list(Reason))) for who in gone]
