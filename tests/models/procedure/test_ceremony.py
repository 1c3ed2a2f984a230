"""Art. 14 (1): who may speak for a witness, when, and what becomes of a ceremony that fails."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.procedure import ceremony, draw, enrolment
from models.queries import ceremony as queries
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.draw import chance, entropy
from models.rules.public.draw import Chance
from models.states import BatchState
from models.tables import Batch, Draw, Event, Pledge, Task
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, OFFICE, VALUES, witness

ROUND = "beacon:drand-quicknet 1000"
ROUND_OUT = datetime(2023, 8, 23, 15, 59, 24, tzinfo=UTC)
SIGNATURE = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
RANDOMNESS = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
LOTTERY = "lottery:示例彩票@2026-11-27T11:00+08:00 2026300"
LOTTERY_OUT = CEREMONY + timedelta(hours=2)
CONSOLE_OFFICE = Actor(Role.OFFICE, "9", "测试联席办", account=9)


async def refused(act) -> str:
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


@pytest.fixture
async def district(db):
    await sample.found()


async def committed(*outside: str, at: datetime = CEREMONY, practice: bool = False) -> Draw:
    await Batch.filter(code=BATCH).update(entropy=[*VALUES, *outside])
    fixed = await draw.commit(BATCH, by=OFFICE, at=at, random=sample.salts(), practice=practice)
    return await Draw.get(code=fixed.code)


async def pledge_all(row: Draw, at: datetime = CEREMONY) -> None:
    for source, value in VALUES.items():
        sealed = entropy.pledge(row.commitment, value)
        await ceremony.pledge(row.code, source, sealed, by=await witness(source), at=at)


async def reveal_all(row: Draw, at: datetime = CEREMONY) -> None:
    for source, value in VALUES.items():
        await ceremony.reveal(row.code, source, value, by=await witness(source), at=at)


async def test_e2_the_office_that_types_values_until_the_outcome_suits_fails_at_every_step(district):
    row = await committed(LOTTERY)
    source, value = next(iter(VALUES.items()))
    sealed = entropy.pledge(row.commitment, value)
    head = await sample.account(Role.HEAD, "GA")
    pretending = Actor(Role.HEAD, "GA", "测试负责人GA", "GA")
    elsewhere = Actor(Role.HEAD, "GA", "测试负责人GA", "GA", account=(await witness("witness:WJ")).account)
    by_its_link = Actor(Role.HEAD, "GA", head.name, "GA", account=head.id, through="office:9")
    for cheat, why in (
        (OFFICE, "draw.typed_by_another"),
        (CONSOLE_OFFICE, "draw.typed_by_another"),
        (pretending, "draw.needs_account"),
        (elsewhere, "draw.needs_account"),
        (by_its_link, "draw.session_opened_by_other"),
        (await witness("witness:WJ"), "draw.other_witness"),
    ):
        assert await refused(ceremony.pledge(row.code, source, sealed, by=cheat, at=CEREMONY)) == why
    await pledge_all(row)
    assert (
        await refused(ceremony.reveal(row.code, source, value, by=OFFICE, at=CEREMONY))
        == "draw.typed_by_another"
    )
    assert await refused(draw.hold(row.code, by=OFFICE, at=CEREMONY)) == "draw.values_missing"
    await reveal_all(row)
    assert await refused(draw.hold(row.code, by=OFFICE, at=LOTTERY_OUT)) == "draw.values_missing"
    assert await Task.all().count() == 0


async def test_e9_a_session_that_somebody_else_opened_neither_pledges_nor_reveals_nor_reads_a_lottery(
    district,
):
    row = await committed(LOTTERY)
    source, value = next(iter(VALUES.items()))
    head, office = await sample.account(Role.HEAD, "GA"), await sample.account(Role.OFFICE, "测试联席办")
    own = Actor(Role.HEAD, "GA", head.name, "GA", account=head.id)
    opened = replace(own, through=f"office:{office.id}")
    itself = Actor(Role.OFFICE, str(office.id), office.name, account=office.id)
    why = "draw.session_opened_by_other"
    sealed = entropy.pledge(row.commitment, value)
    assert await refused(ceremony.pledge(row.code, source, sealed, by=opened, at=CEREMONY)) == why
    await pledge_all(row)
    assert await refused(ceremony.reveal(row.code, source, value, by=opened, at=CEREMONY)) == why
    await reveal_all(row)
    assert await refused(ceremony.reveal(row.code, LOTTERY, "5 0 7", by=opened, at=LOTTERY_OUT)) == why
    await ceremony.reveal(row.code, LOTTERY, "5 0 7", by=itself, at=LOTTERY_OUT)
    assert await refused(ceremony.reveal(row.code, LOTTERY, "5 0 7", by=opened, at=LOTTERY_OUT)) == why
    assert await refused(draw.hold(row.code, by=OFFICE, at=LOTTERY_OUT)) == "draw.values_missing"
    await ceremony.reveal(row.code, LOTTERY, "5 0 7", by=own, at=LOTTERY_OUT)
    assert (await Pledge.get(draw=row, source=LOTTERY)).confirmed_by == own.mark


async def test_e2_whoever_knows_every_value_cannot_wait_for_the_outside_one_before_giving_theirs(district):
    row = await committed(LOTTERY)
    await pledge_all(row)
    source, value = next(iter(VALUES.items()))
    head = await witness(source)
    assert (
        await refused(ceremony.reveal(row.code, source, value, by=head, at=LOTTERY_OUT))
        == "draw.reveal_too_late"
    )
    await reveal_all(row, LOTTERY_OUT - timedelta(seconds=1))
    early = ceremony.reveal(row.code, LOTTERY, "5 0 7", by=head, at=LOTTERY_OUT - timedelta(seconds=1))
    assert await refused(early) == "draw.not_out_yet"


async def test_e2_an_official_draw_takes_the_default_beacon_where_its_scheme_names_nothing_outside(district):
    row = await committed()
    source = (await Pledge.filter(draw=row).order_by("-id").first()).source
    assert source.startswith("beacon:drand-quicknet ")
    found = await queries.ceremony(row.code)
    assert found.last_reveal == CEREMONY + timedelta(hours=1)
    assert found.public.chance == Chance.EXPECTED


async def test_e2_a_beacon_named_without_its_round_gets_the_first_one_after_the_reveals(district):
    await Batch.filter(code=BATCH).update(entropy=[*VALUES, "beacon:drand-quicknet"])
    until = ROUND_OUT - timedelta(seconds=1)
    fixed = await draw.commit(
        BATCH, by=OFFICE, at=until - timedelta(hours=2), random=os.urandom, outside_from=until
    )
    assert await Pledge.exists(draw_id=fixed.code, source=ROUND)


async def test_e2_a_round_that_is_out_already_is_refused_at_the_commit(district):
    assert await refused(committed(ROUND, at=ROUND_OUT)) == "draw.round_over"
    assert await refused(committed("lottery:示例彩票 2026300")) == "draw.lottery_without_time"
    assert await refused(committed("beacon:nist 7")) == "draw.beacon_unknown"
    assert (await Batch.get(code=BATCH)).state == BatchState.OPEN


async def test_e2_a_beacons_round_counts_only_with_the_networks_own_signature(district):
    before = ROUND_OUT - timedelta(minutes=5)
    row = await committed(ROUND, at=before)
    await pledge_all(row, before)
    await reveal_all(row, before)
    for false in (RANDOMNESS, "ab" * 48, SIGNATURE[:-2] + "3a", "", '{"round": 1000}'):
        assert (
            await refused(ceremony.reveal(row.code, ROUND, false, by=OFFICE, at=ROUND_OUT))
            == "draw.beacon_false"
        )
    answer = f'{{"round": 1000, "randomness": "{RANDOMNESS}", "signature": "{SIGNATURE}"}}'
    revealed = await ceremony.reveal(row.code, ROUND, answer, by=OFFICE, at=ROUND_OUT)
    assert revealed.value == RANDOMNESS
    assert (await Pledge.get(draw=row, source=ROUND)).proof == SIGNATURE
    await draw.hold(row.code, by=OFFICE, at=ROUND_OUT)
    assert SIGNATURE in (await Draw.get(code=row.code)).ceremony
    assert await Task.all().count() == 5


CHAINED = "beacon:drand-default 3311596"
CHAINED_OUT = datetime(2023, 9, 15, 11, 55, tzinfo=UTC)
CHAINED_SIGNATURE = (
    "a696b9409ababce45749c3a4ec369074453dd4a79967734e1390d969c8ad8d98897d217b9121e92c8ddebbddda8d92f9"
    "00e3bd6bf9deb166863b1a19390d743f82774001487594c5c09e581db7365f02b70a2c8cc41ce32446ef08e4890c4754"
)
SIGNATURE_BEFORE = (
    "8ed588f2a7716fb1349e2d9803da5db0005e98a83783c353d4a08f183236a9ad91d70ddb01266f4b7c576983db464b43"
    "0e65680b9e0098552758afd6c1e6afcb77e3f62fe1b93d42d1cb63abbb2205512fe12fbf74ea9c5ac3b8f5c1e283a1d8"
)


async def test_a_round_of_the_chained_beacon_is_checked_with_the_signature_before_it(district):
    before = CHAINED_OUT - timedelta(minutes=5)
    row = await committed(CHAINED, at=before)
    await pledge_all(row, before)
    await reveal_all(row, before)

    def enter(**answer: str):
        return ceremony.reveal(row.code, CHAINED, json.dumps(answer), by=OFFICE, at=CHAINED_OUT)

    assert await refused(enter(signature=CHAINED_SIGNATURE)) == "draw.beacon_incomplete"
    wrong_order = {"signature": SIGNATURE_BEFORE, "previous_signature": CHAINED_SIGNATURE}
    for false in (wrong_order, {"signature": SIGNATURE, "previous_signature": SIGNATURE_BEFORE}):
        assert await refused(enter(**false)) == "draw.beacon_false"
    entered = await enter(signature=CHAINED_SIGNATURE, previous_signature=SIGNATURE_BEFORE)
    assert entered.value == "647c07b2abbf7ff2afb4d670214f565e5cd9f9c91bfdcecb59a21f3c78d73920"
    page = await queries.ceremony(row.code)
    assert [source.address for source in page.sources if source.kind == "beacon"] == [
        "https://api.drand.sh/8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce/public/3311596"
    ]


async def test_e2_a_lotterys_value_is_read_by_two_persons_who_are_not_both_the_offices(district):
    row = await committed(LOTTERY)
    await pledge_all(row)
    await reveal_all(row)
    office = [enrolment.actor_of(await sample.account(Role.OFFICE, name)) for name in ("甲", "乙")]
    ga, wj = [await witness(source) for source in VALUES]

    def enter(value: str, by: Actor):
        return ceremony.reveal(row.code, LOTTERY, value, by=by, at=LOTTERY_OUT)

    assert await refused(enter("5 0 7", OFFICE)) == "draw.needs_account"
    await enter("5 0 8", office[0])
    assert await refused(enter("5 0 8", office[1])) == "draw.second_from_department"
    assert await refused(enter("5 0 7", ga)) == "draw.lottery_differs"
    assert await refused(draw.hold(row.code, by=OFFICE, at=LOTTERY_OUT)) == "draw.values_missing"
    await enter("5 0 7", office[0])
    await enter("5 0 7", ga)
    assert await refused(enter("5 0 9", wj)) == "draw.revealed_already"
    assert (await draw.hold(row.code, by=OFFICE, at=LOTTERY_OUT)).held_at


async def test_e2_who_gave_what_is_in_the_bundle_as_it_was(district):
    row = await sample.drawn()
    lines = [line.split("\t") for line in row.ceremony.splitlines()]
    given = {
        (source.partition("@")[0], act): (account, evidence) for source, act, _, account, evidence in lines
    }
    assert given == {
        ("lottery:示例彩票", "value"): ("head:WJ", "read"),
        ("lottery:示例彩票", "confirm"): ("head:GA", "read"),
        ("witness:GA", "pledge"): ("head:GA", "own"),
        ("witness:GA", "value"): ("head:GA", "own"),
        ("witness:WJ", "pledge"): ("head:WJ", "own"),
        ("witness:WJ", "value"): ("head:WJ", "own"),
    }
    assert "测试负责人" not in row.ceremony


async def test_e2_a_rehearsal_may_be_typed_by_one_hand_and_says_so(district):
    row = await committed(practice=True)
    for source, value in VALUES.items():
        sealed = entropy.pledge(row.commitment, value)
        await ceremony.pledge(row.code, source, sealed, by=OFFICE, at=CEREMONY, witness="示例见证人")
    for source, value in VALUES.items():
        await ceremony.reveal(row.code, source, value, by=OFFICE, at=CEREMONY)
    await draw.hold(row.code, by=OFFICE, at=CEREMONY)
    held = await Draw.get(code=row.code)
    assert {line.split("\t")[4] for line in held.ceremony.splitlines()} == {"typed"}
    assert (await queries.ceremony(row.code)).public.chance == Chance.REHEARSAL


async def test_e4_only_the_head_or_whom_the_head_named_pledges(district):
    row = await committed(LOTTERY)
    sealed = "0" * 64
    officer = await sample.account(Role.INSPECTOR, "INS-GA-1")
    other = await sample.account(Role.INSPECTOR, "INS-WJ-1")
    actor, ga = enrolment.actor_of(officer), await witness("witness:GA")
    assert (
        await refused(ceremony.pledge(row.code, "witness:GA", sealed, by=actor, at=CEREMONY))
        == "draw.not_named"
    )
    name = ceremony.name_witness
    assert await refused(name(row.code, "witness:GA", officer.id, by=OFFICE, at=CEREMONY)) == "actor.role"
    assert (
        await refused(name(row.code, "witness:GA", officer.id, by=await witness("witness:WJ"), at=CEREMONY))
        == "draw.other_witness"
    )
    assert (
        await refused(name(row.code, "witness:GA", other.id, by=ga, at=CEREMONY))
        == "draw.witness_not_of_department"
    )
    await name(row.code, "witness:GA", officer.id, by=ga, at=CEREMONY)
    await ceremony.pledge(row.code, "witness:GA", sealed, by=actor, at=CEREMONY)
    assert (
        await refused(ceremony.pledge(row.code, "witness:GA", "1" * 64, by=ga, at=CEREMONY))
        == "draw.pledged_already"
    )


async def test_e4_a_value_comes_from_the_account_that_pledged_it(district):
    row = await committed(LOTTERY)
    officer = await sample.account(Role.INSPECTOR, "INS-GA-1")
    ga = await witness("witness:GA")
    await ceremony.name_witness(row.code, "witness:GA", officer.id, by=ga, at=CEREMONY)
    await pledge_all(row)
    late = ceremony.reveal(
        row.code, "witness:GA", VALUES["witness:GA"], by=enrolment.actor_of(officer), at=CEREMONY
    )
    assert await refused(late) == "draw.other_account"


@pytest.mark.parametrize("ill", ["rubbish", "lost", "silent"])
async def test_e4_a_failed_ceremony_is_voided_stays_public_and_the_batch_is_committed_again(district, ill):
    row = await committed(LOTTERY)
    ga, wj = [await witness(source) for source in VALUES]
    await ceremony.pledge(row.code, "witness:GA", "0" * 64, by=ga, at=CEREMONY)
    if ill != "silent":
        sealed = entropy.pledge(row.commitment, VALUES["witness:WJ"])
        await ceremony.pledge(row.code, "witness:WJ", sealed, by=wj, at=CEREMONY)
        await ceremony.reveal(row.code, "witness:WJ", VALUES["witness:WJ"], by=wj, at=CEREMONY)
    if ill == "rubbish":
        mended = ceremony.reveal(row.code, "witness:GA", VALUES["witness:GA"], by=ga, at=CEREMONY)
        assert await refused(mended) == "draw.reveal_breaks_pledge"
    gone = await ceremony.void(row.code, "见证人 GA 的骰子记录遗失", "测试负责人GA", by=OFFICE, at=CEREMONY)
    assert gone.voided_at == CEREMONY
    again = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=os.urandom)
    assert (again.number, again.previous) == (2, row.commitment)
    shown = await queries.draws(BATCH)
    assert [one.void_reason for one in shown] == ["", "见证人 GA 的骰子记录遗失 (测试负责人GA)"]
    assert (await queries.ceremony(again.code)).voids == 1


async def test_e4_once_the_outside_value_may_be_known_a_second_person_agrees_to_void(district):
    row = await committed(LOTTERY)
    await pledge_all(row)
    await ceremony.reveal(
        row.code, "witness:GA", VALUES["witness:GA"], by=await witness("witness:GA"), at=CEREMONY
    )
    asked = await ceremony.void(row.code, "WJ 未揭示", "随便写的名字", by=OFFICE, at=LOTTERY_OUT)
    assert asked.voided_at is None
    for other, why in ((OFFICE, "actor.role"), (Actor(Role.HEAD, "GA", "", "GA"), "draw.needs_account")):
        assert await refused(ceremony.consent_to_void(row.code, True, by=other, at=LOTTERY_OUT)) == why
    await ceremony.consent_to_void(row.code, True, by=await witness("witness:WJ"), at=LOTTERY_OUT)
    kept = await Draw.get(code=row.code)
    assert (kept.voided_at, kept.void_asked_by, kept.void_consented_by) == (
        LOTTERY_OUT,
        OFFICE.mark,
        "head:WJ",
    )
    assert (await Batch.get(code=BATCH)).state == BatchState.OPEN
    assert await Event.filter(kind="draw.voided").count() == 1


async def test_e4_a_head_does_not_agree_with_themselves(district):
    row = await committed(LOTTERY)
    await pledge_all(row)
    ga = await witness("witness:GA")
    await ceremony.reveal(row.code, "witness:GA", VALUES["witness:GA"], by=ga, at=CEREMONY)
    await ceremony.void(row.code, "WJ 未揭示", by=ga, at=LOTTERY_OUT)
    assert (
        await refused(ceremony.consent_to_void(row.code, True, by=ga, at=LOTTERY_OUT))
        == "draw.void_needs_another"
    )


async def test_e2_an_outcome_that_stands_is_not_voided_for_another(district):
    row = await committed(LOTTERY)
    await pledge_all(row)
    await reveal_all(row)
    by = await witness("witness:GA")
    assert (
        await refused(ceremony.void(row.code, "不合意", by=OFFICE, at=LOTTERY_OUT))
        == "draw.void_outcome_known"
    )
    later = LOTTERY_OUT + chance.WAITING
    assert (await ceremony.void(row.code, "彩票未开奖", by=OFFICE, at=later)).voided_at is None
    await ceremony.reveal(row.code, LOTTERY, "5 0 7", by=by, at=later)
    await ceremony.reveal(row.code, LOTTERY, "5 0 7", by=await witness("witness:WJ"), at=later)
    agree = ceremony.consent_to_void(row.code, True, by=await witness("witness:WJ"), at=later)
    assert await refused(agree) == "draw.void_outcome_known"
    assert (await draw.hold(row.code, by=OFFICE, at=later)).held_at
    assert await refused(ceremony.void(row.code, "后悔", by=OFFICE, at=later)) == "draw.void_too_late"


async def test_e4_a_draw_that_was_voided_is_not_held(district):
    row = await committed(practice=True)
    await ceremony.void(row.code, "改期", "测试负责人GA", by=OFFICE, at=CEREMONY)
    assert await refused(draw.hold(row.code, by=OFFICE, at=CEREMONY)) == "draw.over"
