"""Every word to a person is a row written in the transaction of the act that causes it (Art. 16 (2)).

Words are made when the message goes out, in the reader's language; the row keeps what they are about.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from models import store
from models.fields import readable_json
from models.tables import Account, Binding, Outbox, OutboxState
from models.tables.message import Card

INTERACTIVE, BULK, PAPERS = 0, 1, 2


async def enqueue(
    account: Account | int, kind: str, *, key: str, at: datetime, lane: int = BULK, **payload: Any
) -> bool:
    """Owe a chat message to an account, once per `key`. False if it was owed already."""
    account_id = account if isinstance(account, int) else account.id
    return await _once(
        key, channel="chat", lane=lane, account_id=account_id, kind=kind, payload=payload, due_at=at
    )


async def owe_all(
    kind: str, owed: Mapping[int, tuple[str, dict[str, Any]]], *, at: datetime, lane: int = BULK
) -> None:
    """Owe a chat message to each of many accounts, with its key and payload, once per key."""
    rows = [
        Outbox(
            key=key, channel="chat", lane=lane, account_id=account, kind=kind, payload=payload, due_at=at,
            state=OutboxState.WAITING,
        )
        for account, (key, payload) in owed.items()
    ]  # fmt: skip
    await store.insert(rows, once="key")


async def enqueue_to_address(
    channel: str, address: str, kind: str, *, key: str, at: datetime, reference: str = "",
    account: int | None = None, **payload: Any,
) -> bool:  # fmt: skip
    """Owe an e-mail or a text message to an address, once per `key`. `reference`: its name on the way;
    `account`: the official whose address it is."""
    return await _once(
        key, channel=channel, lane=BULK, address=address, kind=kind, payload=payload, due_at=at,
        reference=reference, account_id=account,
    )  # fmt: skip


async def _once(key: str, **row: Any) -> bool:
    if await Outbox.exists(key=key):
        return False
    await Outbox.create(key=key, state=OutboxState.WAITING, **row)
    return True


TEAM = """assignment s JOIN account a ON a.inspector_id = s.inspector_id AND a.disabled_at IS NULL
JOIN inspector i ON i.code = a.inspector_id AND i.status <> 'left'
JOIN binding b ON b.account_id = a.id AND b.ended_at IS NULL"""
HEADS = """account a JOIN binding b ON b.account_id = a.id AND b.ended_at IS NULL
AND a.role = 'head' AND a.disabled_at IS NULL"""
REFRESH = """
INSERT INTO outbox (key, channel, lane, account_id, address, kind, payload, state, due_at, attempts, claimed_by, error,
                    reference)
SELECT {key} || b.account_id, 'chat', 0, b.account_id, '', 'card', {payload}, 'waiting', {at}, 0, '', '', ''
FROM {who} JOIN card c ON c.chat_id = b.telegram_id AND c.subject = ?
WHERE {which} AND NOT EXISTS (
    SELECT 1 FROM outbox o WHERE o.state = 'waiting' AND o.lane = 0 AND o.account_id = b.account_id AND o.kind = 'card'
    AND o.payload = {payload}
) GROUP BY b.account_id ON CONFLICT (key) DO NOTHING"""


async def enqueue_card_refresh(accounts: list[int], subject: str, *, key: str, at: datetime) -> None:
    """Owe each account that already holds a card on `subject` a fresh look at it; one that is owed already is enough,
    since a card is drawn as things stand when it goes out.
    """
    if accounts:
        which = f"b.ended_at IS NULL AND b.account_id IN ({store.marks(accounts)})"
        await _refresh("binding b", which, accounts, subject, key, at)


async def refresh_team(task: int, subject: str, *, but: int | None, key: str, at: datetime) -> None:
    """The same for everybody who serves in a task, save the account `but`."""
    which = "s.task_id = ? AND s.until IS NULL AND b.account_id <> ?"
    await _refresh(TEAM, which, [task, -1 if but is None else but], subject, key, at)


async def _refresh(who: str, which: str, values: Sequence[Any], subject: str, key: str, at: datetime) -> None:
    payload = readable_json({"subject": subject})
    sql = REFRESH.format(
        who=who,
        which=which,
        key=store.typed("text"),
        payload=store.typed("jsonb"),
        at=store.typed("timestamptz"),
    )
    await store.owe(sql, f"{key}:", payload, at, subject, *values, payload)


GROUP = """
INSERT INTO outbox (key, channel, lane, address, kind, payload, state, due_at, attempts, claimed_by, error, reference)
SELECT {key} || g.id, 'group', 1, CAST(g.chat_id AS VARCHAR(40)), 'team_group.status', {payload}, 'waiting', {at}, 0,
'', '', CAST(g.id AS VARCHAR(40))
FROM team_group g WHERE g.team_id = ? AND g.ended_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM outbox o WHERE o.state = 'waiting' AND o.channel = 'group' AND o.kind = 'team_group.status'
    AND o.reference = CAST(g.id AS VARCHAR(40))
) ON CONFLICT (key) DO NOTHING"""
GROUP_SETTLES = timedelta(seconds=5)


async def refresh_group(team: int, *, key: str, at: datetime) -> None:
    """Owe a team's group, if one is bound, a fresh look at its status message, in five seconds: what happens until then is
    shown with it (Telegram takes twenty messages a minute in a group)."""
    sql = GROUP.format(key=store.typed("text"), payload=store.typed("jsonb"), at=store.typed("timestamptz"))
    await store.owe(sql, f"{key}:", readable_json({}), at + GROUP_SETTLES, team)


async def tell_group(kind: str, chat: int, group: int, *, key: str, at: datetime) -> bool:
    """Owe a group something, once per `key`; `group`: the row that it is about."""
    return await _once(
        key,
        channel="group",
        lane=INTERACTIVE,
        address=str(chat),
        kind=kind,
        payload={},
        due_at=at,
        reference=str(group),
    )


async def drawn(accounts: Sequence[int], subject: str, *, at: datetime) -> None:
    """Inside the act of whoever reads this card: what it shows now holds all that a redraw owed to them would bring."""
    if accounts:
        await store.owe(
            "UPDATE outbox SET state = 'sent', sent_at = ? WHERE state = 'waiting' AND lane = 0 AND kind = 'card' "  # noqa: S608
            f"AND account_id IN ({store.marks(accounts)}) AND payload = {store.typed('jsonb')}",
            at, *accounts, readable_json({"subject": subject}),
        )  # fmt: skip


async def enqueue_follow_up(subjects: list[str], *, at: datetime, **payload: Any) -> None:
    """Owe everybody whose chat shows a card of one of `subjects` a fresh look at it: what it asked for has been done."""
    cards = await Card.filter(subject__in=subjects).values_list("chat_id", "subject")
    for chat, subject in cards:
        bound = await Binding.filter(telegram_id=chat, ended_at=None).order_by("id").first()
        if bound:
            key_ = f"follow:{subject}:{at.isoformat()}:{bound.account_id}"
            await enqueue(
                bound.account_id, "card", key=key_, at=at, lane=INTERACTIVE, subject=subject, **payload
            )


async def lists(accounts: list[int], because: str, *, at: datetime) -> None:
    """What opens these people's chats has changed (`because` names the change): owe each a fresh look at it."""
    await enqueue_card_refresh(accounts, "list", key=f"list:{because}", at=at)


async def desks(department: str, because: str, *, at: datetime, others: Collection[str] = ()) -> None:
    """The open questions of a department's heads, and of those of the `others`, have changed."""
    departments = [department, *others]
    which = f"a.department IN ({store.marks(departments)})"
    await _refresh(HEADS, which, departments, "list", f"list:{because}", at)
