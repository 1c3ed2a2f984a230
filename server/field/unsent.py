"""What a phone holds without a receipt, as it says itself; and giving some of it up, with a reason (Art. 16 (3))."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from models.operations import idempotency
from models.procedure import unsent
from models.procedure.unsent import Held
from models.refusal import Refusal
from server.app_keys import WAKE, by, now
from server.field.acts import other_bytes, receipted
from server.field.json_requests import COMPANION, Asked, FieldRoutes, Key, Line, answer, read

Code = Annotated[str, msgspec.Meta(max_length=64)]
Time = Annotated[str, msgspec.Meta(max_length=40)]

routes = FieldRoutes()


class Waiting(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    task: Code
    count: Annotated[int, msgspec.Meta(ge=1, le=100_000)]
    since: Time


class Holding(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    officer: Code
    lines: Annotated[list[Waiting], msgspec.Meta(max_length=200)]


class Holds(Asked):
    device: Key
    held: Annotated[list[Holding], msgspec.Meta(max_length=50)]


class GivenUp(Asked):
    task: Code
    what: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,40}$")]
    of: Annotated[str, msgspec.Meta(max_length=80)]
    reason: Line
    question: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    sha256: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")] = ""
    size: Annotated[int, msgspec.Meta(ge=0)] = 0
    made: Time = ""


@routes.post("/field/api/held", audience=COMPANION)
async def held(request: web.Request) -> web.Response:
    """What stays on this phone: its own that was refused, and others' that only they can send."""
    asked, _ = await read(request, Holds)
    lines = [
        Held(one.officer, tuple((line.task, line.count, line.since) for line in one.lines))
        for one in asked.held
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
            made=asked.made, reason=asked.reason, by=who, at=at, key=key,
        )  # fmt: skip
        return {}

    try:
        made = await idempotency.run_once(
            asked.key, sha256, f"{asked.task}/discard/{asked.of}", done, task=asked.task, by=who, at=at
        )
    except Refusal as no:
        return other_bytes(no)
    return receipted(made)
