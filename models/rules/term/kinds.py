"""期限表: every kind of term of the regulation, one row each, in its order (Art. 5-22).

Overdue (`rules.overdue`) and reminders (`procedure.reminder`) read their lengths, thresholds and recipients here.
"""

from __future__ import annotations

from models.rules.term import Stop, TermKind, TermRecipient, Unit, Who

WD, DAYS, HOURS = Unit.WORKDAYS, Unit.DAYS, Unit.HOURS
OFFICER, LEADER, HEAD, INITIATING, OFFICE, LIAISON, WITNESS, ENTITY, OWNER = map(TermRecipient, Who)

AT_THE_CEREMONY = "everybody is in the room; the ceremony's page says who is awaited"
AS_IT_COMES = "told the moment it happens, by its own message"


def _from(who: Who, threshold: int) -> TermRecipient:
    return TermRecipient(who, threshold)


KINDS: tuple[TermKind, ...] = (
    # plan, scheme, draw
    TermKind("plan", "12", "year", 31, DAYS, (15, 7, 1, 0), (LIAISON, HEAD, _from(Who.OFFICE, 0)), "plan", setting=False,
         every=1),
    TermKind("consent", "12-13", "asked", 3, WD, (1, 0), (HEAD, _from(Who.OFFICE, 0)), "consent"),
    TermKind("merge", "12", "proposed", 5, WD, (1, 0), (HEAD, _from(Who.OFFICE, 0)), "merge"),
    TermKind("scheme", "13", "drafted", 5, WD, (1, 0), (HEAD, _from(Who.OFFICE, 0)), "scheme"),
    TermKind("ceremony", "14", "dated", 0, DAYS, (1, 0), (WITNESS, OFFICE), "ceremony",
         later="the day of a ceremony is a line of words, no date"),
    TermKind("pledge", "14", "opened", 2, HOURS, (0,), (WITNESS, _from(Who.HEAD, 0)), "pledge", later=AT_THE_CEREMONY),
    # before the visit
    TermKind("accept", "14(2)", "assigned", 24, HOURS, (4, 0), (OFFICER, _from(Who.LEADER, 0), _from(Who.HEAD, 0)), "accept"),
    TermKind("substitution", "14(2)", "asked", 1, WD, (0,), (HEAD, _from(Who.OFFICE, -1)), "substitution"),
    TermKind("network", "16(1)", "notice_due", 1, WD, (2, 1, 0), (OFFICER, LEADER), "close_network", setting=False),
    TermKind("fix", "15", "window", 0, WD, (5, 3, 1, 0), (LEADER, _from(Who.INITIATING, 0)), "fix", setting=False),
    TermKind("answer", "15", "asked", 1, WD, (0,), (OFFICER, _from(Who.LEADER, -1)), "reply"),
    TermKind("notice", "16(2)", "visit", 3, WD, (1, 0), (LEADER,), "telephoned"),
    TermKind("unconfirmed", "16(2)", "sent", 2, WD, (0,), (LEADER,), "telephoned", setting=False, later=AS_IT_COMES),
    TermKind("wish", "16(2)", "asked", 2, WD, (0,), (LEADER,), "postponement"),
    TermKind("recusal", "14(2)", "asked", 2, WD, (0,), (HEAD,), "recusal"),
    TermKind("correction", "17", "handed_in", 2, WD, (0,), (OFFICER, _from(Who.LEADER, 0)), "correction"),
    # the visit
    TermKind("tomorrow", "15", "fixed", 0, DAYS, (1, 0), (OFFICER, LEADER), "open"),
    TermKind("visit", "15", "visit", 0, DAYS, (), (LEADER, _from(Who.INITIATING, -1)), "begin", setting=False),
    TermKind("on_site", "15", "visit", 0, DAYS, (), (LEADER,), "conclude", setting=False),
    TermKind("window", "13", "window", 0, WD, (5, 2, 0), (LEADER, _from(Who.INITIATING, 0)), "extend", setting=False),
    TermKind("conclude", "18", "looked_in_vain", 2, WD, (0,), (LEADER,), "conclude"),
    TermKind("refusal", "18", "reported", 2, WD, (0,), (HEAD, _from(Who.OFFICE, 0)), "decide_refusal"),
    TermKind("sample", "16", "taken", 15, WD, (3, 0), (OFFICER, LEADER), "sample_report"),
    # afterwards
    TermKind("sign", "16(3)", "drawn_up", 2, WD, (0,), (OFFICER, LEADER), "record_sign"),
    TermKind("entry", "16(3)", "ended", 20, WD, (10, 5, 2, 1, 0), (OFFICER, LEADER, _from(Who.HEAD, 0), _from(Who.OFFICE, -1)),
         "enter", setting=False),
    TermKind("confirm", "16(3)", "last_entry", 2, WD, (0,), (LEADER, _from(Who.INITIATING, 0)), "confirm"),
    TermKind("review", "16(3)", "entered", 3, WD, (1, 0), (INITIATING,), "review"),
    TermKind("reply", "16(3)", "result_sent", 3, WD, (0,), (ENTITY,), "reply", stop=Stop.ENTITY, later=AS_IT_COMES),
    TermKind("receipt", "8, 16(3)", "ended", 20, WD, (5, 2, 1, 0), (LEADER, INITIATING, _from(Who.OFFICE, 0)), "receipt",
         setting=False, stop=Stop.PLATFORM),
    TermKind("publication", "16(3)", "recorded", 3, WD, (0,), (INITIATING, _from(Who.OFFICE, 0)), "publish", stop=Stop.ENTITY),
    TermKind("objection", "16(3)", "objected", 7, WD, (2, 0), (INITIATING,), "objection"),
    TermKind("revision", "16(3)", "asked_or_returned", 2, WD, (0,), (LEADER, OFFICER, _from(Who.INITIATING, -1)), "revise"),
    TermKind("revised", "16(3)", "corrected", 2, WD, (0,), (INITIATING, _from(Who.OFFICE, -1)), "revision"),
    TermKind("rectification", "17", "ordered", 0, DAYS, (5, 1, 0),
         (ENTITY, _from(Who.OFFICER, 0), _from(Who.HEAD, -1), _from(Who.OFFICE, -2)), "verify", setting=False, stop=Stop.ENTITY),
    TermKind("proof", "17", "handed_in", 5, WD, (2, 0), (OFFICER, _from(Who.LEADER, 0), _from(Who.HEAD, -1)), "verify"),
    TermKind("recheck", "17", "recheck_told", 0, DAYS, (1, 0), (OFFICER, _from(Who.HEAD, -1)), "recheck_end", setting=False),
    TermKind("recheck_sign", "17", "recheck_ended", 2, WD, (0,), (OFFICER, _from(Who.HEAD, -1)), "recheck_sign"),
    TermKind("referral", "17", "sent", 7, WD, (0,), (HEAD, _from(Who.OFFICE, 0)), "follow_up_end"),
    TermKind("credit", "19", "published", 7, WD, (3, 0), (HEAD,), "credit_enter"),
    TermKind("repair", "19", "asked", 20, WD, (3, 0), (HEAD, _from(Who.OFFICE, -1)), "credit_decide"),
    TermKind("archive", "20", "over", 30, WD, (5, 0), (INITIATING,), "archive"),
    TermKind("retention", "20", "sealed", 0, DAYS, (30,), (LIAISON, OFFICE), "retention", setting=False),
    # registers and the year
    TermKind("register", "7, 10", "quarter", 10, WD, (0,), (OFFICER, _from(Who.LIAISON, -1)), "register"),
    TermKind("certificate", "10", "expiry", 0, DAYS, (60, 30, 7, 0), (OFFICER, LIAISON, HEAD), "certificate"),
    TermKind("expert", "10", "expiry", 0, DAYS, (60, 30, 7, 0), (LIAISON, HEAD), "certificate"),
    TermKind("agency", "10", "expiry", 0, DAYS, (60, 30, 7, 0), (LIAISON, HEAD), "certificate"),
    TermKind("calendar", "16(3)", "november", 55, DAYS, (54, 47, 40, 33, 26, 19, 12, 5, 0), (OFFICE,), "calendar",
         setting=False),
    TermKind("resolution", "5", "meeting", 0, DAYS, (5, 0), (OWNER, _from(Who.OFFICE, 0)), "report", setting=False),
)  # fmt: skip

BY_NAME = {kind.name: kind for kind in KINDS}

OF_A_TASK = (
    "accept", "network", "answer", "fix", "notice", "visit", "on_site", "window", "conclude", "entry", "confirm", "review",
    "receipt",
    "publication", "sample", "substitution", "wish", "recusal", "correction", "refusal", "objection",
    "revision", "revised", "sign",
    "rectification", "proof", "recheck", "recheck_sign", "referral", "archive",
)  # fmt: skip
"""Terms that hang on a task's rows and can be overdue, in the order of its life."""

OF_NO_TASK = (
    "plan",
    "consent",
    "merge",
    "scheme",
    "register",
    "certificate",
    "expert",
    "agency",
    "calendar",
    "resolution",
    "credit",
    "repair",
    "retention",
)
"""Terms that hang on other rows: plans, drafts, mergers, the officers' register, the days off, the conference."""

REMINDED = frozenset({*OF_A_TASK, "tomorrow", *OF_NO_TASK})
"""Those that the morning word names."""

DRAFTED = ("consent", "merge", "scheme", "credit", "repair", "register")
"""Those of no task whose length the setting may name."""

OF_AN_ORDER = ("rectification", "proof", "recheck", "recheck_sign")
"""Those of them that each order to rectify has for itself: a department's, beside those of others."""

DECIDED = (
    "sample",
    "substitution",
    "wish",
    "recusal",
    "correction",
    "refusal",
    "objection",
    "revision",
    "revised",
    "proof",
    "recheck_sign",
    "referral",
)
"""Those of them that run from the asking on, until somebody has decided."""

NAMED = ("answer", "conclude", "sign", "confirm", "review", "publication", "archive")
"""Other lengths that the setting may name."""
