"""Every paper of ours can be read aloud, and read in thirty years: language, title, headings, tables and the words of
pictures (PDF/UA-1), fonts and colours in the file itself (PDF/A-2b)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pypdfium2
import pytest
import typst
from PIL import Image
from pypdf import PdfReader

from locales import words
from models.imaging.pages import by_pages
from server.documents.layout import Fields, Grid, Heading, LaidOutDocument, Prose, rendered
from server.documents.letter import part_of, print_letter, sheet_of
from server.documents.order import sheet_of as order_sheet
from server.documents.record import Exhibit, SignaturePlace, print_record
from server.documents.render_pool import RenderPool
from tests.server.documents.samples import EN, RECORD_ZH, ZH, letter, order, record, thumbnail

AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
PLAIN = {
    "language": "zh", "authority": "示例区", "title": "卷内目录", "number": "XH-2026-HOTEL-01-0007", "page": "第 {page} 页",
    "check": (), "watermark": "", "alone": True,
    "blocks": (
        Fields((("任务", "示例"),)), Prose("示例"), Heading("文件"), Grid(("序号", "路径"), (0, 4), (("1", "index.pdf"),)),
    ),
}  # fmt: skip


def png() -> bytes:
    out = io.BytesIO()
    Image.new("L", (60, 20)).save(out, "PNG")
    return out.getvalue()


def long_picture() -> tuple[bytes, ...]:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((720, 4000)).convert("RGB").save(out, "JPEG")
    return by_pages(out.getvalue())


def full_record() -> bytes:
    photos = (*record().photos, Exhibit(thumbnail("teal"), "a" * 64, ("问题 3",), long_picture()))
    signed = (SignaturePlace("检查对象", png(), "", "2026-11-25"), *record().signed[1:])
    return print_record(record(photos=photos, signed=signed), RECORD_ZH)[0]


PAPERS = {
    "letter": lambda: print_letter((letter(), ZH))[0],
    "letter in two languages": lambda: print_letter((letter(language="en"), EN), (letter(), ZH))[0],
    "list of letters": lambda: rendered(
        LaidOutDocument.of("cover", {"parts": [PLAIN, {**part_of(letter(), ZH), "alone": True}]}, AT)
    )[0],
    "record": full_record,
    "order to rectify": lambda: rendered(order_sheet((order(), words("zh_Hans"))))[0],
    "index of a dossier": lambda: rendered(LaidOutDocument.of("dossier", {"parts": [PLAIN]}, AT))[0],
}
TITLES = {
    "letter": ZH.title, "letter in two languages": EN.title, "list of letters": "卷内目录", "record": RECORD_ZH.title,
    "order to rectify": words("zh_Hans")("order.title"),
    "index of a dossier": "卷内目录",
}  # fmt: skip


@cache
def printed(paper: str) -> bytes:
    return PAPERS[paper]()


def elements(element: Any) -> Iterator[Any]:
    """The marks of a structure tree, in the order in which they are read aloud."""
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        for child in element:
            yield from elements(child)
    elif isinstance(element, dict):
        if "/S" in element:
            yield element
        yield from elements(element.get("/K"))


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_says_its_language_and_title_and_is_marked_throughout(paper: str) -> None:
    reader = PdfReader(io.BytesIO(printed(paper)))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == ("en" if TITLES[paper] == EN.title else "zh-CN")
    assert reader.metadata is not None and reader.metadata.title.startswith(TITLES[paper])
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert root["/MarkInfo"]["/Marked"].value is True
    assert all("/StructParents" in page for page in reader.pages)
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_holds_what_its_pages_need_and_says_so(paper: str) -> None:
    reader = PdfReader(io.BytesIO(printed(paper)))
    root, said = reader.trailer["/Root"], reader.trailer["/Root"]["/Metadata"].get_data()
    assert b"<pdfaid:part>2</pdfaid:part>" in said and b"<pdfaid:conformance>B</pdfaid:conformance>" in said
    assert [intent["/S"] for intent in root["/OutputIntents"]] == ["/GTS_PDFA1"]
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    descriptors = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]
    assert descriptors and all({"/FontFile2", "/FontFile3"} & set(one) for one in descriptors)
    assert "/Encrypt" not in reader.trailer and "/AcroForm" not in root and "/AA" not in root


HARD = {
    "private use": "\ue000", "controls": "a\x07b", "joined emoji": "👨\u200d👩\u200d👧", "extensions of Han": "𠮷𪚥𮯠",
    "right to left": "\u200fעברית", "no characters": "\uffff\ufffe", "marks": "e\u0301\u0302", "no glyph": "ก็हि",
}  # fmt: skip


@pytest.mark.parametrize("name", HARD)
def test_no_character_of_a_name_stops_a_paper(name: str) -> None:
    blocks = (Fields(((HARD[name], HARD[name]),)), Prose(HARD[name]), Heading(f"文件{HARD[name]}"))
    part = {**PLAIN, "title": f"卷内目录{HARD[name]}", "blocks": blocks}
    assert rendered(LaidOutDocument.of("dossier", {"parts": [part]}, AT))[0].startswith(b"%PDF-")


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_has_headings_tables_with_heads_and_words_for_each_picture(paper: str) -> None:
    tree = list(elements(PdfReader(io.BytesIO(printed(paper))).trailer["/Root"]["/StructTreeRoot"]))
    kinds = [element["/S"] for element in tree]
    headings = [kind for kind in kinds if kind in ("/H1", "/H2")]
    assert headings[0] == "/H1" and "/H2" in headings
    assert kinds.count("/H1") == (2 if paper in ("letter in two languages", "list of letters") else 1)
    assert {"/Table", "/TH", "/TD"} <= set(kinds)
    figures = [element for element in tree if element["/S"] == "/Figure"]
    assert all(len(figure["/Alt"].strip()) > 3 for figure in figures)
    assert len(figures) >= {"index of a dossier": 0, "record": 1 + 5 + len(long_picture()) + 1}.get(paper, 1)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_marked_paper_is_shown_as_any_other(paper: str) -> None:
    for page in pypdfium2.PdfDocument(printed(paper)):
        ink = page.render(scale=0.5).to_pil().convert("L").histogram()
        assert sum(ink[:128]) > 50


def test_a_paper_without_a_title_is_not_printed() -> None:
    with pytest.raises(typst.TypstError, match="PDF/UA-1"):
        rendered(LaidOutDocument.of("dossier", {"parts": [{**PLAIN, "title": ""}]}, AT))


async def test_a_paper_set_in_another_process_is_marked_alike() -> None:
    pool = RenderPool(workers=1)
    try:
        sheet = LaidOutDocument.of("dossier", {"parts": [PLAIN]}, AT)
        assert await pool(sheet) == [printed("index of a dossier")]
        assert await pool(sheet_of((letter(), ZH))) == [printed("letter")]
    finally:
        await pool.stop()
