"""What came in and what must go out: durable before acknowledged, written with the act that causes it."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.fields import GivenIdField, ReadableJSONField, UtcDatetimeField


class InboxState(StrEnum):
    NEW = "new"  # stored, not yet acted upon
    DONE = "done"
    QUARANTINED = "quarantined"  # could not be read or failed for good; kept whole
    CLOSED = "closed"  # set aside, and given up by a person with a reason


class Inbox(Model):
    """A raw update; its number is the key, so a repeat falls out (F1, F2)."""

    update_id = GivenIdField(primary_key=True)
    sender = fields.BigIntField(null=True)  # order is kept per sender
    body = fields.TextField()
    received_at = UtcDatetimeField()
    state = fields.CharEnumField(InboxState, max_length=12, default=InboxState.NEW)
    attempts = fields.IntField(default=0)
    not_before = UtcDatetimeField(null=True)
    waiting_since = UtcDatetimeField(null=True)  # since when a neighbour (Telegram, the object store) is away
    retried_at = UtcDatetimeField(null=True)  # a person asked for another try: it comes out of its order
    repeats = fields.IntField(default=0)
    error = fields.TextField(default="")
    done_at = UtcDatetimeField(null=True)

    class Meta:
        table = "inbox"


class Stray(Model):
    """A body that could not enter the inbox: no number, or a number already taken by another body (D2, D4)."""

    id = fields.IntField(primary_key=True)
    update_id = fields.BigIntField(null=True)
    body = fields.TextField()
    reason = fields.CharField(max_length=40)
    received_at = UtcDatetimeField()
    closed_at = UtcDatetimeField(null=True)  # seen by a person

    class Meta:
        table = "stray"


class OutboxState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"  # handed to the channel; unclear if found so after a crash
    SENT = "sent"
    FAILED = "failed"  # for good: blocked, gone, refused


class Outbox(Model):
    """A message owed to a person. `key` makes each owed once; words are made when it goes out."""

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=160, unique=True)
    channel = fields.CharField(max_length=8)  # chat | email | sms | group
    lane = fields.IntField(default=1)  # 0 interactive before 1 bulk
    account = fields.ForeignKeyField(
        "models.Account", null=True, related_name="outbox", on_delete=fields.RESTRICT
    )
    account_id: int | None
    address = fields.CharField(max_length=200, default="")  # e-mail address
    kind = fields.CharField(max_length=40)
    payload = ReadableJSONField(default=dict)
    state = fields.CharEnumField(OutboxState, max_length=8, default=OutboxState.WAITING)
    due_at = UtcDatetimeField()
    attempts = fields.IntField(default=0)
    claimed_by = fields.CharField(max_length=40, default="")
    claimed_at = UtcDatetimeField(null=True)
    sent_at = UtcDatetimeField(null=True)
    waiting_since = UtcDatetimeField(null=True)  # since when the channel itself is away
    error = fields.TextField(default="")
    reference = fields.CharField(max_length=120, default="", db_index=True)  # its name at the channel

    class Meta:
        table = "outbox"


class Card(Model):
    """The message in a chat that shows one thing and is edited in place."""

    id = fields.IntField(primary_key=True)
    chat_id = fields.BigIntField()
    subject = fields.CharField(max_length=80)
    message_id = fields.BigIntField()
    shown_sha256 = fields.CharField(max_length=64, default="")

    class Meta:
        table = "card"
        unique_together = (("chat_id", "subject"),)


class Prompt(Model):
    """What the bot is waiting for a person to type, send or choose; one at a time, kept in the database."""

    telegram_id = GivenIdField(primary_key=True)
    flow = fields.CharField(max_length=40)
    subject = fields.CharField(max_length=120, default="")
    data = ReadableJSONField(default=dict)
    opened_at = UtcDatetimeField()
    past = ReadableJSONField(null=True)  # what was awaited before, newest last: {flow, subject, data, since}

    class Meta:
        table = "prompt"


class TermReminder(Model):
    """One threshold of one term, said to one person: the key makes it once (R15)."""

    id = fields.IntField(primary_key=True)
    subject = fields.CharField(max_length=80)  # what the term is of: `task:12`, `draft:3`, `certificate:X`
    kind = fields.CharField(max_length=16, default="entry", db_default="entry")  # of the table of terms
    threshold = fields.IntField()  # units left: 10 5 2 1 0; overdue -1, a week later -2, and so on
    account = fields.ForeignKeyField(
        "models.Account", related_name="term_reminders", on_delete=fields.RESTRICT
    )
    account_id: int
    due = fields.DateField()
    at = UtcDatetimeField()

    class Meta:
        table = "term_reminder"
        unique_together = (("subject", "kind", "threshold", "account", "due"),)


class Snooze(Model):
    """稍后提醒: a term that one person does not want to hear of before a day, and why; the newest one counts."""

    id = fields.IntField(primary_key=True)
    subject = fields.CharField(max_length=80, db_index=True)  # as in `TermReminder`
    kind = fields.CharField(max_length=16)
    due = fields.DateField()
    account = fields.ForeignKeyField("models.Account", related_name="snoozes", on_delete=fields.RESTRICT)
    account_id: int
    until = fields.DateField()  # the day on which it is said again
    reason = fields.CharField(max_length=200)
    at = UtcDatetimeField()

    class Meta:
        table = "snooze"


class TermSweep(Model):
    """A day whose terms have been said; what comes up in the course of it is said the next morning."""

    day = fields.DateField(primary_key=True)
    at = UtcDatetimeField()

    class Meta:
        table = "term_sweep"


class Lease(Model):
    """Who alone may do a thing at present: one poller, one clock (R23)."""

    name = fields.CharField(primary_key=True, max_length=40)
    holder = fields.CharField(max_length=80)
    until = UtcDatetimeField()

    class Meta:
        table = "lease"
