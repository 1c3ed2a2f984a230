"""Cards fit a small phone, in both languages, however much there is to say; none is a dead end."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.buttons import Act
from bot.callbacks import decode, encode
from bot.views import (
    View,
    afterwards,
    bar,
    checklist,
    cut,
    entrustment,
    entry,
    legible,
    literal,
    network,
    onsite,
    pending_decisions,
    photo,
    sample,
    task,
    units,
    visit,
)
from bot.views.checklist import Now
from locales import LANGUAGES, Words, words
from models.queries.arrival import Arrived
from models.queries.card import CardMember, ChecklistSection, TaskCard
from models.queries.entrustment import AgencyLine
from models.queries.inbox import InboxLine, When
from models.queries.onsite import NonCooperationReport, OnSite, UnreachableReport
from models.queries.pending_decisions import PendingNotice, Postponing, SubstitutionRequest
from models.queries.publication import Revising
from models.queries.question import QuestionCard
from models.queries.sample import SampleLine
from models.rules.checklist import Ask, ChecklistSheet, GivenAnswer, Network, ValueKind, open_gaps
from models.rules.photo import Doubt, Grade, MeasuredDoubt
from models.states import NoticeState, TaskState

AT = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)
NAME = "平顶山市新华区光明路街道示例零一二三四五六七八九国际商务大酒店有限责任公司第三分公司（示例）"
WRITTEN = "<b>情况</b> & 说明" * 60
LARGE = 987_654_321
LINK = "https://a.test/" + "x" * 380
PROVEN = Network("open", "示例系统", WRITTEN, by="A", at=AT, link=LINK, screenshot="0" * 64)
ENCLOSED = {"verdict": "fail", "shot": "0" * 64, "link": LINK}


def ask(number: int, kind: ValueKind = ValueKind.TRI, online: str = "partial") -> Ask:
    long = "顾客用品用具按规定清洗消毒，布草间、消毒间使用正常，" * 6
    return Ask(
        number,
        number,
        "GA",
        long,
        "《示例管理条例》第3、6条[2019-04-23]" * 4,
        kind,
        "抽查__间,已登记__间",
        "always",
        online,
        "示例系统" * 9,
        True,
    )


def a_sample(number: int, question: int, outcome: str) -> SampleLine:
    return SampleLine(
        number,
        question,
        "GA",
        WRITTEN,
        "3条",
        "",
        "示例封" * 12,
        WRITTEN,
        "A",
        "B",
        AT,
        outcome,
        WRITTEN,
        "示例检1",
        AT,
    )


def an_agency() -> AgencyLine:
    return AgencyLine(
        1, NAME, "", "示例委〔2026〕1号" * 4, WRITTEN, (("示例师傅", "高级工程师"),) * 8, "A", AT, None
    )


def a_card(state: TaskState = TaskState.ON_SITE, **changed: object) -> TaskCard:
    asks = tuple(ask(n, ValueKind.NUM if n == 4 else ValueKind.TRI) for n in range(1, 25))
    given = {
        4: GivenAnswer(3, "fail", "20/18" * 40, WRITTEN, 12),
        5: GivenAnswer(2, "pass", conflict=True, by="B"),
    }
    found = dict.fromkeys(range(1, 9), PROVEN)
    members = tuple(
        CardMember(str(n), f"示例人员{n}", "GA", n == 1, True, (None, True, False)[n % 3], True)
        for n in range(1, 13)
    )
    return replace(
        TaskCard(
            id=LARGE, number="2026-XH-GA-02-1-001", state=state, target=NAME, address="示例路" * 40, title="宾馆、旅店联合抽查",
            items=("一", "二"), opens=date(2026, 11, 30), closes=date(2026, 12, 18), team=2, members=members,
            sections=tuple(ChecklistSection(code, "市场监管", 3, 24, code == "XF") for code in ("GA", "WJ", "XF", "SCJG", "YJ")),
            sheet=ChecklistSheet(asks, given, found, waiting=frozenset({6, 7})),
            me=members[0], rivals={5: (GivenAnswer(1, "fail", "", WRITTEN), "A")},
            authors={"A": "甲检员", "B": "乙检员"}, visit_from=AT, visit_until=AT + timedelta(hours=2),
            proposed_from=AT + timedelta(days=1), proposed_until=AT + timedelta(days=1, hours=2), due=date(2027, 1, 6),
            provisional=True, notice=NoticeState.SENT, result=("R01",), returned=WRITTEN,
            methods=("document", "sample", "entrusted"), agencies=(an_agency(),) * 3,
            samples=(a_sample(1, 4, "pass"), a_sample(2, 6, ""), a_sample(3, 7, "")),
        ),
        **changed,
    )  # fmt: skip


def a_letter(state: NoticeState, *, planned: bool = True, step: str = "") -> PendingNotice:
    return PendingNotice(
        LARGE, "2026-XH-GA-02-1-001-T1", LARGE, "2026-XH-GA-02-1-001", NAME, "OBJ1", state, AT, AT + timedelta(hours=2),
        WRITTEN, "甲检员", "GA", (), False, planned, step, bool(step),
    )  # fmt: skip


def screens(said: Words) -> Iterator[tuple[str, View]]:
    """Every screen of an officer, as full as it gets."""
    lines = [
        InboxLine(
            LARGE, f"N-{n}", NAME, TaskState.SCHEDULED, list(When)[n % 5], AT, date(2027, 1, 6), n > 2, True
        )
        for n in range(20)
    ]
    yield "list", task.task_list(lines, said, page=1, draft=NAME, headline="新")
    for state in TaskState:
        yield f"task {state}", task.task(a_card(state), said, AT, headline="检查时间已定")
    card = a_card()
    yield "reasons", task.reasons(card, "r", said)
    yield "typing", task.typing(card, "标题", "请输入", said)
    yield (
        "question",
        checklist.question(card, 4, said, Now("note", "2026-12-07", said("photo.kept", n=4, number=3))),
    )
    yield "conflict", checklist.question(card, 5, said)
    yield "jump", checklist.jump(card, said)
    yield "section", checklist.section(card, open_gaps(card.sheet, "GA"), said, text="照片已保存")
    yield "question whose sample is out", checklist.question(card, 6, said)
    yield "sample", sample.sampling(card, 6, [], said)
    yield "witness", sample.sampling(card, 6, [WRITTEN, "3条", "", "示例封1", NAME], said)
    for outcome in ("", "pass"):
        yield f"report {outcome}", sample.reporting(card, card.samples[1], outcome, said)
    yield "reported", sample.reporting(card, card.samples[0], "", said)
    yield "agencies", entrustment.agencies(card, said)
    yield "network", network.overview(card, said, text=said("network.done"))
    for step in ("verdict", "finding", "source", "reason"):
        yield f"network {step}", network.question(card, {"q": 4, "step": step, **ENCLOSED}, said)
    yield "closing", network.closing(card, said)
    yield "days", visit.days(card, [date(2026, 12, n) for n in range(1, 11)], said)
    yield "times", visit.times(card, date(2026, 12, 8), [AT], said)
    yield "proposal", visit.proposal(card, said)
    yield "short", visit.short_notice(card, 1, 3, said)
    yield "present", visit.present(card, ["1"], said, asks="reason")
    yield "untold", visit.present(card, ["1"], said, asks="untold")
    yield "conclude", visit.conclude(card, said)
    yield "result", entry.result(card, ["R05", "R14"], WRITTEN, said)
    yield (
        "place",
        photo.place(card, photo.kept(9, None, Grade.C, [MeasuredDoubt(Doubt.FAR, 812)], said), said),
    )


def asked_screens(said: Words) -> Iterator[tuple[str, View]]:
    """Every question to a head, a leader or an entity."""
    for consented in (None, True, False):
        out = SubstitutionRequest(
            LARGE, "GA", "甲检员", "other", WRITTEN, ("2026-XH-GA-02-1-001",) * 9, consented, "乙检员"
        )
        yield f"substitution {consented}", pending_decisions.substitution(out, said)
    for state in (NoticeState.DRAFTED, NoticeState.WITHHELD):
        yield f"withholding {state}", pending_decisions.withholding(a_letter(state), said)
    letter = a_letter(NoticeState.SENT)
    yield "postpone", pending_decisions.postpone(letter, said)
    yield "asked", pending_decisions.asked_for_time(letter, said)
    for granted in (None, True, False):
        yield (
            f"postponement {granted}",
            pending_decisions.postponement(Postponing(LARGE, WRITTEN, granted, letter, None, False), said),
        )
    yield "notices", pending_decisions.notices((letter,) * 6, said)
    yield (
        "after",
        pending_decisions.notice(
            a_letter(NoticeState.SENT, planned=False, step="result"), WRITTEN, "http://127.0.0.1/", said
        ),
    )
    for outcome in ("", "corrected", "withdrawn", "dropped"):
        right = Revising(
            LARGE, "N", NAME, "GA", WRITTEN, AT, True, ("R05", "R07"), WRITTEN, (1, 2), "甲检员", outcome, ""
        )
        yield f"correction {outcome}", afterwards.correction(right, "http://127.0.0.1/", said)
        yield (
            f"correction why {outcome}",
            afterwards.correction(right, "http://127.0.0.1/", said, why="revision.return_why"),
        )
    for step in ("concluded", "record", "result", "published", "corrected", "withdrawn"):
        yield f"told {step}", afterwards.told(step, WRITTEN, "http://127.0.0.1/", LARGE, said)
    yield "desk", pending_decisions.desk((), (letter,) * 3, "http://127.0.0.1/", said)


def door_screens(said: Words) -> Iterator[tuple[str, View]]:
    """What happens at the door, as full as it gets."""
    card, there = a_card(), TaskState.ON_SITE
    came = Arrived(1, "A", "甲检员", "location", AT, WRITTEN, 2300, 15, True)
    told = NonCooperationReport(
        LARGE, LARGE, "2026-XH-GA-02-1-001", NAME, "GA", (1, 2, 3, 4, 5), WRITTEN, "A", "甲检员", AT, "", "", None, None,
        None, "", (1, 2),
    )  # fmt: skip
    missed = UnreachableReport(LARGE, LARGE, "N", NAME, WRITTEN, "A", "甲检员", AT, "", "", None, (1,))
    yield "door", onsite.door(card, OnSite((came,) * 9, (), (), ()), said)
    yield "otherwise", onsite.otherwise(a_card(there), OnSite((), (), (), ()), said)
    yield "reported", onsite.otherwise(a_card(there), OnSite((), (told,), (missed,), ()), said)
    full = {"grounds": [1, 2, 3, 4, 5], "facts": WRITTEN, "n": 3}
    yield "refusal", onsite.refusal(card, full, said)
    yield "absence", onsite.absence(card, full, said)
    yield "suspend", onsite.suspend(card, said)
    yield "confirm refusal", onsite.to_confirm(told, said)
    yield "confirm absence", onsite.to_confirm(missed, said)


def deciding_screens(said: Words) -> Iterator[tuple[str, View]]:
    for agreed in (None, True, False):
        told = NonCooperationReport(
            LARGE, LARGE, "2026-XH-GA-02-1-001", NAME, "GA", (1, 2, 3, 4, 5), WRITTEN, "A", "甲检员", AT, "B", "乙检员",
            AT, agreed, None, WRITTEN, (1, 2),
        )  # fmt: skip
        yield f"decide {agreed}", onsite.to_decide(told, "http://127.0.0.1/", said)
    yield "dismissal", onsite.dismissal(told, said)
    yield "desk of reports", pending_decisions.desk((), (), "http://127.0.0.1/", said, (told,) * 3)


EVERY = [
    pytest.param(language, name, view, id=f"{language} {name}")
    for language in LANGUAGES
    for name, view in (
        *screens(words(language)),
        *asked_screens(words(language)),
        *door_screens(words(language)),
        *deciding_screens(words(language)),
    )
]


def width(said: str) -> float:
    return sum(1 if unicodedata.east_asian_width(c) in "WF" else 0.5 for c in said)


@pytest.mark.parametrize(("language", "name", "view"), EVERY)
def test_u21_a_card_has_at_most_twelve_lines_and_its_buttons_fit(
    language: str, name: str, view: View
) -> None:
    assert len(view.text.splitlines()) <= 12, view.text
    view = legible(view, "示例区")
    plain = html.unescape(re.sub(r"</?[a-z]+>", "", view.text))
    assert units(plain) <= 4096
    for row in view.rows:
        assert len(row) <= 3
        for one in row:
            assert width(one.label) <= 18 / len(row) + (4 if len(row) > 1 else 0), one.label


@pytest.mark.parametrize("count", [3, 24, 60])
def test_b8_every_question_that_a_photo_may_belong_to_stands_beside_its_number(count: int) -> None:
    text = "消防设施完好有效，疏散通道、安全出口保持畅通，未发现锁闭、占用的情况"
    asks = tuple(replace(ask(number), text=f"{number}{text}") for number in range(1, count + 1))
    view = photo.place(
        QuestionCard(1, "示例-001", TaskState.ON_SITE, NAME, "GA", "公安", ChecklistSheet(asks)), "", words()
    )
    offered = {button.args[1] for row in view.rows for button in row if button.act == Act.PLACE}
    assert offered == {one.number for one in asks}
    assert all(f"{number}. {number}{text}" in view.text for number in offered)
    assert len(view.text.splitlines()) <= 12


@pytest.mark.parametrize(("language", "name", "view"), EVERY)
def test_every_button_fits_its_64_bytes_and_comes_back_as_it_went(
    language: str, name: str, view: View
) -> None:
    for one in (one for row in view.rows for one in row if one.act):
        assert one.act is not None
        data = encode(b"s" * 32, 9_999_999_999, one.act, *one.args)
        assert decode(b"s" * 32, 9_999_999_999, data) == (one.act, one.args)
        assert decode(b"s" * 32, 1, data) is None


OFFICERS = dict((*screens(words()), *door_screens(words())))


@pytest.mark.parametrize(("language", "name", "view"), [one for one in EVERY if one.values[1] in OFFICERS])
def test_u9_no_screen_of_an_officer_is_a_dead_end(language: str, name: str, view: View) -> None:
    ways = {one.act for row in view.rows for one in row}
    assert ways & {Act.OPEN, Act.LIST, Act.DAYS, Act.PLACE}, name


@pytest.mark.parametrize(("language", "name", "view"), EVERY)
def test_d24_markup_is_balanced_and_what_people_wrote_is_no_markup(
    language: str, name: str, view: View
) -> None:
    opened_, closed = (
        re.findall(r"<([a-z]+)(?: expandable)?>", view.text),
        re.findall(r"</([a-z]+)>", view.text),
    )
    assert sorted(opened_) == sorted(closed)
    assert set(opened_) <= {"b", "i", "blockquote", "code"}
    assert "<b>情况" not in view.text


def test_d25_text_is_cut_by_utf16_units_between_characters() -> None:
    assert units("👍") == 2
    assert cut("👍" * 10, 5) == "👍👍…"
    assert literal("\u202e倒\u200b序<b>") == "倒序&lt;b&gt;"


def test_u8_progress_is_drawn_and_counted() -> None:
    assert bar(7, 12) == "▓▓▓▓▓▓▓░░░░░"
    assert bar(13, 13) == "▓" * 12
    assert bar(0, 0) == ""
