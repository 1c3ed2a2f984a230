"""现场复查 at a desk and on the phone: set, begun, ended, signed; its record is one paper that can be read aloud (Art. 17)."""

from __future__ import annotations

import io
from base64 import b64encode
from datetime import datetime, time, timedelta

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from models.queries import dossier, rechecks
from models.queries import rectification as queries
from models.rules import tokens
from models.rules.actor import Role
from models.rules.visit import SHANGHAI
from models.states import RectificationState as R
from models.tables import RecheckSignature, Rectification
from tests.server.companion.phone import Phone, new_key
from tests.server.pages import site
from tests.server.test_console_work import press
from tests.support import publishing, rectifying
from tests.support.district import account, district, team_of
from tests.support.record import png
from tests.support.rectifying import ENDED

DAY = datetime.combine(ENDED.date() + timedelta(days=2), time(10), SHANGHAI)
GLASS = b64encode(png()).decode()


@pytest.fixture
async def world(db):
    async with site() as made:
        made.clock.move(ENDED)
        yield made


async def _ended(world):
    """Set, begun and ended at the desk of the first officer; the second one's browser beside it."""
    of = await rectifying.reviewed()
    order = await of.ordered()
    mate = (await team_of(of.task))[of.department][1]
    officer = await world.browser(Role.INSPECTOR, of.officer.id)
    day = {"day": DAY.date().isoformat(), "clock": "10:00", "second": mate.id}
    await press(officer, of.task, "recheck_set", at=str(order.id), **day)
    world.clock.move(DAY)
    officer = await world.browser(Role.INSPECTOR, of.officer.id)
    (line,) = (await queries.line(order.id)).rechecks
    assert line.begins == DAY
    await press(officer, of.task, "recheck_begin", at=str(line.id))
    right, wrong = of.points
    found = {f"found-{right}": "rectified", f"found-{wrong}": "partly", f"note-{wrong}": "示例:缺一只 <b>"}
    await press(officer, of.task, "recheck_end", at=str(line.id), **found, **{f"note-{right}": ""})
    return of, order, line.id, officer, mate


async def test_both_officers_sign_at_their_desks_and_the_order_is_partly_verified(world) -> None:
    of, order, id, officer, mate = await _ended(world)
    await press(officer, of.task, "recheck_sign", at=str(id))
    other = await world.browser(Role.INSPECTOR, mate.id)
    await press(other, of.task, "recheck_refuse", at=str(id), reason="示例:不认可", witness="示例见证人")
    await press(other, of.task, "recheck_sign", at=str(id))
    decided = await queries.line(order.id)
    assert (decided.state, decided.done) == (R.PARTLY, of.points[:1])
    page = await officer.get(f"/console/tasks/{of.task.number}")
    assert "示例:缺一只 <b>" in page.text and "拒签：示例:不认可（见证人：示例见证人）" in page.text


async def test_its_record_says_what_was_found_can_be_read_aloud_and_leads_to_the_order(world) -> None:
    of, order, id, officer, _ = await _ended(world)
    answer = await officer.client.get(f"/console/rechecks/{id}.pdf")
    data = await answer.read()
    said = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())
    line = await rechecks.line(id)
    for words in (
        line.number,
        "现场复查记录",
        "部分改正",
        "示例:缺一只<b>",
        "已改正1项",
        *dict(line.officers).values(),
    ):
        assert words in said, words
    assert b"pdfuaid" in data, "it can be read aloud"
    (code,) = zxingcpp.read_barcodes(pypdfium2.PdfDocument(data)[0].render(scale=2).to_pil())
    assert code.text.endswith("/o/" + tokens.token(district().secret, "rectification", order.number))
    english = await officer.client.get(f"/console/rechecks/{id}.pdf", headers={"Accept-Language": "en"})
    assert len(PdfReader(io.BytesIO(await english.read())).pages) > len(PdfReader(io.BytesIO(data)).pages)
    outsider = await world.browser(Role.HEAD, "JY")
    assert (await outsider.get(f"/console/rechecks/{id}.pdf")).status == 404
    assert (await outsider.get("/console/rechecks/999.pdf")).status == 404
    assert (await dossier.dossier(of.task.number, at=DAY)).rechecks == (id,)


async def test_the_entity_signs_on_the_officers_phone_and_in_public_nothing_is_said_of_the_visit(
    world,
) -> None:
    of, order, id, _, _ = await _ended(world)
    head = rectifying.actor_of(await account(Role.HEAD, "GA"))
    await publishing.published(of.task, head, DAY)
    phone = Phone(await world.browser(), of.officer.id)
    await phone.sign_in()
    number, sha256 = of.task.number, (await rechecks.line(id)).sha256
    said = {"recheck": id, "sha256": sha256, "picture": GLASS}
    answer = await phone.act(number, "recheck_sign", key=new_key(), name="示例经理", position="店长", **said)
    assert answer.status == 201
    assert (await RecheckSignature.get(role="entity")).picture
    stranger = await world.browser()
    page = (await stranger.get(f"/results/{number}")).text
    assert "限期改正中" in page and "复查" not in page and "示例:缺一只" not in page
    told = (await stranger.get("/o/" + tokens.token(district().secret, "rectification", order.number))).text
    assert f"{DAY:%Y-%m-%d} 10:00" in told, "who holds the order's link reads when officers come"
    assert (await Rectification.get()).state != R.VERIFIED
