"""What a message of the chat brought: the answer or photo that an edit of it, or a reply to it, is about (Art. 16)."""

from __future__ import annotations

from dataclasses import dataclass

from models.queries.sheet import sheet_of
from models.tables import Answer, Photo, Task

ADDED = ":added"  # ends the source of an answer whose text was added to what stood there


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """An answer that a message gave: what an edit of that message changes (D16). `text`: what stood in the field after it;
    `part`: what of it this message gave; `standing`: that it still stands there, whatever was added behind it.
    """

    task: int
    question: int
    version: int
    field: str  # value | note
    text: str = ""
    part: str = ""
    standing: bool = False


async def typed_by(source: str) -> TypedAnswer | None:
    """The answer given by the message `source` (chat:ID:MESSAGE), if any."""
    given = [f"{source}:{field}{how}" for field in ("value", "note") for how in ("", ADDED)]
    row = await Answer.filter(source__in=given).order_by("-id").first()
    if row is None:
        return None
    task = await Task.get(id=row.task_id)
    sheet = await sheet_of(task)
    ask = next(a for a in sheet.every if a.id == row.question_id)
    field = "value" if ":value" in row.source else "note"
    same = Answer.filter(task_id=row.task_id, question_id=row.question_id)
    text = str(getattr(row, field))
    part = text
    if row.source.endswith(ADDED) and (before := await same.filter(version=row.version - 1).first()):
        part = text[len(str(getattr(before, field))) :].removeprefix("\n")
    after = await same.filter(version__gt=row.version)
    standing = all(
        getattr(answer, field).startswith(text) for answer in after if getattr(answer, field) != text
    )
    added = all(answer.source.endswith(ADDED) for answer in after if getattr(answer, field) != text)
    return TypedAnswer(task.id, ask.number, row.version, field, text, part, bool(part) and standing and added)


async def pictured_by(source: str) -> tuple[int, int] | None:
    """Task and question of the photo that a message brought."""
    photo = await Photo.filter(source=source).exclude(question_id=None).order_by("-id").first()
    if photo is None:
        return None
    task = await Task.get(id=photo.task_id)
    sheet = await sheet_of(task)
    number = next((a.number for a in sheet.every if a.id == photo.question_id), None)
    return (task.id, number) if number else None


async def unplaced_by(source: str) -> bool:
    """True when a message brought a photo that belongs to no question yet."""
    return await Photo.filter(source=source, question_id=None, about="", removed_at=None).exists()
