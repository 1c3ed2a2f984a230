"""Art. 7, 10 at a desk: a sheet of codes for a department as PDF, who is still not bound."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from locales import words
from models.procedure.invitation import Invited, InvitedTogether
from models.rules.actor import Role
from models.tables import Invitation
from server.documents.invitation import invitation_sheet
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY

SHOTS = os.environ.get("SHOTS", "")
"""A folder for pictures of the pages, for who wants to look."""


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def test_the_sheet_of_a_department_is_a_paper_with_a_code_for_each_person(world):
    head = await world.browser(Role.HEAD, "WJ")
    page = await head.get("/console/people/invitations")
    assert page.status == 200 and page.reader.wrong == [] and "邀请整个部门" in page.text
    assert "公安" not in page.text and "甲检员WJ" in page.text
    paper = await head.post("/console/people/invitations/sheet", department="WJ")
    assert paper.response.content_type == "application/pdf"
    read = PdfReader(io.BytesIO(paper.body))
    text = "".join(leaf.extract_text() for leaf in read.pages)
    assert all(f"{one}检员WJ" in text for one in "甲乙丙丁戊己")
    assert await Invitation.filter(purpose="bind").count() == 6
    assert (await head.post("/console/people/invitations/sheet", department="GA")).status >= 400
    office = await world.browser(Role.OFFICE, "测试联席办")
    assert "已邀请" in (await office.get("/console/people/invitations?department=WJ")).text


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_a_sheet_of_many_is_set_on_pages_with_title_and_language(language):
    people = [
        Invited(f"示例人员{n}", f"TEST-{n:03d}", Role.INSPECTOR, f"{n:022d}", CEREMONY + timedelta(days=7))
        for n in range(23)
    ]
    together = InvitedTogether("WJ", tuple(people), ("示例无号",))
    link = "https://t.me/example_bot?start={}".format
    said = (together, link, words(language), "示例区", "卫生健康", CEREMONY)
    (paper,) = invitation_sheet(*said)
    read = PdfReader(io.BytesIO(paper))
    assert 2 <= len(read.pages) <= 4 and "卫生健康" in read.metadata.title
    assert read.trailer["/Root"]["/Lang"].startswith("zh" if language == "zh_Hans" else "en")
    if SHOTS:
        for n, picture in enumerate(invitation_sheet(*said, form="png")):
            Path(SHOTS, f"invitation-{language}-{n}.png").write_bytes(picture)
