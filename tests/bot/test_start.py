"""Who is let in: strangers, binding by link and own contact, language, commands, the console (Art. 10)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.application import commands
from models.procedure import enrolment
from models.rules.actor import Role
from models.tables import Account, Binding, Inspector, Invitation, Miss, Prompt, Task
from server.practice import Holder, Phone
from server.practice.methods.account import menu_button
from tests.bot.chat import Chat
from tests.support import district

TOKEN = "abcdefghijklmnopqrstuv"


async def invited(chat: Chat, token: str = TOKEN, officer: str = "INS-GA-1") -> Account:
    account = await district.account(Role.INSPECTOR, officer)
    await enrolment.invite(account.id, token, by=district.OFFICE, at=chat.clock())
    return account


async def shares(phone: Phone, text: str) -> str:
    await phone.press("分享本人手机号码")
    return (await phone.wait_for(text)).text


async def test_d30_a_stranger_hears_who_we_are_and_nothing_else(drawn: Chat) -> None:
    stranger = drawn.stage.phone("路人")
    for send in (
        stranger.start,
        lambda: stranger.say("/today"),
        lambda: stranger.say("示例001宾馆"),
        stranger.sticker,
    ):
        await send()
        said = await stranger.wait_for("凭联席会议办公室发出的邀请链接使用")
        assert said.rows == [] and len(said.text.splitlines()) <= 5
        assert "宾馆" not in said.text
    assert await Prompt.all().count() == 0


async def test_d30_a_group_is_told_and_left(drawn: Chat) -> None:
    stranger = drawn.stage.phone("路人")
    group = -100_4711
    drawn.stage.exchange.chats.found_group(group, "示例群", [stranger.id])
    await stranger.say("/start", chat=group)
    await drawn.idle()
    assert [call.chat_id for call in drawn.stage.calls("leaveChat")] == [group]


async def test_a_person_is_bound_in_two_taps_and_the_keyboard_goes_away(drawn: Chat) -> None:
    account = await invited(drawn)
    phone = drawn.stage.phone("甲检员", phone_number=account.phone)
    await phone.start(TOKEN)
    asked = await phone.wait_for("身份绑定")
    assert account.name not in asked.text and account.name[0] in asked.text
    await shares(phone, "任务")
    assert phone.keyboard() == []
    assert (await Binding.get(telegram_id=phone.id)).account_id == account.id
    assert phone.acts == 2
    shown = drawn.stage.exchange.settings
    scope = next(value for name, value in shown.items() if "commands" in name and str(phone.id) in name)
    assert [one["command"] for one in scope] == [
        "today",
        "calendar",
        "groups",
        "settings",
        "help",
        "privacy",
        "login",
        "cancel",
        "phone",
    ]


@pytest.mark.parametrize(
    ("address", "role", "of", "opens"),
    [
        ("https://district.example", Role.INSPECTOR, "INS-GA-1", "https://district.example/field/"),
        ("https://district.example", Role.HEAD, "GA", ""),
        ("http://127.0.0.1:8080", Role.INSPECTOR, "INS-GA-1", ""),
    ],
)
async def test_u4_the_menu_opens_the_companion_for_officers_where_it_has_a_public_address(
    drawn: Chat, address: str, role: Role, of: str, opens: str
) -> None:
    object.__setattr__(drawn.services, "district", district.district(address))
    phone = await drawn.phone(await district.account(role, of))
    await phone.start()
    await drawn.idle()
    button = menu_button(drawn.stage.exchange, phone.id)
    assert (button["type"], button.get("web_app", {}).get("url", "")) == (
        ("web_app", opens) if opens else ("commands", "")
    )


async def test_d59_every_bad_link_is_refused_alike_and_the_fifth_locks(drawn: Chat) -> None:
    await invited(drawn)
    phone = drawn.stage.phone("路人")
    said = set()
    for n in range(5):
        await phone.start(f"guess{n}")
        said.add((await phone.wait_for()).text)
        await drawn.idle()
    assert len(said) == 1 and "链接无效或已过期" in said.pop()
    assert await Miss.all().count() == 5
    await phone.start(TOKEN)
    await phone.wait_for("15分钟后再试")
    drawn.clock.move(timedelta(minutes=16))
    await phone.start(TOKEN)
    await phone.wait_for("身份绑定")


async def test_d73_a_contact_of_somebody_else_or_passed_on_is_refused_with_the_reason(drawn: Chat) -> None:
    account = await invited(drawn)
    phone = drawn.stage.phone("甲检员", phone_number=account.phone)
    await phone.start(TOKEN)
    await phone.wait_for("身份绑定")
    await phone.share_contact(Holder(4711, "别人", "", account.phone))
    await phone.wait_for("不是您本人的号码")
    await phone.share_contact(forwarded=True)
    await phone.wait_for("不是您本人的号码")
    assert await Binding.all().count() == 0


@pytest.mark.parametrize("number", ["+86 139-0000-0001", "0086 13900000001", "139 0000 0001"])
async def test_d74_a_number_is_the_registry_s_however_it_is_written(drawn: Chat, number: str) -> None:
    account = await invited(drawn)
    await Inspector.filter(code=account.inspector_id).update(phone=number)
    phone = drawn.stage.phone("甲检员", phone_number="13900000001")
    await phone.start(TOKEN)
    await phone.wait_for("身份绑定")
    await shares(phone, "任务")


async def test_d74_seventeen_digits_are_nobody_s_number(drawn: Chat) -> None:
    account = await invited(drawn)
    await Inspector.filter(code=account.inspector_id).update(phone="13900000001" + "123456")
    phone = drawn.stage.phone("甲检员", phone_number="13900000001")
    await phone.start(TOKEN)
    await phone.wait_for("身份绑定")
    await shares(phone, "号码与登记不一致")


async def test_d75_a_used_or_expired_link_binds_nobody(drawn: Chat) -> None:
    account = await invited(drawn)
    phone = drawn.stage.phone("甲检员", phone_number=account.phone)
    await phone.start(TOKEN)
    await phone.wait_for("身份绑定")
    await shares(phone, "任务")
    for name in ("乙", "甲检员"):
        other = drawn.stage.phone(name, phone_number=account.phone)
        await other.start(TOKEN)
        await other.wait_for("链接无效或已过期")
    await invited(drawn, "w" * 22, "INS-GA-2")
    drawn.clock.move(timedelta(hours=25))
    late = drawn.stage.phone("丁", phone_number=account.phone)
    await late.start("w" * 22)
    await late.wait_for("链接无效或已过期")


async def test_an_update_handled_twice_binds_once(drawn: Chat) -> None:
    account = await invited(drawn)
    phone = drawn.stage.phone("甲检员", phone_number=account.phone)
    await phone.start(TOKEN)
    await phone.wait_for("身份绑定")
    drawn.stage.faults.server_error("sendMessage")
    await shares(phone, "任务")
    assert await Binding.all().count() == 1
    assert len(drawn.errors) == 1


async def test_u28_the_language_is_the_phone_s_until_the_person_chooses(drawn: Chat, task: Task) -> None:
    leader = await district.leader_of(task)
    officer = await drawn.phone(await district.account(Role.INSPECTOR, leader.id), language="en")
    await officer.say("/today")
    await officer.wait_for("My tasks")
    await officer.say("/settings")
    await officer.wait_for("Choose the language")
    await drawn.tap(officer, "中文")
    await officer.say("/today")
    await officer.wait_for("我的任务")
    assert (await Account.get(inspector_id=leader.id)).language == "zh_Hans"


async def test_login_gives_a_link_that_is_good_once(drawn: Chat, task: Task) -> None:
    officer = await drawn.officer(await district.leader_of(task))
    await officer.say("/login")
    link = (await officer.wait_for("登录工作台")).links[0]
    token = link.rpartition("/login/")[2]
    signed_in = await enrolment.redeem(token, "ip:127.0.0.1", at=drawn.clock())
    assert signed_in.account.role == Role.INSPECTOR
    assert await Invitation.filter(token_sha256=token).count() == 0


async def test_u2_u3_strangers_see_two_commands_in_both_languages(drawn: Chat) -> None:
    await commands(drawn.app)
    shown = drawn.stage.exchange.settings
    offered: dict[tuple[str, str], list[str]] = {}
    for name, rows in shown.items():
        if name.startswith("commands"):
            scope, code = json.loads(name.removeprefix("commands "))
            offered[scope["type"], code] = [row["command"] for row in rows]
    assert offered == {
        ("default", ""): ["start", "help"], ("default", "zh"): ["start", "help"],
        ("all_group_chats", ""): ["bind", "help"], ("all_group_chats", "zh"): ["bind", "help"],
    }  # fmt: skip
    assert "从不收费" in shown["description zh"] and "never charge" in shown["description "]


async def test_d31_a_disabled_officer_is_a_stranger(drawn: Chat, task: Task) -> None:
    leader = await district.leader_of(task)
    account = await district.account(Role.INSPECTOR, leader.id)
    officer = await drawn.phone(account)
    await officer.say("/today")
    await officer.wait_for("我的任务")
    await enrolment.disable(account.id, by=district.OFFICE, at=drawn.clock())
    said = await officer.answer(await officer.press("宾馆"))
    assert said.text == "无权操作"
    await officer.say("/today")
    await officer.wait_for("凭联席会议办公室")


async def test_help_and_privacy_are_plain(drawn: Chat, task: Task) -> None:
    officer = await drawn.officer(await district.leader_of(task))
    for command, word in (
        ("/help", "使用说明"),
        ("/privacy", "12345"),
        ("/nonsense", "没有这个命令"),
        ("/start", "您好"),
    ):
        await officer.say(command)
        await officer.wait_for(word)


async def test_e9_an_officer_who_has_left_hears_that_and_whom_to_ask(site: Chat, task: Task) -> None:
    seat = await district.leader_of(task)
    officer = await site.officer(seat)
    await officer.say("/today")
    await officer.wait_for("我的任务")
    async with district.written():
        await Inspector.filter(code=seat.id).update(status="left")
    for send in (lambda: officer.say("/today"), lambda: officer.say("已备"), officer.start, officer.sticker):
        before = len(officer.messages())
        await send()
        await officer.wait_for("已离岗")
        assert "联络员更新名录库" in officer.last().text
    assert not any("我的任务" in one.text for one in officer.messages()[before:])
