"""One task from its concluded visit on, walked over the real surfaces: phones, desks, the entity's pages, the public's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from models.procedure import anchor
from models.queries import evidence
from models.rules import bag
from models.rules.actor import Actor, Role
from models.tables import Notice, Rectification, Task
from tests.server.companion.phone import Phone
from tests.server.notices import link
from tests.server.pages import Browser, Site
from tests.server.test_dossiers import stranger
from tests.server.test_order_page import link as order_link
from tests.support.district import VISIT, district

DUE = date(2026, 12, 21)
AFTER = VISIT + timedelta(hours=3)


@dataclass
class Walk:
    """One task after its visit. `wanting`: the number of the point that was found wanting; `crew`: of its department."""

    site: Site
    task: Task
    notice: Notice | None
    wanting: int
    people: dict[str, list[Actor]]
    crew: list[Actor]
    leader: Actor

    @property
    def desk(self) -> str:
        return f"/console/tasks/{self.task.number}"

    async def phone(self, who: Actor, act: str, /, **said: Any) -> dict[str, Any]:
        phone = Phone(await self.site.browser(), who.id)
        await phone.sign_in()
        answer = await phone.act(self.task.number, act, **said)
        assert answer.status == 201, (act, answer.body)
        return answer.body

    async def head(self, department: str = "GA") -> Browser:
        return await self.site.browser(Role.HEAD, department)

    async def at_the_heads_desk(self, to: str, /, **said: str) -> None:
        page = await (await self.head()).post(f"{self.desk}/{to}", **said)
        assert page.status == 303, page.text[-600:]

    async def state(self) -> str:
        return (await Task.get(id=self.task.id)).state

    async def read(self, path: str) -> str:
        return (await (await self.site.browser()).get(path)).text

    async def entered(self) -> None:
        """Each department on a phone of its own, the leader last; the head reads it and agrees."""
        for crew in self.people.values():
            mine = crew is self.crew
            if self.leader not in crew:
                await self._entered(crew[0], mine)
        await self._entered(self.leader, self.leader in self.crew)
        assert await self.state() == "entered"
        await self.at_the_heads_desk("review", act="agree")
        assert await self.state() == "reviewed"

    async def _entered(self, officer: Actor, mine: bool) -> None:
        types, measures = (["R05"], ["ordered"]) if mine else (["R01"], ["none"])
        await self.phone(officer, "enter", types=types, measures=measures)

    async def ended_as(self, code: str, measure: str) -> None:
        """Nobody inspected: the leader concludes where that is still to be done, and writes down what was found."""
        if await self.state() != "concluded":
            await self.phone(self.leader, "conclude")
        await self.phone(self.leader, "enter", types=[code], measures=[measure])
        assert await self.state() == "entered"
        await self.at_the_heads_desk("review", act="agree")

    async def published(self) -> None:
        """The platform's receipt on the leader's phone, 无异议 on the entity's page, then open to all. Where there is no
        letter the entity has its days to answer."""
        await self.phone(self.leader, "receipt", receipt="示例-2026-7")
        if self.notice:
            assert (await (await self.site.browser()).post(link(self.notice), act="agree")).status == 303
        else:
            self.site.clock.move(self.site.clock() + timedelta(days=12))
        await self.at_the_heads_desk("publish", unsigned="示例:未带平板", untold="示例:无法送达")
        assert await self.state() == "published"

    async def ordered(self) -> Rectification:
        await self.phone(self.crew[0], "rectify", due=DUE.isoformat())
        order = await Rectification.get()
        assert order.number in await self.read(order_link(order.number))
        return order

    async def archived(self, folder: Path) -> None:
        """Once the term of objection is over: sealed at the desk, downloaded, and checked by who has nothing of ours."""
        self.site.clock.move(self.site.clock() + timedelta(days=31))
        await anchor.due(self.site.clock(), district())
        await self.at_the_heads_desk("archive")
        assert await self.state() == "archived"
        path = folder / "dossier.zip"
        path.write_bytes((await (await self.head()).get(f"{self.desk}/dossier.zip")).body)
        checked = stranger(path)
        assert (checked.returncode, bag.flaws(path)) == (0, []), checked.stdout + checked.stderr
        assert (await evidence.verify()).differences == []
