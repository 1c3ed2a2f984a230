"""Who steps in for somebody who falls out: the next ticket, the passed over named (Art. 14 (2), 15)."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from models.rules import draw
from models.rules.draw.entropy import ticket
from models.rules.draw.rows import RecusalGround, RecusalRow
from models.rules.draw.substitution import LeavingOfficer, Reason
from tests.models.rules.draw.test_draw import LATER, held_back, recused_everywhere, refused, usual, west
from tests.models.rules.drawing import (
    random_draw,
    roster,
)


def test_a_substitute_for_one_target_may_serve_others() -> None:
    found = False
    for number in range(12):
        incoming = [row.incoming for row in recused_everywhere(number).substitutions if row.incoming != "-"]
        found |= len(incoming) > len(set(incoming))
    assert found


# -- Art. 14 (2): substitution --


def by_ticket(drawn: draw.Draw, certificates: list[str]) -> list[str]:
    return sorted(certificates, key=lambda c: ticket(drawn.seed, b"I", c))


def idle(drawn: draw.Draw, department: str) -> list[str]:
    seated = {seat.certificate for seat in drawn.seats}
    return by_ticket(
        drawn,
        [
            r.certificate
            for r in drawn.committed.roster
            if r.department == department and r.certificate not in seated
        ],
    )


def test_the_next_ticket_steps_in_and_the_passed_over_are_named_with_their_reason() -> None:
    drawn = usual()
    seat = next(seat for seat in drawn.seats if seat.department == "WL")
    one, two, three = idle(drawn, "WL")
    paper = sha256(b"leave").hexdigest()[:16]
    unfit = {one: f"leave:{paper}", two: "expired"}
    (row,) = draw.substitute(
        drawn, [LeavingOfficer(seat.certificate, Reason.CONFLICT)], LATER, unfit
    ).substitutions
    assert row.incoming == three
    assert row.passed == ((one, f"leave:{paper}"), (two, "expired"))
    line = draw.result_files(draw.replace(drawn, substitutions=(row,)))["substitutions.tsv"].decode()
    assert line == (
        f"{seat.area}\t{seat.team}\t*\t{seat.certificate}\t{three}\t{one}=leave:{paper},{two}=expired"
        "\tconflict\tWL\t2026-11-26T10:00:00+08:00\n"
    )


def test_a_reason_to_pass_over_must_be_one_of_the_page() -> None:
    drawn = usual()
    out = [LeavingOfficer(drawn.seats[0].certificate, Reason.POST)]
    refused("draw.unfit_reason_malformed", lambda: draw.substitute(drawn, out, LATER, {"X": "friend"}))


def test_a_leader_is_followed_by_one_who_may_lead() -> None:
    for number in range(8):
        drawn = usual(number)
        rows = {row.certificate: row for row in drawn.committed.roster}
        for seat in drawn.seats:
            if seat.leader:
                after = draw.substitute(drawn, [LeavingOfficer(seat.certificate, Reason.POST)], LATER)
                (row,) = after.substitutions
                may = [c for c in idle(drawn, "GA") if rows[c].lead]
                assert row.incoming == (may[0] if may else "-")


def test_nobody_left_is_written_down_and_the_seat_stays_vacant() -> None:
    drawn = usual(roster=roster(6))
    out = drawn.seats[0].certificate
    after = draw.substitute(drawn, [LeavingOfficer(out, Reason.POST)], LATER)
    assert after.substitutions[0].incoming == "-"
    assert out not in draw.stand(after).seat_of
    again = draw.substitute(after, [LeavingOfficer(out, Reason.POST)], LATER + timedelta(1))
    assert again.substitutions[1].incoming in ("-", out)


def test_one_who_took_a_seat_for_good_holds_it() -> None:
    drawn = usual()
    one, two = [seat.certificate for seat in drawn.seats if seat.department == "WL"][:2]
    after = draw.substitute(drawn, [LeavingOfficer(one, Reason.POST)], LATER)
    gone = {one: "moved:" + "0" * 16}
    after = draw.substitute(after, [LeavingOfficer(two, Reason.POST)], LATER + timedelta(1), gone)
    first, second = after.substitutions
    assert [first.incoming, second.incoming] == idle(drawn, "WL")[:2]
    third = draw.substitute(after, [LeavingOfficer(first.incoming, Reason.POST)], LATER + timedelta(2), gone)
    assert third.substitutions[2].area == first.area


def test_several_at_once_the_leader_comes_first_then_the_outgoing_certificates_bytes() -> None:
    for number in range(10):
        drawn = usual(number)
        team = [seat for seat in drawn.seats if seat.department == "GA" and seat.area == "东区"]
        leaving = [LeavingOfficer(seat.certificate, Reason.CONFLICT) for seat in team]
        after = draw.substitute(drawn, leaving[::-1], LATER)
        leader = next(seat.certificate for seat in team if seat.leader)
        other = next(seat.certificate for seat in team if not seat.leader)
        assert [row.out for row in after.substitutions] == [leader, other]
        rows = {row.certificate: row for row in drawn.committed.roster}
        left = idle(drawn, "GA")
        lead = next((c for c in left if rows[c].lead), "-")
        rest = [c for c in left if c != lead]
        assert [row.incoming for row in after.substitutions] == [lead, rest[0] if rest else "-"]


def test_nobody_who_falls_out_at_the_same_time_steps_in() -> None:
    for number in range(10):
        drawn = usual(number)
        leaving = [LeavingOfficer(seat.certificate, Reason.POST) for seat in drawn.seats[:3]]
        after = draw.substitute(drawn, leaving, LATER)
        gone = {one.certificate for one in leaving}
        assert not gone & {row.incoming for row in after.substitutions}
        assert not gone & {who for row in after.substitutions for who, _ in row.passed}


def test_visited_and_removed_targets_are_no_longer_concerned_but_replacements_are() -> None:
    drawn, holds = held_back(**west(1))
    first, *others = (one.id for one in drawn.sample.drawn)
    replacement = drawn.sample.reserve["A"][0]
    seat = next(seat for seat in drawn.seats if seat.department == "WL")
    next_one = idle(drawn, "WL")[0]

    def passed(id: str, **more: Any) -> bool:
        again, _ = held_back(**west(1))
        recusal = RecusalRow(id, next_one, RecusalGround.ENTITY)
        again = draw.replace(again, committed=draw.replace(again.committed, recusals=(recusal,)))
        if more.pop("removed", False):
            again = draw.remove(again, [holds[first]], LATER)
        out = [LeavingOfficer(seat.certificate, Reason.POST)]
        row = draw.substitute(again, out, LATER + timedelta(1), **more).substitutions[-1]
        return row.passed[:1] == ((next_one, "recused"),)

    assert passed(first)
    assert not passed(first, removed=True)
    assert not passed(first, visited={first})
    assert passed(others[0], visited={first})
    assert not passed(replacement)
    assert passed(replacement, removed=True)


def test_a_replacement_avoids_the_team_whose_seat_a_recused_one_has_taken() -> None:
    """The members are those then seated."""
    made = west(2)
    drawn, holds = held_back(**made)
    replacement = drawn.sample.reserve["A"][0]
    first = drawn.sample.drawn[0].id
    usual_team = draw.remove(drawn, [holds[first]], LATER).removals[0].team
    seat = next(s for s in drawn.seats if s.team == usual_team and s.department == "WL")
    newcomer = idle(drawn, "WL")[0]
    recusal = RecusalRow(replacement, newcomer, RecusalGround.SELF)
    drawn = draw.replace(drawn, committed=draw.replace(drawn.committed, recusals=(recusal,)))
    assert draw.remove(drawn, [holds[first]], LATER).removals[0].team == usual_team
    after = draw.substitute(drawn, [LeavingOfficer(seat.certificate, Reason.POST)], LATER)
    assert after.substitutions[-1].incoming == newcomer
    assert draw.remove(after, [holds[first]], LATER + timedelta(1)).removals[0].team != usual_team


def test_a_substitute_who_takes_a_seat_for_good_is_relieved_at_the_same_teams_targets() -> None:
    relieved = 0
    for number in range(30):
        drawn = recused_everywhere(number)
        for row in drawn.substitutions:
            seat = next(s for s in drawn.seats if s[:2] == (row.area, row.team) and s.certificate != row.out
                        and s.department == "GA")  # fmt: skip
            after = draw.substitute(drawn, [LeavingOfficer(seat.certificate, Reason.POST)], LATER)
            new = after.substitutions[len(drawn.substitutions) :]
            relieved += len(new) > 1
            for id in draw.stand(after).team_of:
                members = [who for _, who in draw.stand(after).members(id) if who != "-"]
                assert len(members) == len(set(members))
    assert relieved


def test_only_one_who_serves_there_can_fall_out() -> None:
    drawn = usual()
    stranger = idle(drawn, "WL")[0]
    refused("draw.not_seated", lambda: draw.substitute(drawn, [LeavingOfficer(stranger, Reason.POST)], LATER))
    match = drawn.matches[0]
    elsewhere = next(s.certificate for s in drawn.seats if s[:2] != (match.area, match.team))
    alone = LeavingOfficer(elsewhere, Reason.POST, (match.id,))
    refused("draw.not_seated", lambda: draw.substitute(drawn, [alone], LATER))
    unknown = LeavingOfficer(drawn.seats[0].certificate, Reason.POST, (drawn.sample.reserve["A"][0],))
    refused("draw.target_not_in_play", lambda: draw.substitute(drawn, [unknown], LATER))
    twice = [LeavingOfficer(drawn.seats[0].certificate, Reason.POST)] * 2
    refused("draw.leaving_twice", lambda: draw.substitute(drawn, twice, LATER))


def test_a_history_can_be_replayed_from_its_rows() -> None:
    for number in range(40):
        drawn, _ = random_draw(number)
        standing = draw.stand(drawn)
        removed = {row.id for row in drawn.removals}
        in_play = {match.id for match in drawn.matches} | {
            row.replacement for row in drawn.removals if row.team
        }
        assert set(standing.team_of) == in_play - removed
        assert all(standing.seats[n].area for n in standing.seat_of.values())
