"""Every act of `models.procedure` and `models.operations`: whose it is, and where it has no way, with the reason.

`tests/support/code_survey.py` finds the acts and the ways to them in the code; `tests/test_every_way.py` holds the two together.
"""

from __future__ import annotations

from models.rules.actor import Role
from tests.support.code_survey import CHAT, COMMAND, COMPANION, CONSOLE, PAGE

I, H, O, E = Role.INSPECTOR, Role.HEAD, Role.OFFICE, Role.ENTITY  # noqa: E741
L = Role.LIAISON
SURFACES = {
    I: (CHAT, COMPANION, CONSOLE, COMMAND),
    H: (CHAT, CONSOLE, COMMAND),
    O: (CONSOLE, COMMAND),
    L: (CONSOLE, COMMAND),
    E: (PAGE, CHAT, CONSOLE, COMMAND),  # the last two by the office, for who telephones, writes or comes
}
"""Where each role is at home. At the command line somebody stands in, openly."""


def _by(roles: tuple[Role, ...], names: str) -> dict[str, tuple[Role, ...]]:
    return dict.fromkeys(names.split(), roles)


WHO: dict[str, tuple[Role, ...]] = {
    # plan, scheme, batch, draw
    **_by((H, O), "plan.adopt scheme.adopt draw.commit draw.hold ceremony.void batch.close template.word"),
    **_by((L,), "plan_draft.put plan_draft.remove plan_draft.ask"),
    **_by((L, H), "plan_draft.amend"),
    **_by((H,), "plan_draft.consent plan_draft.hand_in"),
    **_by((O,), "plan_draft.send_back plan_draft.publish plan_merge.propose plan_merge.drop"),
    **_by((H,), "plan_merge.sign"),
    **_by((L, O), "scheme_draft.put scheme_draft.ask scheme_draft.drop"),
    **_by((H,), "scheme_draft.sign"),
    **_by(
        (H, O),
        "batch.withdraw platform_draw.bring platform_draw.take platform_result.take platform_result.take_back",
    ),
    **_by((H, O), "declaration.declare declaration.withdraw"),
    **_by((H,), "batch.extend ceremony.name_witness ceremony.consent_to_void"),
    **_by((H, I), "ceremony.pledge"),
    **_by((H, I, O), "ceremony.reveal"),
    **_by((O,), "left_out.told_otherwise"),
    **_by((O,), "conference.hold conference.resolve conference.drop digest.send_again"),
    **_by((H, L, O), "conference.report"),
    **_by((I, H, O, L), "calendar_feed.reset snooze.snooze"),
    **_by((I,), "register_enquiry.answer"),
    # registers
    **_by((L, O), "register_entry.enter register_entry.edit register_entry.take_out register_entry.restore"),
    **_by((O,), "item_list.publish code_override.propose code_override.drop"),
    **_by((H, O), "code_override.decide"),
    **_by((L, O), "checklist_draft.begin checklist_draft.put checklist_draft.remove checklist_draft.rename"),
    **_by((L, O), "checklist_draft.read_file"),
    **_by(
        (L, O), "checklist_draft.publish checklist_draft.drop checklist_draft.retire checklist_draft.restore"
    ),
    # task, notice, substitution
    **_by(
        (I,), "team.accept team.ask_out schedule.propose schedule.reply schedule.fix notice.ask_to_withhold"
    ),
    **_by((I,), "away_time.say away_time.take_back visit_join.propose visit_join.part"),
    **_by((I, H), "visit_join.answer reassignment.answer"),
    **_by((I,), "reassignment.propose sharing.share"),
    **_by((I,), "team_group.invite team_group.bind"),
    **_by((I, O), "team_group.end"),
    **_by((I,), "inspection.find_online inspection.close_network_check online.end postponement.decide"),
    **_by(
        (I,),
        "delivery_attempt.telephoned entrustment.entrust entrustment.end inspection.begin suspension.suspend",
    ),
    **_by((I, O), "hand_delivery.handed notification.told_by_a_person"),
    **_by((I, H, O), "team.request_substitution"),
    **_by((H,), "team.decide recusal.decide notice.decide_withholding approval.decide cooperation.decide"),
    # at the door and on site
    **_by((I,), "arrival.located arrival.by_hand arrival.by_notice absence.report absence.confirm"),
    **_by(
        (I,),
        "cooperation.report cooperation.confirm inspection.answer inspection.undo inspection.finalise reopening.reopen",
    ),
    **_by((I,), "inspection.conclude photo.take photo.place photo.void photo.mark"),
    # record, sample, correction, result, objection
    **_by((I,), "record.draw_up record.hear record.sign record.refuse_to_sign sample.take sample.report"),
    **_by((I,), "correction.decide department_result.enter department_result.confirm revision.propose"),
    **_by((I, H), "publication.record"),
    **_by((H,), "entry.review publication.publish objection.decide archive.seal"),
    **_by((H,), "follow_up.begin follow_up.end follow_up.look"),
    **_by((H,), "credit.enter credit.decide"),
    **_by((E,), "credit.apply"),
    **_by((H,), "retention.set_term retention.propose"),
    **_by((O,), "retention.decide"),
    **_by((H,), "revision.ask revision.decide revision.drop revision.withdraw"),
    # orders to rectify
    **_by((I,), "rectification.issue rectification.decide rectification.extend"),
    **_by((I,), "recheck.announce recheck.begin recheck.conclude recheck.sign recheck.refuse_to_sign"),
    **_by((H,), "rectification.file rectification.revoke"),
    # the entity
    **_by(
        (E,),
        "notice.acknowledge preparation.tick postponement.ask recusal.ask document_submission.hand_in correction.submit",
    ),
    **_by((E,), "reply.give reply.agree objection.object_to rating.rate rectification.hand_in"),
}
"""By act: who may do it."""

MANY = {
    "itinerary.accept": "team.accept", "itinerary.close_network_checks": "inspection.close_network_check",
    "itinerary.propose": "schedule.propose", "itinerary.reply": "schedule.reply", "itinerary.fix": "schedule.fix",
    "itinerary.renew": "schedule.fix",
}  # fmt: skip
"""One press for many tasks: each alone is done by the act beside it."""

OTHERS = {
    "anchor": "the day's root is closed by the clock", "arrival.scanned": "the entity's phone",
    "availability": "the register's change", "batch._close_if_over": "the clock's", "calendar": "a register",
    "clock_watch": "the machine's clock", "companion_launch": "accounts and sessions",
    "delivery": "the courier's",
    "delivery_attempt.record_attempt": "the courier's", "delivery_report": "the courier's", "dialogue": "what a chat waits for",
    "departed": "the register's change", "digest._owe": "the clock's", "draw_texts": "files of a draw, before its act",
    "enrolment": "accounts and sessions",
    "follow_up.acknowledge": "the other authority's, by the link on its paper", "entity_chat": "accounts", "inbox": "the inbox",
    "invitation": "accounts", "login_lockout": "accounts",
    "update_outcome": "the inbox",
    "naming": "accounts", "lease": "one worker at a time", "notice.give": "part of fixing", "notice.renew": "part of a round",
    "notice.opened": "a look",
    "notice.printed": "a file's place", "notification.passed_over": "the courier's",
    "notification.reported": "the courier's",
    "notification.tried": "the courier's", "objects._swept": "the clock's: bytes without a row went into the bin",
    "on_behalf": "around another act", "photo.developed": "the darkroom's",
    "photo.unprintable": "the darkroom's", "record.printed": "a file's place",
    "registry": "a register", "register_import": "a register", "rectification_term": "the clock's",
    "register_enquiry.ask": "the clock's", "reminder": "the clock's", "resealing": "the machine's",
    "set_aside": "the inbox", "staff_message": "the courier's", "team.open_for": "the register's change",
    "team.recuse": "part of deciding a recusal", "unaccepted": "the clock's",
    "team_group.gone": "Telegram's word", "team_group.moved": "Telegram's word", "team_group.noted": "Telegram's word",
    "team_group.try_again": "Telegram's word", "team_group.brought": "Telegram's word", "team_group.sweep": "the clock's",
    "unconfirmed": "the clock's", "unsent": "the companion's own queue",
}  # fmt: skip
"""Acts of no person on one of these things, by file or name, and whose they are."""

IN_THE_ROOM = "done in the room of the draw, before everybody: at a desk there"
NO_PLACE = "a desk has no place of its own: arrival by hand with a reason"
OWN_HAND = "nobody can stand in for a hand or a place"
OWN_ACCOUNT = "a witness speaks from the own account alone"
ITS_PAGE = "a long form: every message leads to the entity's own page"
FILES = "files are uploaded where they lie; a command is a line of words"
ITS_TASK = "who was told what stands beside the result on the task's page at the desk"
ITS_RECEIPT = "the receipt is read off a paper: at a desk"
CONFIDENTIAL = "what goes to justice is read at the head's own desk alone"
ASKED_THERE = "asked once a quarter in the chat and at the desk"
ON_THE_WAY = "who answers what is settled on the way, on a phone"
ONE_PHONE = "on an officer's phone the same press in the chat or at the desk"
ITS_LIST = "one list of many results at a desk, each with its day of validity"
FOUR_EYES = "two persons, each signed in for themselves: nobody stands in"
ITS_PAPERS = "its papers are read at a desk"
ITS_GROUPS = "a Telegram group is bound and unbound where Telegram is: in the chat; else at the desk"
IN_THE_GROUP = "a group is bound in the group itself, by the leader's own hand"
BUT: dict[str, dict[str, str]] = {
    "retention.set_term": {CHAT: ITS_LIST}, "retention.propose": {CHAT: ITS_LIST, COMMAND: FOUR_EYES},
    "retention.decide": {COMMAND: FOUR_EYES},
    "credit.enter": {CHAT: ITS_LIST}, "credit.decide": {CHAT: ITS_PAPERS}, "credit.apply": {CHAT: ITS_PAGE},
    "follow_up.begin": {CHAT: FILES}, "follow_up.end": {CHAT: ITS_RECEIPT},
    "follow_up.look": {CHAT: CONFIDENTIAL, COMMAND: CONFIDENTIAL},
    "plan_draft.amend": {CHAT: "what is amended is written at a desk; who signs it is asked in the chat"},
    "plan.adopt": {CHAT: FILES}, "scheme.adopt": {CHAT: FILES},
    "declaration.declare": {CHAT: FILES}, "declaration.withdraw": {CHAT: "whoever declared it sits at the desk where it stands"},
    "draw.commit": {CHAT: IN_THE_ROOM}, "draw.hold": {CHAT: IN_THE_ROOM}, "ceremony.void": {CHAT: IN_THE_ROOM},
    "ceremony.name_witness": {CHAT: IN_THE_ROOM, COMMAND: OWN_ACCOUNT},
    "ceremony.consent_to_void": {COMMAND: OWN_ACCOUNT},
    "ceremony.pledge": {COMPANION: ONE_PHONE}, "ceremony.reveal": {COMPANION: ONE_PHONE},
    "register_enquiry.answer": {COMPANION: ASKED_THERE},
    "team_group.invite": {COMPANION: ITS_GROUPS, COMMAND: OWN_HAND},
    "team_group.bind": {COMPANION: IN_THE_GROUP, CONSOLE: IN_THE_GROUP, COMMAND: IN_THE_GROUP},
    "team_group.end": {COMPANION: ITS_GROUPS},
    "platform_draw.bring": {CHAT: FILES}, "platform_draw.take": {CHAT: FILES},
    "platform_result.take": {CHAT: FILES}, "platform_result.take_back": {CHAT: FILES},
    "batch.withdraw": {CHAT: "its reason becomes public, and is written at a desk"},
    "batch.close": {CHAT: "a reason for each task that is left: a list, written at a desk"},
    "template.word": {CHAT: "whole paragraphs", COMMAND: "whole paragraphs"},
    "team.request_substitution": {COMPANION: ONE_PHONE},
    "sharing.share": {COMPANION: "shown there; shared out in the chat, before the door", CONSOLE: ON_THE_WAY},
    "reassignment.propose": {COMPANION: ONE_PHONE}, "reassignment.answer": {COMPANION: ONE_PHONE},
    "notification.told_by_a_person": {CHAT: ITS_TASK, COMPANION: ITS_TASK},
    "arrival.located": {CONSOLE: NO_PLACE, COMMAND: OWN_HAND},
    "arrival.by_notice": {
        CHAT: "scanned with the phone's camera", COMPANION: "the letter's page itself", CONSOLE: NO_PLACE, COMMAND: OWN_HAND,
    },
    "photo.take": {COMMAND: FILES},
    "photo.place": {COMPANION: "the companion always knows the question", COMMAND: FILES},
    "photo.mark": {CHAT: OWN_HAND, CONSOLE: OWN_HAND, COMMAND: OWN_HAND},
    "record.sign": {COMMAND: OWN_HAND}, "recheck.sign": {COMMAND: OWN_HAND},
    "archive.seal": {CHAT: "everything is printed, hashed and looked at: at a desk"},
    "recusal.ask": {CHAT: ITS_PAGE}, "reply.give": {CHAT: ITS_PAGE}, "correction.submit": {CHAT: ITS_PAGE},
    "objection.object_to": {CHAT: ITS_PAGE}, "rectification.hand_in": {CHAT: ITS_PAGE},
    "document_submission.hand_in": {CHAT: ITS_PAGE, CONSOLE: FILES, COMMAND: FILES},
    "rating.rate": dict.fromkeys((CHAT, CONSOLE, COMMAND), "about those who inspected nobody else holds the pen"),
}  # fmt: skip
"""By act, then surface: why there is no way. Elsewhere there is one."""
ALONE = {
    "retention.propose": "two persons, each at their own desk",
    "retention.decide": "two persons, each at their own desk",
    "ceremony.name_witness": "a head who names nobody is the witness, in the chat and at the desk",
    "arrival.by_notice": "one of four ways to register at the door, each on its own means",
    "follow_up.look": "a confidential file has one reader at one desk",
    "photo.mark": "a new photo, or 作废, serves on the other surfaces",
    "document_submission.hand_in": "a paper brought or posted is handed to the office as it is",
    "team_group.bind": "the desk and each member's own list show all that a group shows, and more",
    "rating.rate": "about those who inspected nobody else holds the pen",
    "template.word": "whole paragraphs, by a head or the office at a desk",
}
"""Acts with one way alone, and what serves in its place."""
