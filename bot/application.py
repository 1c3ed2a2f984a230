"""The chat, put together: who is let in, what each message and each button does, in the order it is tried."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import cache
from ssl import SSLContext
from typing import Any

from httpx import create_ssl_context
from telegram import Update
from telegram.ext import (
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest

from bot import errors, identity, no_evidence, pressing, stale_buttons
from bot.callbacks import Act, decode
from bot.dependencies import App, Dependencies, dependencies_of
from bot.handlers import (
    afterwards,
    approval,
    assisting,
    batches,
    calling,
    checklist,
    department_head,
    entity,
    entity_requests,
    entry,
    hand_delivery,
    itinerary,
    network,
    online,
    onsite,
    phone,
    photos,
    record,
    replacement,
    reviewing,
    screen,
    set_aside,
    start,
    tasks,
    text_input,
    unsupported,
    visit,
    voiding,
    witness,
)
from bot.limiter import PATIENCE, Limiter, patience
from bot.menu import commands
from bot.request import BotRequest
from bot.turn import Turn
from models.procedure import dialogue
from models.refusal import Refusal
from models.rules.actor import Role

log = logging.getLogger(__name__)

Handler = Callable[[Turn], Awaitable[None]]
Pressed = Callable[..., Awaitable[None]]
Context = CallbackContext[Any, Any, Any, Any]

COMMANDS: dict[str, Handler] = {
    "today": tasks.today,
    "settings": start.settings,
    "help": start.help,
    "privacy": start.privacy,
    "login": start.login,
    "phone": phone.menu,
    "cancel": start.cancel,
}

PRESSES: dict[Act, Pressed] = {
    # the list and a task
    Act.LIST: tasks.list_tasks,
    Act.OPEN: tasks.open_task,
    Act.ACCEPT: tasks.accept,
    Act.ACCEPT_ALL: tasks.accept_all,
    Act.ASK_OUT: tasks.ask_out,
    Act.ASK_OUT_FOR: tasks.ask_out_for,
    Act.REPLACE: replacement.of_task,
    Act.REPLACE_WHO: replacement.who,
    Act.REPLACE_FOR: replacement.replace_for,
    Act.STAFF: replacement.staff,
    Act.RESUME: tasks.resume,
    Act.PHONE: phone.open_phone,
    Act.SET_ASIDE: lambda turn, *_: set_aside.overview(turn),
    Act.RETRY: set_aside.retry,
    # the network check, before the visit
    Act.NETWORK: network.overview,
    Act.NETWORK_QUESTION: network.question,
    Act.NETWORK_VERDICT: network.verdict,
    Act.NETWORK_SOURCE: network.source,
    Act.NETWORK_FINDING: network.finding,
    Act.NETWORK_CLOSE: network.close,
    Act.NETWORK_SHOT: network.show_screenshot,
    Act.END_ONLINE: online.end,
    Act.TARGET_GONE: online.gone,
    Act.GONE_AS: online.gone_as,
    Act.NETWORK_OPEN: itinerary.unchecked,
    Act.NETWORK_CLOSE_ALL: itinerary.close_network_checks,
    # the leader settles and begins the visit
    Act.DAYS: visit.days,
    Act.TIMES: visit.times,
    Act.PROPOSE: visit.propose,
    Act.VISIT: visit.overview,
    Act.REPLY: visit.reply,
    Act.PROPOSALS: itinerary.proposals,
    Act.PROPOSALS_MINE: itinerary.change_answers,
    Act.ANSWER_ONE: itinerary.answer_one,
    Act.CAN_ALL: itinerary.can_all,
    Act.READY: itinerary.ready,
    Act.FIX_ALL: itinerary.fix_all,
    Act.FIX: visit.fix,
    Act.RENEW: visit.renew,
    Act.FIX_FOR: visit.fix_for,
    Act.WITHHOLD: visit.withhold,
    Act.BEGIN: visit.begin,
    Act.PRESENT: visit.present,
    Act.BEGIN_ALL: visit.begin_all,
    Act.BEGIN_NOW: visit.begin_now,
    Act.BEGIN_FOR: visit.begin_for,
    Act.CONCLUDE: visit.conclude,
    Act.CONCLUDE_SURE: visit.conclude_sure,
    # the checklist, on site
    Act.CHECKLIST: checklist.go_on,
    Act.QUESTION: checklist.question,
    Act.VERDICT: checklist.verdict,
    Act.REMARK: checklist.remark,
    Act.SURE: checklist.sure,
    Act.CHOOSE: checklist.choose,
    Act.JUMP: checklist.jump,
    Act.UNDO: checklist.undo,
    Act.FINALISE: checklist.finalise,
    Act.WHOLE: checklist.whole,
    Act.VOID: voiding.which,
    Act.VOID_PHOTO: voiding.chosen,
    Act.VOID_FOR: voiding.given,
    Act.PLACE: photos.place,
    Act.GRADES: photos.grades,
    # the record sheet
    Act.RECORD: record.overview,
    Act.RECORD_DRAW: record.draw_up,
    Act.RECORD_PDF: record.paper,
    Act.RECORD_HEAR: record.hear,
    Act.RECORD_PHOTO: record.photograph,
    Act.RECORD_SIGN: afterwards.sign,
    Act.RECORD_REFUSE: record.refuse,
    Act.RECORD_REFUSE_FOR: record.refuse_for,
    # ways of checking: samples, agencies
    Act.METHOD: assisting.method,
    Act.SAMPLE: assisting.take,
    Act.SAMPLE_WITNESS: assisting.witness,
    Act.SAMPLE_REPORT: assisting.report,
    Act.SAMPLE_OUTCOME: assisting.report,
    Act.AGENCIES: assisting.agencies,
    Act.AGENCY_END: assisting.agency_end,
    # the result
    Act.RESULT: entry.result,
    Act.RESULT_TYPE: entry.toggle,
    Act.ENTER: entry.enter,
    # at the door
    Act.DOOR: onsite.door,
    Act.CODE: onsite.code,
    Act.LOCATE: onsite.locate,
    Act.BY_HAND: onsite.by_hand,
    Act.OTHERWISE: onsite.otherwise,
    Act.REFUSAL: onsite.refusal,
    Act.GROUND: onsite.ground,
    Act.ABSENCE: onsite.nobody,
    Act.REPORTED: onsite.report,
    Act.SUSPEND: onsite.suspend,
    Act.SUSPEND_FOR: onsite.suspend_for,
    Act.CONFIRM_REFUSAL: onsite.confirm_refusal,
    Act.CONFIRM_ABSENCE: onsite.confirm_absence,
    Act.ASKED_REFUSAL: onsite.asked_refusal,
    Act.REFUSAL_DECIDED: onsite.refusal_decided,
    # heads, leaders and entities are asked
    Act.ASKED: department_head.asked_out,
    Act.ASKED_WITHHOLD: department_head.asked_to_withhold,
    Act.SUBSTITUTION: department_head.substitution,
    Act.WITHHOLDING: department_head.withholding,
    Act.ASKED_APPROVAL: approval.asked_to_approve,
    Act.APPROVAL: approval.decide,
    Act.NOTICE: entity.open_notice,
    Act.RECEIVED: entity.received,
    Act.POSTPONE: entity.postpone,
    Act.POSTPONE_FOR: entity.postpone_for,
    Act.POSTPONE_TO: entity.postpone_to,
    Act.PREPARE: entity.prepare,
    Act.TICK: entity.tick,
    Act.CORRECTION: entity_requests.correction,
    Act.RECUSAL: entity_requests.recusal,
    Act.OBJECTION: entity_requests.objection,
    Act.AGREE_RESULT: afterwards.agree,
    Act.REVISION: afterwards.correction,
    Act.POSTPONEMENT: entity.postponement_decided,
    Act.HANDED: hand_delivery.handed,
    Act.CALLED: calling.called,
    Act.REVIEW: reviewing.review,
    Act.PUBLISH: reviewing.publish,
    Act.WITNESS: witness.asked,
    Act.WITNESS_GIVE: witness.give,
    Act.VOID_CONSENT: batches.consent_to_void,
    Act.EXTEND: batches.extend,
    Act.LANGUAGE: start.language,
}

WITHOUT_TASK = {
    Act.LIST, Act.PHONE, Act.SET_ASIDE, Act.RETRY, Act.ACCEPT_ALL, Act.RESUME, Act.PROPOSALS, Act.CAN_ALL, Act.READY,
    Act.FIX_ALL, Act.PLACE, Act.GRADES, Act.CONFIRM_REFUSAL, Act.CONFIRM_ABSENCE, Act.ASKED_REFUSAL,
    Act.REFUSAL_DECIDED, Act.ASKED, Act.ASKED_WITHHOLD, Act.SUBSTITUTION, Act.WITHHOLDING, Act.ASKED_APPROVAL,
    Act.APPROVAL, Act.NOTICE, Act.RECEIVED, Act.POSTPONE, Act.POSTPONE_FOR, Act.POSTPONE_TO, Act.PREPARE, Act.TICK,
    Act.CORRECTION, Act.RECUSAL, Act.OBJECTION, Act.POSTPONEMENT, Act.AGREE_RESULT, Act.REVIEW, Act.PUBLISH,
    Act.REVISION, Act.WITNESS, Act.WITNESS_GIVE, Act.VOID_CONSENT, Act.EXTEND, Act.LANGUAGE,
}  # fmt: skip


def build(
    token: str,
    services: Dependencies,
    *,
    base_url: str | None = None,
    base_file_url: str | None = None,
    request: BaseRequest | None = None,
    limiter: Limiter | None = None,
) -> App:
    """The application, without a network of its own for updates: they come through `handle`."""
    builder = ApplicationBuilder().token(token).updater(None).rate_limiter(limiter or Limiter())
    builder = builder.request(request or BotRequest(authorities=_authorities()))
    builder = builder.get_updates_request(BotRequest())  # never used
    if base_url:
        builder = builder.base_url(base_url)
    if base_file_url:
        builder = builder.base_file_url(base_file_url)
    application: App = builder.build()
    application.bot_data["setting"] = services
    _register(application)
    return application


@cache
def _authorities() -> SSLContext:
    """The certificate authorities that httpx brings, read once: reading them takes 20 ms."""
    return create_ssl_context()


def _register(application: App) -> None:
    """The first that fits is taken.

    Groups are met before anything is read of them; a command wins over an open question (D28); a correction
    must not be taken for an answer (D16); whatever is left is told what we take (D29).
    """
    add = application.add_handler
    add(TypeHandler(Update, _in_a_group), group=-1)
    add(CallbackQueryHandler(_as_turn(_press)))
    add(MessageHandler(filters.UpdateType.EDITED_MESSAGE, _as_turn(_bound(_kept(text_input.edited)))))
    add(CommandHandler("start", _as_turn(start.start)))
    for name, handler in COMMANDS.items():
        add(CommandHandler(name, _as_turn(handler if name == "help" else _bound(handler))))
    add(MessageHandler(filters.CONTACT, _as_turn(start.contact)))
    add(MessageHandler(filters.PHOTO | filters.Document.ALL, _as_turn(_bound(_kept(photos.taken)))))
    add(MessageHandler(filters.LOCATION, _as_turn(_bound(_kept(photos.located)))))
    add(MessageHandler(filters.COMMAND, _as_turn(_bound(unsupported.unknown_command))))
    add(MessageHandler(filters.TEXT, _as_turn(_bound(_kept(text_input.text)))))
    add(MessageHandler(filters.ALL, _as_turn(_bound(_kept(unsupported.not_taken)))))
    application.add_error_handler(_unexpected)


def _as_turn(handler: Handler) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    async def run(update: Update, context: Context) -> None:
        turn = await identity.turn_of(update, context.bot, dependencies_of(context.application))
        if turn is not None:
            await errors.guarded(turn, lambda: handler(turn))
            await errors.guarded(turn, lambda: tasks.follow(turn))
            turn.services.wake()

    return run


def _bound(handler: Handler) -> Handler:
    """For people of the register only; everybody else hears who we are (D30)."""

    async def run(turn: Turn) -> None:
        await (handler(turn) if turn.person.actors else start.stranger(turn))

    return run


def _kept(handler: Handler) -> Handler:
    """For what people send to be kept: where the chat carries no evidence, it is not."""

    async def run(turn: Turn) -> None:
        if not await no_evidence.not_stored(turn):
            await handler(turn)

    return run


async def _press(turn: Turn) -> None:
    """A button: ours, made for this person, and then whatever it does."""
    assert turn.press
    found = decode(turn.services.district.secret, turn.chat, turn.press.data or "")
    if found is None or not turn.person.actors:
        await dialogue.forged(turn.chat, at=turn.at)
        await turn.toast("error.not_yours", alert=True)
        return
    act, args = found
    if await no_evidence.pressed(turn, act, args):
        return
    try:
        if act in pressing.WHOLE and await pressing.whole(turn, act, lambda: PRESSES[act](turn, *args)):
            return
    except Refusal as no:
        await _refused(turn, no, act, args)
        return
    turn.adrift = await dialogue.shown_by(turn.chat, turn.message.message_id) is None
    if turn.adrift and not await stale_buttons.still_valid(turn, act, args):
        await turn.toast("card.stale")
        await _fresh(turn, act, args)
        return
    try:
        await PRESSES[act](turn, *args)
    except Refusal as no:
        await _refused(turn, no, act, args)
    if turn.adrift:
        await turn.table.away(turn.message.message_id)


async def _refused(turn: Turn, no: Refusal, act: Act, args: list[str]) -> None:
    await errors.refused(turn, no)
    if no.code in errors.STALE:
        await _fresh(turn, act, args)


async def _fresh(turn: Turn, act: Act, args: list[str]) -> None:
    """The card as it is now, in place of one that has been overtaken (D17)."""
    if not turn.person.acting(Role.INSPECTOR):
        return
    if act not in WITHOUT_TASK:
        await screen.redraw_at_bottom(turn, int(args[0]))
    elif act == Act.ACCEPT_ALL:
        await tasks.today(turn)


async def _in_a_group(update: Update, context: Context) -> None:
    if update.effective_chat and update.effective_chat.type != "private":
        await unsupported.group(update, context.bot, dependencies_of(context.application))


async def _unexpected(update: object, context: Context) -> None:
    error = context.error
    assert isinstance(error, Exception)
    log.error("outside every turn", exc_info=error)
    errors.failures.get([]).append(error)


async def handle(application: App, raw: dict[str, Any]) -> bool:
    """Act upon one update; True when its act marked it as done. ValueError when it cannot be read; `Outage` while
    Telegram or the object store is away; what failed otherwise is raised, to be tried again.
    """
    try:
        update = Update.de_json(raw, application.bot)
    except Exception as unreadable:
        raise ValueError(f"not an update: {unreadable!r}") from unreadable
    failed: list[Exception] = []
    done: list[int] = []
    token, waiting, settled = errors.failures.set(failed), patience.set(PATIENCE), pressing.settled.set(done)
    try:
        await application.process_update(update)
    finally:
        errors.failures.reset(token)
        patience.reset(waiting)
        pressing.settled.reset(settled)
    if failed and not done:
        raise errors.outage(failed[0]) or failed[0]
    return bool(done)


__all__ = ["build", "commands", "handle"]
