"""履职情况: each share with its denominator, from the event log, for office and heads (Art. 5, 6, 21)."""

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.procedure import inspection, team
from models.queries import sheet as sheets
from models.queries.board import ALL, Sight
from models.queries.performance import logged_act, performance
from models.rules import performance as rules
from models.rules.actor import Role
from models.rules.checklist import Ask, ValueKind
from models.rules.performance import LoggedTask, Proportion
from models.tables import Task
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, CREW, VISIT, district

PAGE = "/console/performance"


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    async with site() as made:
        yield made


async def first() -> Task:
    return await Task.all().order_by("number").first()


def asked(number: int, network: str = "no") -> Ask:
    return Ask(number, number, "XF", "", "", ValueKind.TRI, "", "no", network, "", True, items=("XH-GA-02",))


def counted(*acts, seats=None, departments=None, asks=()):
    task = LoggedTask(
        "示例-001", "GA", seats or {"A": "GA"}, departments or {}, asks, [logged_act(*act) for act in acts]
    )
    return rules.performance([task], date(2026, 12, 31))


def share(found: Proportion) -> tuple[int, int]:
    return found.part, found.whole


async def test_before_anybody_did_anything_there_is_no_share_but_a_count_of_places(world):
    figures = (await performance(ALL, CEREMONY)).figures
    assert set(figures.departments) == set(CREW)
    seats = sum(row["accepted"].whole for row in figures.departments.values())
    assert seats == 8 * await Task.all().count()
    assert all(share(row["accepted"])[0] == 0 for row in figures.departments.values())
    assert all(row["in_time"].percent is None for row in figures.departments.values())
    assert "无任务" in (await (await world.browser(Role.OFFICE, "测试联席办")).get(PAGE)).text


async def test_who_accepts_counts_for_the_own_department(world):
    task = await first()
    people = await sample.team_of(task)
    await team.accept(task.number, by=people["XF"][0], at=CEREMONY)
    rows = (await performance(ALL, CEREMONY)).figures.departments
    assert {code: row["accepted"].part for code, row in rows.items()} == {
        code: int(code == "XF") for code in CREW
    }


async def test_an_inspection_in_time_and_its_items_stand_with_their_denominators(world):
    task = await first()
    await sample.visit_fixed(task, district())
    await passed(task)
    leader = await sample.leader_of(task)
    await sample.entered(task, ["R01"], VISIT)
    report = await performance(ALL, VISIT, batch=BATCH)
    assert share(report.figures.departments[leader.department]["in_time"]) == (1, 1)
    assert share(report.figures.departments[leader.department]["returned"]) == (0, 1)
    assert set(report.figures.items) == {"XH-GA-02"}
    assert {share(one) for one in report.figures.items.values()} == {(0, 1)}
    page = await (await world.browser(Role.OFFICE, "测试联席办")).get(f"{PAGE}?month=2026-11&batch={BATCH}")
    assert "100%（1/1）" in page.text
    assert "分母：" in page.text
    assert '<rect class="part" width="100"' in page.html


async def passed(task: Task) -> None:
    """The visit held: one point of XH-GA-02 is met, the others do not apply."""
    leader, people = await sample.leader_of(task), await sample.team_of(task)
    present = [one.id for each in people.values() for one in each]
    await inspection.begin(task.number, present, by=leader, at=VISIT, untold="示例:当面告知")
    asks = (await sheets.sheet_of(task)).asks
    met = next(ask for ask in asks if ask.items == ("XH-GA-02",) and ask.kind == ValueKind.TRI)
    for ask in asks:
        await inspection.answer(
            task.number, ask.number, verdict="pass" if ask == met else "na", value=None, note="示例",
            by=people[ask.department][0], at=VISIT,
        )  # fmt: skip
    for each in people.values():
        await inspection.finalise(task.number, by=each[0], at=VISIT)
    await inspection.conclude(task.number, by=leader, at=VISIT + timedelta(hours=2), district=district())


async def test_a_head_reads_the_own_department_alone_and_an_officer_nothing(world):
    figures = (await performance(Sight("XF"), CEREMONY)).figures
    assert set(figures.departments) == {"XF"}
    page = await (await world.browser(Role.HEAD, "XF")).get(PAGE)
    assert page.status == 200
    assert "department-GA" not in page.html
    leader = await sample.leader_of(await first())
    assert (await (await world.browser(Role.INSPECTOR, leader.id)).get(PAGE)).status == 403


async def test_the_workbook_holds_the_same_figures_and_what_they_mean(world):
    answer = await (await world.browser(Role.OFFICE, "测试联席办")).get(f"{PAGE}.xlsx")
    assert answer.status == 200
    with zipfile.ZipFile(io.BytesIO(answer.body)) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
        sheets = book.read("xl/workbook.xml").decode()
    assert "无任务" in strings
    assert "分母：" in strings
    assert all(name in sheets for name in ("按部门", "按告知方式", "按事项", "各项含义"))


@pytest.mark.parametrize("query", ["month=2026-13", "batch=nowhere", "sort=merit"])
async def test_what_is_not_offered_is_refused(world, query):
    assert (await (await world.browser(Role.OFFICE, "测试联席办")).get(f"{PAGE}?{query}")).status == 400


def test_a_channel_counts_by_what_it_said_last():
    figures = counted(
        ("notice.approved", "inspector:A", {}),
        ("notice.accepted", "clock:", {"channel": "email"}),
        ("notice.bounced", "clock:", {"channel": "email"}),
        ("notice.telephoned", "inspector:A", {"reached": False}),
        ("notice.telephoned", "inspector:A", {"reached": True}),
    )
    assert {name: share(one) for name, one in figures.channels.items()} == {"email": (0, 1), "phone": (1, 1)}
    assert share(figures.departments["GA"]["told"]) == (1, 1)


def test_a_bounced_letter_alone_reached_nobody():
    figures = counted(
        ("notice.approved", "inspector:A", {}),
        ("notice.accepted", "clock:", {"channel": "email"}),
        ("notice.bounced", "clock:", {"channel": "email"}),
    )
    assert share(figures.departments["GA"]["told"]) == (0, 1)


def test_what_was_never_entered_and_is_past_its_day_is_not_in_time():
    assert share(counted(("visit.concluded", "", {"due": "2026-12-30"})).departments["GA"]["in_time"]) == (
        0,
        1,
    )
    running = counted(("visit.concluded", "", {"due": "2026-12-31"})).departments["GA"]["in_time"]
    assert running.percent is None


def test_returns_and_replacements_are_shares_of_entries_and_places():
    figures = counted(
        ("result.entered", "inspector:A", {"late": True}),
        ("result.returned", "head:GA", {}),
        ("result.entered", "inspector:A", {"late": False}),
        ("team.substituted", "head:XF", {"out": "TEST-XF-001"}),
        seats={"A": "GA", "B": "XF", "C": "XF", "D": "XF"}, departments={"TEST-XF-001": "XF"},
    )  # fmt: skip
    assert share(figures.departments["GA"]["in_time"]) == (0, 1)  # the first entry was late
    assert share(figures.departments["GA"]["returned"]) == (1, 2)
    assert share(figures.departments["XF"]["substituted"]) == (1, 3)
    assert share(figures.departments["GA"]["substituted"]) == (0, 1)


def test_each_department_answers_for_its_own_entry_and_for_what_was_sent_back_to_it():
    asks = (
        replace(asked(1), department="GA"),
        replace(asked(2), department="XF"),
        replace(asked(3), department="WJ"),
    )
    answers = [("answer.given", "", {"question": n, "verdict": "pass"}) for n in (1, 2, 3)]
    over = ("visit.concluded", "", {"due": "2026-12-30"})
    figures = counted(
        *answers, over,
        ("department_result.entered", "inspector:B", {"department": "XF", "late": False}),
        ("result.entered", "inspector:A", {"department": "GA", "late": True, "missing": ["WJ"]}),
        ("result.returned", "head:GA", {"department": "XF"}),
        seats={"A": "GA", "B": "XF", "C": "WJ"}, asks=asks,
    )  # fmt: skip
    in_time = {code: share(row["in_time"]) for code, row in figures.departments.items()}
    assert in_time == {"GA": (0, 1), "WJ": (0, 1), "XF": (1, 1)}
    returned = {code: share(row["returned"]) for code, row in figures.departments.items()}
    assert returned == {"GA": (0, 1), "WJ": (0, 0), "XF": (1, 1)}


def test_an_item_counts_where_it_was_judged_in_an_inspection_that_is_over():
    answers = [
        ("answer.given", "", {"question": 1, "verdict": "fail"}),
        ("answer.given", "", {"question": 1, "verdict": "pass"}),
        ("answer.given", "", {"question": 2, "verdict": "na"}),
    ]
    asks = (asked(1), asked(2))
    over = ("visit.concluded", "", {"due": "2026-12-31"})
    assert counted(*answers, asks=asks).items == {}
    assert share(counted(*answers, over, asks=asks).items["XH-GA-02"]) == (0, 1)
    failed = ("answer.given", "", {"question": 2, "verdict": "fail"})
    assert share(counted(*answers, failed, over, asks=asks).items["XH-GA-02"]) == (1, 1)
    online = ("network.found", "", {"question": 2, "verdict": "fail"})
    assert share(counted(*answers, online, over, asks=asks).items["XH-GA-02"]) == (0, 1)  # settles nothing
    settled = counted(*answers, online, over, asks=(asked(1), asked(2, "full"))).items["XH-GA-02"]
    assert share(settled) == (1, 1)
