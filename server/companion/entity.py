"""What the entity prepared, handed in and put right, on the officer's phone (Art. 16 (2), 17)."""

from __future__ import annotations

from typing import Any

from aiohttp import hdrs, web

from models import store
from models.procedure import correction
from models.queries import entity
from models.queries.card import TaskCard
from models.queries.entity import EntityPaper, SubmittedCorrection
from models.refusal import Refusal
from server.app_keys import by
from server.companion.act_request import ActRequest, Acts, Answer
from server.companion.json_requests import COMPANION, ActBody, FieldRoutes, Line, Number
from server.companion.shared import Read, fresh

routes = FieldRoutes()


class Judged(ActBody):
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
    statements: entity.EntityStatements = await read("heard", card.id, lambda: entity.heard(card.number))
    if not statements.anything:
        return {"entity": None}
    lines = [line for line in statements.lines if line.ready or line.papers]
    return {
        "entity": {
            "ready": statements.ready,
            "all": len(statements.lines),
            "lines": [
                {"n": line.number, "text": line.text, "ready": line.ready, "papers": _papers(line.papers)}
                for line in lines
            ],
            "corrections": [_mended(card, submitted) for submitted in statements.corrections],
            "replies": [
                {"text": reply.text, "at": reply.at, "papers": _papers(reply.papers)}
                for reply in statements.replies
            ],
        }
    }


def _mended(card: TaskCard, submitted: SubmittedCorrection) -> dict[str, Any]:
    return {
        "id": submitted.id,
        "n": submitted.number,
        "question": submitted.question,
        "stage": submitted.stage,
        "text": submitted.text,
        "at": submitted.at,
        "accepted": submitted.accepted,
        "said": submitted.said,
        "mine": card.me.leader or submitted.department == card.department,
        "papers": _papers(submitted.papers),
    }


def _papers(papers: tuple[EntityPaper, ...]) -> list[dict[str, Any]]:
    return [
        {"id": document.id, "name": document.name, "format": document.format, "size": document.size}
        for document in papers
    ]


@routes.get("/field/api/papers/{id:[0-9]{1,9}}", audience=COMPANION)
async def paper(request: web.Request) -> web.Response:
    """A paper's bytes, only as an attachment under a name of ours, sandboxed (D38, D45)."""
    file = await entity.paper_for(int(request.match_info["id"]), by(request).id)
    if file is None:
        raise Refusal("photo.unknown", article="16")
    return web.Response(
        body=await store.objects.get(file.sha256),
        content_type="application/pdf" if file.format == "PDF" else f"image/{file.format.lower()}",
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{file.sha256[:16]}.{file.format.lower()}"',
            hdrs.CACHE_CONTROL: "private, max-age=86400, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
