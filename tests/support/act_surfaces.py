"""Which act is done where: every act of `models.rules.acts` on every surface of whoever may do it, or why not.

The names are those of the real things: buttons of `bot.buttons`, acts of the phone companion, addresses of the
console and of the entity's page, commands. `tests/test_every_state.py` holds them against what there really is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.buttons import Act as B
from models.rules.acts import Doer

CHAT, COMPANION, CONSOLE = "chat", "companion", "console"
SURFACES = {
    Doer.MEMBER: (CHAT, COMPANION, CONSOLE),
    Doer.LEADER: (CHAT, COMPANION, CONSOLE),
    Doer.HEAD: (CHAT, CONSOLE),
    Doer.OFFICE: (CONSOLE,),
}
TASK = "/console/tasks/{number}"


@dataclass(frozen=True)
class Ways:
    """`chat`: a button; `companion`: a name; `console`: an address. `but`: a surface without a way, and why."""

    chat: B | None = None
    companion: str = ""
    console: str = ""
    but: dict[str, str] = field(default_factory=dict)


def _both(button: B, name: str, console: str = "") -> Ways:
    return Ways(button, name, console or f"{TASK}/acts/{name}")


NO_PLACE = {CONSOLE: "a desk has no place of its own: arrival by hand with a reason"}
NO_FINGER = {
    CONSOLE: "drawing needs a finger: a new photo, or 作废",
    CHAT: "drawing needs a finger: the companion's link",
}

WAYS: dict[str, Ways] = {
    "accept": _both(B.ACCEPT, "accept"),
    "reply": _both(B.REPLY, "reply"),
    "telephoned": _both(B.CALLED, "telephoned", f"{TASK}/telephoned"),
    "handed": _both(B.HANDED, "handed", f"{TASK}/handed"),
    "ask_out": _both(B.ASK_OUT_FOR, "ask_out"),
    "replace": Ways(
        B.REPLACE_FOR, "", f"{TASK}/replace", {COMPANION: "the leader asks in the chat or at the desk"}
    ),
    "find": _both(B.NETWORK_VERDICT, "find", f"{TASK}/seen"),
    "close_network": _both(B.NETWORK_CLOSE, "close_network"),
    "end_online": _both(B.END_ONLINE, "end_online", f"{TASK}/end_online"),
    "postponement": _both(B.POSTPONEMENT, "postponement", f"{TASK}/postponements/{{id}}"),
    "propose": _both(B.PROPOSE, "propose"),
    "fix": _both(B.FIX, "fix"),
    "withhold": _both(B.WITHHOLD, "withhold"),
    "entrust": _both(B.AGENCIES, "entrust"),
    "entrust_end": _both(B.AGENCY_END, "entrust_end"),
    "begin": _both(B.BEGIN_NOW, "begin"),
    "arrive_located": Ways(B.LOCATE, "arrive_located", "", NO_PLACE),
    "arrive_by_hand": _both(B.BY_HAND, "arrive_by_hand"),
    "refusal": _both(B.REFUSAL, "refusal"),
    "confirm_refusal": _both(B.CONFIRM_REFUSAL, "confirm_refusal"),
    "absence": _both(B.ABSENCE, "absence"),
    "confirm_absence": _both(B.CONFIRM_ABSENCE, "confirm_absence"),
    "suspend": _both(B.SUSPEND_FOR, "suspend"),
    "decide_refusal": Ways(B.REFUSAL_DECIDED, "", "/console/refusals/{id}"),
    "answer": _both(B.VERDICT, "answer"),
    "undo": _both(B.UNDO, "undo"),
    "finalise": _both(B.FINALISE, "finalise"),
    "reopen": _both(B.REOPEN_OF, "reopen"),
    "sample": _both(B.SAMPLE, "sample"),
    "sample_report": _both(B.SAMPLE_OUTCOME, "sample_report"),
    "record_draw": _both(B.RECORD_DRAW, "record_draw", f"{TASK}/record-sheet"),
    "record_hear": _both(B.RECORD_HEAR, "record_hear"),
    "record_sign": _both(B.RECORD_SIGN, "record_sign"),
    "record_refuse": _both(B.RECORD_REFUSE_FOR, "record_refuse"),
    "photo_void": _both(B.VOID_FOR, "photo_void", f"{TASK}/photos/{{id}}/void"),
    "photo_mark": Ways(None, "photo_mark", "", NO_FINGER),
    "conclude": _both(B.CONCLUDE_SURE, "conclude"),
    "correction": _both(B.CORRECTION, "correction", f"{TASK}/corrections/{{id}}"),
    "enter": _both(B.ENTER, "enter"),
    "confirm": _both(B.CONFIRM_RESULT, "confirm"),
    "review": Ways(B.REVIEW, "", f"{TASK}/review"),
    "receipt": _both(B.RECEIPT, "receipt", f"{TASK}/record"),
    "publish": Ways(B.PUBLISH, "", f"{TASK}/publish"),
    "archive": Ways(
        None, "", f"{TASK}/archive", {CHAT: "everything is printed, hashed and looked at: at a desk"}
    ),
    "rectify": _both(B.ORDER_FOR, "rectify"),
    "verify": _both(B.ORDER_VERIFY, "verify"),
    "rectify_extend": _both(B.ORDER_EXTEND, "rectify_extend"),
    "recheck_set": _both(B.RECHECK_WITH, "recheck_set"),
    "recheck_begin": _both(B.RECHECK_BEGIN, "recheck_begin"),
    "recheck_end": _both(B.RECHECK_END, "recheck_end"),
    "recheck_sign": _both(B.RECHECK_SIGN, "recheck_sign"),
    "recheck_refuse": _both(B.RECHECK_REFUSE, "recheck_refuse"),
    "rectify_file": Ways(B.ORDER_FILE, "", "/console/orders/{id}/file"),
    "rectify_revoke": Ways(B.ORDER_REVOKE, "", "/console/orders/{id}/revoke"),
    "follow_up": Ways(None, "", f"{TASK}/follow-ups", {CHAT: "a long form with papers: at a desk"}),
    "follow_up_end": Ways(
        None, "", f"{TASK}/follow-ups/{{id}}/end", {CHAT: "the receipt is read off a paper: at a desk"}
    ),
    "revision_propose": Ways(B.ENTER, "revision_propose", f"{TASK}/revision/propose"),
    "revision_ask": Ways(B.REVISE, "", f"{TASK}/revision/{{act}}"),
    "withdraw": Ways(B.REVISE, "", f"{TASK}/revision/{{act}}"),
}
"""By the act's name in `models.rules.acts`."""

ALONE = {
    "/console/tasks/{number}/said/{act}": "the entity's own acts, by the office for who telephones, writes or comes",
    "/console/tasks/{number}/photos": "a file is part of the answer; in chat and companion a photo is sent",
    "/console/tasks/{number}/photos/{id}/place": "the chat's Act.PLACE; the companion always knows the question",
    "/console/tasks/{number}/follow-ups/{id}/look": "reading, which is written down",
}
"""Addresses of a task that are no act of the table, and where else the same is done."""

UNREACHED: dict[str, str] = {}
"""States of a task that no act leads to."""
