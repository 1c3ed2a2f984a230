"""责令改正通知书 on paper: its seal stands with the lines before it, whatever its length (Art. 17)."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from locales import words
from server.documents.layout import rendered
from server.documents.order import sheet_of
from tests.server.documents.samples import order


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("demands", range(1, 6))
def test_no_last_page_has_a_seal_alone(language: str, demands: int) -> None:
    """Among three points and one to five demands the seal comes to stand behind the page's end."""
    points = tuple((str(n), "示例要点", "《示例办法》第6条", "示例:未登记") for n in range(1, 4))
    sheet = order(points=points, demands=("请在期限内改正。",) * demands)
    (pdf,) = rendered(sheet_of((sheet, words(language))))
    last = "".join(PdfReader(io.BytesIO(pdf)).pages[-1].extract_text().split())
    assert sheet.department in last
    assert sheet.contact in last, "the table before the seal is on its page"
