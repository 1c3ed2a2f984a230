"""Every form of the console, sent by everybody who may send it with what cannot be meant: told in words, nothing fails (D61)."""

import re

import pytest

from models.rules.actor import Role
from models.tables import Task
from server import access
from tests.server.pages import posted, site
from tests.server.test_wrong_input import fields_read
from tests.support import district as sample
from tests.support.evidence import filled

WRONG = ("x", "", "9" * 30, "-1", "长" * 501, "2026-13-45", "<b>&\x00")
WHO = (Role.OFFICE, Role.HEAD, Role.LIAISON, Role.INSPECTOR)
ENDS_THE_SESSION = {"/logout", "/console/people/end"}
CHINESE = re.compile(r"[\u4e00-\u9fff]{4,}")
PLACE = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")


@pytest.fixture
async def world(db):
    await filled()
    async with site() as made:
        yield made


def forms(world, role: Role) -> list[str]:
    """Addresses of the forms that are open to this role, one place after another filled in."""
    found = set()
    for resource in world.server.app.router.resources():
        for route in resource:
            audience = access.audience_of(route)
            if route.method == "POST" and audience and audience.roles and role in audience.roles:
                found.add(resource.canonical)
    return sorted(found - ENDS_THE_SESSION)


async def whose(role: Role) -> str:
    if role == Role.INSPECTOR:
        return (await sample.leader_of(await Task.get(state="archived"))).id
    return "测试联席办" if role == Role.OFFICE else "GA"


@pytest.mark.parametrize("role", WHO)
async def test_whatever_is_typed_into_a_form_is_answered_in_words(world, role):
    browser = await world.browser(role, await whose(role))
    number = (await Task.get(state="archived")).number
    addresses, names = forms(world, role), fields_read() - {"csrf"}
    assert len(addresses) > 10
    for address in addresses:
        for place in ("1", number):
            for wrong in WRONG:
                told = dict.fromkeys(names, wrong)
                status, text = await posted(browser, PLACE.sub(place, address), **told)
                assert status < 500, (address, place, wrong, text[:300])
                assert status in (200, 303) or CHINESE.search(text), (address, place, wrong, text[:300])
