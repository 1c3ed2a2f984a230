"""Art. 14 (1): a witness pledges and reveals from the own chat; nobody else can for them."""

from datetime import timedelta

from bot.views import witness as views
from locales import words
from models.procedure import ceremony
from models.queries import ceremony as ceremonies
from models.rules.actor import Role
from models.rules.draw import entropy
from models.tables import Draw, Pledge
from tests.support import district
from tests.support.district import CEREMONY, OFFICE, VALUES


async def test_e2_a_witness_pledges_and_reveals_from_the_own_chat(drawn, second):
    row = second
    phones = {
        source: await drawn.phone(await district.account(Role.HEAD, source.partition(":")[2]))
        for source in VALUES
    }
    await drawn.post()
    for source, phone in phones.items():
        await phone.wait_for(row.commitment)
        await drawn.tap(phone, "交封存值")
        await phone.say(entropy.pledge(row.commitment, VALUES[source]).upper())
        await drawn.idle()
    await drawn.post()
    for source, phone in phones.items():
        await drawn.tap(phone, "揭示")
        await phone.say(" ".join(VALUES[source][n : n + 10] for n in range(0, 50, 10)))
        await phone.wait_for("已揭示")
    kept = {
        one.source: (one.value, one.hand, one.given_by) for one in await Pledge.filter(draw=row, hand="own")
    }
    assert kept == {source: (value, "own", f"head:{source[8:]}") for source, value in VALUES.items()}
    assert drawn.errors == []


async def test_e4_rubbish_is_refused_in_words_and_the_pledge_can_still_be_given(drawn, second):
    phone = await drawn.phone(await district.account(Role.HEAD, "GA"))
    await drawn.post()
    await drawn.tap(phone, "交封存值")
    await phone.say("随便写的")
    await phone.wait_for("64位十六进制")
    await phone.say(entropy.pledge(second.commitment, VALUES["witness:GA"]))
    await phone.wait_for("已封存")


async def test_e4_another_head_is_told_that_a_draw_is_to_be_voided(drawn, second):
    for source, value in VALUES.items():
        by = await district.witness(source)
        await ceremony.pledge(
            second.code, source, entropy.pledge(second.commitment, value), by=by, at=CEREMONY
        )
    ga = await district.witness("witness:GA")
    await ceremony.reveal(second.code, "witness:GA", VALUES["witness:GA"], by=ga, at=CEREMONY)
    phone = await drawn.phone(await district.account(Role.HEAD, "XF"))
    late = CEREMONY + timedelta(hours=2)
    await ceremony.void(second.code, "WJ 未揭示", by=OFFICE, at=late)
    drawn.clock.move(late)
    await drawn.post()
    await phone.wait_for("有一次抽取申请作废")
    await drawn.tap(phone, "同意作废")
    await phone.wait_for("已同意作废")
    assert (await Draw.get(code=second.code)).void_consented_by == "head:XF"


async def test_c16_the_heads_key_names_the_draw_and_no_code(drawn, second):
    found = await ceremonies.awaited(["GA"])
    assert found
    for line, key in views.desk(found, words("zh_Hans")):
        assert second.code not in key.label
        assert key.label.removeprefix("见证：") in line
