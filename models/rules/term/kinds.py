"""期限表: every kind of term of the regulation, one row each, in its order (Art. 5-22).

Overdue (`rules.overdue`) and reminders (`procedure.reminder`) read their lengths, thresholds and recipients here.
"""

from __future__ import annotations

from models.rules.term import Kind, Stop, Told, Unit, Who

WD, DAYS, HOURS = Unit.WORKDAYS, Unit.DAYS, Unit.HOURS
OFFICER, LEADER, HEAD, INITIATING, OFFICE, LIAISON, WITNESS, ENTITY, OWNER = map(Told, Who)

NO_DRAFTS = (
    "a scheme comes in as an adopted file, and a merger is no act yet: who has still to agree is in no row"
)
ON_THE_DRAFTS = "stands on the page of the drafts and is asked for in chat; not in the morning word yet"
AT_THE_CEREMONY = "everybody is in the room; the ceremony's page says who is awaited"
AS_IT_COMES = "told the moment it happens, by its own message"
NO_ROWS = "no row holds it yet"
ON_THE_DESK = "stands on the desk; not in the morning word yet"


def _from(who: Who, threshold: int) -> Told:
    return Told(who, threshold)


KINDS: tuple[Kind, ...] = (
    # plan, scheme, draw
    Kind("plan", "12", "year", 31, DAYS, (15, 7, 1), (LIAISON, HEAD, _from(Who.OFFICE, 0)), "plan", setting=False,
         later=ON_THE_DRAFTS),
    Kind("consent", "12-13", "asked", 3, WD, (1, 0), (HEAD, _from(Who.OFFICE, 0)), "consent", later=ON_THE_DRAFTS),
    Kind("merge", "12", "proposed", 5, WD, (1, 0), (HEAD, _from(Who.OFFICE, 0)), "merge", later=NO_DRAFTS),
    Kind("scheme", "13", "drafted", 5, WD, (1, 0), (HEAD, _from(Who.OFFICE, 0)), "scheme", later=NO_DRAFTS),
    Kind("ceremony", "14", "dated", 0, DAYS, (1, 0), (WITNESS, OFFICE), "ceremony",
         later="the day of a ceremony is a line of words, no date"),
    Kind("pledge", "14", "opened", 2, HOURS, (0,), (WITNESS, _from(Who.HEAD, 0)), "pledge", later=AT_THE_CEREMONY),
    # before the visit
    Kind("accept", "14(2)", "assigned", 24, HOURS, (4, 0), (OFFICER, _from(Who.LEADER, 0), _from(Who.HEAD, 0)), "accept"),
    Kind("substitution", "14(2)", "asked", 1, WD, (0,), (HEAD, _from(Who.OFFICE, -1)), "substitution"),
    Kind("network", "16(1)", "notice_due", 1, WD, (2, 1, 0), (OFFICER, LEADER), "close_network", setting=False),
    Kind("fix", "15", "window", 0, WD, (5, 3, 1, 0), (LEADER, _from(Who.HEAD, 0)), "fix", setting=False),
    Kind("answer", "15", "asked", 1, WD, (0,), (OFFICER, _from(Who.LEADER, 0)), "reply", later=AS_IT_COMES),
    Kind("notice", "16(2)", "visit", 3, WD, (1, 0), (LEADER,), "telephoned"),
    Kind("unconfirmed", "16(2)", "sent", 2, WD, (0,), (LEADER,), "telephoned", setting=False, later=AS_IT_COMES),
    Kind("wish", "16(2)", "asked", 2, WD, (0,), (LEADER,), "postponement"),
    Kind("recusal", "14(2)", "asked", 2, WD, (0,), (HEAD,), "recusal"),
    Kind("correction", "17", "handed_in", 2, WD, (2, 0), (OFFICER, _from(Who.LEADER, 0)), "correction"),
    # the visit
    Kind("tomorrow", "15", "fixed", 0, DAYS, (1, 0), (OFFICER, ENTITY), "open",
         later="the visits of today are named in /today; not in the morning word yet"),
    Kind("visit", "15", "visit", 0, DAYS, (), (LEADER, _from(Who.HEAD, -1)), "begin", setting=False),
    Kind("on_site", "15", "visit", 0, DAYS, (), (LEADER,), "conclude", setting=False),
    Kind("window", "13", "window", 0, WD, (5, 2, 0), (LEADER, _from(Who.INITIATING, 0)), "extend", setting=False),
    Kind("conclude", "18", "looked_in_vain", 2, WD, (0,), (LEADER,), "conclude"),
    Kind("refusal", "18", "reported", 2, WD, (0,), (HEAD, _from(Who.OFFICE, 0)), "decide_refusal"),
    Kind("sample", "16", "taken", 15, WD, (3, 0), (OFFICER, LEADER), "sample_report"),
    # afterwards
    Kind("sign", "16(3)", "drawn_up", 2, WD, (0,), (OFFICER, LEADER), "record_sign"),
    Kind("entry", "16(3)", "ended", 20, WD, (10, 5, 2, 1, 0), (OFFICER, LEADER, _from(Who.HEAD, 0)), "enter", setting=False),
    Kind("confirm", "16(3)", "last_entry", 2, WD, (0,), (LEADER, _from(Who.HEAD, 0)), "confirm",
         later="the leader enters the joint result: no result stands per department"),
    Kind("review", "16(3)", "entered", 3, WD, (1, 0), (INITIATING,), "review"),
    Kind("reply", "16(3)", "result_sent", 3, WD, (0,), (ENTITY,), "reply", stop=Stop.ENTITY, later=AS_IT_COMES),
    Kind("receipt", "8, 16(3)", "ended", 20, WD, (5, 2, 1, 0), (LEADER, INITIATING, _from(Who.OFFICE, 0)), "receipt",
         setting=False, stop=Stop.PLATFORM),
    Kind("publication", "16(3)", "recorded", 3, WD, (0,), (INITIATING, _from(Who.OFFICE, 0)), "publish", stop=Stop.ENTITY),
    Kind("objection", "16(3)", "objected", 7, WD, (2, 0), (INITIATING,), "objection"),
    Kind("rectification", "17", "ordered", 0, DAYS, (5, 1, 0), (ENTITY, _from(Who.OFFICER, 0)), "verify", stop=Stop.ENTITY,
         later=NO_ROWS),
    Kind("proof", "17", "handed_in", 5, WD, (2, 0), (OFFICER, _from(Who.LEADER, 0)), "verify",
         later="what an entity hands in is checked as `correction`"),
    Kind("referral", "17", "sent", 7, WD, (0,), (HEAD, _from(Who.OFFICE, 0)), "acknowledge", later=NO_ROWS),
    Kind("credit", "19", "published", 7, WD, (3, 0), (HEAD,), "credit", later=NO_ROWS),
    Kind("archive", "20", "over", 30, WD, (5, 0), (INITIATING,), "archive",
         later="nobody can seal a task's file yet: a reminder without its act"),
    Kind("retention", "20", "sealed", 0, DAYS, (30,), (LIAISON, OFFICE), "retention", later=NO_ROWS),
    # registers and the year
    Kind("register", "7, 10", "quarter", 10, WD, (0,), (LIAISON, OFFICER), "register", later=NO_ROWS),
    Kind("certificate", "10", "expiry", 0, DAYS, (60, 30, 7, 0), (OFFICER, LIAISON, _from(Who.HEAD, 0)), "certificate",
         later=ON_THE_DESK),
    Kind("calendar", "16(3)", "november", 0, DAYS, (), (OFFICE,), "calendar", later=ON_THE_DESK),
    Kind("resolution", "5", "meeting", 0, DAYS, (5, 0), (OWNER, _from(Who.OFFICE, 0)), "report", later=NO_ROWS),
)  # fmt: skip

BY_NAME = {kind.name: kind for kind in KINDS}

OF_A_TASK = (
    "accept", "network", "fix", "notice", "visit", "on_site", "window", "conclude", "entry", "review", "receipt",
    "publication", "sample", "substitution", "wish", "recusal", "correction", "refusal", "objection", "sign", "archive",
)  # fmt: skip
"""Terms that hang on a task's rows and can be overdue, in the order of its life."""

REMINDED = ("entry",)
"""Those that the morning word names."""

DECIDED = ("sample", "substitution", "wish", "recusal", "correction", "refusal", "objection")
"""Those of them that run from the asking on, until somebody has decided."""

NAMED = ("conclude", "sign", "review", "publication", "archive")
"""Other lengths that the setting may name."""
