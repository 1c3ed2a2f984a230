"""A record drawn up, heard, signed with a finger and refused, by the real acts: for the tests of the evidence."""

from __future__ import annotations

import io
import random
from datetime import datetime

from PIL import Image, ImageDraw

from models import store
from models.district import District
from models.imaging import signature_png
from models.procedure import record
from models.queries.record_version import RecordVersion
from models.rules.actor import Actor
from models.tables import Task


def png(seed: int = 1, size: tuple[int, int] = (600, 240)) -> bytes:
    """A signature as a phone draws it: transparent, one stroke."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    dice = random.Random(seed)
    stroke = [
        (size[0] * n // 40, size[1] // 2 + dice.randint(-size[1] // 3, size[1] // 3)) for n in range(2, 39)
    ]
    ImageDraw.Draw(picture).line(stroke, fill=(16, 32, 60, 255), width=7, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


async def kept(seed: int = 1) -> str:
    """The object of a signature's picture."""
    return await store.objects.put(signature_png.signature(png(seed)))


async def recorded(task: Task, leader: Actor, at: datetime, place: District) -> RecordVersion:
    """Version 1 signed by the leader; version 2 after the entity was heard, refused before a witness."""
    first = await record.draw_up(task.number, by=leader, at=at, district=place)
    await record.sign(task.number, first.sha256, "officer", picture=await kept(), by=leader, at=at)
    await record.hear(task.number, "示例:对第3项有异议", by=leader, at=at)
    second = await record.draw_up(task.number, by=leader, at=at, district=place)
    await record.refuse_to_sign(
        task.number, second.sha256, "示例:有异议", witness="示例见证人", witness_position="示例社区主任",
        picture=await kept(2), by=leader, at=at,
    )  # fmt: skip
    return second
