"""Plans, schemes, batches and draws: in every state somebody has a way on, and what is offered is done (Art. 12-14)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from models import store
from models.data import read
from models.procedure import batch, ceremony, declaration, draw, plan, scheme
from models.procedure.enrolment import actor_of
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.draw import chance, entropy
from models.rules.public.draw import CeremonyStep
from models.states import TaskState
from models.tables import Batch, Draw, Event, Task
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, LOTTERY, OFFICE, VALUES, account
from tests.support.page_forms import Pressed, Site, press_all, trying

OUT = CEREMONY + timedelta(hours=2)
AFTER = datetime(2026, 12, 21, 9, tzinfo=CEREMONY.tzinfo)
LATER = date(2026, 12, 30)
LOTTERY_SOURCE = f"lottery:示例彩票@{OUT.isoformat(timespec='seconds')} 2026300"
PLAN = read("plan-2026.toml")
SCHEME = read("scheme-hotels.toml").replace(b"A = 4, B = 4, C = 3, D = 1", b"A = 3, B = 1, C = 1")
VALUE = "123456" * 8 + "12"


@dataclass(frozen=True)
class Act:
    """`who`: those of the room who may. `where`: at which step of a batch. `forward`: it brings the batch on."""

    who: frozenset[str]
    where: frozenset[str]
    forward: bool = False


def _act(who: str, where: str, *, forward: bool = False) -> Act:
    return Act(frozenset(who.split()), frozenset(where.split()), forward)


STEPS = (
    "open",
    *map(str, (CeremonyStep.PLEDGES, CeremonyStep.REVEALS, CeremonyStep.OUTSIDE, CeremonyStep.HOLD)),
    "failed",
    "asked",
    "drawn",
    "left",
    "over",
)
"""Where a batch may stand. `failed`: no outside value came; `asked`: to be voided. `left`: closed with tasks left."""
ANYWHERE = " ".join(STEPS)
ACTS = {
    "plan.adopt": _act("office head", ANYWHERE),
    "scheme.adopt": _act("office head", "open"),  # committed, it stays as it is
    "batch.withdraw": _act("office head", "open"),
    "declaration.declare": _act("office head witness other", "open"),  # every department that sends officers
    "declaration.withdraw": _act("office head", "open"),
    "draw.commit": _act("office head", "open", forward=True),
    "ceremony.name_witness": _act("head", "pledges"),  # the other witness has named somebody already
    "ceremony.pledge": _act("head witness named", "pledges", forward=True),
    "ceremony.reveal": _act("head named", "reveals", forward=True),  # from the account that pledged
    "ceremony.read": _act("office head witness other named member", "outside failed asked", forward=True),
    "draw.hold": _act("office head", "hold", forward=True),
    "ceremony.void": _act("office head", "pledges reveals failed asked", forward=True),
    "ceremony.consent_to_void": _act("witness other", "asked", forward=True),
    "batch.extend": _act("head", "pledges reveals outside hold failed asked drawn left", forward=True),
    "batch.close": _act("office head", "drawn", forward=True),
}
"""By act of `models.procedure`; `ceremony.read` is `ceremony.reveal` of what comes from outside."""
NOTHING = "nothing"
IN_THE_FILE = ("plan.other_department",)
"""What only the file that is handed in says."""
FINAL = {"over": "every task is over; the scheme closes with its last batch"}


@dataclass
class Room:
    """A batch at a step, with everybody who may have something to do with it."""

    step: str
    at: datetime
    people: dict[str, Actor]
    draw: str = ""
    sources: dict[str, str] = field(default_factory=dict)  # by person: the source they speak for
    declared: int = 0  # what the head declared while it was open

    def deeds(self, who: str) -> dict[str, Callable[[], Awaitable[Any]]]:
        by, at = self.people[who], self.at
        mine = self.sources.get(who, "witness:GA")
        deeds: dict[str, Callable[[], Awaitable[Any]]] = {
            "plan.adopt": partial(plan.adopt, PLAN, by=by, at=at, amend="示例"),
            "scheme.adopt": partial(scheme.adopt, SCHEME, by=by, at=at, amend="示例"),
            "draw.commit": partial(draw.commit, BATCH, by=by, at=at, random=sample.salts()),
            "declaration.declare": partial(
                declaration.declare, BATCH, "OBJ00003", "art3-2", "示例发〔2026〕2号", "b" * 64, by=by, at=at
            ),
            "declaration.withdraw": partial(declaration.withdraw, self.declared, "示例", by=by, at=at),
            "batch.withdraw": partial(batch.withdraw, BATCH, "示例", by=by, at=at),
            "batch.extend": partial(batch.extend, BATCH, LATER, "示例", by=by, at=at),
            "batch.close": partial(self.closed, by, at),
        }
        if self.draw:
            seal = partial(entropy.pledge, value=VALUE)
            deeds |= {
                "ceremony.name_witness": partial(self.named, mine, by, at),
                "ceremony.pledge": partial(self.pledged, mine, seal, by, at),
                "ceremony.reveal": partial(ceremony.reveal, self.draw, mine, VALUES[mine], by=by, at=at),
                "ceremony.read": partial(ceremony.reveal, self.draw, LOTTERY_SOURCE, LOTTERY, by=by, at=at),
                "draw.hold": partial(draw.hold, self.draw, by=by, at=at),
                "ceremony.void": partial(ceremony.void, self.draw, "示例", "示例人", by=by, at=at),
                "ceremony.consent_to_void": partial(ceremony.consent_to_void, self.draw, True, by=by, at=at),
            }
        return deeds

    async def closed(self, by: Actor, at: datetime) -> object:
        numbers = await Task.filter(batch_id=BATCH).values_list("number", flat=True)
        return await batch.close(BATCH, dict.fromkeys(map(str, numbers), "示例"), by=by, at=at)

    async def named(self, source: str, by: Actor, at: datetime) -> object:
        one = await account(Role.INSPECTOR, f"INS-{by.department or 'GA'}-6")
        return await ceremony.name_witness(self.draw, source, one.id, by=by, at=at)

    async def pledged(self, source: str, seal: Callable[[str], str], by: Actor, at: datetime) -> object:
        made = await Draw.get(code=self.draw)
        return await ceremony.pledge(self.draw, source, seal(made.commitment), by=by, at=at)

    async def tried(self, who: str, act: str, wrong: list[Any]) -> bool:
        """Whether it was done; what the table says otherwise goes to `wrong`."""
        code = await self.refused(who, act)
        if (not code) != (who in ACTS[act].who and self.step in ACTS[act].where):
            wrong.append((self.step, who, act, code or "done where the table says no"))
        return not code

    async def pressed(self, who: str, made: Site, wrong: list[Any]) -> list[Pressed]:
        """What this person's pages offer; what is refused goes to `wrong`."""
        by, found = self.people[who], []
        browser = await made.browser(by.role, _of(by))
        said = await _words(self)
        said["value"] = said[f"value:{who}"]
        pages = [
            f"/console/batches/{BATCH}",
            *([f"/console/draws/{self.draw}"] if self.draw else ["/console/plans"]),
        ]
        for address in pages:
            page = await browser.get(address)
            assert page.status == 200, (address, who)
            found += await press_all(browser, page, said, {"plans/adopt": PLAN, "schemes/adopt": SCHEME})
        wrong += [(self.step, who, one.name, one.code) for one in found if one.code not in ("", *IN_THE_FILE)]
        return found

    async def refused(self, who: str, act: str) -> str:
        """The code with which the act is refused, "" if it is done, NOTHING if it was done before. Nothing stays."""
        written = []

        async def deed() -> None:
            before = await Event.all().count()
            await self.deeds(who)[act]()
            written.append(await Event.all().count() - before)

        try:
            await store.rehearse(deed)
        except Refusal as no:
            return no.code
        return "" if written[0] else NOTHING


async def walk() -> AsyncIterator[Room]:
    """One room after another: a batch at every step, brought there by the acts themselves."""
    await sample.found()
    people = await _people()
    at = CEREMONY
    await Batch.filter(code=BATCH).update(entropy=[*VALUES, LOTTERY_SOURCE])
    declared = await declaration.declare(
        BATCH, "OBJ00002", "art3-2", "示例发〔2026〕1号", "a" * 64, by=people["head"], at=at
    )

    def room(step: str, at: datetime, code: str = "") -> Room:
        return Room(
            step, at, people, code, {"head": "witness:GA", "witness": "witness:WJ", "named": "witness:WJ"},
            declared.id,
        )  # fmt: skip

    yield room("open", at)
    first = await draw.commit(BATCH, by=OFFICE, at=at, random=sample.salts())
    await ceremony.name_witness(
        first.code, "witness:WJ", people["named"].account or 0, by=people["witness"], at=at
    )
    yield room("pledges", at, first.code)
    for source, value in VALUES.items():
        by = people["head" if source == "witness:GA" else "named"]
        await draw.pledge(first.code, source, entropy.pledge(first.commitment, value), by=by, at=at)
    yield room("reveals", at, first.code)
    for source, value in VALUES.items():
        await draw.reveal(
            first.code, source, value, by=people["head" if source == "witness:GA" else "named"], at=at
        )
    yield room("outside", OUT, first.code)
    late = OUT + chance.WAITING
    yield room("failed", late, first.code)
    await ceremony.void(first.code, "示例", by=people["head"], at=late)
    yield room("asked", late, first.code)
    await ceremony.consent_to_void(first.code, False, by=people["witness"], at=late)
    for who in ("head", "witness"):
        await draw.reveal(first.code, LOTTERY_SOURCE, LOTTERY, by=people[who], at=OUT)
    yield room("hold", OUT, first.code)
    await draw.hold(first.code, by=OFFICE, at=OUT)
    yield room("drawn", AFTER, first.code)
    numbers = await Task.all().values_list("number", flat=True)
    await batch.close(BATCH, dict.fromkeys(map(str, numbers), "示例"), by=OFFICE, at=AFTER)
    yield room("left", AFTER, first.code)
    await batch.extend(BATCH, LATER, "示例", by=people["head"], at=AFTER)
    await Task.all().update(state=TaskState.PUBLISHED)
    assert await batch.close_finished(AFTER) == 1
    yield room("over", AFTER, first.code)


async def _people() -> dict[str, Actor]:
    named = await account(Role.INSPECTOR, "INS-WJ-6")
    return {
        "office": actor_of(await account(Role.OFFICE, "联席办")),
        "head": actor_of(await account(Role.HEAD, "GA")),
        "witness": actor_of(await account(Role.HEAD, "WJ")),
        "other": actor_of(await account(Role.HEAD, "XF")),
        "named": actor_of(named),
        "member": actor_of(await account(Role.INSPECTOR, "INS-XF-6")),
    }


async def test_at_every_step_the_table_holds_somebody_can_go_on_and_every_offer_is_done(db):
    """Each act is done by those whom the table names and by nobody else; each form on the pages of plan, batch and
    draw is pressed by each person who may open them, with the least that it asks for."""
    seen, wrong = set(), []
    async with trying() as made:
        async for room in walk():
            seen.add(room.step)
            made.clock.move(room.at)
            done = {
                (who, act)
                for who in room.people
                for act in room.deeds(who)
                if await room.tried(who, act, wrong)
            }
            assert any(ACTS[act].forward for _, act in done) or room.step in FINAL, room.step
            offered = [one for who in room.people for one in await room.pressed(who, made, wrong)]
            assert offered or room.step in FINAL
    assert wrong == [], "\n".join(map(str, wrong))
    assert seen == set(STEPS)


def _of(by: Actor) -> str:
    return {Role.HEAD: by.department, Role.OFFICE: "联席办"}.get(by.role, by.id)


async def _words(room: Room) -> dict[str, str]:
    made = await Draw.get(code=room.draw) if room.draw else None
    seal = entropy.pledge(made.commitment, VALUE) if made else ""
    values = {f"value:{who}": VALUES.get(room.sources.get(who, ""), "") for who in room.people}
    if room.step in ("outside", "failed", "asked"):
        values = dict.fromkeys(values, LOTTERY)
    return {
        "amend": "示例", "pledge": seal, "reason": "示例", "extend until": LATER.isoformat(),
        "target": "OBJ00004", "sha256": "c" * 64,
        "commit until": "", **values,
    }  # fmt: skip
