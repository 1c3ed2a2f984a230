"""Who may act: accounts, the chats bound to them, invitations, sessions (Art. 5-7, 10)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.rules.actor import Role


class Account(Model):
    """A role that a human holds; one human may hold several."""

    id = fields.IntField(primary_key=True)
    role = fields.CharEnumField(Role, max_length=12)
    name = fields.CharField(max_length=120)
    department = fields.CharField(max_length=16, default="")
    inspector = fields.ForeignKeyField(
        "models.Inspector", null=True, related_name="accounts", on_delete=fields.RESTRICT
    )
    inspector_id: str | None
    target = fields.ForeignKeyField(
        "models.Target", null=True, related_name="accounts", on_delete=fields.RESTRICT
    )
    target_id: str | None
    phone = fields.CharField(max_length=40, default="")  # as in the registry
    email = fields.CharField(max_length=200, default="", db_default="")  # of a head or the office
    login = fields.CharField(max_length=80, null=True, unique=True)
    password = fields.CharField(max_length=200, default="")  # argon2
    password_through = fields.CharField(
        max_length=120, default="", db_default=""
    )  # set in a session others opened
    language = fields.CharField(max_length=8, default="")
    created_at = UtcDatetimeField()
    disabled_at = UtcDatetimeField(null=True)

    class Meta:
        table = "account"


class Binding(Model):
    """A Telegram person bound to an account by link and own contact."""

    id = fields.IntField(primary_key=True)
    account = fields.ForeignKeyField("models.Account", related_name="bindings", on_delete=fields.RESTRICT)
    account_id: int
    telegram_id = fields.BigIntField(db_index=True)
    bound_at = UtcDatetimeField()
    ended_at = UtcDatetimeField(null=True)
    blocked_at = UtcDatetimeField(null=True)  # the person blocked the bot

    class Meta:
        table = "binding"


class Invitation(Model):
    """A deep link good once for 24 hours, or a login link good once for ten minutes; stored hashed."""

    id = fields.IntField(primary_key=True)
    token_sha256 = fields.CharField(max_length=64, unique=True)
    purpose = fields.CharField(max_length=8)  # bind | login
    account = fields.ForeignKeyField("models.Account", related_name="invitations", on_delete=fields.RESTRICT)
    account_id: int
    made_by = fields.CharField(max_length=120)
    made_at = UtcDatetimeField()
    expires_at = UtcDatetimeField()
    reason = fields.CharField(max_length=200, default="", db_default="")  # why somebody else made it
    opened_by = fields.BigIntField(null=True)  # the Telegram person who opened it and owes a contact
    used_at = UtcDatetimeField(null=True)

    class Meta:
        table = "invitation"


class Miss(Model):
    """A wrong token or password: some of them lock the guesser out for 15 minutes."""

    id = fields.IntField(primary_key=True)
    guesser = fields.CharField(max_length=80, db_index=True)  # tg:ID, ip:ADDRESS, login:NAME
    at = UtcDatetimeField()

    class Meta:
        table = "miss"


class Session(Model):
    """A console session; its id is stored hashed and can be ended."""

    id = fields.IntField(primary_key=True)
    token_sha256 = fields.CharField(max_length=64, unique=True)
    csrf = fields.CharField(max_length=44)
    by_link = fields.BooleanField(default=False, db_default=False)
    through = fields.CharField(max_length=120, default="", db_default="")  # who opened it for the person
    account = fields.ForeignKeyField("models.Account", related_name="sessions", on_delete=fields.RESTRICT)
    account_id: int
    made_at = UtcDatetimeField()
    expires_at = UtcDatetimeField()
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "session"


class CalendarFeed(Model):
    """The private address of an account's calendar (日历订阅); stored hashed, one at a time, ended by the next."""

    id = fields.IntField(primary_key=True)
    token_sha256 = fields.CharField(max_length=64, unique=True)
    account = fields.ForeignKeyField(
        "models.Account", related_name="calendar_feeds", on_delete=fields.RESTRICT
    )
    account_id: int
    made_by = fields.CharField(max_length=120)
    made_at = UtcDatetimeField()
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "calendar_feed"
