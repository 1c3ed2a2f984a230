"""Every button of the chat, one row each: what travels, what it carries, when it still holds; its handler says so itself.

`@pressed(Act.ACCEPT)` stands above the handler. A code that was sent once stays what it was: cards live for years in
the chats. A new argument goes to the end of its row and is a `maybe`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Flag, StrEnum, auto
from inspect import Parameter, signature
from typing import Any, TypeVar, get_args, get_type_hints

Value = int | str | bool


@dataclass(frozen=True)
class Argument:
    """What one place behind a button's code carries; `optional`: it may be missing."""

    name: str
    type: type
    read: Callable[[str], Value]
    optional: bool = False


def _yes(written: str) -> bool:
    """1 or 0. ValueError for anything else."""
    if written not in ("0", "1"):
        raise ValueError(f"neither 1 nor 0: {written}")
    return written == "1"


TASK = Argument("task", int, int)  # the id of the task that the button is about
NUMBER = Argument("number", int, int)
TEXT = Argument("text", str, str)
YES = Argument("yes", bool, _yes)


def maybe(argument: Argument) -> Argument:
    return replace(argument, optional=True)


class Rule(Flag):
    """What is true of a button. Without SHOWS, DECIDES or NAMELESS it holds under an old message if the card as it
    stands now offers the very same one (D17).
    """

    SHOWS = auto()  # it only shows something: done under an old message too
    DECIDES = auto()  # its act finds out whether it still holds: done under an old message too
    NAMELESS = auto()  # it does not say what it takes back or accepts: never done under an old message
    ONE_TRIP = auto()  # nothing but an act and a card, in one transaction (`bot.pressing`)
    PLAIN_SQL = auto()  # that transaction asks the database by plain SQL alone
    NO_EVIDENCE = auto()  # it brings no evidence into the chat: done with CHAT_EVIDENCE=off too


SHOWS, DECIDES, NAMELESS = Rule.SHOWS, Rule.DECIDES, Rule.NAMELESS
ONE_TRIP, PLAIN_SQL, NO_EVIDENCE = Rule.ONE_TRIP, Rule.PLAIN_SQL, Rule.NO_EVIDENCE


class Act(StrEnum):
    """Code, arguments, rules."""

    arguments: tuple[Argument, ...]
    rules: Rule

    def __new__(cls, code: str, arguments: tuple[Argument, ...], *rules: Rule) -> Act:
        row = str.__new__(cls, code)
        row._value_ = code
        row.arguments, row.rules = arguments, rules[0] if rules else Rule(0)
        return row

    # the list and a task
    LIST = "l", (maybe(NUMBER),), SHOWS | NO_EVIDENCE
    OPEN = "o", (TASK,), SHOWS | ONE_TRIP | NO_EVIDENCE
    ACCEPT = "a", (TASK,), ONE_TRIP | NO_EVIDENCE
    ACCEPT_ALL = "aa", (), NAMELESS | NO_EVIDENCE
    ASK_OUT = "x", (TASK, TEXT)
    ASK_OUT_FOR = "xf", (TASK, TEXT, TEXT)
    RESUME = "go", (), SHOWS
    PHONE = "ph", (maybe(TASK),), SHOWS | NO_EVIDENCE
    SET_ASIDE = "sa", (maybe(NUMBER),), SHOWS | NO_EVIDENCE
    RETRY = "ra", (NUMBER,), DECIDES | NO_EVIDENCE

    # the checklist, on site
    CHECKLIST = "ck", (TASK, maybe(YES)), SHOWS | ONE_TRIP | PLAIN_SQL
    QUESTION = "q", (TASK, NUMBER), SHOWS | ONE_TRIP | PLAIN_SQL
    VERDICT = "v", (TASK, NUMBER, TEXT, NUMBER), ONE_TRIP | PLAIN_SQL
    OPTION = "op", (TASK, NUMBER, NUMBER, NUMBER), ONE_TRIP | PLAIN_SQL
    REMARK = "n", (TASK, NUMBER), ONE_TRIP | PLAIN_SQL
    SURE = "su", (TASK, NUMBER), DECIDES | ONE_TRIP
    CHOOSE = "c", (TASK, NUMBER, NUMBER), DECIDES | ONE_TRIP
    SHARE = "zg", (TASK, maybe(NUMBER)), SHOWS
    SHARE_SET = "zj", (TASK, NUMBER, NUMBER), NO_EVIDENCE
    JUMP = "j", (TASK, maybe(NUMBER)), SHOWS | ONE_TRIP | PLAIN_SQL
    UNDO = "u", (TASK,), NAMELESS | ONE_TRIP
    FINALISE = "f", (TASK,), ONE_TRIP
    WHOLE = "w", (TASK, NUMBER), SHOWS
    PLACE = "pl", (TASK, NUMBER), DECIDES
    GRADES = "gr", (), SHOWS
    VOID = "vx", (TASK, NUMBER)
    VOID_PHOTO = "vy", (TASK, NUMBER)
    VOID_FOR = "vz", (TASK, TEXT)

    # ways of checking: samples, agencies
    METHOD = "me", (TASK, NUMBER, TEXT, NUMBER)
    SAMPLE = "sp", (TASK, NUMBER)
    SAMPLE_WITNESS = "sw", (TASK, NUMBER)
    SAMPLE_REPORT = "sr", (TASK, NUMBER, maybe(TEXT))
    SAMPLE_OUTCOME = "so", (TASK, NUMBER, maybe(TEXT))
    AGENCIES = "ag", (TASK,)
    AGENCY_END = "ae", (TASK, NUMBER)

    # the network check, before the visit
    NETWORK = "nw", (TASK,), SHOWS
    NETWORK_QUESTION = "nq", (TASK, NUMBER), SHOWS
    NETWORK_VERDICT = "nv", (TASK, NUMBER, TEXT)
    NETWORK_SOURCE = "ns", (TASK, NUMBER)
    NETWORK_FINDING = "nf", (TASK, NUMBER, TEXT)
    NETWORK_CLOSE = "nc", (TASK, maybe(YES))
    NETWORK_SHOT = "np", (TASK, NUMBER), SHOWS
    NETWORK_OPEN = "ng", (), SHOWS
    END_ONLINE = "ne", (TASK, maybe(YES))
    TARGET_GONE = "nx", (TASK,), SHOWS
    GONE_AS = "ny", (TASK, TEXT)
    NETWORK_CLOSE_ALL = "na", (TEXT,), DECIDES

    # the leader settles and begins the visit
    DAYS = "d", (TASK, maybe(NUMBER)), SHOWS
    TIMES = "dt", (TASK, TEXT)
    PROPOSE = "dp", (TASK, TEXT, TEXT)
    VISIT = "dv", (TASK,), SHOWS
    FIX = "df", (TASK,)
    RENEW = "nr", (TASK,)
    FIX_FOR = "dr", (TASK, TEXT)
    REPLY = "da", (TASK, YES, maybe(NUMBER)), NO_EVIDENCE
    PROPOSALS = "vp", (), SHOWS
    PROPOSALS_MINE = "vm", (), SHOWS
    ANSWER_ONE = "vo", (TASK, YES, NUMBER), DECIDES
    CAN_ALL = "ca", (TEXT,), DECIDES
    READY = "rf", (), SHOWS
    FIX_ALL = "fa", (TEXT, maybe(TEXT)), DECIDES
    JOIN = "vj", (TASK, NUMBER), DECIDES
    JOIN_ASKED = "jk", (NUMBER,), SHOWS
    JOIN_ANSWER = "jz", (NUMBER, YES), DECIDES
    JOIN_PART = "ju", (NUMBER,), SHOWS
    REASSIGN = "zh", (TASK,), SHOWS
    REASSIGN_TO = "zb", (TASK, NUMBER), SHOWS
    REASSIGN_FOR = "zc", (TASK, NUMBER, TEXT), DECIDES
    REASSIGN_ASKED = "zd", (NUMBER,), SHOWS
    REASSIGN_ANSWER = "ze", (NUMBER, YES), DECIDES
    TIMETABLE = "tt", (maybe(NUMBER),), SHOWS
    PLAN_SEND = "ts", (TEXT,), DECIDES
    PLAN_DAY = "td", (TEXT,), SHOWS
    PLAN_MOVE = "tm", (TASK,), SHOWS
    PLAN_ON = "to", (TASK, TEXT), SHOWS
    PLAN_SET = "tx", (TASK, TEXT, TEXT), SHOWS
    WEEK = "wk", (maybe(TEXT),), SHOWS
    AWAY = "aw", (maybe(NUMBER),), SHOWS
    AWAY_DAY = "ad", (TEXT,), SHOWS
    AWAY_SAY = "ay", (TEXT, TEXT), DECIDES
    AWAY_FROM = "af", (TEXT, maybe(TEXT)), SHOWS
    AWAY_UNTIL = "au", (TEXT, TEXT, TEXT), DECIDES
    AWAY_BACK = "ak", (NUMBER,), DECIDES
    WITHHOLD = "h", (TASK,)
    BEGIN = "b", (TASK,), ONE_TRIP
    PRESENT = "bp", (TASK, NUMBER), ONE_TRIP
    BEGIN_ALL = "ba", (TASK,), ONE_TRIP
    BEGIN_NOW = "bn", (TASK,), ONE_TRIP
    BEGIN_FOR = "bf", (TASK, TEXT), ONE_TRIP
    CONCLUDE = "e", (TASK,)
    CONCLUDE_SURE = "es", (TASK,)

    # the record sheet and the result
    RECORD = "rc", (TASK,), SHOWS
    RECORD_DRAW = "rd", (TASK,)
    RECORD_PDF = "rp", (TASK,), SHOWS
    RECORD_HEAR = "rh", (TASK,)
    RECORD_PHOTO = "ri", (TASK,)
    RECORD_SIGN = "rs", (TASK,)
    RECORD_REFUSE = "rn", (TASK,)
    RECORD_REFUSE_FOR = "rw", (TASK, NUMBER, TEXT)
    RESULT = "r", (TASK,), SHOWS
    RESULT_TYPE = "rt", (TASK, TEXT)
    ENTER = "re", (TASK,)
    MEASURE = "rm", (TASK, TEXT)
    CONFIRM_RESULT = "rj", (TASK,)

    # at the door
    DOOR = "at", (TASK,), SHOWS
    CODE = "qc", (TASK,), SHOWS
    LOCATE = "lo", (TASK,)
    BY_HAND = "bh", (TASK,)
    OTHERWISE = "ow", (TASK,), SHOWS
    REFUSAL = "rg", (TASK,)
    GROUND = "gd", (TASK, NUMBER)
    ABSENCE = "ab", (TASK,)
    REPORTED = "rr", (TASK,)
    SUSPEND = "ob", (TASK,)
    SUSPEND_FOR = "of", (TASK, TEXT)
    REOPEN = "os", (TASK,)
    REOPEN_OF = "ot", (TASK, TEXT)
    CONFIRM_REFUSAL = "cr", (NUMBER,), DECIDES
    CONFIRM_ABSENCE = "cb", (NUMBER,), DECIDES
    ASKED_REFUSAL = "hr", (NUMBER,), SHOWS
    REFUSAL_DECIDED = "hd", (NUMBER, YES), DECIDES

    # heads, leaders and entities are asked
    ASKED = "ho", (NUMBER,), SHOWS
    ASKED_WITHHOLD = "hn", (NUMBER,), SHOWS
    SUBSTITUTION = "hs", (NUMBER, YES), DECIDES
    REPLACE = "xr", (TASK,), SHOWS
    REPLACE_WHO = "xw", (NUMBER,), SHOWS
    REPLACE_FOR = "xy", (NUMBER, TEXT), DECIDES
    STAFF = "xs", (), SHOWS
    WITHHOLDING = "hw", (NUMBER, YES), DECIDES
    ASKED_APPROVAL = "hq", (NUMBER,), SHOWS
    APPROVAL = "hp", (NUMBER, YES), DECIDES
    RECEIVED = "k", (NUMBER,), DECIDES | NO_EVIDENCE
    NOTICE = "no", (NUMBER,), SHOWS | NO_EVIDENCE
    POSTPONE = "p", (NUMBER,), DECIDES
    POSTPONE_FOR = "pf", (NUMBER, TEXT), DECIDES
    POSTPONE_TO = "pw", (NUMBER, TEXT)
    PREPARE = "mt", (NUMBER, maybe(NUMBER))
    TICK = "tk", (NUMBER, NUMBER, YES)
    CORRECTION = "ec", (NUMBER, YES)
    RECUSAL = "rq", (NUMBER, maybe(YES))
    OBJECTION = "oj", (NUMBER, maybe(YES))
    POSTPONEMENT = "pd", (NUMBER, YES), DECIDES
    AGREE_RESULT = "nb", (NUMBER,), NO_EVIDENCE
    REVISION = "rv", (NUMBER, maybe(YES))
    HANDED = "dl", (TASK, maybe(YES))
    CALLED = "tc", (TASK, maybe(YES))
    REVIEW = "rz", (NUMBER, maybe(YES))
    RETURN_ONLY = "ro", (NUMBER, TEXT)
    PUBLISH = "pu", (NUMBER, maybe(YES))
    REVISE = "rx", (NUMBER, YES)
    RECEIPT = "pr", (TASK, maybe(YES))
    ORDERS = "jg", (TASK,), SHOWS
    ORDER_POINT = "jp", (TASK, NUMBER), DECIDES
    ORDER_FOR = "jf", (TASK, NUMBER), DECIDES
    ORDER = "jo", (NUMBER,), SHOWS
    ORDER_VERIFY = "jv", (NUMBER, TEXT), DECIDES
    ORDER_DONE = "jd", (NUMBER, NUMBER), DECIDES
    ORDER_EXTEND = "je", (NUMBER, maybe(NUMBER)), SHOWS
    ORDER_FILE = "jl", (NUMBER,), SHOWS
    ORDER_REVOKE = "jr", (NUMBER,), SHOWS
    RECHECK = "ja", (NUMBER,), SHOWS
    RECHECK_WITH = "jw", (NUMBER, TEXT), SHOWS
    RECHECK_BEGIN = "jb", (NUMBER,), DECIDES
    RECHECK_POINTS = "jt", (NUMBER,), SHOWS
    RECHECK_POINT = "jy", (NUMBER, NUMBER), DECIDES
    RECHECK_END = "jn", (NUMBER,), DECIDES
    RECHECK_SIGN = "js", (NUMBER,), DECIDES
    RECHECK_REFUSE = "jx", (NUMBER,), SHOWS
    REVISION_DROP = "rk", (NUMBER,), DECIDES
    WITNESS = "wi", (NUMBER,), SHOWS
    WITNESS_GIVE = "wg", (NUMBER,), SHOWS
    VOID_CONSENT = "wv", (NUMBER, YES), DECIDES
    EXTEND = "bx", (NUMBER, YES, maybe(NUMBER)), SHOWS
    PLAN_ASKED = "pk", (NUMBER,), SHOWS
    PLAN_CONSENT = "pc", (NUMBER, YES), DECIDES
    PLAN_READY = "py", (NUMBER,), SHOWS
    PLAN_HAND_IN = "pi", (NUMBER,), DECIDES
    MERGE_ASKED = "mk", (NUMBER,), SHOWS
    MERGE_SIGN = "mz", (NUMBER, YES), DECIDES
    CODE_ASKED = "ok", (NUMBER,), SHOWS
    CODE_DECIDE = "oz", (NUMBER, YES), DECIDES
    SCHEME_ASKED = "hk", (NUMBER,), SHOWS
    SCHEME_SIGN = "hz", (NUMBER, YES), DECIDES
    LANGUAGE = "lg", (TEXT,), DECIDES | NO_EVIDENCE
    CALENDAR = "cf", (), SHOWS
    CALENDAR_RESET = "cg", (NUMBER,), DECIDES
    GROUPS = "ug", (), SHOWS
    GROUP_CODE = "uc", (NUMBER,), DECIDES
    GROUP_END = "ue", (NUMBER,), DECIDES
    RESOLUTION = "cn", (NUMBER,), SHOWS
    SNOOZES = "zl", (), SHOWS
    SNOOZE = "zs", (NUMBER, maybe(NUMBER)), SHOWS
    SNOOZE_FOR = "zf", (NUMBER, NUMBER, TEXT), DECIDES
    ENQUIRY = "zk", (NUMBER,), SHOWS
    ENQUIRY_WRONG = "zw", (NUMBER,), SHOWS
    ENQUIRY_ANSWER = "za", (NUMBER, maybe(TEXT)), DECIDES

    def task(self, args: tuple[Value, ...]) -> int | None:
        """The task that a press is about; None where it is about something else."""
        return int(args[0]) if args and args[0] and self.arguments[0].name == TASK.name else None


BY_CODE: dict[str, Act] = {act.value: act for act in Act}

Handler = Callable[..., Awaitable[None]]
H = TypeVar("H", bound=Handler)
HANDLERS: dict[Act, Handler] = {}
"""Filled by `pressed`, as the modules of `bot.handlers` are imported."""


def pressed(*acts: Act) -> Callable[[H], H]:
    """Declare the handler of a button. TypeError where it does not take what the button carries, or is the second one."""

    def declare(handler: H) -> H:
        for act in acts:
            if act in HANDLERS:
                raise TypeError(f"two handlers of {act.name}: {HANDLERS[act]} and {handler}")
            if (taken := _taken(handler)) != (
                carried := [(argument.type, argument.optional) for argument in act.arguments]
            ):
                raise TypeError(
                    f"{handler.__module__}.{handler.__name__} takes {taken}, {act.name} carries {carried}"
                )
            HANDLERS[act] = handler
        return handler

    return declare


def _taken(handler: Handler) -> list[tuple[Any, bool]]:
    """Type of each parameter after the turn, and whether it may be left out. `bool | None` is a bool."""
    hints = get_type_hints(handler)
    return [
        (
            (get_args(hints[parameter.name]) or (hints[parameter.name],))[0],
            parameter.default is not Parameter.empty,
        )
        for parameter in list(signature(handler).parameters.values())[1:]
    ]
