"""A task as the phone keeps it: everything its screens need without reception, and nothing else (Art. 15, 16).

Never a contact's telephone. Times are UTC with an offset; the phone shows them in the district's zone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from models.district import District
from models.imaging.glyphs import unprintable
from models.queries import clash, companion
from models.queries.card import TaskCard, seen_by, team_card
from models.queries.department_result import DepartmentPart
from models.queries.inbox import InboxLine
from models.rules import visit
from models.rules.actor import Actor
from models.rules.checklist import Ask
from models.rules.value import limits
from models.states import TO_VISIT
from server.companion import entity, methods, onsite, records, rectification, revision
from server.companion.shared import Read, fresh


async def task(
    line: InboxLine, who: Actor, at: datetime, district: District, as_of: int, read: Read = fresh
) -> dict[str, Any]:
    """One task for one officer of its team; refused as unknown to everybody else (D60). `as_of`: the number of the last
    event of its trail, read before it; `read`: shares what is the team's."""
    card = seen_by(await read("card", line.number, lambda: team_card(line.number, at)), who.id)
    return {
        **_head(card),
        "as_of": as_of,
        "when": line.when,
        **await _plan(card, at, district, read),
        **await _open(card, read),
        **await read("sheet", card.id, lambda: _sheet(card)),
        **await records.shown(card, district, read),
        **await onsite.shown(card, at, district, read),
        **await methods.shown(card),
        **await entity.shown(card, read),
        **await rectification.shown(card, read),
        **await revision.shown(card),
    }


def _head(card: TaskCard) -> dict[str, Any]:
    return {
        "number": card.number, "state": card.state, "target": card.target, "address": card.address,
        "title": card.title, "items": card.items, "team": card.team, "leader": card.me.leader,
        "department": card.department, "me": card.me.id, "accepted": card.me.accepted, "agreed": card.me.agreed,
        "members": card.members, "sections": card.sections, "notice": card.notice, "told": card.told, "result": card.result,
        "endable": card.endable, "staffing": _staffing(card), "returned": card.returned, "receipt": card.receipt,
        "due": card.due, "provisional": card.provisional, "departments": [_department(line) for line in card.departments],
    }  # fmt: skip


def _department(line: DepartmentPart) -> dict[str, Any]:
    """A department's part of the result."""
    return {
        "department": line.department, "name": line.name, "types": line.types, "measures": line.measures, "note": line.note,
        "entered": line.entered, "silent": line.silent, "late": line.late, "returned": line.returned,
    }  # fmt: skip


def _staffing(card: TaskCard) -> list[dict[str, Any]]:
    """Who may not go any more, and which seat stands empty (Art. 10, 14 (2))."""
    rows = [{"name": unfit.name, "why": unfit.why, "asked": unfit.asked is not None} for unfit in card.unfit]
    return rows + [{"name": vacancy.name, "why": "vacant", "asked": False} for vacancy in card.vacant]


async def _plan(card: TaskCard, at: datetime, district: District, read: Read) -> dict[str, Any]:
    """The visit's times, and for the leader the days and hours that can be proposed."""
    to_fix = card.proposal or (card.me.leader and card.owes_letter)
    plan: dict[str, Any] = {
        "opens": card.opens, "closes": card.closes, "visit_from": card.visit_from, "visit_until": card.visit_until,
        "proposed_from": card.proposed_from if to_fix else None,
        "proposed_until": card.proposed_until if to_fix else None,
    }  # fmt: skip
    if card.me.leader and card.state in TO_VISIT:
        plan["days"] = visit.days_offered(
            district.calendar, card.opens, card.closes, at, limit=None, practice=district.practice
        )
        plan["unprintable"] = unprintable(card.target + card.address)
        plan["hours"] = [f"{clock:%H:%M}" for clock in visit.STARTS]
        plan["lasts"] = visit.LASTS // timedelta(minutes=1)
        plan["notice_days"] = district.notice_days
        plan["clashes"] = [_clash(overlap) for overlap in card.clashes]
        plan["busy"] = [
            _clash(overlap)
            for _, overlap in await read(
                "busy", card.id, lambda: clash.busy_of(card.id, at, (card.opens, card.closes))
            )
        ]
    return plan


def _clash(overlap: clash.Clash) -> dict[str, Any]:
    return {
        "target": overlap.target,
        "begins": overlap.begins,
        "ends": overlap.ends,
        "names": overlap.names,
        "fixed": overlap.fixed,
        "away": overlap.away,
        "recheck": bool(overlap.recheck),
        "hours": overlap.hours,
    }


async def _open(card: TaskCard, read: Read) -> dict[str, Any]:
    """What somebody else asks of the leader."""
    return {
        "wish": await read("wish", card.id, lambda: companion.wish(card.id)) if card.me.leader else None,
        "unsent": [
            {
                "name": unsent.name,
                "mine": unsent.officer == card.me.id,
                "n": unsent.count,
                "at": unsent.said_at,
                "since": unsent.since,
            }
            for unsent in card.unsent
        ],
    }


async def _sheet(card: TaskCard) -> dict[str, Any]:
    pictures = await companion.pictures(card.id, card.sheet)
    return {
        "questions": [_question(card, ask) for ask in card.sheet.every],
        "photos": [
            {
                "id": picture.id,
                "question": picture.question,
                "about": picture.about,
                "sha256": picture.sha256,
                "size": picture.size,
                "grade": picture.grade,
                "labels": picture.labels,
                "by": picture.by,
                "at": picture.at,
                "format": picture.format,
                "thumbnail": bool(picture.thumbnail),
                "marks": picture.marks,
                "copy": picture.thumbnail[:8],
                "unprintable": picture.unprintable or ("no_preview" if picture.format == "HEIC" else ""),
            }
            for picture in pictures
        ],
    }


def _question(card: TaskCard, ask: Ask) -> dict[str, Any]:
    sheet, network = card.sheet, card.sheet.network.get(ask.number)
    given = sheet.given.get(ask.number) or sheet.aside.get(ask.number)
    rival = card.rivals.get(ask.number)
    shown: dict[str, Any] = {
        "n": ask.number, "department": ask.department, "text": ask.text, "basis": ask.basis, "kind": ask.kind,
        "fill_in": ask.fill_in, "limits": limits(ask.kind, ask.fill_in), "photo": ask.photo, "network": ask.network,
        "network_source": ask.network_source, "may_not_apply": ask.may_not_apply,
        "sample": ask.sample,
    }  # fmt: skip
    if ask.options:
        shown["options"] = list(ask.options)
    if ask.when:
        shown["when"] = [list(clause) for clause in ask.when]
    if ask.id in card.mended:
        shown["mended"] = card.mended[ask.id]
    if ask.number in card.shared:
        shown["share"] = {"by": sheet.shares[ask.number], "name": card.shared[ask.number]}
    if given and given.version:
        shown["given"] = {
            "version": given.version, "verdict": given.verdict, "value": given.value, "note": given.note,
            "conflict": given.conflict, "by": given.by, "method": given.method, "day": given.day,
        }  # fmt: skip
    if ask.number in card.sheet.waiting:
        shown["waiting"] = True
    if rival:
        other = rival[0]
        shown["rival"] = {
            "version": other.version, "verdict": other.verdict, "value": other.value, "note": other.note,
            "by": other.by,
        }  # fmt: skip
    if network:
        shown["found"] = {
            "verdict": network.verdict, "source": network.source, "finding": network.finding, "settles": network.settles,
            "by": network.by, "version": network.version, "at": network.at, "link": network.link,
            "screenshot": network.id if network.screenshot else None,
        }  # fmt: skip
    return shown
