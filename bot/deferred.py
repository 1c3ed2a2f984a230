"""What a person sees of an act that is one transaction with its prompt, its card and its `done`: kept back till then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from telegram.error import TelegramError

from bot.cards import CardBoard, content_hash, stands
from bot.views import View
from models.procedure import dialogue

Showing = Callable[[], Awaitable[object]]


@dataclass
class Deferred:
    """`place`: the card under which the button was pressed, None for a message. `found`: what it shows and what is
    awaited, as this act finds and leaves it. `moved_from`: where the subject stood before it took that card's place.
    """

    table: CardBoard
    chat: int
    place: int | None
    found: dialogue.ChatState
    answer: Showing | None = None
    nod: Showing | None = None
    cards: list[Showing] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    prompt: dialogue.OpenPrompt | None = None
    moved_from: int | None = None

    def __post_init__(self) -> None:
        self.prompt = self.found.prompt

    async def show(self, subject: str, view: View, *, anew: bool, reply_to: int | None = None) -> None:
        """Write down what the card shows from now on; where it is no card that stands already, once it is sent."""
        self.subjects.append(subject)
        anew = anew or (stands(self.found.subject) and subject != self.found.subject)
        table, place = self.table, None if anew else self.place
        if anew or self.place is None or table.hides:
            self.cards.append(
                lambda: table.show_within(subject, view, place=place, anew=anew, reply_to=reply_to)
            )
            return
        view = table.fit(view)
        print_, card = content_hash(view), self.place
        if subject != self.found.subject:
            await self._take_place(subject, card, print_)
        elif not self.cards and self.found.shown_sha256 == print_ and table.sure(card, print_):
            return
        else:
            await dialogue.shows(self.chat, subject, print_)
        self.cards[:] = [lambda: table.change_card(subject, card, view, print_, before=self.moved_from)]

    async def _take_place(self, subject: str, card: int, print_: str) -> None:
        """The card under which the button was pressed shows this subject from now on."""
        before = await dialogue.card(self.chat, subject)
        self.moved_from = before[0] if before else None
        await dialogue.shown(self.chat, subject, card, print_)
        self.found = replace(self.found, subject=subject, shown_sha256=print_)

    async def send(self) -> None:
        """To Telegram, the answer to the press first. What failed is raised after everything was tried."""
        failed: Exception | None = None
        for showing in (self.answer, self.nod, *self.cards):
            if showing is None:
                continue
            try:
                await showing()
            except TelegramError as error:
                failed = failed or error
        if failed is not None:
            raise failed
