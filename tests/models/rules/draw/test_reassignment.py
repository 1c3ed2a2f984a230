"""改派: another team of the area takes a target, and everything after is worked out with that team (Art. 15)."""

from datetime import timedelta

import pytest

from models.refusal import Refusal
from models.rules import draw
from models.rules.draw.rows import RecusalGround, RecusalRow
from models.rules.draw.substitution import LeavingOfficer, Reason
from tests.models.rules.draw.test_draw import LATER, usual


def of_west(drawn: draw.Draw) -> tuple[str, int, int]:
    """A target of the area with two teams, its team and the other one."""
    id, (_, team) = next((id, at) for id, at in sorted(draw.stand(drawn).team_of.items()) if at[0] == "西区")
    return id, team, 3 - team


def test_the_other_team_of_the_area_stands_before_the_target() -> None:
    drawn = usual()
    id, team, to = of_west(drawn)
    after = draw.reassign(drawn, id, to, LATER)
    standing = draw.stand(after)
    assert standing.team_of[id] == ("西区", to)
    assert {seat.team for seat, _ in standing.members(id)} == {to}
    assert draw.result_files(after)["reassignments.tsv"].decode() == (
        f"{id}\t西区\t{team}\t{to}\t2026-11-26T10:00:00+08:00\n"
    )
    assert draw.results_hash(after) == draw.results_hash(drawn)


def test_a_draw_of_which_nothing_was_reassigned_keeps_its_bytes() -> None:
    assert "reassignments.tsv" not in draw.result_files(usual())


def test_who_stays_away_from_it_alone_is_replaced_in_the_team_that_took_it() -> None:
    drawn = usual()
    id, _, to = of_west(drawn)
    moved = draw.reassign(drawn, id, to, LATER)
    out = next(who for seat, who in draw.stand(moved).members(id) if not seat.leader)
    after = draw.substitute(moved, [LeavingOfficer(out, Reason.RECUSAL, (id,))], LATER + timedelta(minutes=1))
    assert after.substitutions[-1].team == to
    assert out not in [who for _, who in draw.stand(after).members(id)]


def test_a_team_with_somebody_who_must_stay_away_cannot_take_it() -> None:
    plain = usual()
    id, _, to = of_west(plain)
    member = next(seat for seat in plain.seats if (seat.area, seat.team) == ("西区", to))
    committed = draw.replace(
        plain.committed, recusals=(RecusalRow(id, member.certificate, RecusalGround.SELF),)
    )
    with pytest.raises(Refusal) as refused:
        draw.reassign(draw.replace(plain, committed=committed), id, to, LATER)
    assert refused.value.code == "reassignment.recused"


@pytest.mark.parametrize("to", [0, 3, None])
def test_only_another_team_of_the_area_can_take_it(to: int | None) -> None:
    drawn = usual()
    id, team, _ = of_west(drawn)
    with pytest.raises(Refusal) as refused:
        draw.reassign(drawn, id, team if to is None else to, LATER)
    assert refused.value.code == "reassignment.no_such_team"


def test_it_comes_after_all_that_happened() -> None:
    drawn = usual()
    id, _, to = of_west(drawn)
    after = draw.reassign(drawn, id, to, LATER)
    with pytest.raises(Refusal) as refused:
        draw.reassign(after, id, 3 - to, LATER)
    assert refused.value.code == "draw.time_not_after_last"
    assert draw.in_turn(after, LATER) > LATER
