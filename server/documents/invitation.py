"""邀请单: a code to scan for each official of a department who has no chat yet, to be cut out (Art. 7, 10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from locales import Words
from models.procedure.invitation import InvitedTogether
from server.documents.layout import Prose, qr_path, render


def invitation_sheet(
    together: InvitedTogether,
    link: Callable[[str], str],
    words: Words,
    district: str,
    department: str,
    at: datetime,
    *,
    form: str = "pdf",
) -> list[bytes]:
    """`link`: a token's address; `department`: its name. One PDF, or a PNG a page."""
    cards = [
        {
            "code": qr_path(link(invited.token)), "alt": words("invitation.alt", name=invited.name), "name": invited.name,
            "detail": f"{words(f'web.role.{invited.role}')} {invited.detail}", "how": words("invitation.how"),
            "until": words("invitation.until", at=invited.until),
        }
        for invited in together.invited
    ]  # fmt: skip
    blocks = [Prose(words("invitation.sheet.what", at=at))]
    if together.without:
        blocks.append(Prose(words("invitation.without", names=words.joined(together.without)), strong=True))
    part = {
        "language": "zh" if words.language == "zh_Hans" else "en",
        "authority": words("letter.authority", district=district),
        "title": words("invitation.sheet", department=department), "blocks": tuple(blocks), "page": words("letter.page"),
        "number": "", "check": (), "watermark": "", "alone": True, "cards": cards,
    }  # fmt: skip
    return render("invitation", {"parts": [part]}, at, form=form)
