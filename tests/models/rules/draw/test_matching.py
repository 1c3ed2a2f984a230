"""Art. 14 (2): the least loaded team without a recused member, and the ticket among equals."""

from hashlib import sha256

from models.rules.draw.crew import Seat
from models.rules.draw.matching import Matcher, matches, matches_file
from models.rules.draw.rows import RecusalGround, RecusalRow

SEED = bytes(32)
SEATS = [Seat(area, team, "GA", f"{area}{team}", True) for area in ("a", "b") for team in range(1, 5)]


def recusals(*pairs: tuple[str, str]) -> list[RecusalRow]:
    return [RecusalRow(id, who, RecusalGround.SELF) for id, who in pairs]


def test_the_least_loaded_team_and_among_equals_the_smallest_ticket_is_chosen() -> None:
    matcher = Matcher(SEED, {"a": 4, "b": 4}, SEATS, ())
    loads = dict.fromkeys(range(1, 5), 0)
    for number in range(100):
        id = f"target{number}"
        expected = min(loads, key=lambda t: (loads[t], sha256(SEED + f"M{id}\t{t}".encode()).digest()))
        assert matcher.match(id, "a").team == expected
        loads[expected] += 1


def test_a_target_avoids_the_teams_of_its_recused_whatever_they_carry() -> None:
    matcher = Matcher(
        SEED, {"a": 4, "b": 4}, SEATS, recusals(*((f"t{n}", f"a{m}") for n in range(9) for m in (1, 3, 4)))
    )
    assert [matcher.match(f"t{n}", "a").team for n in range(9)] == [2] * 9
    assert matcher.match("free", "a").team != 2


def test_where_every_team_has_a_recused_member_the_least_loaded_takes_it_and_its_recused_are_named() -> None:
    everybody = [("t", f"a{team}") for team in range(1, 5)]
    matcher = Matcher(SEED, {"a": 4, "b": 4}, SEATS, recusals(*everybody, ("t", "b1")))
    ties = [matcher.match(f"x{n}", "a").team for n in range(3)]
    (lightest,) = {1, 2, 3, 4} - set(ties)
    assert matcher.match("t", "a")[2:] == (lightest, (f"a{lightest}",))


def test_a_recusal_of_another_area_does_not_matter() -> None:
    with_it = Matcher(SEED, {"a": 4, "b": 4}, SEATS, recusals(*(("t", f"b{n}") for n in range(1, 5))))
    assert with_it.match("t", "a") == Matcher(SEED, {"a": 4, "b": 4}, SEATS, ()).match("t", "a")


def test_a_team_that_loses_a_target_is_lighter_again() -> None:
    matcher = Matcher(SEED, {"a": 4}, SEATS, ())
    teams = [matcher.match(f"x{n}", "a").team for n in range(8)]
    matcher.loads["a"].add(teams[0], -1)
    assert matcher.match("y", "a").team == teams[0]


def test_areas_go_by_bytes_targets_by_rank_and_the_file_by_id() -> None:
    found = matches(Matcher(SEED, {"b": 4, "a": 4}, SEATS, ()), [("z", "b"), ("y", "a"), ("x", "b")])
    assert [match.id for match in found] == ["y", "z", "x"]
    assert [row.split(b"\t")[0] for row in matches_file(found).splitlines()] == [b"x", b"y", b"z"]
