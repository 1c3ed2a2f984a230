"""The record sheet on the phone: drawn up, read through with the entity, signed on glass or refused (Art. 16 (3)).

A signature's PNG travels within the act, so that it waits in the queue like every act; its bytes are on the disk
before the act is receipted. Photos are annotated here too.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from hashlib import sha256
from typing import Annotated, Any, Literal

import msgspec
from aiohttp import web

from locales import words
from models import store
from models.district import District
from models.imaging import signature_png
from models.procedure import photo, record
from models.queries import record as queries
from models.queries.card import TaskCard, task_card
from models.queries.record import Papers
from models.queries.record_version import RecordVersion
from models.queries.reopening import reopenable
from models.refusal import Refusal
from models.rules.annotation import MOST, WHOLE
from models.states import DRAWN_IN, SIGNED_IN
from server.app_keys import RECORD, by
from server.companion import partial_uploads
from server.companion.act_request import ActRequest, Acts, Answer, Plain
from server.companion.json_requests import COMPANION, ActBody, FieldRoutes, Line, Row, Sha256
from server.companion.shared import Read, fresh
from server.pages import pdf, words_of
from server.records import read_out

Name = Annotated[str, msgspec.Meta(max_length=80)]
Glass = Annotated[str, msgspec.Meta(max_length=60_000)]
Corner = Annotated[int, msgspec.Meta(ge=0, le=WHOLE)]

routes = FieldRoutes()


class StatementHeard(ActBody):
    said: Annotated[str, msgspec.Meta(max_length=4000)]


class SignedOn(ActBody):
    """`sha256`: the version that was on the screen. `officer`: whose hand it is, for a member of the team."""

    sha256: Sha256
    role: Literal["entity", "officer"]
    picture: Glass
    name: Name = ""
    position: Name = ""
    officer: Annotated[str, msgspec.Meta(max_length=32)] = ""


class Voided(ActBody):
    photo: Row
    reason: Line


class RefusedOn(ActBody):
    sha256: Sha256
    reason: Line
    witness: Name
    witness_position: Name = ""
    name: Name = ""
    picture: Glass = ""


class AnnotationMark(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal["arrow", "box", "hide"]
    x1: Corner
    y1: Corner
    x2: Corner
    y2: Corner


class Marked(ActBody):
    photo: Row
    marks: Annotated[list[AnnotationMark], msgspec.Meta(max_length=MOST)]


async def _draw_up(turn: ActRequest, asked: Plain) -> Answer:
    version = await record.draw_up(turn.number, district=turn.district, **turn.who)
    return {"version": version.version, "sha256_of_record": version.sha256}


async def _hear(turn: ActRequest, asked: StatementHeard) -> Answer:
    await record.hear(turn.number, asked.said, **turn.who)
    return {}


async def _sign(turn: ActRequest, asked: SignedOn) -> Answer:
    picture = picture_of(asked.picture)
    signature = await record.sign(
        turn.number, asked.sha256, asked.role, picture=sha256(picture).hexdigest(), name=asked.name, position=asked.position,
        officer=asked.officer, **turn.who,
    )  # fmt: skip
    await kept(picture)
    return {"signature": signature}


async def _refuse(turn: ActRequest, asked: RefusedOn) -> Answer:
    picture = picture_of(asked.picture) if asked.picture else b""
    signature = await record.refuse_to_sign(
        turn.number, asked.sha256, asked.reason, witness=asked.witness, witness_position=asked.witness_position,
        name=asked.name, picture=sha256(picture).hexdigest() if picture else "", **turn.who,
    )  # fmt: skip
    if picture:
        await kept(picture)
    return {"signature": signature}


async def _mark(turn: ActRequest, asked: Marked) -> Answer:
    await photo.mark(asked.photo, [msgspec.to_builtins(mark) for mark in asked.marks], **turn.who)
    return {}


def picture_of(text: str) -> bytes:
    """A signature's PNG from base64."""
    try:
        return signature_png.signature(b64decode(text, validate=True))
    except binascii.Error as no:
        raise Refusal("signature.not_a_picture", article="16(3)") from no


async def kept(picture: bytes) -> None:
    """Part of the act, after its checks: kept before the act is, and with it nothing where it is refused."""
    try:
        await store.objects.put(picture)
    except OSError as no:
        if no.errno in partial_uploads.FULL:
            raise Refusal("photo.disk_full", article="16(3)") from no
        raise


async def _void(turn: ActRequest, asked: Voided) -> Answer:
    await photo.void(asked.photo, asked.reason, **turn.who)
    return {"photo": asked.photo}


ACTS: Acts = {
    "record_draw": (Plain, _draw_up),
    "record_hear": (StatementHeard, _hear),
    "record_sign": (SignedOn, _sign),
    "record_refuse": (RefusedOn, _refuse),
    "photo_mark": (Marked, _mark),
    "photo_void": (Voided, _void),
}


async def shown(card: TaskCard, district: District, read: Read = fresh) -> dict[str, Any]:
    """The record as the phone keeps it; the last version in plain words, to be read through without reception."""
    if card.state not in SIGNED_IN:
        return {}
    papers: Papers = await read("papers", card.id, lambda: queries.papers(card.id))
    again = [section.department for section in await reopenable(card, papers)]
    if not papers.versions and card.state not in DRAWN_IN:
        return {}
    versions = [_version(version) for version in papers.versions]
    aloud = await read("text", card.id, lambda: _aloud(papers, district))
    return {"reopenable": again, "record": {**_standing(papers, card), "versions": versions, "text": aloud}}


async def _aloud(papers: Papers, district: District) -> str:
    return read_out(papers.last, district, words("zh_Hans")) if papers.last else ""


def _standing(papers: Papers, card: TaskCard) -> dict[str, Any]:
    return {
        "current": papers.current, "signed": papers.signed, "heard": papers.heard,
        "count": {"done": papers.count[0], "all": papers.count[1]}, "paper": papers.paper,
        "drawable": papers.open and (papers.closed or card.me.leader),
        "closed": papers.closed,
        "representative": papers.last.facts["subject"]["representative"] if papers.last else "",
        "statements": [{"text": text, "by": who, "at": at} for text, who, at in papers.statements],
    }  # fmt: skip


def _version(version: RecordVersion) -> dict[str, Any]:
    return {
        "version": version.version, "number": version.number, "sha256": version.sha256, "at": version.at,
        "check_code": version.check_code,
        "signed": [
            {"role": by.role, "name": by.name, "position": by.position, "refused": by.refused,
             "reason": by.reason, "at": by.at, "drawn": bool(by.picture)}
            for by in version.signed
        ],
        "missing": [{"id": code, "name": name, "unit": unit} for code, name, unit in version.missing],
    }  # fmt: skip


@routes.get("/field/api/tasks/{number}/record.pdf", audience=COMPANION)
async def paper(request: web.Request) -> web.Response:
    """The last version as PDF, for an officer who serves in the task (D60)."""
    number = request.match_info["number"]
    await task_card(number, by(request).id)
    version = request.query.get("version", "")
    of_task = await queries.of_task(number, int(version) if version.isascii() and version.isdigit() else None)
    if of_task is None:
        raise Refusal("record.unknown", article="16(3)", task=number)
    letter = await request.config_dict[RECORD](of_task, words_of(request).language)
    return pdf(letter.pdf, f"{number}-record")
