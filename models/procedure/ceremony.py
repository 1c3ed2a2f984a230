"""公开抽取 in a room: witnesses pledge and reveal, outside values are entered, a failed draw is voided (Art. 14 (1)).

In an official draw a witness's pledge and value come from the witness's own account alone: the head of the
department, or whom the head named. Nobody types them for another; in a rehearsal one hand may, and it says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from models import store
from models.operations import event, outbox
from models.procedure import enrolment, recipients
from models.procedure.recipients import Recipients
from models.queries.ceremony import Speaking, speaking
from models.queries.draws import DrawDetails, entry_of, facts_of, find, find_batch, rules_of
from models.refusal import Refusal
from models.rules.actor import Actor, Role, require
from models.rules.draw import beacon, chance, entropy
from models.rules.draw.chance import ARTICLE, CeremonyRow, Hand
from models.rules.draw.files import stamp
from models.rules.draw.rows import DrawRules, Mode
from models.rules.text import visible
from models.states import BatchState, move
from models.tables import Account, Batch, Draw, PlanEntry, Pledge


@store.transactional
async def name_witness(draw_code: str, source: str, account_id: int, *, by: Actor, at: datetime) -> None:
    """The head of a witness's department names one of its inspectors to speak in the head's place."""
    require(by, Role.HEAD, article=ARTICLE)
    draw, row = await _source(draw_code, source)
    await _own_account(draw, source, by)
    _standing(draw)
    if row.pledge:
        raise Refusal("draw.pledged_already", article=ARTICLE, source=source)
    named = await Account.get_or_none(id=account_id, role=Role.INSPECTOR, disabled_at=None)
    if named is None or named.department != by.department:
        raise Refusal("draw.witness_not_of_department", article=ARTICLE, source=source)
    await enrolment.refuse_left(named)
    if row.named_account == named.id:
        return
    row.named_account, row.named_by, row.named_at = named.id, by.mark, at
    await row.save(update_fields=["named_account", "named_by", "named_at"])
    await event.record(
        f"batch:{draw.batch_id}", "draw.witness_named", by=by, at=at, source=source, account=named.id
    )
    await _invite(draw, row, await recipients.person(named), at)


@store.transactional
async def pledge(
    draw_code: str, source: str, sealed: str, *, by: Actor, at: datetime, witness: str = ""
) -> Speaking:
    """A witness pledges a value made on a device of their own; a pledge given stays. What is awaited of them then.

    `witness`: the name to show in a rehearsal; otherwise it is the account's.
    """
    draw, row = await _source(draw_code, source)
    if chance.is_outside(source):
        raise Refusal("draw.not_a_witness", article=ARTICLE, source=source)
    hand = await _witness(draw, row, by)
    entropy.check_pledge(source, sealed)
    if row.pledge == sealed and row.account == by.account:
        return await speaking(row.id)
    if row.pledge:
        raise Refusal("draw.pledged_already", article=ARTICLE, source=source)
    _standing(draw)
    chance.check_reveal_time(await rules_of(draw), source, at)
    row.pledge, row.pledged_at, row.hand = sealed, at, hand
    row.account, row.given_by = by.account, by.mark
    row.witness = by.name if hand == Hand.OWN else witness or by.name
    await row.save()
    await event.record(
        f"batch:{draw.batch_id}", "draw.pledged", by=by, at=at, source=source, pledge=sealed, hand=hand
    )
    await _open_revealing(draw, at)
    await witnesses_follow([row], at)
    return await speaking(row.id)


@store.transactional
async def reveal(draw_code: str, source: str, value: str, *, by: Actor, at: datetime) -> Speaking:
    """A source's value: a witness's only after all have pledged, and only the one that was pledged, from the
    account that pledged it; a beacon's by its signature; a lottery's by two persons who read the same. The source
    as it stands then."""
    draw, row = await _source(draw_code, source)
    rules = await rules_of(draw)
    if chance.is_outside(source):
        await _outside(draw, row, rules, value, by=by, at=at)
        return await speaking(row.id)
    hand = await _witness(draw, row, by)
    if row.value == value:
        return await speaking(row.id)
    if row.value:
        raise Refusal("draw.revealed_already", article=ARTICLE, source=source)
    _standing(draw)
    if waiting := await Pledge.filter(draw=draw, source__startswith="witness:", pledge=""):
        raise Refusal("draw.pledges_first", article=ARTICLE, sources=[pledged.source for pledged in waiting])
    if rules.mode is Mode.OFFICIAL and row.account != by.account:
        raise Refusal("draw.other_account", article=ARTICLE, source=source)
    chance.check_reveal_time(rules, source, at)
    entropy.check_reveal(source, value, row.pledge, draw.commitment)
    row.value, row.revealed_at, row.hand = value, at, Hand.TYPED if row.hand == Hand.TYPED else hand
    await row.save()
    await event.record(
        f"batch:{draw.batch_id}", "draw.revealed", by=by, at=at, source=source, value=value, hand=row.hand
    )
    await witnesses_follow([row], at)
    return await speaking(row.id)


async def _outside(draw: Draw, row: Pledge, rules: DrawRules, value: str, *, by: Actor, at: datetime) -> None:
    require(by, Role.OFFICE, Role.HEAD, Role.INSPECTOR, article=ARTICLE)
    source = row.source
    if row.confirmed_at and value in (row.value, row.proof):
        return
    if row.confirmed_at:
        raise Refusal("draw.revealed_already", article=ARTICLE, source=source)
    _standing(draw)
    if await Pledge.filter(draw=draw, source__startswith="witness:", value="").exists():
        raise Refusal("draw.witnesses_first", article=ARTICLE, source=source)
    chance.check_reveal_time(rules, source, at)
    if rules.mode is not Mode.OFFICIAL:
        entropy.check_value(source, value)
        row.value, row.revealed_at, row.confirmed_at = value, at, at
        row.hand, row.account, row.given_by, row.confirmed_by = Hand.TYPED, by.account, by.mark, by.mark
        kind = "draw.revealed"
    elif source.startswith("beacon:"):
        answer = beacon.answer_in(value)
        row.value, row.proof = beacon.value_of(source, answer), answer.signature
        row.hand, row.account, row.given_by = Hand.READ, by.account, by.mark
        row.revealed_at, row.confirmed_at, row.confirmed_by = at, at, by.mark
        kind = "draw.revealed"
    else:
        kind = await _lottery(row, entropy.check_value(source, value), by=by, at=at)
    await row.save()
    await event.record(
        f"batch:{draw.batch_id}", kind, by=by, at=at, source=source, value=row.value, proof=row.proof or ""
    )


async def _lottery(row: Pledge, value: str, *, by: Actor, at: datetime) -> str:
    """The first person's reading waits for a second one's, from another account, not both the office's."""
    account = await Account.get_or_none(id=by.account, disabled_at=None) if by.account else None
    if account is None:
        raise Refusal("draw.needs_account", article=ARTICLE, source=row.source)
    if by.through:  # else one person reads it twice: once as themselves, once in a head's session
        raise Refusal("draw.session_opened_by_other", article=ARTICLE, source=row.source)
    first = await Account.get_or_none(id=row.account) if row.account and row.value else None
    if first is None or first.id == account.id:
        row.value, row.revealed_at, row.hand = value, at, Hand.READ
        row.account, row.given_by = account.id, by.mark
        return "draw.entered"
    if first.role == account.role == Role.OFFICE:
        raise Refusal("draw.second_from_department", article=ARTICLE, source=row.source)
    if value != row.value:
        raise Refusal(
            "draw.lottery_differs", article=ARTICLE, source=row.source, first=row.value, second=value
        )
    row.confirmed_by, row.confirmed_at = by.mark, at
    return "draw.revealed"


@store.transactional
async def void(draw_code: str, reason: str, consenting: str = "", *, by: Actor, at: datetime) -> DrawDetails:
    """Withdraw a draw, with a reason; it stays public, and the batch may be committed again.

    While nobody can know the outcome (before the first value, or before the outside value comes out) at once,
    naming who consents. Later a second person agrees from an account of their own (`consent_to_void`); once
    every value is there, the outcome stands and can only be held.
    """
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    row = await find(draw_code)
    batch = await find_batch(str(row.batch_id))
    initiating(await entry_of(batch), by)
    if row.voided_at:
        return await facts_of(row)
    early = await _outcome_open(row, at)
    if not visible(reason).strip() or (early and not visible(consenting).strip()):
        raise Refusal("draw.void_needs_reason", article=ARTICLE)
    row.void_reason = f"{reason.strip()} ({consenting.strip()})" if consenting.strip() else reason.strip()
    row.void_asked_by, row.void_asked_at, row.void_asked_account = by.mark, at, by.account
    if not early:
        await row.save()
        await event.record(f"batch:{batch.code}", "draw.void_asked", by=by, at=at, reason=reason.strip())
        heads = (await recipients.heads(batch.crew)).but(by.account)
        await recipients.tell(
            heads, "draw.void_asked", key=f"void:{row.code}:{at.isoformat()}", at=at, chain=f"batch:{batch.code}",
            draw=row.code,
        )  # fmt: skip
        return await facts_of(row)
    await _void(row, batch, by=by, at=at, consenting=consenting.strip())
    return await facts_of(row)


@store.transactional
async def consent_to_void(draw_code: str, agree: bool, *, by: Actor, at: datetime) -> None:
    """A head of a department that takes part, not the one who asked, agrees that the draw has failed."""
    require(by, Role.HEAD, article=ARTICLE)
    row = await find(draw_code)
    batch = await find_batch(str(row.batch_id))
    if row.voided_at:
        return
    if row.void_asked_at is None:
        raise Refusal("draw.void_not_asked", article=ARTICLE, draw=draw_code)
    account = (
        await Account.get_or_none(id=by.account, role=Role.HEAD, disabled_at=None) if by.account else None
    )
    if account is None or account.department not in batch.crew or by.through:
        raise Refusal("draw.needs_account", article=ARTICLE, source="void")
    if account.id == row.void_asked_account or by.mark == row.void_asked_by:
        raise Refusal("draw.void_needs_another", article=ARTICLE, draw=draw_code)
    if not agree:
        row.void_reason, row.void_asked_at, row.void_asked_by, row.void_asked_account = "", None, None, None
        await row.save()
        await event.record(f"batch:{batch.code}", "draw.void_declined", by=by, at=at)
        return
    await _outcome_open(row, at)
    row.void_consented_by = by.mark
    await _void(row, batch, by=by, at=at, consenting=by.mark)


async def _void(row: Draw, batch: Batch, *, by: Actor, at: datetime, consenting: str) -> None:
    row.voided_at = at
    await row.save()
    batch.state = move(batch.state, BatchState.OPEN, ARTICLE)
    await batch.save(update_fields=["state"])
    await event.record(
        f"batch:{batch.code}", "draw.voided", by=by, at=at, reason=row.void_reason, consenting=consenting
    )
    await witnesses_follow(await Pledge.filter(draw=row), at)


async def witnesses_follow(rows: Iterable[Pledge], at: datetime) -> None:
    """Whoever was asked to witness sees what has become of it."""
    asked = {
        f"witness:{row.id}": row.source.removeprefix("witness:")
        for row in rows
        if row.source.startswith("witness:")
    }
    if asked:
        await outbox.enqueue_follow_up(list(asked), at=at)
        first, *others = asked.values()
        await outbox.desks(first, f"{min(asked)}:{at.isoformat()}", at=at, others=others)


async def _outcome_open(row: Draw, at: datetime) -> bool:
    """Whether nobody can know the outcome yet; refuses to void where it stands or is only to be entered."""
    rules = await rules_of(row)
    if row.held_at:
        raise Refusal("draw.void_too_late", article=ARTICLE, draw=row.code)
    rows = {pledged.source: pledged for pledged in await Pledge.filter(draw=row)}
    if rules.mode is not Mode.OFFICIAL or not any(pledged.value for pledged in rows.values()):
        return True
    last = chance.last_reveal(rules)
    if last is None:  # committed without an outside source, before one was due: it can never be held
        return True
    revealed = all(rows[f"witness:{department}"].value for department in rules.witnesses)
    missing = [source for source, pledged in rows.items() if not is_given(pledged)]
    if chance.outcome_known(last, revealed, missing, at):
        raise Refusal("draw.void_outcome_known", article=ARTICLE, draw=row.code)
    return at < last


def is_given(row: Pledge) -> bool:
    """Whether a source's value stands: a witness's once revealed, an outside one once it is confirmed."""
    return bool(row.value) and (not chance.is_outside(row.source) or row.confirmed_at is not None)


def initiating(entry: PlanEntry, by: Actor) -> None:
    """Of heads, only the initiating department's commits, holds and voids."""
    if by.role == Role.HEAD and by.department != entry.plan.department:
        raise Refusal("draw.not_initiating", article=ARTICLE, department=by.department)


def given_rows(rows: dict[str, Pledge]) -> list[CeremonyRow]:
    """The rows of `ceremony.tsv`, without names of people."""
    given = []
    for source, row in rows.items():
        if chance.is_outside(source):
            assert row.revealed_at
            evidence = row.proof or str(row.hand or Hand.TYPED)
            given.append(_given(source, chance.CeremonyAct.VALUE, row.revealed_at, row.given_by, evidence))
            if not source.startswith("beacon:") and row.confirmed_at and row.hand == Hand.READ:
                given.append(
                    _given(source, chance.CeremonyAct.CONFIRM, row.confirmed_at, row.confirmed_by, Hand.READ)
                )
            continue
        hand = str(row.hand or Hand.TYPED)
        assert row.pledged_at and row.revealed_at
        given.append(_given(source, chance.CeremonyAct.PLEDGE, row.pledged_at, row.given_by, hand))
        given.append(_given(source, chance.CeremonyAct.VALUE, row.revealed_at, row.given_by, hand))
    return given


def _given(source: str, act: str, at: datetime, mark: str | None, evidence: str) -> CeremonyRow:
    return CeremonyRow(source, str(act), stamp(at), mark or "-", str(evidence))


async def _source(draw_code: str, source: str) -> tuple[Draw, Pledge]:
    draw = await find(draw_code)
    row = await Pledge.get_or_none(draw=draw, source=source)
    if row is None:
        raise Refusal("draw.source_unknown", article=ARTICLE, source=source)
    return draw, row


def _standing(draw: Draw) -> None:
    if draw.held_at or draw.voided_at:
        raise Refusal("draw.over", article=ARTICLE, draw=draw.code)


async def _witness(draw: Draw, row: Pledge, by: Actor) -> Hand:
    """How this person may speak for the source: from the own account; in a rehearsal anybody of the house."""
    require(by, Role.OFFICE, Role.HEAD, Role.INSPECTOR, article=ARTICLE)
    if draw.mode == Mode.PRACTICE and by.role == Role.OFFICE:
        return Hand.TYPED
    if by.role == Role.OFFICE:
        raise Refusal("draw.typed_by_another", article=ARTICLE, source=row.source)
    account = await _own_account(draw, row.source, by)
    if account.role == Role.INSPECTOR and account.id != row.named_account:
        raise Refusal("draw.not_named", article=ARTICLE, source=row.source)
    return Hand.OWN


async def _own_account(draw: Draw, source: str, by: Actor) -> Account:
    """The account behind the act, if it is of the witness's department and nobody else opened its session."""
    if source != f"witness:{by.department}":
        raise Refusal("draw.other_witness", article=ARTICLE, source=source)
    own = await Account.get_or_none(id=by.account, disabled_at=None) if by.account is not None else None
    if own is None or own.role != by.role or own.department != by.department:
        raise Refusal("draw.needs_account", article=ARTICLE, source=source)
    await enrolment.refuse_left(own)
    if by.through and draw.mode != Mode.PRACTICE:
        raise Refusal("draw.session_opened_by_other", article=ARTICLE, source=source)
    return own


async def invite_witnesses(draw: Draw, at: datetime) -> None:
    """The commitment goes to every witness, outside the office, with the time."""
    for row in await Pledge.filter(draw=draw, source__startswith="witness:"):
        department = row.source.removeprefix("witness:")
        await _invite(draw, row, await recipients.heads([department]), at)


async def _invite(draw: Draw, row: Pledge, to_whom: Recipients, at: datetime) -> None:
    await recipients.tell(
        to_whom, "draw.witness", key=f"witness:{draw.code}:{row.source}", at=at, lane=outbox.INTERACTIVE,
        chain=f"batch:{draw.batch_id}", pledge=row.id,
    )  # fmt: skip


async def _open_revealing(draw: Draw, at: datetime) -> None:
    """Once all have pledged, each is told that it is time to reveal."""
    rows = await Pledge.filter(draw=draw, source__startswith="witness:")
    if any(not row.pledge for row in rows):
        return
    for row in rows:
        if row.account is not None and row.hand == Hand.OWN:
            await recipients.tell(
                await recipients.person(row.account), "draw.witness", key=f"reveal:{draw.code}:{row.source}", at=at,
                lane=outbox.INTERACTIVE, chain=f"batch:{draw.batch_id}", pledge=row.id,
            )  # fmt: skip
