"""Art. 3, 14, 15: from the entropy to the last substitution, and nobody picks."""

from datetime import timedelta
from typing import Any

import pytest

from models.refusal import Refusal
from models.rules import draw
from models.rules.draw.commitment import commit, read_commitment
from models.rules.draw.files import instant
from models.rules.draw.rows import Hold, PoolRow, RecusalGround, RecusalRow
from models.rules.draw.substitution import LeavingOfficer, Reason
from tests.models.rules.drawing import (
    NINE,
    VECTORS,
    held,
    hold_for,
    padding,
    pool,
    roster,
    rules,
)

LATER = NINE + timedelta(hours=1)


def usual(number: int = 0, **parts: Any) -> draw.Draw:
    """A draw of 4 of 12 targets, everybody everywhere, with whatever is changed."""
    made = {"rules": rules(), "pool": pool(), "roster": roster(), "padding": padding()} | parts
    return held(commit(**made), number)


def west(teams: int, count: int = 4) -> dict[str, Any]:
    """Everything in one area with so many teams."""
    made = rules(areas={"西区": teams}, strata={"A": count})
    return {"rules": made, "pool": pool(12, ("西区",)), "roster": roster(9, areas=("西区",))}


def refused(code: str, act: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        act()
    assert refusal.value.code == code


def vector(case: dict[str, Any]) -> draw.Draw:
    files = {name: text.encode() for name, text in case["files"].items()}
    committed = read_commitment(files)
    pledges = [row.split("\t")[1] for row in case["files"]["pledges.tsv"].splitlines()]
    return draw.hold(committed, pledges, case["files"]["entropy.txt"].splitlines(), NINE)


def vector_with_removals(case: dict[str, Any]) -> draw.Draw:
    drawn, by_time = vector(case), {}
    for row in case["results"]["removals.tsv"].splitlines():
        id, ground, document, salt, *_, time = row.split("\t")
        by_time.setdefault(time, []).append(Hold(id, ground, document, bytes.fromhex(salt)))
    for time, holds in by_time.items():
        drawn = draw.remove(drawn, holds[::-1], instant(time))
    return drawn


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_the_vectors_results_are_met_byte_for_byte(case: dict[str, Any]) -> None:
    files = draw.result_files(vector_with_removals(case))
    for name, text in case["results"].items():
        assert files[name].decode() == text
    assert files["entropy.txt"].decode() == case["files"]["entropy.txt"]
    assert files["pledges.tsv"].decode() == case["files"]["pledges.tsv"]


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_the_vectors_first_substitutes_are_met(case: dict[str, Any]) -> None:
    drawn = vector_with_removals(case)
    for expected in case["first_substitute_if_each_fell_out_alone"]:
        after = draw.substitute(
            drawn, [LeavingOfficer(expected["out"], Reason.POST)], instant("2026-11-28T10:00:00+08:00")
        )
        row = after.substitutions[len(drawn.substitutions)]
        assert (row.area, row.team, row.department) == (
            expected["area"],
            expected["team"],
            expected["department"],
        )
        assert row.incoming == expected["first"]
        assert row.ids == (expected["ids"],)
        assert row.passed == tuple((certificate, "recused") for certificate in expected["passed_as_recused"])


def test_a_draw_is_the_same_for_everybody_who_repeats_it() -> None:
    assert draw.result_files(usual()) == draw.result_files(usual())


def test_another_value_gives_another_draw() -> None:
    assert usual(1).sample.drawn != usual(2).sample.drawn


# -- Art. 3: removals --


def held_back(number: int = 0, **parts: Any) -> tuple[draw.Draw, dict[str, Hold]]:
    """A draw in which every target is on hold."""
    holds = {row.id: hold_for(row.id, n) for n, row in enumerate(parts.get("pool", pool()))}
    return usual(number, holds=list(holds.values()), **parts), holds


def test_a_drawn_target_on_hold_is_replaced_by_the_first_of_its_reserve_with_the_next_rank() -> None:
    drawn, holds = held_back()
    first = drawn.sample.drawn[0].id
    after = draw.remove(drawn, [holds[first]], LATER)
    (row,) = after.removals
    assert row.replacement == drawn.sample.reserve["A"][0]
    assert after.rank(row.replacement) == 5
    assert draw.stand(after).team_of[row.replacement] == (row.area, row.team)
    assert first not in draw.stand(after).team_of


def test_a_replacement_on_hold_is_removed_in_its_turn_at_the_same_instant() -> None:
    drawn, holds = held_back()
    first, (one, two, *_) = drawn.sample.drawn[0].id, drawn.sample.reserve["A"]
    after = draw.remove(drawn, [holds[one], holds[first]], LATER)
    assert [(row.id, row.replacement) for row in after.removals] == [(first, one), (one, two)]
    assert draw.stand(after).team_of[two] == (after.removals[1].area, after.removals[1].team)
    assert after.rank(two) == 6


def test_removals_at_one_instant_are_in_order_of_id_and_take_the_reserve_in_that_order() -> None:
    drawn, holds = held_back()
    ids = sorted(one.id for one in drawn.sample.drawn)
    after = draw.remove(drawn, [holds[id] for id in reversed(ids)], LATER)
    assert [row.id for row in after.removals] == ids
    assert [row.replacement for row in after.removals] == list(drawn.sample.reserve["A"][:4])


def test_an_empty_reserve_leaves_the_place_empty() -> None:
    drawn, holds = held_back(rules=rules(strata={"A": 12}))
    after = draw.remove(drawn, [holds[drawn.sample.drawn[0].id]], LATER)
    (row,) = after.removals
    assert (row.replacement, row.area, row.team) == ("-", "-", None)
    assert draw.result_files(after)["removals.tsv"].split(b"\t")[4:7] == [b"-", b"-", b"-"]
    again = draw.remove(after, [holds[drawn.sample.drawn[1].id]], LATER + timedelta(hours=1))
    assert again.removals[1].replacement == "-"


def test_the_reserve_of_another_stratum_does_not_help() -> None:
    rows = pool(6) + [PoolRow(row.id, "B", row.area) for row in pool(12)[6:]]
    drawn, holds = held_back(pool=rows, rules=rules(strata={"A": 6, "B": 1}))
    one = next(one for one in drawn.sample.drawn if one.stratum == "A")
    assert draw.remove(drawn, [holds[one.id]], LATER).removals[0].replacement == "-"


def test_none_but_targets_on_hold_can_be_removed() -> None:
    drawn, holds = held_back()
    id = drawn.sample.drawn[0].id
    for wrong in (
        holds[id]._replace(ground="art3-1"),
        holds[id]._replace(document="0" * 64),
        holds[id]._replace(salt=bytes(16)),
    ):
        refused("draw.not_on_hold", lambda wrong=wrong: draw.remove(drawn, [wrong], LATER))
    spare = holds[drawn.sample.reserve["A"][5]]
    refused("draw.target_not_in_play", lambda: draw.remove(drawn, [spare], LATER))
    after = draw.remove(drawn, [holds[id]], LATER)
    refused("draw.target_not_in_play", lambda: draw.remove(after, [holds[id]], LATER + timedelta(1)))


def test_removed_targets_count_in_no_load() -> None:
    """The team that loses its target is the least loaded of its area and takes the replacement."""
    drawn, holds = held_back(**west(2, 4))  # fmt: skip
    for match in drawn.matches:
        row = draw.remove(drawn, [holds[match.id]], LATER).removals[0]
        assert (row.area, row.team) == (match.area, match.team)


def test_what_happened_is_never_rewritten() -> None:
    drawn, holds = held_back()
    one, two = sorted(one.id for one in drawn.sample.drawn[:2])
    after = draw.remove(drawn, [holds[two]], LATER)
    refused("draw.time_not_after_last", lambda: draw.remove(after, [holds[one]], LATER - timedelta(1)))
    refused("draw.time_not_after_last", lambda: draw.remove(after, [holds[one]], LATER))
    gone = draw.substitute(after, [LeavingOfficer(drawn.seats[0].certificate, Reason.POST)], LATER)
    refused("draw.time_not_after_last", lambda: draw.remove(gone, [holds[one]], LATER))
    next_out = [LeavingOfficer(drawn.seats[1].certificate, Reason.POST)]
    refused("draw.time_not_after_last", lambda: draw.substitute(gone, next_out, LATER - timedelta(1)))


def test_a_draw_opens_at_once_the_holds_that_chance_has_drawn_and_their_replacements() -> None:
    drawn, holds = held_back()
    some = sorted(holds.values())[::2]
    opened = held(drawn.committed, holds=some)
    gone = {row.id for row in opened.removals}
    closed = {hold.id for hold in some}
    assert gone
    assert gone == closed & (
        {one.id for one in drawn.sample.drawn} | {r.replacement for r in opened.removals}
    )
    assert not closed & set(draw.stand(opened).team_of)
    assert opened.matches == drawn.matches


def test_no_one_stands_in_at_a_target_that_was_removed_at_once() -> None:
    drawn = recused_everywhere()
    holds = [hold_for(row.id, n) for n, row in enumerate(pool())]
    fixed = drawn.committed
    sealed = commit(
        fixed.rules, fixed.pool, fixed.roster, fixed.recusals, holds=holds[::2], padding=padding()
    )
    opened = held(sealed, holds=holds[::2])
    standing = draw.stand(opened)
    assert opened.removals
    assert opened.substitutions
    assert all(id in standing.team_of for row in opened.substitutions for id in row.ids)


# -- Art. 14 (2): matching --


def test_targets_are_spread_evenly_over_the_teams_of_their_area() -> None:
    drawn = usual(**west(4, 10))  # fmt: skip
    loads = [sum(match.team == team for match in drawn.matches) for team in (1, 2, 3, 4)]
    assert sorted(loads) == [2, 2, 3, 3]


def recused_everywhere(number: int = 0) -> draw.Draw:
    """Everybody of GA but one is recused for every target, so each team has recused members."""
    people = roster(9)
    pairs = [
        RecusalRow(row.id, who.certificate, RecusalGround.REGISTER)
        for row in pool()
        for who in people
        if who.department == "GA" and who.certificate not in ("1604GA004", "1604GA005", "1604GA006")
    ]
    return usual(number, recusals=pairs)


def test_where_every_team_has_a_recused_member_each_is_substituted_for_that_target_alone() -> None:
    for number in range(12):
        drawn = recused_everywhere(number)
        seated = {seat.certificate for seat in drawn.seats}
        recused = {(row.id, row.certificate) for row in drawn.committed.recusals}
        asked = [(row.ids[0], row.out) for row in drawn.substitutions]
        for match in drawn.matches:
            members = [seat.certificate for seat in drawn.seats if seat[:2] == (match.area, match.team)]
            for member in members:
                assert ((match.id, member) in recused) == ((match.id, member) in asked)
        for row in drawn.substitutions:
            assert row.reason is Reason.RECUSAL
            assert row.incoming == "-" or row.incoming not in seated
            assert (row.ids[0], row.incoming) not in recused
        per_target = [(row.ids[0], row.incoming) for row in drawn.substitutions if row.incoming != "-"]
        assert len(per_target) == len(set(per_target))
