"""The practice page: its words, its JSON, its live news, its closed doors."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from PIL import ExifTags, Image

import server.practice
from server.practice import EXCHANGE, Holder, Step, TelegramServer, practice_app
from server.practice.words import LANGUAGES, chosen_language, words
from tests.server.practice.pictures import exif_time, jpeg
from tests.support.practice_phones import TOKEN

ROOM = Path(server.practice.__file__).parent
PEOPLE = [
    Holder(7, "张检查", {"zh": "检查人员", "en": "inspector"}, "13800000001"),
    Holder(8, "云杉宾馆", {"zh": "检查对象", "en": "entity"}, "03751234567"),
]


async def _guide() -> Sequence[Step]:
    return [
        {"title": {"zh": "第一步", "en": "Step one"}, "text": "甲", "phone": 7, "done": True},
        {"title": "第二步", "text": "乙", "link": "http://127.0.0.1/console"},
    ]


@asynccontextmanager
async def _room(prefix: str = "") -> AsyncIterator[tuple[aiohttp.ClientSession, TelegramServer]]:
    app = practice_app(TOKEN, people=PEOPLE, guide=_guide)
    root = app
    if prefix:
        root = web.Application()
        root.add_subapp(prefix, app)
    runner = web.AppRunner(root, access_log=None, shutdown_timeout=5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}{prefix}/"
    try:
        async with aiohttp.ClientSession(base) as client:
            yield client, app[EXCHANGE]
    finally:
        await runner.cleanup()


async def _json(client: aiohttp.ClientSession, path: str) -> Any:
    async with client.get(path) as answer:
        assert answer.status == 200
        return await answer.json()


async def _act(client: aiohttp.ClientSession, person: int, name: str, **body: Any) -> tuple[int, Any]:
    async with client.post(f"api/phones/{person}/{name}", json=body) as answer:
        return answer.status, await answer.json()


def test_every_word_of_the_page_is_there_in_both_languages_and_used() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOM / "static").glob("*.[jh][st]*"))
    sources += (ROOM / "acts.py").read_text(encoding="utf-8")
    for language in LANGUAGES:
        assert all(words(language).values())
    for name in words("zh"):
        placeholders = [sorted(re.findall(r"\{(\w+)\}", words(language)[name])) for language in LANGUAGES]
        assert placeholders[0] == placeholders[1], name
        assert re.search(rf"""["'.]{name}\b""", sources), f"{name} is never used"
    for name in re.findall(r"""word\("(\w+)["]""", sources):
        assert name in words("zh"), f"{name} is missing"


def test_the_language_is_the_one_asked_for_then_the_browsers_then_chinese() -> None:
    assert chosen_language("en", "zh-CN") == "en"
    assert chosen_language(None, "fr-FR,en-GB;q=0.8,zh;q=0.5") == "en"
    assert chosen_language("tlh", "") == "zh"


async def test_the_page_is_whole_under_a_prefix_and_holds_no_inline_code() -> None:
    async with _room("/practice") as (client, _):
        async with client.get("?lang=zh") as answer:
            html = await answer.text()
            policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert "练习环境" in html
        assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", html)
        for path in re.findall(r'(?:src|href)="(static/[^"#]+)', html):
            async with client.get(path) as answer:
                assert answer.status == 200, path
        assert "http" not in re.sub(r"<!doctype.*?<body", "", html, flags=re.S)


async def test_people_guide_and_roles_come_in_the_language_of_the_page() -> None:
    async with _room() as (client, _):
        people = await _json(client, "api/people?lang=en")
        assert [(person["name"], person["role"]) for person in people] == [
            ("张检查", "inspector"),
            ("云杉宾馆", "entity"),
        ]
        steps = await _json(client, "api/guide?lang=zh")
        assert [(step["title"], step["done"]) for step in steps] == [("第一步", True), ("第二步", False)]
        assert (await _json(client, "api/guide?lang=en"))[0]["title"] == "Step one"


async def test_an_act_on_the_page_is_the_same_act_as_in_a_test() -> None:
    async with _room() as (client, exchange):
        assert (await _act(client, 7, "start", payload="abc"))[0] == 200
        assert (await _act(client, 7, "say", text="/today"))[0] == 200
        assert (await _act(client, 7, "open", link="https://example.org/"))[1] == {
            "url": "https://example.org/"
        }
        zhang = exchange.phone(PEOPLE[0])
        assert [shown.text for shown in zhang.messages()] == ["/start abc", "/today"]
        screen = await _json(client, "api/phones/7")
        assert [message["mine"] for message in screen["messages"]] == [True, True]
        assert (await _act(client, 7, "press", message_id=1, row=0, column=0))[0] == 409
        assert (await _act(client, 7, "levitate"))[0] == 409
        assert (await _act(client, 7, "press", message_id="x"))[0] == 409


async def test_photos_go_as_photo_or_as_file_and_are_shown() -> None:
    async with _room() as (client, exchange):
        await _act(client, 7, "start")
        for act in ("photos", "files"):
            form = aiohttp.FormData({"caption": "灭火器"})
            for number in range(2):
                form.add_field(f"file{number}", jpeg(), filename=f"{number}.jpg", content_type="image/jpeg")
            async with client.post(f"api/phones/7/{act}", data=form) as answer:
                assert answer.status == 200
        messages = exchange.phone(PEOPLE[0]).messages()[1:]
        assert [shown.text for shown in messages] == ["灭火器", "", "灭火器", ""]
        async with client.get(f"api/files/{messages[0].photo}") as answer:
            assert answer.content_type == "image/jpeg"
        async with client.get(f"api/files/{messages[2].document}") as answer:
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert await answer.read() == jpeg()


async def test_a_practice_photo_says_that_it_is_one_and_carries_a_cameras_exif() -> None:
    async with _room() as (client, exchange):
        assert (await _act(client, 7, "shoot", as_file=True))[0] == 200
        zhang = exchange.phone(PEOPLE[0])
        [shown] = zhang.messages()
        content = zhang.download(shown)
        assert exif_time(content)
        with Image.open(io.BytesIO(content)) as image:
            gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
            assert gps[ExifTags.GPS.GPSLatitudeRef] == "N"
            degrees, minutes, _ = (float(part) for part in gps[ExifTags.GPS.GPSLatitude])
        assert abs(degrees + minutes / 60 - PEOPLE[0].place[0]) < 0.02


async def test_another_site_cannot_act_on_the_phones() -> None:
    async with _room() as (client, exchange):
        headers = {"Sec-Fetch-Site": "cross-site"}
        async with client.post("api/phones/7/say", json={"text": "x"}, headers=headers) as answer:
            assert answer.status == 403
        assert exchange.phone(PEOPLE[0]).messages() == []


async def test_unread_messages_are_counted_until_the_phone_is_looked_at() -> None:
    async with _room() as (client, exchange):
        await _act(client, 7, "start")
        for text in ("甲", "乙"):
            await exchange.call("sendMessage", {"chat_id": 7, "text": text})
        assert [person["unread"] for person in await _json(client, "api/people")] == [2, 0]
        await _act(client, 7, "read")
        assert [person["unread"] for person in await _json(client, "api/people")] == [0, 0]


async def test_the_page_is_told_at_once_whose_phone_changed_and_let_go_when_the_room_closes() -> None:
    async with _room() as (client, exchange):
        answer = await client.get("api/events")
        assert (await _event(answer))[0] == "hello"
        await exchange.phone(PEOPLE[1]).start()
        async with asyncio.timeout(2):
            assert await _event(answer) == ("phone", 8)
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 4
    answer.close()


async def _event(answer: aiohttp.ClientResponse) -> tuple[str, Any]:
    name = ""
    while True:
        line = (await answer.content.readline()).decode().strip()
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            return name, json.loads(line.removeprefix("data: "))
