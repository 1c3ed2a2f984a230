"""后续告知 by e-mail and text message: what happened, what may be done, until when, where (Art. 16 (3))."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from locales import LANGUAGES, words
from models.procedure import entry
from models.queries.notification import Told
from models.rules.actor import Actor, Role
from models.tables import Notification, NotificationAttempt, Outbox, Target, Task
from server.courier.email import Mailer
from server.courier.sms import Gateway, Texter
from server.letters import TWO_MESSAGES, LetterRenderer, units
from server.notifications import Wording, worded
from tests.server.courier.chats import at_work, now
from tests.server.courier.test_email import SENDER, mail_server
from tests.support import district, publishing
from tests.support.district import VISIT
from tests.support.waiting import until

PLACE = district.district("https://inspect.example.test")
HEAD = Actor(Role.HEAD, "GA", "", "GA")
LATER = VISIT + timedelta(hours=3)
KINDS = ("concluded", "record", "result", "published", "corrected", "withdrawn")


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
    found = Told(
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
