import pytest
from tests.bot.chat import Chat
from tests.bot.conftest import *
from tests.bot.conftest import _chat
from tests.counting import counted
from tests import district

async def test_probe(site: Chat, task) -> None:
    async with site.stored():
        officer = await site.at_question(task, "GA", 3)
        others = [await site.officer(a) for d, people in (await district.team_of(task)).items() for a in people if (a.id != (await district.team_of(task))["GA"][0].id)]
        await site.push(__import__("datetime").timedelta(seconds=1))
        for n in range(2):
            async with counted() as c:
                await site.tap(officer, "合格")
            print(n, len(c.statements), c.commits)
        if __import__("os").environ.get("LIST"): print(c.listed())
        for o in others[:3]:
            await o.say("/today")
            await o.wait_for("我的任务")
            await site.tap(o, "001", "检查表")
