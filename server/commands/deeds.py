"""What `act do` can do, by name: the acts of officers as their phones send them, and those of heads and the office."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from models.procedure import (
    approval,
    archive,
    away_time,
    batch,
    cooperation,
    entry,
    follow_up,
    notice,
    notification,
    objection,
    plan_draft,
    plan_merge,
    publication,
    reassignment,
    recusal,
    revision,
    scheme_draft,
    sharing,
    team,
    team_group,
    visit_join,
)
from models.queries import away_time as away_times
from models.refusal import Refusal
from models.rules.away_time import window_of
from models.rules.follow_up import FollowUpForm
from models.rules.free_times import Window
from models.rules.plan_draft import EntryForm
from models.rules.visit import instant, local_day
from server import dossiers
from server.commands import conference_deeds, credit_deeds, order_deeds, override_deeds, register_deeds
from server.commands.deed_shapes import (
    Agreed,
    AwaySaid,
    Decided,
    EntityTold,
    EntriesMerged,
    Extended,
    FollowUpBegun,
    FollowUpEnded,
    OfficerReplaced,
    PaperSigned,
    PlanEntryPut,
    QuestionsShared,
    Reasoned,
    ResultPublished,
    ResultReviewed,
    TaskReassigned,
    VisitsJoined,
)
from server.companion import acts as phone
from server.companion.act_request import ActRequest, Acts, Answer
from server.companion.json_requests import ActBody

ONLY_ON_A_PHONE = ("arrive_located", "photo_mark", "record_sign", "recheck_sign")
"""Where the phone is, a finger's drawing, a hand on glass: nobody can do these for another."""


async def _review(turn: ActRequest, asked: ResultReviewed) -> Answer:
    await entry.review(turn.number, asked.agree, reason=asked.said, department=asked.department, **turn.who)
    return {}


async def _publish(turn: ActRequest, asked: ResultPublished) -> Answer:
    await publication.publish(
        turn.number, district=turn.district, unsigned=asked.unsigned, untold=asked.untold, **turn.who
    )
    return {}


async def _archive(turn: ActRequest, asked: ActBody) -> Answer:
    sealed = await dossiers.sealed(turn.number, turn.district, at=turn.at.replace(microsecond=0))
    await archive.seal(turn.number, sealed, district=turn.district, **turn.who)
    return {}


async def _replace(turn: ActRequest, asked: OfficerReplaced) -> Answer:
    await team.request_substitution(turn.number, asked.officer, asked.reason, asked.note, **turn.who)
    return {}


async def _substitution(turn: ActRequest, asked: Decided) -> Answer:
    await team.decide(int(turn.number), asked.agree, **turn.who)
    return {}


async def _withholding(turn: ActRequest, asked: Decided) -> Answer:
    await notice.decide_withholding(int(turn.number), asked.agree, **turn.who)
    return {}


async def _refusal(turn: ActRequest, asked: Decided) -> Answer:
    await cooperation.decide(int(turn.number), asked.agree, text=asked.said, by=turn.by, at=turn.at)
    return {}


async def _approval(turn: ActRequest, asked: Decided) -> Answer:
    await approval.decide(
        int(turn.number), asked.agree, by=turn.by, at=turn.at, district=turn.district, reason=asked.said
    )
    return {}


async def _recusal(turn: ActRequest, asked: Decided) -> Answer:
    await recusal.decide(int(turn.number), asked.agree, asked.said, **turn.who)
    return {}


async def _objection(turn: ActRequest, asked: Decided) -> Answer:
    await objection.decide(int(turn.number), asked.agree, asked.said, **turn.who)
    return {}


async def _extend(turn: ActRequest, asked: Extended) -> Answer:
    await batch.extend(turn.number, asked.until, asked.reason, by=turn.by, at=turn.at)
    return {}


async def _ask_revision(turn: ActRequest, asked: Reasoned) -> Answer:
    await revision.ask(turn.number, asked.reason, **turn.who)
    return {}


async def _revision(turn: ActRequest, asked: Decided) -> Answer:
    await revision.decide(turn.number, asked.agree, asked.said, **turn.who)
    return {}


async def _drop(turn: ActRequest, asked: Reasoned) -> Answer:
    await revision.drop(turn.number, asked.reason, **turn.who)
    return {}


async def _withdraw(turn: ActRequest, asked: Reasoned) -> Answer:
    await revision.withdraw(turn.number, asked.reason, **turn.who)
    return {}


async def _follow_up(turn: ActRequest, asked: FollowUpBegun) -> Answer:
    form = FollowUpForm(asked.kind, asked.day, asked.reference, asked.authority, asked.text)
    await follow_up.begin(turn.number, form, district=turn.district, **turn.who)
    return {}


async def _follow_up_end(turn: ActRequest, asked: FollowUpEnded) -> Answer:
    await follow_up.end(int(turn.number), asked.outcome, asked.day, **turn.who)
    return {}


async def _told(turn: ActRequest, asked: EntityTold) -> Answer:
    await notification.told_by_a_person(
        int(turn.number), asked.reached, asked.said, by=turn.by, at=turn.at, spoke_with=asked.spoke_with,
        channel=asked.channel,
    )  # fmt: skip
    return {}


async def _plan_put(turn: ActRequest, asked: PlanEntryPut) -> Answer:
    form = EntryForm(
        turn.number, asked.title, asked.items, asked.participating, asked.opens, asked.closes, asked.methods, asked.rates,
        asked.industries, asked.areas,
    )  # fmt: skip
    await plan_draft.put(asked.year, form, by=turn.by, at=turn.at)
    return {}


async def _plan_remove(turn: ActRequest, asked: ActBody) -> Answer:
    await plan_draft.remove(int(turn.number), by=turn.by, at=turn.at)
    return {}


async def _plan_amend(turn: ActRequest, asked: ActBody) -> Answer:
    await plan_draft.amend(int(turn.number), by=turn.by, at=turn.at)
    return {}


async def _plan_ask(turn: ActRequest, asked: ActBody) -> Answer:
    await plan_draft.ask(int(turn.number), by=turn.by, at=turn.at)
    return {}


async def _plan_consent(turn: ActRequest, asked: Agreed) -> Answer:
    await plan_draft.consent(int(turn.number), asked.agree, asked.reason, **turn.who)
    return {}


async def _plan_hand_in(turn: ActRequest, asked: PaperSigned) -> Answer:
    await plan_draft.hand_in(int(turn.number), asked.reason, **turn.who)
    return {}


async def _plan_send_back(turn: ActRequest, asked: Reasoned) -> Answer:
    await plan_draft.send_back(int(turn.number), asked.reason, by=turn.by, at=turn.at)
    return {}


async def _plan_publish(turn: ActRequest, asked: ActBody) -> Answer:
    await plan_draft.publish(int(turn.number), by=turn.by, at=turn.at)
    return {}


async def _plan_merge(turn: ActRequest, asked: EntriesMerged) -> Answer:
    await plan_merge.propose(turn.number, asked.ends, asked.reason, by=turn.by, at=turn.at)
    return {}


async def _plan_merge_sign(turn: ActRequest, asked: Agreed) -> Answer:
    await plan_merge.sign(int(turn.number), asked.agree, asked.reason, **turn.who)
    return {}


async def _plan_merge_drop(turn: ActRequest, asked: Reasoned) -> Answer:
    await plan_merge.drop(int(turn.number), asked.reason, by=turn.by, at=turn.at)
    return {}


async def _join(turn: ActRequest, asked: VisitsJoined) -> Answer:
    await visit_join.propose(turn.number, asked.other, **turn.who)
    return {}


async def _join_answer(turn: ActRequest, asked: Agreed) -> Answer:
    await visit_join.answer(int(turn.number), asked.agree, asked.reason, **turn.who)
    return {}


async def _join_part(turn: ActRequest, asked: Reasoned) -> Answer:
    await visit_join.part(int(turn.number), asked.reason, **turn.who)
    return {}


async def _share(turn: ActRequest, asked: QuestionsShared) -> Answer:
    await sharing.share(turn.number, asked.questions, asked.officer, **turn.who)
    return {}


async def _reassign(turn: ActRequest, asked: TaskReassigned) -> Answer:
    await reassignment.propose(turn.number, asked.team, asked.ground, **turn.who)
    return {}


async def _reassign_answer(turn: ActRequest, asked: Agreed) -> Answer:
    await reassignment.answer(int(turn.number), asked.agree, asked.reason, **turn.who)
    return {}


async def _away(turn: ActRequest, asked: AwaySaid) -> Answer:
    """A day, half of it, or hours of it."""
    window = window_of(date.fromisoformat(turn.number), asked.part)
    if asked.begins and asked.ends:
        on = date.fromisoformat(turn.number)
        window = Window(instant(on, asked.begins), instant(on, asked.ends))
    await away_time.say(*window, **turn.who)
    return {}


async def _away_back(turn: ActRequest, asked: ActBody) -> Answer:
    """Everything that was said of that day."""
    on = date.fromisoformat(turn.number)
    own = [
        entry for entry in await away_times.of_officer(turn.by.id, turn.at) if local_day(entry.begins) == on
    ]
    if not own:
        raise Refusal("away.unknown", article="15")
    for away in own:
        await away_time.take_back(away.id, by=turn.by, at=turn.at)
    return {}


async def _group_end(turn: ActRequest, asked: ActBody) -> Answer:
    await team_group.end(int(turn.number), **turn.who)
    return {}


async def _scheme_ask(turn: ActRequest, asked: ActBody) -> Answer:
    await scheme_draft.ask(int(turn.number), by=turn.by, at=turn.at)
    return {}


async def _scheme_sign(turn: ActRequest, asked: Agreed) -> Answer:
    await scheme_draft.sign(int(turn.number), asked.agree, asked.reason, **turn.who)
    return {}


async def _scheme_drop(turn: ActRequest, asked: Reasoned) -> Answer:
    await scheme_draft.drop(int(turn.number), asked.reason, by=turn.by, at=turn.at)
    return {}


TASK, ROW, BATCH, ENTRY, DAY, TITLE, CODE = "TASK", "ID", "BATCH", "ENTRY", "DAY", "TITLE", "CODE"
NAMED = {"meeting": TITLE, "override": CODE, "digest_again": "MONTH", "away": DAY, "away_back": DAY}
OTHERS: Acts = {
    "review": (ResultReviewed, _review),
    "publish": (ResultPublished, _publish),
    "archive": (ActBody, _archive),
    "replace": (OfficerReplaced, _replace),
    "substitution": (Decided, _substitution),
    "withholding": (Decided, _withholding),
    "decide_refusal": (Decided, _refusal),
    "approval": (Decided, _approval),
    "recusal": (Decided, _recusal),
    "objection": (Decided, _objection),
    "extend": (Extended, _extend),
    "revision_ask": (Reasoned, _ask_revision),
    "revision": (Decided, _revision),
    "revision_drop": (Reasoned, _drop),
    "withdraw": (Reasoned, _withdraw),
    "follow_up": (FollowUpBegun, _follow_up),
    "follow_up_end": (FollowUpEnded, _follow_up_end),
    "told": (EntityTold, _told),
    **order_deeds.ORDERS,
    "plan_put": (PlanEntryPut, _plan_put),
    "plan_remove": (ActBody, _plan_remove),
    "plan_amend": (ActBody, _plan_amend),
    "plan_ask": (ActBody, _plan_ask),
    "plan_consent": (Agreed, _plan_consent),
    "plan_hand_in": (PaperSigned, _plan_hand_in),
    "plan_send_back": (Reasoned, _plan_send_back),
    "plan_publish": (ActBody, _plan_publish),
    "plan_merge": (EntriesMerged, _plan_merge),
    "plan_merge_sign": (Agreed, _plan_merge_sign),
    "plan_merge_drop": (Reasoned, _plan_merge_drop),
    "scheme_ask": (ActBody, _scheme_ask),
    "scheme_sign": (Agreed, _scheme_sign),
    "scheme_drop": (Reasoned, _scheme_drop),
    "share": (QuestionsShared, _share),
    "reassign": (TaskReassigned, _reassign),
    "reassign_answer": (Agreed, _reassign_answer),
    "join": (VisitsJoined, _join),
    "join_answer": (Agreed, _join_answer),
    "join_part": (Reasoned, _join_part),
    "away": (AwaySaid, _away),
    "away_back": (ActBody, _away_back),
    "group_end": (ActBody, _group_end),
    **conference_deeds.ACTS,
    **credit_deeds.ACTS,
    **override_deeds.ACTS,
    **register_deeds.ACTS,
}
"""Acts of heads, liaisons, leaders at a desk and the office."""
ON_A_ROW = (
    "substitution", "withholding", "decide_refusal", "approval", "recusal", "objection", "told", "follow_up_end",
    "credit_decide",
    "rectify_file", "rectify_revoke",
    "plan_remove", "plan_amend", "plan_ask", "plan_consent", "plan_hand_in", "plan_send_back", "plan_publish",
    "plan_merge_sign", "plan_merge_drop",
    "scheme_ask", "scheme_sign", "scheme_drop", "snooze", "join_answer", "join_part", "group_end",
    "resolution", "resolution_report", "resolution_drop", "override_decide", "override_drop", "register_answer",
    "reassign_answer",
)  # fmt: skip
"""Their subject is a number of `act waiting`, `plan drafts` or `scheme drafts`, of `plan_amend` a year; else a task or, for
`extend`, a batch."""
DEEDS: Acts = {name: deed for name, deed in phone.ACTS.items() if name not in ONLY_ON_A_PHONE} | OTHERS


def subject_of(name: str) -> str:
    if name in NAMED:
        return NAMED[name]
    if name in ("plan_put", "plan_merge"):
        return ENTRY
    return ROW if name in ON_A_ROW else BATCH if name == "extend" else TASK


def shaped(name: str, given: dict[str, str], key: str) -> Any:
    """`FIELD=VALUE` pairs as the act's shape; several values stand between commas. Raises msgspec.ValidationError."""
    shape, _ = DEEDS[name]
    lists = {field.name for field in msgspec.structs.fields(shape) if "list" in str(field.type)}
    params: dict[str, Any] = {
        field: _people(value) if field == "people" else value.split(",") if field in lists else value
        for field, value in given.items()
    }
    return msgspec.convert({**params, "key": key}, shape, strict=False)


def _people(value: str) -> list[list[str]]:
    """`姓名 职务,姓名 职务`."""
    return [[*word.split(maxsplit=1), ""][:2] for word in value.split(",")]


__all__ = ["DEEDS", "OTHERS", "shaped", "subject_of"]
