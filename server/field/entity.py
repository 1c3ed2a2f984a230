"""What the entity prepared, handed in and put right, on the officer's phone (Art. 16 (2), 17)."""

from __future__ import annotations

from typing import Any

from aiohttp import hdrs, web

from models import store
from models.procedure import correction
from models.queries import entity
from models.queries.card import TaskCard
from models.queries.entity import Handed, Mended
from models.refusal import Refusal
from server.app_keys import by
from server.field.act_request import ActRequest, Acts, Answer
from server.field.json_requests import COMPANION, Asked, FieldRoutes, Line, Number
from server.field.shared import Read, fresh

routes = FieldRoutes()


class Judged(Asked):
    correction: Number
    accepted: bool
    said: Line = ""


async def _judge(turn: ActRequest, asked: Judged) -> Answer:
    """核实无误, or not accepted with a reason."""
    await correction.decide(asked.correction, asked.accepted, asked.said, **turn.who)
    return {}


ACTS: Acts = {"correction": (Judged, _judge)}


async def shown(card: TaskCard, read: Read = fresh) -> dict[str, Any]:
    """Only what is not empty: a task nobody said anything about costs no bytes."""
    said: entity.Heard = await read("heard", card.id, lambda: entity.heard(card.number))
    if not said.anything:
        return {"entity": None}
    lines = [line for line in said.lines if line.ready or line.papers]
    return {
        "entity": {
            "ready": said.ready,
            "all": len(said.lines),
            "lines": [
                {"n": line.number, "text": line.text, "ready": line.ready, "papers": _papers(line.papers)}
                for line in lines
            ],
            "corrections": [_mended(card, one) for one in said.corrections],
            "replies": [
                {"text": reply.text, "at": reply.at, "papers": _papers(reply.papers)}
                for reply in said.replies
            ],
        }
    }


def _mended(card: TaskCard, one: Mended) -> dict[str, Any]:
    return {
        "id": one.id, "n": one.number, "question": one.question, "stage": one.stage, "text": one.text, "at": one.at,
        "accepted": one.accepted, "said": one.said, "mine": card.me.leader or one.department == card.department,
        "papers": _papers(one.papers),
    }  # fmt: skip


def _papers(papers: tuple[Handed, ...]) -> list[dict[str, Any]]:
    return [{"id": one.id, "name": one.name, "format": one.format, "size": one.size} for one in papers]


@routes.get("/field/api/papers/{id:[0-9]{1,9}}", audience=COMPANION)
async def paper(request: web.Request) -> web.Response:
    """A paper's bytes, only as an attachment under a name of ours, sandboxed (D38, D45)."""
    found = await entity.paper_for(int(request.match_info["id"]), by(request).id)
    if found is None:
        raise Refusal("photo.unknown", article="16")
    return web.Response(
        body=await store.objects.get(found.sha256),
        content_type="application/pdf" if found.format == "PDF" else f"image/{found.format.lower()}",
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{found.sha256[:16]}.{found.format.lower()}"',
            hdrs.CACHE_CONTROL: "private, max-age=86400, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
