"""工作群: a leader binds a Telegram group to the team, by a code of the own chat or desk, and unbinds it (Art. 15).

Nobody else brings the bot into a group: who is a member there is not for this house to decide, so that nothing private
is ever said in one (`models.queries.team_group.status`).
"""

from __future__ import annotations

from datetime import datetime

from models import store
from models.operations import event, outbox
from models.procedure import recipients
from models.queries import team_group as team_groups
from models.queries.team_group import BoundGroup
from models.refusal import Refusal
from models.rules import text, tokens
from models.rules.actor import COURIER, Actor, Role, require
from models.rules.team_group import ARTICLE, CODE_LASTS, GroupEnd, GroupPlace, GroupTrouble
from models.tables import GroupCode, TeamGroup

OWN = "telegram"
"""By whom a group ends that Telegram says is gone."""


@store.transactional
async def invite(team: int, token: str, *, by: Actor, at: datetime) -> datetime:
    """Keep a new code of this leader for this team (`token`: made by the caller); until when it is good. The code before
    is none any more."""
    require(by, Role.INSPECTOR, article=ARTICLE)
    await event.lock(f"chain team:{team}")
    await _assert_leads(team, by)
    assert by.account is not None
    before = GroupCode.filter(team_id=team, account_id=by.account, used_at=None)
    waiting = await before.filter(expires_at__gt=at).exclude(chat_id=None).order_by("-id").first()
    await before.update(expires_at=at, chat_id=None)
    row = await GroupCode.create(
        token_sha256=tokens.hashed(token), team_id=team, account_id=by.account, made_at=at, expires_at=at + CODE_LASTS,
        chat_id=waiting.chat_id if waiting else None,
    )  # fmt: skip
    await event.record(f"team:{team}", "team_group.invited", by=by, at=at)
    return row.expires_at


@store.transactional
async def bind(token: str, place: GroupPlace, *, by: Actor, at: datetime) -> BoundGroup:
    """The leader says the code in the group: from now on the team's status stands there. The same again changes nothing.

    Raises Refusal `team_group.code` for every code that is not good, alike.
    """
    require(by, Role.INSPECTOR, article=ARTICLE)
    code = await GroupCode.get_or_none(token_sha256=tokens.hashed(token), account_id=by.account)
    if code is None:
        raise Refusal("team_group.code", article=ARTICLE)
    await event.lock(f"chain team:{code.team_id}")
    await code.refresh_from_db()
    standing = await TeamGroup.get_or_none(team_id=code.team_id, ended_at=None)
    here = standing and (standing.chat_id, standing.topic_id) == (place.chat, place.topic)
    if code.used_at and standing and here:
        return await team_groups.find(standing.id)
    if code.used_at or code.expires_at <= at:
        raise Refusal("team_group.code", article=ARTICLE)
    await _assert_leads(code.team_id, by)
    await GroupCode.filter(id=code.id).update(used_at=at, chat_id=None)
    if standing and here:
        return await team_groups.find(standing.id)
    if standing:
        await _end(standing, GroupEnd.REPLACED, by.mark, by, at)
    row = await TeamGroup.create(
        team_id=code.team_id, chat_id=place.chat, topic_id=place.topic, title=text.visible(place.title)[:255],
        account_id=code.account_id, bound_at=at,
    )  # fmt: skip
    await event.record(f"team:{row.team_id}", "team_group.bound", by=by, at=at, rows=[row], group=row.id)
    await _show(row, "bound", at)
    await _tell(row, "bound", at)
    return await team_groups.find(row.id)


@store.transactional
async def end(group: int, *, by: Actor, at: datetime, key: str | None = None) -> BoundGroup:
    """The leader of the team, or the office, unbinds it: the message there says so, and the bot leaves. Once is enough."""
    require(by, Role.INSPECTOR, Role.OFFICE, article=ARTICLE)
    row = await TeamGroup.get_or_none(id=group)
    if row is None or (by.role == Role.INSPECTOR and not await team_groups.leads(row.team_id, by.id)):
        raise Refusal("team_group.unknown", article=ARTICLE)
    await event.lock(f"chain team:{row.team_id}")
    await row.refresh_from_db()
    if row.ended_at is None:
        await _end(row, GroupEnd.UNBOUND, by.mark, by, at, key)
    return await team_groups.find(row.id)


@store.transactional
async def gone(chat: int, topic: int | None, why: GroupEnd, *, at: datetime) -> int:
    """Telegram says that the bot is out of the group, or that the topic is gone: its teams are bound no more, and their
    leaders hear of it; how many. `topic` None: the whole group."""
    ended = 0
    for row in await TeamGroup.filter(chat_id=chat, ended_at=None).order_by("team_id"):
        if topic is not None and row.topic_id != topic:
            continue
        await event.lock(f"chain team:{row.team_id}")
        await row.refresh_from_db()
        if row.ended_at is None:
            await _end(row, why, OWN, COURIER, at)
            ended += 1
    if topic is None:
        await GroupCode.filter(chat_id=chat).update(chat_id=None)
    return ended


@store.transactional
async def moved(chat: int, to: int, *, at: datetime) -> int:
    """The group became a supergroup, under another number: it goes on there, with a new message; how many teams."""
    count = 0
    for row in await TeamGroup.filter(chat_id=chat, ended_at=None).order_by("team_id"):
        await event.lock(f"chain team:{row.team_id}")
        row.chat_id, row.pinned_id = to, None
        await row.save(update_fields=["chat_id", "pinned_id"])
        await event.record(
            f"team:{row.team_id}", "team_group.moved", by=COURIER, at=at, rows=[row], group=row.id
        )
        await _show(row, "moved", at)
        count += 1
    await GroupCode.filter(chat_id=chat).update(chat_id=to)
    return count


@store.transactional
async def noted(group: int, trouble: GroupTrouble | None, pinned: int | None, *, at: datetime) -> None:
    """What Telegram did not let us do in the group, or None, and which message is pinned; the leader hears of a new
    trouble once. Nothing is written where nothing has changed."""
    row = await TeamGroup.get(id=group)
    await event.lock(f"chain team:{row.team_id}")
    await row.refresh_from_db()
    trouble_name = str(trouble or "")
    if row.ended_at or (row.trouble, row.pinned_id) == (trouble_name, pinned):
        return
    new = trouble_name not in ("", row.trouble)
    row.pinned_id = pinned
    await _keep_trouble(row, trouble_name, at)
    if new:
        await _tell(row, "trouble", at, trouble=trouble_name)


async def _keep_trouble(row: TeamGroup, trouble: str, at: datetime) -> None:
    """What Telegram does not let us do there, "" for nothing, and the pinned message, with their event."""
    row.trouble = trouble
    await row.save(update_fields=["trouble", "pinned_id"])
    await event.record(
        f"team:{row.team_id}",
        "team_group.noted",
        by=COURIER,
        at=at,
        rows=[row],
        group=row.id,
        trouble=trouble,
    )


@store.transactional
async def try_again(chat: int, *, at: datetime) -> None:
    """The group's rights have changed, or a topic is open again: what was not allowed is tried once more."""
    for row in await TeamGroup.filter(chat_id=chat, ended_at=None).order_by("team_id"):
        await event.lock(f"chain team:{row.team_id}")
        await row.refresh_from_db()
        if row.trouble:
            await _keep_trouble(row, "", at)
        await _show(row, "rights", at)


@store.plain
async def brought(chat: int, telegram_id: int, *, at: datetime) -> bool:
    """Somebody brought the bot into a group. True where a code of theirs is good: the group is theirs to bind until then."""
    if not (code := await team_groups.open_code(telegram_id, at)):
        return False
    await GroupCode.filter(id=code).update(chat_id=chat)
    return True


@store.transactional
async def sweep(*, at: datetime) -> int:
    """Groups that were not bound before the code was over are left, after saying why; how many."""
    over = await GroupCode.filter(expires_at__lte=at).exclude(chat_id=None).order_by("id")
    for row in over:
        assert row.chat_id is not None
        await GroupCode.filter(id=row.id).update(chat_id=None)
        await outbox.tell_group(
            "team_group.leave", row.chat_id, row.id, key=f"group_code:{row.id}:over", at=at
        )
    return len(over)


async def _assert_leads(team: int, by: Actor) -> None:
    if not await team_groups.leads(team, by.id):
        raise Refusal("team_group.leader_only", article=ARTICLE)


async def _show(row: TeamGroup, why: str, at: datetime) -> None:
    key = f"team_group:{row.id}:{why}:{at.isoformat()}"
    await outbox.tell_group("team_group.status", row.chat_id, row.id, key=key, at=at)


async def _end(
    row: TeamGroup, why: GroupEnd, ended_by: str, by: Actor, at: datetime, key: str | None = None
) -> None:
    """Whoever bound it hears of an end that was not theirs; where the bot is still in, it says so there and leaves."""
    row.ended_at, row.ended_by, row.end_reason = at, ended_by, str(why)
    await row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    await event.record(
        f"team:{row.team_id}",
        "team_group.ended",
        by=by,
        at=at,
        key=key,
        rows=[row],
        group=row.id,
        reason=str(why),
    )
    if why != GroupEnd.REMOVED:
        await outbox.tell_group(
            "team_group.over", row.chat_id, row.id, key=f"team_group:{row.id}:over", at=at
        )
    if by.account != row.account_id:
        await _tell(row, "ended", at)


async def _tell(row: TeamGroup, what: str, at: datetime, **payload: str) -> None:
    """The leader who bound it."""
    await recipients.tell(
        await recipients.person(row.account_id), f"team_group.{what}", key=f"team_group:{row.id}:{what}:{at.isoformat()}",
        at=at, chain=f"team:{row.team_id}", lane=outbox.INTERACTIVE, group=row.id, **payload,
    )  # fmt: skip
