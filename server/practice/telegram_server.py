"""The exchange between phones and bot: the state of Telegram's servers, and who may act on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from server.practice.calls import Call, Upload
from server.practice.groups import Groups
from server.practice.methods import METHODS
from server.practice.people import Holder
from server.practice.phone import Phone
from server.practice.refusals import ApiRefusal


class TelegramServer(Groups):
    """One bot and the people around it: their phones, and the Bot API's methods."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._phones: dict[int, Phone] = {}

    def phone(self, person: Holder) -> Phone:
        """This person's phone; asked for again it is the same one."""
        if person.id not in self._phones:
            self.chats.enrol(person.user())
            self._phones[person.id] = Phone(self, person)
            self.settle()
        return self._phones[person.id]

    def group(
        self,
        title: str,
        people: Iterable[Holder],
        *,
        chat_id: int = -1001000000001,
        kind: str = "supergroup",
    ) -> int:
        """A group with these people, to which the first of them adds the bot; its id."""
        members = [self.phone(person).id for person in people]
        self.chats.found_group(chat_id, title, members, kind)
        self.tell_membership(chat_id, self.chats.users[members[0]], "left", "member")
        self.settle()
        return chat_id

    async def call(
        self, method: str, parameters: dict[str, Any], uploads: Mapping[str, Upload] | None = None
    ) -> Call:
        """Run one method and record it; the answer is in `status` and `result`."""
        call = Call(method, parameters, uploads or {}, self.clock())
        self.calls.append(call)
        return await self.run(call)

    async def run(self, call: Call) -> Call:
        try:
            known = METHODS.get(call.method.lower())
            if known is None:
                raise ApiRefusal(404, "Not Found")
            result = await known(self, call)
            call.status, call.result = 200, {"ok": True, "result": result}
        except ApiRefusal as refusal:
            call.status, call.result = refusal.code, refusal.body()
        self.settle()
        return call
