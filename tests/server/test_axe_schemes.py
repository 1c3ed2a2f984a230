"""The pages of a scheme that is drafted, and of invitations, judged by axe-core and for their width, as liaison, head and office
(Art. 10, 13)."""

from __future__ import annotations

import pytest

from models.procedure import scheme_draft
from models.rules.actor import Role
from tests.models.procedure.test_scheme_draft import AT, FORM, LIAISON, head
from tests.server.companion.screen import loopback
from tests.support import district as sample
from tests.support.page_looks import Looks

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(db):
    async with loopback() as made:
        yield made


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en"), (390, "en"), (1280, "zh-CN")])
async def test_the_schemes_have_no_serious_finding(house, browser, width, language):
    await sample.found()
    draft = await scheme_draft.put(FORM, by=LIAISON, at=AT)
    await scheme_draft.sign(draft.id, False, "示例:人手不足", by=head("WJ"), at=AT)
    at_draft, new = f"/console/schemes/drafts/{draft.id}", f"/console/schemes/new?entry={FORM.entry}"
    looks = Looks(browser, house, width, language)
    for role, of, pages in (
        (Role.LIAISON, "GA", ("/console/schemes", new, f"{at_draft}/edit", at_draft, "/console/")),
        (Role.HEAD, "XF", (at_draft, "/console/schemes")),
        (
            Role.OFFICE,
            "测试联席办",
            (
                "/console/schemes",
                f"/console/batches/{sample.BATCH}",
                "/console/people/invitations?department=WJ",
            ),
        ),
    ):
        await looks.look(*pages, by=role, of=of)
    assert looks.wrong == {}
