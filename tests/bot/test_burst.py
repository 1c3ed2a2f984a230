"""What piled up while phones had no reception lands at once (R10)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

from models.queries.sheet import sheet_of
from models.tables import Photo, Question, Task
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture
from tests.support import district


async def test_r10_sixty_photos_and_presses_that_land_at_once_find_their_questions(
    site: Chat, task: Task
) -> None:
    """Four officers typed a note to each of three questions and sent five photos as replies to each note; presses
    overtake and are overtaken, and between people there is no order at all.
    """
    dice, phones, wanted = random.Random(10), [], Counter[tuple[str, int]]()
    await Question.all().update(answer="TRI", may_not_apply=True)
    queued: list[list[tuple[object, ...]]] = []
    for department, people in (await district.team_of(task)).items():
        own = [ask.number for ask in (await sheet_of(task)).asks if ask.department == department][:3]
        phone = await site.at_question(task, department, own[0])
        phones.append(phone)
        notes = {}
        for number in own:
            await site.tap(phone, "要点列表", f" {number} ")
            notes[number] = await phone.say(f"备注{number}")
            await site.idle()
        photos = [(phone, number, notes[number]) for number in own for _ in range(60 // 4 // len(own))]
        wanted.update((people[0].id, number) for _, number, _ in photos)
        queued.append(photos)
    assert sum(map(len, queued)) == 60
    gate, take = asyncio.Event(), site.take

    async def held(raw: dict) -> None:
        await gate.wait()
        await take(raw)

    site.take = held  # type: ignore[method-assign]
    before = {phone.id: len(site.stage.calls("sendMessage", phone.id)) for phone in phones}
    side, presses = 32, Counter[int]()
    while any(queued):
        line = dice.choice([one for one in queued if one])
        phone, number, note = line.pop(0)
        await phone.send_photo(picture(side=(side := side + 1)), reply_to=note)
        if phone in phones[:2] and dice.random() < 0.3:
            presses[phone.id] += 1
            await phone.press(dice.choice(["合格", "要点列表", "不合格"]))
    gate.set()
    await site.idle()
    rows = await Photo.filter(task=task).select_related("question")
    numbers = {ask.id: ask.number for ask in (await sheet_of(task)).asks}
    assert Counter((row.by, numbers[row.question_id]) for row in rows) == wanted
    assert len({row.sha256 for row in rows}) == len(rows) == 60
    assert sum(presses.values()) > 4
    for (
        phone
    ) in phones:  # one card for all photos; a press under a card that was moved may bring it to the end again
        assert len(site.stage.calls("sendMessage", phone.id)) - before[phone.id] <= 1 + presses[phone.id]
    assert site.errors == []
