"""后续告知 by e-mail and text message: what happened, what may be done, until when, where (Art. 16 (3))."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from locales import LANGUAGES, words
from models.delivery import Undeliverable
from models.procedure import entry, notification, postponement
from models.queries import board, evidence
from models.queries import notification as notifications
from models.queries.notification import EntityNotification
from models.rules.actor import Actor, Role
from models.tables import Event, Notice, Notification, NotificationAttempt, Outbox, Target, Task
from server.courier.email import Mailer
from server.courier.sms import Gateway, Texter
from server.letters import TWO_MESSAGES, LetterRenderer, units
from server.notifications import Wording, worded
from tests.server.courier.chats import at_work, now
from tests.server.courier.test_email import SENDER, mail_server
from tests.support import district, publishing
from tests.support.district import CEREMONY, VISIT
from tests.support.waiting import until

PLACE = district.district("https://inspect.example.test")
HEAD = Actor(Role.HEAD, "GA", "", "GA")
LATER = VISIT + timedelta(hours=3)
KINDS = (
    "concluded", "record", "result", "published", "corrected", "withdrawn", "time_gone", "no_visit", "suspended",
)  # fmt: skip
ANSWERED = ("postponed", "recused", "mended", "objected", "repair")


async def over(**reached: str) -> Task:
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("rank").first()
    await Target.filter(code=task.target_id).update(**reached)
    await district.visit_fixed(task, district.district())
    await district.visit_concluded(await Task.get(id=task.id), district.district())
    await Outbox.exclude(kind="notification").delete()
    return await Task.get(id=task.id)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a19_every_step_is_worded_and_a_text_message_has_room_for_it(kind: str, language: str) -> None:
    until = (VISIT + timedelta(days=7)).date()
    found = EntityNotification(
        1, kind, "2026-XH-GA-02-1-001", "示例" * 30 + "有限公司", "2026-XH-GA-02-1-001-T1", 1, True, VISIT.date(),
        ("R05",), "示例:原因", 2, until, False,
    )  # fmt: skip
    said = worded(found, words(language), PLACE)
    assert units(said.brief) <= TWO_MESSAGES + (0 if language == "zh_Hans" else 200)
    assert "https://inspect.example.test/n/" in said.brief and "https://inspect.example.test/n/" in said.text
    assert "12345" in said.text
    if kind in ("result", "published", "corrected"):
        assert words(language).day(until) in said.text
    if kind in ("corrected", "withdrawn"):
        assert "示例:原因" in said.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("kind", ANSWERED)
def test_a12_what_became_of_a_request_is_worded_for_every_channel(
    kind: str, granted: bool, language: str
) -> None:
    found = EntityNotification(
        1, kind, "2026-XH-GA-02-1-001", "示例" * 30 + "有限公司", "2026-XH-GA-02-1-001-T1", 1, True, VISIT.date(),
        (), "示例:原因", 0, None, False, "yes" if granted else "no", 7,
    )  # fmt: skip
    said = worded(found, words(language), PLACE)
    assert units(said.brief) <= TWO_MESSAGES + (0 if language == "zh_Hans" else 200)
    assert "https://inspect.example.test/n/" in said.text and "12345" in said.text
    if kind == "objected" or (kind == "mended" and not granted):
        assert "示例:原因" in said.text
    if kind == "mended":
        assert "7" in said.text


async def test_a12_what_became_of_a_request_goes_by_text_message_where_the_mail_is_refused(
    db, tmp_path
) -> None:
    task = await letter_to(email="hotel@example.test", phone="13800000001", channels=["email", "sms"])
    row = await wish_decided(task)
    await Outbox.all().update(due_at=now())
    texter = Texter(Gateway(f"file://{tmp_path}"), LetterRenderer(PLACE).brief, Wording(PLACE, now))
    async with at_work(email=refusing, sms=texter):
        await until(Notification.filter(kind="postponed", told_at__not_isnull=True).exists)
    tried = await NotificationAttempt.filter(notification__kind="postponed").order_by("id")
    assert [(one.channel, one.outcome) for one in tried] == [("email", "failed"), ("sms", "accepted")]
    said = [json.loads(one.read_text())["text"] for one in tmp_path.glob("*.json")]
    assert any("改期申请的答复" in text for text in said)
    assert (await Notification.get(kind="postponed")).subject == row
    assert (await evidence.verify()).differences == []


async def test_a12_an_entity_without_any_channel_stands_on_the_offices_desk_and_in_the_trail(db) -> None:
    task = await letter_to(email="", phone="0375-0000001", channels=["phone"])
    await wish_decided(task)
    assert not await Outbox.filter(kind="notification").exists()
    office = Actor(Role.OFFICE, "示例")
    [step] = [one for one in await notifications.by_hand(board.ALL) if one.kind == "postponed"]
    assert (step.task, step.by_hand) == (task.number, "phone")
    noted = await Event.get(chain=f"task:{task.number}", kind="entity.by_hand")
    assert noted.data["step"] == "postponed"
    await notification.told_by_a_person(
        step.id, True, "示例:已电话告知", by=office, at=LATER, spoke_with="示例人"
    )
    assert not [one for one in await notifications.by_hand(board.ALL) if one.kind == "postponed"]
    assert (await evidence.verify()).differences == []


async def letter_to(**reached) -> Task:
    """A task with a fixed visit, whose entity is reached so."""
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("rank").first()
    async with district.written():
        await Target.filter(code=task.target_id).update(**reached)
    await district.visit_fixed(task, district.district())
    await Outbox.all().delete()
    return await Task.get(id=task.id)


async def wish_decided(task: Task) -> int:
    """The entity asked for another time, and the leader keeps the one that stands."""
    at = CEREMONY + timedelta(hours=2)
    letter = await Notice.get(task=task)
    wish = await postponement.ask(letter.number, "示例:停业", by=publishing.HOLDER, at=at)
    await postponement.decide(wish, False, by=await district.leader_of(task), at=at)
    return wish


async def refusing(parcel: object) -> str:
    raise Undeliverable("550 example")


async def test_a19_the_result_comes_by_mail_and_its_days_begin_when_the_server_took_it(db) -> None:
    task = await over(email="hotel@example.test", channels=["email"])
    await publishing.entered(task, ["R05"], HEAD, LATER)
    await Outbox.all().update(due_at=now())
    async with mail_server() as (box, url):
        mailer = Mailer(url, SENDER, LetterRenderer(PLACE), now, told=Wording(PLACE, now))
        async with at_work(email=mailer):
            await until(Notification.filter(kind="result", told_at__not_isnull=True).exists)
    mail = next(mail for _, _, mail in box.mails if "抽查结果告知" in mail["Subject"])
    text = mail.get_body(("plain",)).get_content()
    assert "发现问题已责令改正" in text and "/n/" in text and "无异议" in text
    assert [one.outcome for one in await NotificationAttempt.filter(notification__kind="result")] == [
        "accepted"
    ]


async def test_a19_a_result_sent_back_before_it_went_out_is_never_sent(db, tmp_path) -> None:
    task = await over(phone="13800000001", channels=["sms"])
    await publishing.entered(task, ["R05"], HEAD, LATER)
    await entry.review(task.number, False, by=HEAD, at=LATER, reason="示例:退回")
    await Outbox.all().update(due_at=now())
    texter = Texter(Gateway(f"file://{tmp_path}"), LetterRenderer(PLACE).brief, Wording(PLACE, now))
    async with at_work(sms=texter):
        await until(Notification.filter(kind="concluded", told_at__not_isnull=True).exists)
    said = [json.loads(one.read_text())["text"] for one in tmp_path.glob("*.json")]
    assert len(said) == 1 and "现场检查已结束" in said[0]
