"""The letter says the same on paper and as text, whatever people are called (Art. 16 (2), D24, D25)."""

import asyncio
import base64
import io
import random
import re
from dataclasses import fields, replace

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFilter
from pypdf import PdfReader

from server.documents.letter import LetterItem, LetterWords, Officer, notice_pdf, notice_text, print_letter
from tests.server.documents.samples import EN, URL, ZH, letter

HOSTILE = [
    "<b>粗</b> &amp; <script>alert(1)</script>",
    '#read("/etc/passwd") #panic() #include "paper.typ"',
    "_*[]*_ $x^2$ `raw` @ref <lab> // 注释 /* 注释 */ \\u{41} = 标题 - 项",
    "“引号”‘单’\"直\"'直'",
    "'; DROP TABLE target; --",
]


def paper(said, words=ZH, *beside):
    (pdf,) = print_letter((said, words), *beside)
    return PdfReader(io.BytesIO(pdf))


def read(reader):
    """All words on paper without spaces and line ends, which paper may put where it likes."""
    return squeezed("".join(page.extract_text() for page in reader.pages))


def squeezed(words):
    return re.sub(r"[\s\u200b]", "", words)


async def test_everything_the_letter_says_is_on_paper_and_in_the_text():
    said = letter()
    printed = read(PdfReader(io.BytesIO(await notice_pdf(said, ZH))))
    plain = squeezed(notice_text(said, ZH))
    wanted = [said.target, said.when, said.place, said.method, said.task, said.visit_of_year, said.no_fee]
    wanted += [said.number, said.domain, said.check_code, said.complaint_phone, said.issued, said.opening]
    wanted += [part for item in said.items for part in (item.code, item.name, item.basis)]
    wanted += [part for one in said.officers for part in (one.name, one.department, one.certificate_tail)]
    wanted += [*said.departments, *said.assistants, *said.materials, *said.rights, *said.duties]
    for words in wanted:
        assert squeezed(words) in printed
        assert squeezed(words) in plain
    assert URL in plain


def test_equal_letters_give_equal_bytes():
    assert print_letter((letter(), ZH)) == print_letter((letter(), ZH))
    assert print_letter((letter(), ZH)) != print_letter((letter(version="第2版"), ZH))


def test_pages_are_numbered_and_of_one_size():
    reader = paper(letter())
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in reader.pages} == {(595, 842)}
    for number, page in enumerate(reader.pages, 1):
        assert f"第{number}页共{len(reader.pages)}页" in squeezed(page.extract_text())


def test_the_font_is_in_the_file():
    resources = paper(letter()).pages[0]["/Resources"]["/Font"]
    descriptors = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for font in resources.values()
    ]
    assert all("/FontFile3" in descriptor or "/FontFile2" in descriptor for descriptor in descriptors)
    assert all("NotoSansCJK" in descriptor["/FontName"] for descriptor in descriptors)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_d24_markup_in_any_name_is_printed_literally(hostile):
    everywhere = letter(
        target=hostile,
        credit_code=hostile,
        opening=hostile,
        when=hostile,
        place=hostile,
        items=(LetterItem(hostile, hostile, hostile),),
        officers=(Officer(hostile, hostile, hostile),),
        materials=(hostile,),
        rights=(hostile,),
        departments=(hostile,),
    )
    assert read(paper(everywhere)).count(squeezed(hostile)) >= 12
    assert notice_text(everywhere, ZH).count(" ".join(hostile.split())) >= 9


def test_d25_marks_that_turn_text_around_are_gone_and_emoji_do_no_harm():
    said = letter(
        target="示例\u202e司公\u202c\u200b😀👨\u200d👩\u200d👧酒店\x00\x07", place="示例路\u2066一号\ud800"
    )
    for words in (read(paper(said)), notice_text(said, ZH)):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x07]", words)
        assert "示例司公" in words and "酒店：" in words
    assert "😀👨\u200d👩\u200d👧" in notice_text(said, ZH)


def test_a_word_longer_than_the_line_stays_on_the_page():
    long = "W" * 400
    said = letter(
        target=long, credit_code=long, place=long, number=long, domain=long[:100],
        items=(LetterItem(long, long, long),), officers=(Officer(long, long, long, long),), materials=(long,),
    )  # fmt: skip
    for page in print_letter((said, ZH), form="png", ppi=72):
        ink = ImageChops.invert(Image.open(io.BytesIO(page)).convert("L")).getbbox()
        left, top, right, bottom = ink
        assert left > 60 and top > 50 and right < 595 - 55 and bottom < 842 - 20


def test_forty_items_and_twelve_officers_repeat_the_head_of_their_tables():
    items = tuple(
        LetterItem(f"XH-GA-{n:02}", f"第{n}项检查" * 6, "《消防法》第15、16条") for n in range(1, 41)
    )
    officers = tuple(Officer(f"示例{n:02}", "新华区文化广电和旅游局", f"{n:04}") for n in range(1, 13))
    reader = paper(letter(items=items, officers=officers))
    pages = [squeezed(page.extract_text()) for page in reader.pages]
    with_items = [page for page in pages if "XH-GA-" in page]
    assert len(with_items) >= 2
    assert all("事项编号检查事项检查依据" in page for page in with_items)
    assert all(sum(f"XH-GA-{n:02}第" in page for page in pages) == 1 for n in range(1, 41))
    assert all(f"示例{n:02}新华区" in "".join(pages) for n in range(1, 13))


def test_what_the_letter_does_not_say_has_no_label():
    said = letter(assistants=(), materials=(), duties=(), visit_of_year="", basis="", contact="")
    for words in (read(paper(said)), squeezed(notice_text(said, ZH))):
        assert "协助人员" not in words and "请准备" not in words and "检查频次" not in words
        assert "四、您的权利" in words


def test_the_letter_in_another_language_carries_the_chinese_one():
    english = replace(letter(), language="en", when="Wednesday, 25 November 2026, 09:00 – 11:00")
    reader = paper(english, EN, (letter(), ZH))
    assert "Notice of a joint random inspection" in reader.pages[0].extract_text()
    assert squeezed(ZH.title) in squeezed(reader.pages[-2].extract_text())
    last = len(reader.pages)
    assert f"第{last}页共{last}页" in squeezed(reader.pages[-1].extract_text())


def test_labels_come_from_the_catalogue_by_name():
    assert LetterWords.of(lambda key: getattr(ZH, key.removeprefix("letter."))) == ZH
    assert all(isinstance(getattr(EN, field.name), str) for field in fields(LetterWords))


async def test_letters_are_printed_side_by_side():
    letters = [letter(number=f"XH-{n}") for n in range(8)]
    pdfs = await asyncio.gather(*(notice_pdf(one, ZH) for one in letters))
    assert len(set(pdfs)) == 8
    assert pdfs == [print_letter((one, ZH))[0] for one in letters]


def scanned(page, chance):
    """As a phone sees the sheet: turned, out of focus, and packed hard."""
    angle = chance.uniform(-20, 20)
    seen = page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    seen = seen.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 1.0)))
    out = io.BytesIO()
    seen.convert("RGB").save(out, "JPEG", quality=chance.randint(30, 70))
    return Image.open(out)


def code_of(url):
    """The corner of the printed sheet with the code, at 150 dpi."""
    picture, *_ = print_letter((letter(url=url), ZH), form="png", ppi=150)
    page = Image.open(io.BytesIO(picture)).convert("RGB")
    (whole,) = zxingcpp.read_barcodes(page)
    corner = whole.position.top_left
    return page.crop((corner.x - 80, corner.y - 80, corner.x + 260, corner.y + 260))


def test_f16_codes_are_read_from_turned_and_blurred_sheets_at_150_dpi():
    chance = random.Random(16)
    urls = [f"https://sheng.example.cn/n/{token_of(chance)}" for _ in range(10)]
    read_back = 0
    for url in urls:
        near = code_of(url)
        read_back += sum(
            [one.text for one in zxingcpp.read_barcodes(scanned(near, chance))] == [url] for _ in range(10)
        )
    assert read_back == 100


def token_of(chance):
    return base64.urlsafe_b64encode(chance.randbytes(16)).decode().rstrip("=")
