"""Photos lose their EXIF and documents keep every byte, as with Telegram (F9), in both directions."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from telegram import Bot, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest

from server.practice.files import DOWNLOAD_BYTES
from tests.server.practice.bots import application
from tests.server.practice.pictures import exif_time, jpeg
from tests.support.practice_phones import Stage, practice


async def test_a_photo_arrives_recompressed_in_several_sizes_without_its_exif() -> None:
    async with practice() as stage, application(stage) as app:
        original = jpeg(1600, 1200)
        await stage.phone("张检查").send_photo(original, "灭火器")
        [update] = await app.bot.get_updates(timeout=2)
        assert update.message
        assert update.message.caption == "灭火器"
        assert [max(size.width, size.height) for size in update.message.photo] == [90, 320, 800, 1280]
        got = bytes(await (await update.message.photo[-1].get_file()).download_as_bytearray())
        assert exif_time(original)
        assert exif_time(got) is None
        assert Image.open(io.BytesIO(got)).size == (1280, 960)


async def test_a_document_arrives_byte_for_byte_under_its_name() -> None:
    async with practice() as stage, application(stage) as app:
        original = jpeg()
        await stage.phone("张检查").send_document(original, "现场 1.jpg")
        [update] = await app.bot.get_updates(timeout=2)
        assert update.message and update.message.document
        assert update.message.document.file_name == "现场 1.jpg"
        assert update.message.document.mime_type == "image/jpeg"
        got = await (await update.message.document.get_file()).download_as_bytearray()
        assert bytes(got) == original


async def test_an_album_is_one_act_and_several_messages_of_one_group() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查")
        await zhang.send_album([jpeg(), jpeg(colour="navy"), jpeg(colour="maroon")], "三张")
        messages = [update.message for update in await app.bot.get_updates(timeout=2)]
        assert len({message.media_group_id for message in messages if message}) == 1
        assert [message.caption for message in messages if message] == ["三张", None, None]
        assert zhang.acts == 1


async def test_the_bot_sends_photos_documents_and_albums_and_sends_them_again_by_id() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查")
        await zhang.start()
        sent = await app.bot.send_photo(zhang.id, jpeg(), caption="<b>收到</b>", parse_mode="HTML")
        again = await app.bot.send_photo(zhang.id, sent.photo[-1].file_id)
        assert again.photo == sent.photo
        paper = await app.bot.send_document(zhang.id, b"%PDF-1.7", filename="告知书.pdf")
        shown = zhang.last()
        assert shown and zhang.download(shown) == b"%PDF-1.7"
        assert paper.document and paper.document.file_name == "告知书.pdf"
        album = await app.bot.send_media_group(
            zhang.id, [InputMediaPhoto(jpeg()), InputMediaPhoto(sent.photo[-1].file_id, caption="乙")]
        )
        assert len({message.media_group_id for message in album}) == 1
        await app.bot.edit_message_media(
            InputMediaDocument(b"new", filename="新.txt"), zhang.id, paper.message_id
        )
        edited = next(shown for shown in zhang.messages() if shown.id == paper.message_id)
        assert zhang.download(edited) == b"new"


async def test_a_file_over_20_mb_is_sent_but_cannot_be_fetched() -> None:
    async with practice() as stage, application(stage) as app:
        await stage.phone("张检查").send_document(bytes(DOWNLOAD_BYTES + 1), "big.bin")
        [update] = await app.bot.get_updates(timeout=2)
        assert update.message and update.message.document
        with pytest.raises(BadRequest, match="File is too big"):
            await update.message.document.get_file()


async def _refused_photo(stage: Stage, bot: Bot, content: bytes, words: str) -> None:
    await stage.phone("张检查", id=7).start()
    with pytest.raises(BadRequest, match=words):
        await bot.send_photo(7, content)


async def test_a_photo_over_10_mb_or_not_a_picture_is_refused() -> None:
    async with practice() as stage, application(stage) as app:
        await _refused_photo(stage, app.bot, bytes(10 * 1024 * 1024 + 1), "[Ff]ile is too big")
        await _refused_photo(stage, app.bot, b"not a picture", "[Ii]mage_process_failed")
