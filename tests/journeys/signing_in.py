"""Heads and liaisons get their phones from the office, and come to the console by a link that their chat gives."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from server.practice import Phone
from tests.journeys.chatting import WAIT
from tests.journeys.town import Town, Visitor

NAMES = {"head": "测试负责人", "liaison": "测试联络员"}


async def bind(here: Town, office: Visitor, role: str, department: str, number: str) -> Phone:
    """Heads and liaisons stand in no register: the office sets the number first, or there is no invitation. Invited
    once, the person binds the own chat by that number.
    """
    people = f"/console/people?kind={role}"
    await office.submit(people, "/console/people/number", role=role, of=department, number=number)
    invited = await office.submit(people, "/console/people/invite", role=role, of=department)
    link = re.search(r"https://t\.me/[\w?=-]+", invited)
    assert link, invited
    return await here.enrol(f"{NAMES[role]}{department}", link[0], number)


async def sign_in(phone: Phone, browser: Visitor) -> None:
    """By the newest link of the own chat."""
    await phone.say("/login")
    shown = await phone.wait_for("登录工作台", timeout=WAIT)
    path = urlsplit((await phone.press("登录", shown)).value).path
    await browser.submit(path, path)
