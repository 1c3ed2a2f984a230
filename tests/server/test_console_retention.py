"""保管与销毁: by term, by list, by two persons; hashes stay, the public page says so (Art. 20)."""

import io
from datetime import datetime, timedelta

import openpyxl
import pytest

from models import store
from models.backups.snapshot import named_objects
from models.procedure import retention
from models.queries import evidence, objects, other_terms
from models.queries import retention as queries
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.visit import SHANGHAI
from models.tables import DeletionList, Photo, Task, Tombstone
from tests.models.procedure.test_credit import PLACE
from tests.server.pages import FORM, posted, site
from tests.support.district import account
from tests.support.evidence import filled

END = datetime(2037, 1, 5, 9, tzinfo=SHANGHAI)


@pytest.fixture
async def task(db, object_store):
    await filled()
    return await Task.get(state="archived")


@pytest.fixture
async def world(task):
    async with site() as made:
        made.clock.at = END
        yield made


async def listed(head, task):
    await posted(head, "/console/retention/term", years="10", basis="示例规定")
    return await posted(head, "/console/retention/lists", task=task.number, reason="示例鉴定:可以销毁")


async def test_nothing_is_over_before_its_term_or_where_no_term_is_set(world, task):
    head = await world.browser(Role.HEAD, "GA")
    assert (await posted(head, "/console/retention/lists", task=task.number, reason="示例"))[0] == 409
    account_of_head = await account(Role.HEAD, "GA")
    by = Actor(Role.HEAD, "GA", "示例", "GA", account_of_head.id)
    last = datetime(2036, 12, 31, 9, tzinfo=SHANGHAI)
    await retention.set_term(10, "示例规定", by=by, at=last)
    with pytest.raises(Refusal) as no:
        await retention.propose([task.number], "示例", by=by, at=last)
    assert no.value.code == "retention.running"
    due = [term for term in await other_terms.of_the_day(last, PLACE.calendar, PLACE.terms)
           if term.kind == "retention"]  # fmt: skip
    assert [term.named for term in due] == [task.number]
    other = await world.browser(Role.HEAD, "XF")
    assert (await posted(other, "/console/retention/lists", task=task.number, reason="示例"))[0] == 409
    assert not await DeletionList.exists()


async def test_what_is_over_goes_by_list_once_a_second_person_agrees(world, task):
    names = await queries.files_of(task)
    assert names and all([await store.objects.exists(name) for name in names])
    head = await world.browser(Role.HEAD, "GA")
    before = (await (await world.browser()).get(f"/results/{task.number}")).text
    assert "注销" in before
    assert (await listed(head, task))[0] == 303
    row = await DeletionList.get()
    assert (await head.client.post(f"/console/retention/lists/{row.id}", data={"csrf": head.csrf, "act": "agree"},
                                   headers=FORM)).status == 403  # fmt: skip
    office = await world.browser(Role.OFFICE, "测试联席办")
    assert (await posted(office, f"/console/retention/lists/{row.id}", act="refuse"))[0] == 409
    assert (await posted(office, f"/console/retention/lists/{row.id}", act="agree"))[0] == 303
    assert not any([await store.objects.exists(name) for name in names])
    assert (await Tombstone.get()).objects == list(names)


async def destroyed(task):
    head = await account(Role.HEAD, "GA")
    office = await account(Role.OFFICE, "测试联席办")
    proposer = Actor(Role.HEAD, "GA", "示例", "GA", head.id)
    agreeing = Actor(Role.OFFICE, office.name, office.name, account=office.id)
    await retention.set_term(10, "示例规定", by=proposer, at=END - timedelta(days=3000))
    line = await retention.propose([task.number], "示例", by=proposer, at=END)
    await retention.decide(line.id, True, by=agreeing, at=END)
    assert await retention.destroy(line.id) == len(await queries.destroyed(line.id))
    return line


async def test_what_a_crash_left_of_an_agreed_list_goes_by_the_clock_but_not_what_another_task_names(task):
    head, office = await account(Role.HEAD, "GA"), await account(Role.OFFICE, "测试联席办")
    by = Actor(Role.HEAD, "GA", "示例", "GA", head.id)
    await retention.set_term(10, "示例规定", by=by, at=END - timedelta(days=3000))
    line = await retention.propose([task.number], "示例", by=by, at=END)
    agreeing = Actor(Role.OFFICE, office.name, office.name, account=office.id)
    await retention.decide(line.id, True, by=agreeing, at=END)
    (name, *_) = await queries.destroyed(line.id)
    assert await store.objects.exists(name)
    other = await Photo.exclude(task_id=task.id).first()
    await Photo.filter(id=other.id).update(sha256=name)
    await retention.destroy_agreed(at=END + timedelta(days=1))
    assert await store.objects.exists(name)
    await Photo.filter(id=other.id).update(sha256=other.sha256)
    await retention.destroy_agreed(at=END + timedelta(days=2))
    assert not await store.objects.exists(name)


async def test_the_evidence_is_whole_and_says_what_went_by_term(task):
    assert (await evidence.verify()).whole
    await destroyed(task)
    report = await evidence.verify()
    assert report.differences == [] and report.destroyed == {task.number: "2037-01-05"}
    assert (await evidence.verify(task.number)).destroyed == {task.number: "2037-01-05"}
    _, lacking = await objects.orphans()
    assert lacking == []
    kept = await Photo.exclude(task_id=task.id).first()
    await store.objects.discard(kept.sha256)
    assert {one.kind for one in (await evidence.verify()).differences} == {"object.missing"}


async def test_a_tombstone_that_no_act_wrote_excuses_nothing(task):
    line = await destroyed(task)
    other = await Photo.exclude(task_id=task.id).first()
    await Tombstone.create(
        task_id=other.task_id,
        list_id=line.id,
        objects=[other.sha256],
        term_over=END.date(),
        by="示例",
        at=END,
    )
    report = await evidence.verify()
    assert not report.whole


async def test_the_public_page_shows_a_tombstone_and_no_search_finds_what_it_was(world, task):
    await destroyed(task)
    stranger = await world.browser()
    page = (await stranger.get(f"/results/{task.number}")).text
    assert "案卷保管期限届满，已依法销毁" in page and "注销" not in page
    assert task.number not in (await stranger.get("/results?type=R10")).html
    assert task.number in (await stranger.get("/results?type=withdrawn")).html
    feed = await (await stranger.client.get("/results.json")).text()
    assert "R10" not in feed
    head = await world.browser(Role.HEAD, "GA")
    answer = await head.client.get(f"/console/tasks/{task.number}")
    assert answer.status == 410 and "保管期满" in await answer.text()


async def test_a_backup_does_not_look_for_what_went_by_term(task, db):
    path = db.removeprefix("sqlite://")
    before = named_objects(path)
    gone = await queries.destroyed((await destroyed(task)).id)
    assert gone and before - set(gone) == named_objects(path)


async def test_nobody_stands_in_and_nobody_is_both(task):
    head = await account(Role.HEAD, "GA")
    proposer = Actor(Role.HEAD, "GA", "示例", "GA", head.id)
    await retention.set_term(10, "示例规定", by=proposer, at=END - timedelta(days=3000))
    stood_in = Actor(Role.HEAD, "GA", "示例", "GA", head.id, through="office:示例")
    with pytest.raises(Refusal) as no:
        await retention.propose([task.number], "示例", by=stood_in, at=END)
    assert no.value.code == "retention.own_name"
    line = await retention.propose([task.number], "示例", by=proposer, at=END)
    same = Actor(Role.OFFICE, "示例", account=head.id)
    with pytest.raises(Refusal) as no:
        await retention.decide(line.id, True, by=same, at=END)
    assert no.value.code == "retention.same_person" and not await Tombstone.exists()


async def test_the_catalogue_lists_every_dossier_as_a_workbook(world, task):
    head = await world.browser(Role.HEAD, "GA")
    answer = await head.client.get("/console/retention.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(await answer.read())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:2] == ["序号", "任务编号"] and rows[1][1] == task.number and rows[1][5] == "永久"
    for form, type_ in (("csv", "text/csv"), ("pdf", "application/pdf")):
        page = await head.get(f"/console/retention.{form}")
        assert (page.status, page.response.content_type) == (200, type_)
    assert task.number in (await head.get("/console/retention?page=1")).text
    assert (await head.get("/console/retention?page=x")).status == 400
