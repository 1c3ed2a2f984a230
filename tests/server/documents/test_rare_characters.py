"""Art. 10, 16 (2): a name that the documents' font cannot show is told of before, and never printed as a box."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pypdf import PdfReader

from models.imaging import glyphs
from models.imaging.renditions import clean
from models.rules import registry, text
from models.rules.private_use import SUCCESSORS
from server.documents import letter as letters
from tests.models.rules.district import known
from tests.server.documents.samples import ZH, letter
from tests.support.register_files import INSPECTOR, TARGET, table

NOWHERE = "\U00022222\U0002b740"  # 𢈢 and 𫝀: real characters, in few fonts


def words_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def font(path: Path, character: str) -> None:
    """A font with one character, drawn as a square."""
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder([".notdef", "square"])
    made.setupCharacterMap({ord(character): "square"})
    pen = TTGlyphPen(None)
    for point, corner in enumerate([(0, 0), (0, 700), (700, 700), (700, 0)]):
        (pen.lineTo if point else pen.moveTo)(corner)
    pen.closePath()
    made.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "square": pen.glyph()})
    made.setupHorizontalMetrics({".notdef": (1000, 0), "square": (1000, 0)})
    made.setupHorizontalHeader(ascent=800, descent=-200)
    names = {
        "familyName": "One Square",
        "styleName": "Regular",
        "fullName": "One Square",
        "psName": "OneSquare",
    }
    made.setupNameTable(names)
    made.setupOS2()
    made.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(str(path))


def test_fd10_what_is_taken_for_sure_is_in_the_font() -> None:
    sure = [chr(point) for point in range(0x20, 0x10000) if glyphs._SURE.fullmatch(chr(point))]
    assert len(sure) > 27_000
    assert [one for one in sure if ord(one) not in glyphs.covered() and one not in "\u00ad"] == []


def test_c5_old_private_characters_become_what_unicode_agreed_on() -> None:
    assert text.name("\ue863娃") == "䶮娃" and text.name("\ue81e\ue844") == "龴䜣"
    assert text.name("\ue000") == "\ue000"
    assert not {chr(new) for new in SUCCESSORS.values()} & {chr(old) for old in SUCCESSORS}
    (row,) = registry.check_targets(table({**TARGET, "名称": "示例\ue863宾馆"}), known()).good
    assert row.name == "示例䶮宾馆"


@pytest.mark.parametrize(
    ("rows", "column"),
    [({**TARGET, "名称": "示例\ue123宾馆"}, "名称"), ({**TARGET, "法定代表人": "李\U00022222"}, "法定代表人"),
     ({**TARGET, "住所": f"示例{NOWHERE}路"}, "住所")],
)  # fmt: skip
def test_c5_a_name_that_cannot_be_printed_is_named_at_import(rows: dict[str, str], column: str) -> None:
    checked = registry.check_targets(table(rows), replace(known(), unprintable=glyphs.unprintable))
    found = [
        (w.number, w.column, w.params["characters"]) for w in checked.warnings if w.reason == "unprintable"
    ]
    lost = [one for one in rows[column] if ord(one) > 0xDFFF]
    assert found == [(2, column, lost)] and len(checked.good) == 1


def test_fd10_an_officers_name_is_named_at_import_too() -> None:
    data = table({**INSPECTOR, "姓名": "李\U0002b740"})
    checked = registry.check_inspectors(data, replace(known(), unprintable=glyphs.unprintable))
    assert [w.params["points"] for w in checked.warnings if w.reason == "unprintable"] == [["U+2B740"]]


def test_fd10_what_no_font_has_is_printed_as_its_code_point() -> None:
    (pdf,) = letters.print_letter((letter(target=f"示例{NOWHERE}宾馆\ue123"), ZH))
    said = "".join(words_of(pdf).split())
    assert "〔U+22222〕〔U+2B740〕宾馆〔U+E123〕" in said
    assert clean("李\U00022222\ue863\ue123") == "李〔U+22222〕䶮〔U+E123〕"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder of its own, fonts included."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("HOME", folder)
        for cached in (glyphs._installed, glyphs.fallback):
            cached.cache_clear()
        yield Path(folder)
    for cached in (glyphs._installed, glyphs.fallback):
        cached.cache_clear()


def test_fd10_another_installed_font_shows_what_ours_lacks(home: Path) -> None:
    font(home / ".fonts" / "square.ttf", NOWHERE[0])
    (pdf,) = letters.print_letter((letter(target=f"示例{NOWHERE}宾馆"), ZH))
    assert f"示例{NOWHERE[0]}〔U+2B740〕宾馆" in "".join(words_of(pdf).split())
    assert glyphs.unprintable(NOWHERE) == NOWHERE[1]
