"""`act` as a person at the server runs it: in somebody's name, with a reason, never in secret (Art. 7, 13, 16 (2))."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from locales import words
from models.queries.act_subject import ROWS
from models.rules.actor import Role
from models.tables import AwayTime, Batch, Event, Outbox, Postponement, Substitution, Task
from server import behalf
from server.commands.deeds import DEEDS, ON_A_ROW
from tests.support import district as sample
from tests.support import fork_server
from tests.support.district import BATCH, account, district, leader_of


@pytest.fixture
async def house(db, tmp_path):
    """One visit fixed; two heads have accounts."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district())

    def run(*words, language="zh_Hans"):
        known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": language}
        return fork_server.run(*words, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()})

    run.task = task
    return run


async def test_a7_a_window_is_extended_at_the_server_in_the_heads_name_and_the_head_hears_of_it(house):
    extend = ("act", "do", "extend", BATCH, "until=2099-01-05", "reason=大雪停业", "--as", "head:GA")
    done = house(*extend)
    assert (done.returncode, "理由" in done.stderr) == (2, True), done.stderr
    done = house(*extend, "--reason", "本人出差")
    assert (done.returncode, done.stdout.strip()) == (0, f"已办理：延长检查期限 {BATCH}。")
    assert (await Batch.get(code=BATCH)).closes.year == 2099
    happened = await Event.get(kind="batch.extended")
    assert (happened.by, happened.data["through"]) == ("head:GA", "office:cli")
    head = await account(Role.HEAD, "GA")
    told = await Outbox.get(account=head, kind="enrolment.acted_for")
    assert (told.payload["act"], told.payload["about"], told.payload["reason"]) == (
        "extend",
        BATCH,
        "本人出差",
    )


async def test_a6_a_leaders_step_and_the_heads_answer_to_it_are_done_at_the_server(house):
    leader = await leader_of(house.task)
    done = house(
        "act", "do", "replace", house.task.number, f"officer={leader.id}", "reason=post",
        "--as", f"inspector:{leader.id}", "--reason", "手机损坏",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    row = await Substitution.all().first()
    waits = house("act", "waiting", leader.department)
    assert f"substitution {row.id}（决定更换申请） {house.task.number}" in waits.stdout
    done = house(
        "act",
        "do",
        "substitution",
        row.id,
        "agree=true",
        "--as",
        f"head:{leader.department}",
        "--reason",
        "示例",
    )
    assert done.returncode == 0, done.stderr
    assert (await Substitution.get(id=row.id)).consented is True


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_act_has_a_word_and_every_row_a_name(language):
    spoken = words(language)
    assert [name for name in DEEDS if not spoken.has(f"deed.{name}")] == []
    assert [name for name in behalf.SAID if not spoken.has(f"web.said.act.{name}")] == []
    assert set(ROWS) == set(ON_A_ROW)


async def test_what_an_entity_says_by_telephone_is_entered_and_what_cannot_be_read_is_said(house):
    done = house("act", "said", "postpone", house.task.number, "heard_by=phone", "reason=盘点", language="en")
    assert (done.returncode, "spoke_with" in done.stdout) == (2, True), done.stdout
    done = house(
        "act", "said", "postpone", house.task.number, "heard_by=phone", "spoke_with=示例经理", "reason=盘点"
    )
    assert done.returncode == 0, done.stderr
    wish = await Postponement.all().first()
    assert (wish.reason, wish.asked_by) == ("盘点", f"entity:{house.task.target_id}")
    asked, spoke = await Event.filter(chain=f"task:{house.task.number}").order_by("-id").limit(2)
    assert {asked.kind, spoke.kind} == {"entity.spoke", "notice.postponement_asked"}
    facts = next(one.data for one in (asked, spoke) if one.kind == "entity.spoke")
    assert (facts["channel"], facts["spoke_with"], facts["act"]) == ("phone", "示例经理", "postpone")


async def test_an_officer_without_a_phone_has_a_half_day_noted_and_taken_back_at_the_server(house):
    leader = await leader_of(house.task)
    who = ("--as", f"inspector:{leader.id}", "--reason", "手机损坏")
    wrong = house("act", "do", "away", "wednesday", *who)
    assert wrong.returncode == 2, wrong.stdout
    day = "2099-01-07"
    far = house("act", "do", "away", day, "part=afternoon", *who)
    assert (far.returncode, "一年内" in far.stderr) == (2, True), far.stderr
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    done = house("act", "do", "away", day, "part=afternoon", *who)
    assert done.returncode == 0, done.stderr
    assert (await AwayTime.get()).inspector_id == leader.id
    assert house("act", "do", "away_back", day, *who).returncode == 0
    assert (await AwayTime.get()).taken_back_at is not None
    assert house("act", "do", "away_back", day, *who).returncode == 2
