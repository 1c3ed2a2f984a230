"""案件线索移送函: the letter to the authority in charge, with the code by which it acknowledges (Art. 17)."""

from __future__ import annotations

import asyncio

from locales import Words
from models.district import District
from models.queries.follow_up import FollowUpPage
from models.rules import tokens
from server.documents.layout import Fields, LaidOutDocument, Prose, qr_path, rendered


async def referral_pdf(page: FollowUpPage, words: Words, district: District) -> bytes:
    """Of 移送司法 the letter names the task alone: what it is about goes by hand."""
    line = page.line
    address = district.link(f"/referral/{tokens.token(district.secret, 'follow_up', str(line.id))}")
    rows = [
        (words("referral.reference"), line.reference), (words("referral.to"), line.authority),
        (words("referral.from"), page.department), (words("referral.day"), words.day(line.day)),
        (words("referral.task"), line.task),
    ]  # fmt: skip
    if not line.confidential:
        rows += [(words("referral.target"), page.target), (words(f"number.{page.code[1]}"), page.code[0])]
    card = {
        "code": qr_path(address), "alt": words("referral.alt"), "name": words("referral.acknowledge"),
        "detail": line.reference, "how": words("referral.how"), "until": district.domain,
    }  # fmt: skip
    part = {
        "language": "zh" if words.language == "zh_Hans" else "en",
        "authority": words("letter.authority", district=district.name), "title": words(f"referral.title.{line.kind}"),
        "blocks": (Fields(tuple(rows)), Prose(words("referral.by_hand") if line.confidential else line.text)),
        "page": words("letter.page"), "number": line.reference, "check": (), "watermark": "", "alone": True,
        "cards": [card],
    }  # fmt: skip
    (result,) = await asyncio.to_thread(
        rendered, LaidOutDocument.of("invitation", {"parts": [part]}, line.begun_at)
    )
    return result
