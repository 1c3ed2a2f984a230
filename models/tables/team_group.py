"""工作群: a Telegram group, or one topic of it, that a team's leader bound to the team (Art. 15)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField


class TeamGroup(Model):
    """A group in which one message shows how far a team is. One stands for each team; ended, it stays as a row."""

    id = fields.IntField(primary_key=True)
    team = fields.ForeignKeyField("models.Team", related_name="groups", on_delete=fields.RESTRICT)
    team_id: int
    chat_id = fields.BigIntField()
    topic_id = fields.BigIntField(null=True)  # `message_thread_id`, where it is one topic of a forum
    title = fields.CharField(
        max_length=255, default=""
    )  # of the group, as Telegram gave it when it was bound
    account = fields.ForeignKeyField("models.Account", related_name="team_groups", on_delete=fields.RESTRICT)
    account_id: int  # the leader who bound it
    bound_at = UtcDatetimeField()
    pinned_id = fields.BigIntField(null=True)  # the message that was pinned
    trouble = fields.CharField(
        max_length=8, default=""
    )  # unpinned closed muted: what Telegram did not let us do
    ended_by = fields.CharField(max_length=120, null=True)
    ended_at = UtcDatetimeField(null=True)
    end_reason = fields.CharField(max_length=8, default="")  # unbound replaced removed topic

    class Meta:
        table = "team_group"


class GroupCode(Model):
    """A code with which one leader binds one group to one team, once, within an hour; stored hashed."""

    id = fields.IntField(primary_key=True)
    token_sha256 = fields.CharField(max_length=64, unique=True)
    team = fields.ForeignKeyField("models.Team", related_name="group_codes", on_delete=fields.RESTRICT)
    team_id: int
    account = fields.ForeignKeyField("models.Account", related_name="group_codes", on_delete=fields.RESTRICT)
    account_id: int
    made_at = UtcDatetimeField()
    expires_at = UtcDatetimeField()
    used_at = UtcDatetimeField(null=True)
    chat_id = fields.BigIntField(
        null=True
    )  # a group into which this leader brought the bot and that is not bound yet

    class Meta:
        table = "group_code"
