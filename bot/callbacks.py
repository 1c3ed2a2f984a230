"""What a button carries: a short act, its numbers, and a seal that binds both to one person (D18).

`act:number:word|SEAL`, at most 64 bytes. The seal proves that we showed this button to this person;
whether they may still do it, the act itself decides again.
"""

from __future__ import annotations

import hmac
from enum import StrEnum

from models.rules import tokens

LONGEST = 64


class Act(StrEnum):
    """Every button. The value is what travels."""

    LIST = "l"
    OPEN = "o"
    ACCEPT = "a"
    ACCEPT_ALL = "aa"
    ASK_OUT = "x"
    ASK_OUT_FOR = "xf"
    RESUME = "go"
    PHONE = "ph"
    SET_ASIDE = "sa"
    RETRY = "ra"

    CHECKLIST = "ck"
    QUESTION = "q"
    VERDICT = "v"
    REMARK = "n"
    SURE = "su"
    CHOOSE = "c"
    JUMP = "j"
    UNDO = "u"
    FINALISE = "f"
    WHOLE = "w"
    PLACE = "pl"
    GRADES = "gr"
    VOID = "vx"
    VOID_PHOTO = "vy"
    VOID_FOR = "vz"

    METHOD = "me"
    SAMPLE = "sp"
    SAMPLE_WITNESS = "sw"
    SAMPLE_REPORT = "sr"
    SAMPLE_OUTCOME = "so"
    AGENCIES = "ag"
    AGENCY_END = "ae"

    NETWORK = "nw"
    NETWORK_QUESTION = "nq"
    NETWORK_VERDICT = "nv"
    NETWORK_SOURCE = "ns"
    NETWORK_FINDING = "nf"
    NETWORK_CLOSE = "nc"
    NETWORK_SHOT = "np"
    NETWORK_OPEN = "ng"
    END_ONLINE = "ne"
    TARGET_GONE = "nx"
    GONE_AS = "ny"
    NETWORK_CLOSE_ALL = "na"

    DAYS = "d"
    TIMES = "dt"
    PROPOSE = "dp"
    VISIT = "dv"
    FIX = "df"
    RENEW = "nr"
    FIX_FOR = "dr"
    REPLY = "da"
    PROPOSALS = "vp"
    PROPOSALS_MINE = "vm"
    ANSWER_ONE = "vo"
    CAN_ALL = "ca"
    READY = "rf"
    FIX_ALL = "fa"
    WITHHOLD = "h"
    BEGIN = "b"
    PRESENT = "bp"
    BEGIN_ALL = "ba"
    BEGIN_NOW = "bn"
    BEGIN_FOR = "bf"
    CONCLUDE = "e"
    CONCLUDE_SURE = "es"
    RECORD = "rc"
    RECORD_DRAW = "rd"
    RECORD_PDF = "rp"
    RECORD_HEAR = "rh"
    RECORD_PHOTO = "ri"
    RECORD_SIGN = "rs"
    RECORD_REFUSE = "rn"
    RECORD_REFUSE_FOR = "rw"
    RESULT = "r"
    RESULT_TYPE = "rt"
    ENTER = "re"

    DOOR = "at"
    CODE = "qc"
    LOCATE = "lo"
    BY_HAND = "bh"
    OTHERWISE = "ow"
    REFUSAL = "rg"
    GROUND = "gd"
    ABSENCE = "ab"
    REPORTED = "rr"
    SUSPEND = "ob"
    SUSPEND_FOR = "of"
    CONFIRM_REFUSAL = "cr"
    CONFIRM_ABSENCE = "cb"
    ASKED_REFUSAL = "hr"
    REFUSAL_DECIDED = "hd"

    ASKED = "ho"
    ASKED_WITHHOLD = "hn"
    SUBSTITUTION = "hs"
    REPLACE = "xr"
    REPLACE_WHO = "xw"
    REPLACE_FOR = "xy"
    STAFF = "xs"
    WITHHOLDING = "hw"
    ASKED_APPROVAL = "hq"
    APPROVAL = "hp"
    RECEIVED = "k"
    NOTICE = "no"
    POSTPONE = "p"
    POSTPONE_FOR = "pf"
    POSTPONE_TO = "pw"
    PREPARE = "mt"
    TICK = "tk"
    CORRECTION = "ec"
    RECUSAL = "rq"
    OBJECTION = "oj"
    POSTPONEMENT = "pd"
    AGREE_RESULT = "nb"
    REVISION = "rv"
    HANDED = "dl"
    CALLED = "tc"
    REVIEW = "rz"
    PUBLISH = "pu"
    WITNESS = "wi"
    WITNESS_GIVE = "wg"
    VOID_CONSENT = "wv"
    EXTEND = "bx"
    LANGUAGE = "lg"


def encode(secret: bytes, person: int, act: Act, *args: int | str) -> str:
    """The data of a button for this person. ValueError when it would not fit."""
    payload = ":".join([str(act), *map(str, args)])
    data = f"{payload}|{tokens.button(secret, person, payload)}"
    if len(data.encode()) > LONGEST:
        raise ValueError(f"a button carries at most {LONGEST} bytes: {payload}")
    return data


def decode(secret: bytes, person: int, data: str) -> tuple[Act, list[str]] | None:
    """Act and arguments of a button; None if it was not made by us for this person."""
    payload, _, given = data.rpartition("|")
    if not hmac.compare_digest(tokens.button(secret, person, payload).encode(), given.encode()):
        return None
    act, *args = payload.split(":")
    try:
        return Act(act), args
    except ValueError:
        return None
