"""What `act do` can do for an officer who is asked whether the register is still right (Art. 7, 10)."""

from __future__ import annotations

from models.procedure import register_enquiry
from server.companion.act_request import ActRequest, Acts, Answer
from server.companion.json_requests import ActBody, Line


class EnquiryAnswered(ActBody):
    wrong: Line = ""


async def _answer(turn: ActRequest, asked: EnquiryAnswered) -> Answer:
    await register_enquiry.answer(int(turn.number), asked.wrong, **turn.who)
    return {}


ACTS: Acts = {"register_answer": (EnquiryAnswered, _answer)}
"""Their subject is the number of the question."""
