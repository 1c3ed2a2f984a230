"""What a phone holds without a receipt, as it says itself; and giving some of it up, with a reason (Art. 16 (3))."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from models.procedure import unsent
from models.procedure.unsent import Held
from server.app_keys import WAKE, by, now
from server.companion.acts import done_once
from server.companion.json_requests import COMPANION, ActBody, Count, FieldRoutes, Key, Line, answer, read

Code = Annotated[str, msgspec.Meta(max_length=64)]
Time = Annotated[str, msgspec.Meta(max_length=40)]

routes = FieldRoutes()


class UnsentOfTask(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    task: Code
    count: Annotated[int, msgspec.Meta(ge=1, le=100_000)]
    since: Time


class UnsentActs(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    officer: Code
    lines: Annotated[list[UnsentOfTask], msgspec.Meta(max_length=200)]


class Holds(ActBody):
    device: Key
    held: Annotated[list[UnsentActs], msgspec.Meta(max_length=50)]


class GivenUp(ActBody):
    task: Code
    what: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,40}$")]
    of: Annotated[str, msgspec.Meta(max_length=80)]
    reason: Line
    question: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    sha256: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")] = ""
    size: Count = 0
    made: Time = ""


@routes.post("/field/api/held", audience=COMPANION)
async def held(request: web.Request) -> web.Response:
    """What stays on this phone: its own that was refused, and others' that only they can send."""
    asked, _ = await read(request, Holds)
    lines = [
        Held(acts.officer, tuple((line.task, line.count, line.since) for line in acts.lines))
        for acts in asked.held
    ]
    changed = await unsent.report(asked.device, lines, by=by(request), at=now(request))
    if changed:
        request.config_dict[WAKE]()
    return answer({"key": asked.key, "changed": changed})


@routes.post("/field/api/discarded", audience=COMPANION)
async def discarded(request: web.Request) -> web.Response:
    """201 with a receipt, like every act; only then the phone lets go of it."""
    asked, sha256 = await read(request, GivenUp)
    who, at = by(request), now(request)

    async def done(key: str) -> dict[str, object]:
        await unsent.give_up(
            asked.task, what=asked.what, of=asked.of, question=asked.question, sha256=asked.sha256, size=asked.size,
            created=asked.made, reason=asked.reason, by=who, at=at, key=key,
        )  # fmt: skip
        return {}

    what = f"{asked.task}/discard/{asked.of}"
    return await done_once(request, asked.key, sha256, what, done, task=asked.task)
