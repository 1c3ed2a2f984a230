"""Whatever is long in a letter or a record stands whole on its pages, and is found in the file (Art. 16)."""

import io
from dataclasses import fields, replace

import pypdfium2
import pytest
from pypdf import PdfReader

from server.documents.letter import LetterItem, Officer, print_letter
from server.documents.record import Exhibit, FindingOnRecord, Part, RecordAnswer, SignaturePlace, print_record
from tests.server.documents.samples import RECORD_ZH, ZH, letter, record, thumbnail

LONG = "\n".join(f"第{n}行" for n in range(60))
FOOT = 40  # points from the edge of the paper; the printed area ends above


def marked(mark):
    return f"{LONG}{mark}"


def places(pdf, mark):
    """Where each `mark` stands: page number, left, bottom, right, top in points from the lower left."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for number, page in enumerate(document):
        text = page.get_textpage()
        whole = text.get_text_range()
        found += [
            (number, *text.get_charbox(at)) for at in range(text.count_chars()) if whole[at : at + 1] == mark
        ]
    return found


def stands_inside(pdf, mark):
    width, height = 595, 842
    found = places(pdf, mark)
    assert found, f"{mark} is on no page"
    for _, left, bottom, right, top in found:
        assert left > FOOT and right < width - FOOT and bottom > FOOT and top < height - FOOT


LETTERS = {
    "place": lambda said: {"place": said},
    "item": lambda said: {"items": (LetterItem("XH-1", "短", said), LetterItem("XH-2", said, "短"))},
    "item number": lambda said: {"items": (LetterItem(said, "短", "短"),)},
    "officer": lambda said: {"officers": (Officer(said, "短", "0001"), Officer("短", said, "0001"))},
    "material": lambda said: {"materials": (said, "短")},
    "right": lambda said: {"rights": (said, "短")},
    "assistant": lambda said: {"assistants": (said,)},
    "department": lambda said: {"departments": (said, "短")},
    "warning": lambda said: {"no_fee": said},
    "opening": lambda said: {"opening": said},
    "own words": lambda said: {"bring": (said,), "closing": (said,)},
}


@pytest.mark.parametrize("where", LETTERS)
def test_fd5_the_last_character_of_a_long_field_of_a_letter_is_inside_the_page(where):
    (pdf,) = print_letter((letter(**LETTERS[where](marked("龘"))), ZH))
    stands_inside(pdf, "龘")


RECORDS = {
    "subject": lambda said: {"subject": (("短", said),)},
    "officer": lambda said: {"team": (("短", said, "0001", "短"), ("短", "短", "0001", said))},
    "finding": lambda said: {"network": (FindingOnRecord("短", "短", said, "短"),)},
    "answer": lambda said: {"parts": (Part("短", "短", (RecordAnswer("1", "短", "短", said),)),)},
    "question number": lambda said: {"parts": (Part("短", "短", (RecordAnswer(said, "短", "短"),)),)},
    "officers of a part": lambda said: {"parts": (Part("短", said, (RecordAnswer("1", "短", "短"),)),)},
    "photo": lambda said: {"photos": (Exhibit(thumbnail("teal"), "0" * 64, (said,)),)},
    "happened": lambda said: {"happened": (said,)},
    "statement": lambda said: {"statement": said},
    "signature": lambda said: {"signed": (SignaturePlace("短", b"", said), SignaturePlace(said))},
    "remark": lambda said: {"remarks": (said,)},
}


@pytest.mark.parametrize("where", RECORDS)
def test_fd5_the_last_character_of_a_long_field_of_a_record_is_inside_the_page(where):
    (pdf,) = print_record(record(**RECORDS[where](marked("龘"))), RECORD_ZH)
    stands_inside(pdf, "龘")


@pytest.mark.parametrize("number", ["XH-2026-HOTEL-01-0007-T1", "XHGA" * 12, "2026/" * 9])
def test_fd4_a_number_is_found_in_the_file_of_its_letter(number):
    (pdf,) = print_letter((letter(number=number), ZH))
    by_pdfium = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    by_pypdf = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for whole in (by_pdfium, by_pypdf):
        assert number in whole.replace("\r", "").replace("\n", "")
        assert "\u200b" not in whole


@pytest.mark.parametrize("number", ["新华责改〔2026〕0001号", "示例立案2026-1第7份"])
def test_fd4_a_number_of_characters_and_digits_and_a_name_with_both_are_found_as_they_are_written(number):
    name = "示例001宾馆A座有限公司"
    for pdf in (
        *print_letter((letter(number=number, target=name), ZH)),
        *print_record(record(number=number, subject=(("检查对象", name),)), RECORD_ZH),
    ):
        by_pdfium = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
        by_pypdf = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
        for whole in (by_pdfium, by_pypdf):
            lines = whole.replace("\r", "").replace("\n", "")
            assert number in lines and name in lines


def test_fd4_no_text_of_a_letter_or_record_gets_characters_that_nobody_wrote():
    said = letter(url="https://sheng.example.cn/" + "a" * 90, domain="d" * 60, credit_code="9" * 60)
    long = {field.name: "n" * 70 for field in fields(said) if field.name in {"number", "task", "when"}}
    for pdf in (
        *print_letter((replace(said, **long), ZH)),
        *print_record(record(number="n" * 70), RECORD_ZH),
    ):
        whole = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
        assert not {"\u200b", "\u00ad", "\u2060"} & set(whole)
