"""What both peers of `bench_press` write and show: two rows in one Tortoise transaction, a card of eight buttons."""

from __future__ import annotations

from datetime import UTC, datetime

from tortoise import Tortoise, fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

LABELS = ("合格", "不合格", "不适用", "备注", "上一项", "下一项", "列表", "任务")


class Answer(Model):
    id = fields.IntField(primary_key=True)
    chat = fields.BigIntField()
    question = fields.IntField()
    verdict = fields.CharField(max_length=400)
    at = fields.DatetimeField()


class Log(Model):
    id = fields.IntField(primary_key=True)
    update = fields.BigIntField()
    what = fields.CharField(max_length=40)
    at = fields.DatetimeField()


async def opened(database: str) -> None:
    """A new SQLite file whose commits reach the disk, as the product's do."""
    await Tortoise.init(
        db_url=f"sqlite://{database}?journal_mode=WAL&synchronous=FULL",
        modules={"models": ["press_peer_tables"]},
    )
    await Tortoise.generate_schemas()


async def write(chat: int, update: int, verdict: str) -> None:
    async with in_transaction():
        at = datetime.now(UTC)
        await Answer.create(chat=chat, question=1, verdict=verdict, at=at)
        await Log.create(update=update, what="answer", at=at)


def text(question: int) -> str:
    """HTML of a card."""
    return (
        f"<b>第{question}项（治安）</b> · 示例区示例010宾馆有限公司\n是否如实登记住宿人员信息\n"
        "依据：《示例条例》第1条"
    )


def keys(question: int) -> list[list[tuple[str, str]]]:
    """Label and data of each button, by rows."""
    all_keys = [(label, f"q:{question}:{n}") for n, label in enumerate(LABELS)]
    return [all_keys[:3], all_keys[3:6], all_keys[6:]]
