"""An official without a chat hears by text message, else by e-mail; who hears nothing is named (Art. 5-7)."""

from datetime import date, timedelta

import pytest

from bot.notifications.sending import KINDS
from locales import words
from models.operations import outbox
from models.procedure import delivery, staff_message
from models.queries import enrolments, unreachable
from models.rules.actor import Role
from models.rules.quiet_hours import USUAL
from models.tables import (
    Account,
    Binding,
    DraftEntry,
    Inspector,
    Notice,
    Outbox,
    PlanMerge,
    Pledge,
    SchemeDraft,
)
from server.staff_news import StaffWording
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, district
from tests.support.evidence import filled

BOTH = ("sms", "email")


@pytest.fixture
async def officer(db):
    await sample.found()
    await Inspector.filter(code="INS-GA-1").update(phone="13900000001", email="jia@example.test")
    account = await sample.account(Role.INSPECTOR, "INS-GA-1")
    await outbox.enqueue(account, "task.assigned", key="assigned:1", at=CEREMONY, tasks=["T-1", "T-2"])
    return account


async def waiting():
    return [(row.channel, row.address) for row in await Outbox.filter(state="waiting").order_by("id")]


async def test_a12_without_a_chat_the_text_message_is_next(officer):
    assert await staff_message.fall_through(at=CEREMONY, channels=BOTH) == 1
    assert await waiting() == [("sms", "+8613900000001")]
    row = await Outbox.get(channel="sms")
    assert (row.account_id, row.kind, row.payload["word"]) == (officer.id, "staff", "task.assigned")
    assert await staff_message.fall_through(at=CEREMONY, channels=BOTH) == 0


async def test_a12_what_the_gateway_refuses_goes_by_mail_and_then_nowhere(officer):
    await staff_message.fall_through(at=CEREMONY, channels=BOTH)
    [parcel] = await delivery.claim("w", at=CEREMONY)
    await delivery.undeliverable(parcel, "refused", at=CEREMONY)
    assert await waiting() == [("email", "jia@example.test")]
    [parcel] = await delivery.claim("w", at=CEREMONY)
    await delivery.skip_channel(parcel, "no email here", at=CEREMONY)
    assert await waiting() == []


async def test_a12_only_a_channel_that_the_district_has_is_taken(officer):
    assert await staff_message.fall_through(at=CEREMONY, channels=()) == 0
    assert await staff_message.fall_through(at=CEREMONY, channels=("email",)) == 1
    assert await waiting() == [("email", "jia@example.test")]


async def test_a12_with_a_chat_nothing_goes_another_way(officer):
    await Binding.create(account=officer, telegram_id=1, bound_at=CEREMONY)
    assert await staff_message.fall_through(at=CEREMONY, channels=BOTH) == 0
    await Binding.all().update(blocked_at=CEREMONY)
    assert await staff_message.fall_through(at=CEREMONY, channels=BOTH) == 1


async def test_a12_who_has_no_address_goes_on_waiting_for_a_chat(officer):
    await Inspector.filter(code="INS-GA-1").update(phone="0375-0000001", email="")
    assert await staff_message.fall_through(at=CEREMONY, channels=BOTH) == 0
    assert await waiting() == [("chat", "")]


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
async def test_a12_the_message_says_what_and_which_tasks_and_where(officer, language):
    await staff_message.fall_through(at=CEREMONY, channels=BOTH)
    said = StaffWording(district())((await Outbox.get(channel="sms")).payload, language)
    for text in (said.text, said.brief):
        assert "T-1" in text and "/console/" in text
    assert "甲检员" not in said.text + said.brief


async def test_a12_in_the_quiet_hours_only_a_change_of_the_days_own_visit_goes_out(officer):
    night = CEREMONY.replace(hour=22)
    begins = night.replace(hour=23)
    await outbox.enqueue(
        officer, "visit.unfixed", key="unfixed:1", at=night, task="T-1", begins=begins.isoformat(), names=[]
    )
    assert await staff_message.fall_through(at=night, channels=BOTH, quiet=USUAL) == 1
    assert (await Outbox.get(channel="sms")).payload["word"] == "visit.unfixed"
    morning = (night + timedelta(days=1)).replace(hour=8)
    assert await staff_message.fall_through(at=morning, channels=BOTH, quiet=USUAL) == 1


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
async def test_a12_the_morning_word_by_mail_says_of_what_which_kind_until_when_and_nobodys_name(
    officer, language
):
    of_none = {"task": "", "about": None, "threshold": 7}
    terms = [
        {"task": "T-1", "kind": "entry", "left": 2, "due": "2027-01-06", "threshold": 2},
        {"task": "T-2", "kind": "sign", "left": -1, "due": "2027-01-03", "threshold": -1},
        {
            **of_none,
            "named": "甲检员",
            "code": "INS-GA-1",
            "kind": "certificate",
            "left": 7,
            "due": "2027-01-10",
        },
        {**of_none, "named": "2027", "code": "", "kind": "plan", "left": 8, "due": "2027-01-11"},
        {**of_none, "named": "示例联合抽查", "code": "", "kind": "scheme", "left": 9, "due": "2027-01-12"},
    ]
    of_what = ("T-2", "T-1", "INS-GA-1", "2027", "示例联合抽查")
    await outbox.enqueue(officer, "reminder", key="reminder:1", at=CEREMONY, tasks=terms)
    said = await by_text_message("reminder", language)
    spoken = words(language)
    shown = [line for line in said.text.splitlines() if line.startswith("·")]
    for kind, of, line in zip(
        ("sign", "entry", "certificate", "plan", "scheme"), of_what, shown, strict=True
    ):
        assert spoken(f"term.kind.{kind}") in line and of in line.removeprefix("· ").split(" ")[0]
    assert all(spoken.show(date.fromisoformat(str(term["due"]))) in said.text for term in terms)
    assert "甲检员" not in said.text + said.brief
    assert "T-1" in said.brief


async def by_text_message(kind: str, language: str):
    """What became of a message of this kind to somebody without a chat."""
    await staff_message.fall_through(at=CEREMONY, channels=BOTH)
    [row] = [row for row in await Outbox.filter(channel="sms") if row.payload["word"] == kind]
    return StaffWording(district())(row.payload, language)


async def test_a12_news_of_a_scheme_a_plan_a_merger_a_batch_and_a_letter_says_of_which(db):
    await filled()
    draft, merge, letter = (
        await SchemeDraft.first(),
        await PlanMerge.first(),
        await Notice.first().select_related("task"),
    )
    entry, pledge = await DraftEntry.first(), await Pledge.first()
    head = await Account.get(role=Role.HEAD, department="WJ")
    for n, (kind, about, of) in enumerate((
        ("scheme.in_force", {"draft": draft.id}, draft.code),
        ("plan.complete", {"entry": entry.id}, "示例联合抽查"),
        ("plan.sent_back", {"draft": entry.draft_id, "reason": "示例"}, "2027"),
        ("plan.merged", {"merge": merge.id}, "示例旅馆联合抽查"),
        ("batch.voided", {"batch": BATCH, "reason": "示例"}, BATCH),
        ("draw.void_asked", {"draw": f"{BATCH}-D1"}, f"{BATCH}-D1"),
        ("draw.witness", {"pledge": pledge.id}, BATCH),
        ("notice.approval_asked", {"notice": letter.id}, letter.task.number),
    )):  # fmt: skip
        await Outbox.all().delete()
        await outbox.enqueue(head, kind, key=f"news:{n}", at=CEREMONY, **about)
        said = await by_text_message(kind, "zh_Hans")
        assert of in said.text and of in said.brief, (kind, said)


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_a12_every_message_to_an_official_says_what_happened(language):
    for_entities = {"card", "notice", "notice.paper"}
    assert len(KINDS) > 60
    assert [
        kind for kind in sorted(set(KINDS) - for_entities) if not words(language).has(f"bare.kind.{kind}")
    ] == []


async def test_a12_a_department_without_a_head_and_a_head_without_any_channel_are_named(db):
    await sample.found()
    await sample.drawn()
    found = await unreachable.unreachable(BOTH)
    assert found.headless == ("市场监管", "消防救援")  # the others' heads gave their values in the draw
    head = await sample.account(Role.HEAD, "XF")
    assert (await unreachable.unreachable(BOTH)).headless == ("市场监管",)
    await Account.filter(id=head.id).update(phone="")
    assert head.name in [name for name, _ in (await unreachable.unreachable(BOTH)).people]
    await Account.filter(id=head.id).update(email="head@example.test")
    assert head.name not in [name for name, _ in (await unreachable.unreachable(BOTH)).people]
    assert head.name in [name for name, _ in (await unreachable.unreachable(("sms",))).people]


async def test_a12_an_officer_whom_a_mail_reaches_is_not_called_out_of_reach(db):
    await sample.found()
    await sample.drawn()
    out = await enrolments.unbound(None)
    await Inspector.filter(code=out[0]).update(email="jia@example.test", phone="")
    assert out[0] in await enrolments.unbound(None, ("sms",))
    assert out[0] not in await enrolments.unbound(None, BOTH)
    for channels in ((), ("sms",), ("email",), BOTH):
        for department in (None, "GA"):
            left = await enrolments.unbound(department, channels)
            assert await enrolments.count_unbound(department, channels) == len(left)


async def test_a12_a_chat_that_was_bound_anew_is_a_chat(officer):
    await Binding.create(account=officer, telegram_id=1, bound_at=CEREMONY, ended_at=CEREMONY)
    await Binding.create(account=officer, telegram_id=2, bound_at=CEREMONY)
    assert await staff_message.fall_through(at=CEREMONY, channels=BOTH) == 0
    assert await waiting() == [("chat", "")]
