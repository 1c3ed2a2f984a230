"""The record sheet holds every answer, every photo and every signature of a visit (Art. 16 (3), 20)."""

import io
import re
import struct

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from models.imaging.pages import by_pages
from server.documents.record import (
    Exhibit,
    Part,
    RecordAnswer,
    RecordWords,
    SignaturePlace,
    print_record,
    record_pdf,
    record_text,
)
from tests.server.documents.samples import RECORD_ZH, record, thumbnail


def pages(said):
    (pdf,) = print_record(said, RECORD_ZH)
    return PdfReader(io.BytesIO(pdf)).pages


def squeezed(words):
    return re.sub(r"[\s\u200b]", "", words)


def read(said):
    return squeezed("".join(page.extract_text() for page in pages(said)))


async def test_everything_recorded_is_on_paper_and_in_the_text():
    said = record()
    reader = PdfReader(io.BytesIO(await record_pdf(said, RECORD_ZH)))
    printed = squeezed("".join(page.extract_text() for page in reader.pages))
    plain = squeezed(record_text(said, RECORD_ZH))
    wanted = [said.number, said.statement, *said.results, *said.follow_up, said.issued]
    wanted += [value for _, value in said.subject] + [part for person in said.team for part in person]
    wanted += [one.finding for one in said.network] + [photo.sha256[:16] for photo in said.photos]
    wanted += [
        words for part in said.parts for one in part.answers for words in (one.question, one.answer, one.note)
    ]
    wanted += [one.who for one in said.signed]
    for words in wanted:
        assert squeezed(words) in printed and squeezed(words) in plain
    assert said.chain in printed


def test_equal_records_give_equal_bytes():
    assert print_record(record(), RECORD_ZH) == print_record(record(), RECORD_ZH)


def test_every_photo_stands_on_the_sheet_as_it_is():
    colours = ("teal", "olive", "maroon", "navy", "teal")
    said = record(
        photos=tuple(Exhibit(thumbnail(c), f"{n:064x}", (f"第{n}项",)) for n, c in enumerate(colours))
    )
    images = [image.image.convert("RGB") for page in pages(said) for image in page.images]
    shown = sorted(image.getpixel((10, 10)) for image in images)
    assert shown == sorted(Image.open(io.BytesIO(thumbnail(c))).getpixel((10, 10)) for c in set(colours))


def test_a_signature_on_glass_stands_over_its_line_and_a_refusal_in_words():
    glass = io.BytesIO()
    Image.new("RGBA", (300, 100), (0, 0, 120, 90)).save(glass, "PNG")
    said = record(
        photos=(),
        signed=(
            SignaturePlace("检查对象", glass.getvalue()),
            SignaturePlace("见证人", b"", "拒绝签名，见证人在场"),
        ),
    )
    assert sum(len(page.images) for page in pages(said)) == 1
    assert "拒绝签名" in read(said)


def test_without_a_statement_the_sheet_says_so():
    assert squeezed(RECORD_ZH.no_statement) in read(record(statement=""))


def test_d24_markup_in_notes_and_names_is_printed_literally():
    hostile = '<b>x</b>#read("/etc/passwd")_*[]$&'
    part = Part(hostile, hostile, (RecordAnswer("1", hostile, hostile, hostile),))
    said = record(
        parts=(part,), statement=hostile, subject=((hostile, hostile),), signed=(SignaturePlace(hostile),)
    )
    assert read(said).count(hostile) >= 9


def test_a_long_checklist_repeats_its_head():
    answers = tuple(RecordAnswer(str(n), "要点" * 20, "合格") for n in range(1, 81))
    said = record(parts=(Part("新华区公安分局", "示例甲", answers),))
    with_answers = [text for page in pages(said) if "合格" in (text := squeezed(page.extract_text()))]
    assert len(with_answers) >= 3
    assert all("序号检查要点结果情况说明" in text for text in with_answers)


def test_the_code_leads_to_the_record():
    first, *_ = print_record(record(), RECORD_ZH, form="png", ppi=150)
    assert struct.unpack(">II", first[16:24]) == (1240, 1754)
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(first)).convert("RGB"))
    assert code.text == record().url


def test_labels_come_from_the_catalogue_by_name():
    assert RecordWords.of(lambda key: getattr(RECORD_ZH, key.removeprefix("record."))) == RECORD_ZH


def lines_of(page):
    """What stands on a page, without the line at its foot."""
    return [line for line in page.extract_text().splitlines() if line.strip() and "页 共" not in line]


@pytest.mark.parametrize("officers", range(1, 24, 2))
@pytest.mark.parametrize("answers", [3, 11, 12, 13, 14, 15, 16, 17, 18])
def test_c12_no_page_of_a_record_has_a_lone_line(answers, officers):
    said = record(
        parts=(Part("短", "短", tuple(RecordAnswer(str(n), "问" * 40, "合格") for n in range(answers))),),
        photos=(),
        signed=(SignaturePlace("检查对象"), *(SignaturePlace(f"检查人员 示例{n}") for n in range(officers))),
    )
    last = list(pages(said))[-1]
    assert len(lines_of(last)) >= 4


def test_c12_a_signature_never_stands_without_its_heading_or_other_signatures():
    said = record(signed=tuple(SignaturePlace(f"检查人员 示例{n:02}") for n in range(21)), photos=())
    with_signatures = [
        text for page in pages(said) if "检查人员示例" in (text := squeezed(page.extract_text()))
    ]
    assert all(text.count("检查人员示例") >= 3 for text in with_signatures)


def test_c12_a_failed_point_is_set_off_in_colour_and_weight_and_says_when_nothing_was_written():
    failing = RecordAnswer("1", "问题", "不合格", "（未写明情况）", failed=True)
    passing = RecordAnswer("1", "问题", "合格", "（未写明情况）")
    seen = [
        Image.open(
            io.BytesIO(print_record(record(parts=(Part("短", "短", (one,)),)), RECORD_ZH, form="png")[0])
        )
        for one in (failing, passing)
    ]
    red = [
        sum(r > 240 and 220 < g < 240 for r, g, _ in page.convert("RGB").get_flattened_data())
        for page in seen
    ]
    assert red[0] > 10_000 and red[1] < 1000


def test_b5_a_long_screenshot_is_printed_by_pages_and_not_as_a_strip():
    picture = io.BytesIO()
    Image.linear_gradient("L").resize((720, 8000)).convert("RGB").save(picture, "JPEG")
    cut = by_pages(picture.getvalue())
    said = record(photos=(Exhibit(thumbnail("teal"), "a" * 64, ("问题 3",), cut),))
    (pdf,) = print_record(said, RECORD_ZH)
    shown = [
        (image.image.size, image.name) for page in PdfReader(io.BytesIO(pdf)).pages for image in page.images
    ]
    assert [size for size, _ in shown].count((720, 1440)) == len(cut) == 6
    printed = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    assert all(f"{n}/6" in printed for n in range(1, 7))
    assert "问题3" in squeezed(record_text(said, RECORD_ZH)) or "问题3" in printed
