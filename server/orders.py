"""An order to rectify in one language: text, PDF and address, always from its frozen facts (Art. 17)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from locales import SHANGHAI, Words, closest, words
from models.district import District
from models.queries.rectification_page import OrderPage
from models.rules import tokens
from models.rules.target_number import kind_of
from server.documents.order import PrintedOrder, order_pdf, order_text


def url_of(number: str, district: District) -> str:
    """The address of an order's page."""
    return district.link("/o/" + tokens.token(district.secret, "rectification", number))


async def printed(page: OrderPage, language: str, district: District) -> bytes:
    """The paper; in another language the Chinese one stands behind it: that is the one in force."""
    spoken, chinese = words(closest(language)), words("zh_Hans")
    beside = () if spoken.language == "zh_Hans" else ((compose(page, chinese, district), chinese),)
    return await order_pdf((compose(page, spoken, district), spoken), *beside)


async def copy(page: OrderPage, district: District) -> tuple[bytes, str]:
    """PDF and text in the language in force, for the dossier."""
    spoken = words("zh_Hans")
    order = compose(page, spoken, district)
    return await order_pdf((order, spoken)), order_text(order, spoken)


def compose(page: OrderPage, spoken: Words, district: District) -> PrintedOrder:
    """The order as words, from its facts alone."""
    facts: Any = page.facts
    issued = datetime.fromisoformat(facts["issued"]).replace(tzinfo=SHANGHAI)
    due = spoken.day(date.fromisoformat(facts["due"]))
    visited = spoken.day(date.fromisoformat(facts["visited"])) if facts["visited"] else ""
    opening = "order.opening" if visited else "order.opening.online"
    return PrintedOrder(
        number=facts["number"],
        authority=spoken("letter.authority", district=facts["district"]),
        target=facts["target"],
        numbered=spoken(f"number.{facts.get('numbered') or kind_of(facts['credit_code'])}"),
        credit_code=facts["credit_code"],
        opening=spoken(opening, department=facts["department"], day=visited),
        points=tuple((str(n), text, basis, finding) for n, _, text, basis, finding in facts["points"]),
        basis=facts["basis"],
        due=due,
        demands=tuple(
            line for line in (spoken("order.demand", day=due), *facts["text"].splitlines()) if line
        ),
        proof=spoken("order.proof.how"),
        rights=tuple(spoken(f"order.right.{right}") for right in ("heard", "extension", "review")),
        consequence=spoken("order.consequence"),
        department=facts["department"],
        officers=spoken.joined(" ".join(filter(None, officer)) for officer in facts["officers"]),
        contact=facts["phone"],
        complaint_phone=facts["complaint_phone"],
        url=url_of(facts["number"], district),
        domain=district.domain,
        check_code=page.check_code,
        task=facts["task"],
        issued=spoken.day(issued.date()),
        issued_at=issued,
        watermark=spoken("letter.practice") if district.practice else "",
    )
