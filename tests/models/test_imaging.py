"""Photos are accepted by their header, claimed by their EXIF and developed where they can do no harm."""

import io
import struct
import time
import tracemalloc
import zlib
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from models.imaging import PhotoStamp, assert_font, examine, render
from models.imaging.pages import by_pages
from models.refusal import Refusal
from models.rules.photo import Claims, Point

STAMP = PhotoStamp(
    ("任务 XH-2026-HOTEL-01-0007", "第 3 题 营业执照", "2026-11-25 09:21", "示例甲 0017", "A 级")
)


def picture(width=640, height=480, mode="RGB"):
    """A scene with a red left half: which way is up can be seen."""
    image = Image.linear_gradient("L").resize((width, height)).convert(mode)
    image.paste("red" if mode in ("RGB", "RGBA") else 0, (0, 0, width // 2, height))
    return image


def saved(image, kind="JPEG", **how):
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def exif(orientation=1, taken="2026:11:25 09:21:30", offset="+08:00", place=True):
    tags = Image.Exif()
    tags[0x0110] = "X-1"
    tags[0x0112] = orientation
    if taken:
        tags.get_ifd(0x8769)[0x9003] = taken
    if offset:
        tags.get_ifd(0x8769)[0x9011] = offset
    if place:
        tags.get_ifd(0x8825).update({1: "N", 2: (33.0, 44.0, 12.5), 3: "E", 4: (113.0, 14.0, 2.0), 31: 8.0})
    return tags


def png_of(width, height):
    """An honest PNG of nothing but black, a bit deep: 177 million pixels fit into 22 kB."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    row = bytes(1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def refusal(act, *args):
    with pytest.raises(Refusal) as refused:
        act(*args)
    return refused.value.code


def opened(jpeg):
    return Image.open(io.BytesIO(jpeg), formats=("JPEG",))


def reddish(image, x, y):
    red, green, _ = image.getpixel((x, y))
    return red > 180 and green < 90


def test_a_photo_says_when_where_and_with_what_it_was_taken():
    negative = examine(saved(picture(), exif=exif()))
    at = datetime(2026, 11, 25, 9, 21, 30, tzinfo=timezone(timedelta(hours=8)))
    assert negative.claims == Claims(at, Point(33.7368056, 113.2338889), 8.0, "X-1")
    assert (negative.format, negative.mime, negative.preview) == ("JPEG", "image/jpeg", True)


def test_a_time_without_an_offset_stays_without_one():
    assert examine(saved(picture(), exif=exif(offset=""))).claims.taken_at == datetime(
        2026, 11, 25, 9, 21, 30
    )


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_make_the_same_claims(kind):
    negative = examine(saved(picture(), kind, exif=exif(6)))
    assert negative.claims == examine(saved(picture(), exif=exif())).claims
    assert (negative.format, negative.width, negative.height) == (kind, 480, 640)


def test_d33_a_photo_without_exif_is_accepted_and_claims_nothing():
    negative = examine(saved(picture()))
    assert negative.claims == Claims() and negative.claims.silent


@pytest.mark.parametrize("taken", ["", "0000:00:00 00:00:00", "gestern", "2026:02:30 10:00:00"])
def test_a_broken_time_is_a_claim_not_made(taken):
    assert examine(saved(picture(), exif=exif(taken=taken))).claims.taken_at is None


@pytest.mark.parametrize("degrees", [(95.0, 0, 0), (1e9, 0, 0), (0, 0, 0)])
def test_a_place_that_is_none_is_a_claim_not_made(degrees):
    tags = exif()
    tags.get_ifd(0x8825).update({2: degrees, 4: (0.0, 0.0, 0.0)})
    assert examine(saved(picture(), exif=tags)).claims.place is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_prints_stand_upright_whichever_way_the_phone_was_held(orientation):
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the turn that the camera made, by PIL's number
    scene = picture(800, 600)
    lying = scene.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else scene
    data = saved(lying, exif=exif(orientation), quality=95)
    prints = render(data)
    assert (prints.width, prints.height) == (800, 600)
    assert (examine(data).width, examine(data).height) == (800, 600)
    assert reddish(opened(prints.print), 100, 550) and not reddish(opened(prints.print), 700, 550)


def test_prints_are_at_most_1600_and_320_pixels_long():
    prints = render(saved(picture(4000, 3000)), STAMP)
    assert opened(prints.print).size == (prints.width, prints.height) == (1600, 1200)
    assert opened(prints.thumbnail).size == (320, 240)


def test_a_small_photo_is_not_blown_up():
    prints = render(saved(picture(100, 80)), STAMP)
    assert opened(prints.print).size == (100, 80) and opened(prints.thumbnail).size == (100, 80)


def test_the_stamp_stands_at_the_bottom_left_and_the_thumbnail_has_none():
    plain, stamped = (render(saved(picture(1600, 1200)), stamp) for stamp in (None, STAMP))
    differs = ImageChops.difference(opened(plain.print), opened(stamped.print)).getbbox()
    assert differs and differs[0] == 0 and differs[3] == 1200
    assert differs[1] > 900 and differs[2] < 800
    assert plain.thumbnail == stamped.thumbnail


@pytest.mark.parametrize("line", ["长" * 5000, "W" * 5000, "\u202e\x00\r\n\x1b[31m", "", "😀\U0002c386"])
def test_no_stamp_is_too_strange(line):
    assert render(saved(picture(300, 40)), PhotoStamp((line,) * 9)).width == 300


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_developed(mode):
    source = picture(60, 40, "L").convert("I;16") if mode == "I;16" else picture(60, 40).convert(mode)
    prints = render(saved(source, "JPEG" if mode == "CMYK" else "PNG"))
    assert opened(prints.print).mode == "RGB"


def test_what_is_transparent_turns_white():
    print_ = opened(render(saved(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG")).print)
    assert min(print_.getpixel((20, 20))) > 250


def test_a_photo_with_a_second_picture_behind_it_is_a_photo():
    data = saved(picture(), "MPO", save_all=True, append_images=[picture(64, 48)])
    assert examine(data).format == "JPEG" and render(data).width == 640


def test_d36_a_pixel_bomb_is_refused_from_its_header():
    bomb = png_of(13_300, 13_300)
    assert len(bomb) < 25_000
    tracemalloc.start()
    assert refusal(examine, bomb) == refusal(render, bomb) == "photo.too_many_pixels"
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_d37_sixty_thousand_squared_is_refused_from_its_header():
    huge = bytearray(png_of(8, 8))
    huge[16:24] = struct.pack(">II", 60_000, 60_000)
    assert refusal(examine, bytes(huge)) == "photo.too_many_pixels"


@pytest.mark.parametrize(("kind", "most"), [("PNG", 50), ("WEBP", 25)])
def test_d36_the_most_pixels_of_a_format_still_pass(kind, most):
    side = int((most * 1_000_000) ** 0.5)
    data = png_of(side, side) if kind == "PNG" else saved(Image.new("L", (side, side)), kind, lossless=True)
    assert examine(data).width == side
    data = (
        png_of(side, side + 20)
        if kind == "PNG"
        else saved(Image.new("L", (side, side + 20)), kind, lossless=True)
    )
    assert refusal(examine, data) == "photo.too_many_pixels"


@pytest.mark.parametrize("kind", ["GIF", "TIFF"])
def test_d37_formats_of_many_pages_are_refused(kind):
    pages = [Image.new("L", (4, 4), n % 256) for n in range(500)]
    data = saved(pages[0], kind, save_all=True, append_images=pages[1:])
    assert refusal(examine, data) == "photo.format_not_accepted"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_d37_of_a_moving_picture_the_first_frame_counts(kind):
    frames = [Image.new("RGB", (16, 16), (n % 250, 0, 255 if n else 0)) for n in range(1000)]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    before = time.process_time()
    print_ = opened(render(data).print)
    assert time.process_time() - before < 2
    assert max(print_.getpixel((8, 8))) < 40


@pytest.mark.parametrize(
    "tail", [b"<html><script>alert(1)</script>", b"PK\x03\x04 a zip archive", b"x" * 3_000_000]
)
def test_d38_what_hides_behind_a_photo_does_not_reach_its_prints(tail):
    data = saved(picture()) + tail
    prints = render(data, STAMP)
    assert examine(data).size == len(data)
    assert tail not in prints.print and tail not in prints.thumbnail
    assert prints.print.endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><title>photo.jpg</title>",
        b"\xff\xd8\xff",
        b"\xff\xd8\xffno segment here",
        b"\x00\x00\x00\x18ftypmp42....mp41isom",
        b"MZ" + bytes(60),
    ],
)
def test_d39_what_only_bears_the_name_of_a_photo_is_refused(data):
    assert refusal(examine, data) in ("photo.not_an_image", "photo.truncated")


def test_d39_a_pdf_is_refused_by_its_name():
    assert refusal(examine, b"%PDF-1.7\n") == "photo.format_not_accepted"


def test_nothing_is_not_a_photo():
    assert refusal(examine, b"") == "photo.empty"


def test_d40_a_heic_file_is_kept_with_its_claims_but_has_no_preview():
    tiff = exif().tobytes()
    data = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(50) + tiff + bytes(50)
    negative = examine(data)
    assert (negative.format, negative.preview, negative.width) == ("HEIC", False, 0)
    assert negative.claims.place and negative.claims.taken_at
    assert refusal(render, data) == "photo.no_preview"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("kept", [0.01, 0.1, 0.3, 0.5, 0.9, 0.99, 0.9999])
def test_d41_a_photo_cut_short_is_refused(kind, kept):
    whole = saved(picture(900, 700), kind, exif=exif())
    assert refusal(examine, whole[: int(len(whole) * kept)]) in ("photo.truncated", "photo.not_an_image")


def test_d41_a_photo_cut_short_behind_a_whole_thumbnail_is_refused():
    whole = saved(picture(900, 700), quality=95)
    nested = b"\xff\xe1" + struct.pack(">H", 2 + 9) + b"Exif\0\0\xff\xd9\0"
    assert refusal(examine, whole[:2] + nested + whole[2 : len(whole) // 2]) == "photo.truncated"


def test_d41_a_photo_whose_pixels_end_early_is_refused_when_developed():
    whole = saved(picture(900, 700), "PNG")
    assert refusal(render, whole[: len(whole) // 2] + whole[-12:]) in (
        "photo.truncated",
        "photo.undevelopable",
    )


def test_d42_hostile_metadata_stays_in_the_original():
    xmp = b"\xff\xe1" + struct.pack(">H", 65_535) + b"http://ns.adobe.com/xap/1.0/\0<script>alert(1)</script>"
    padding = b"A" * (65_535 + 2 - len(xmp))
    profile = b"\xff\xe2" + struct.pack(">H", 2 + 14 + 8) + b"ICC_PROFILE\0\x01\x01" + b"\xff" * 8
    comment = b"\xff\xfe" + struct.pack(">H", 2 + 8) + b"<script>"
    whole = saved(picture())
    data = whole[:2] + (xmp + padding) * 160 + profile + comment + whole[2:]
    assert len(data) > 10_000_000
    prints = render(data, STAMP)
    for jpeg in (prints.print, prints.thumbnail):
        assert b"script" not in jpeg and b"ICC" not in jpeg and b"Exif" not in jpeg


def test_d42_an_exif_block_that_points_at_itself_claims_nothing():
    loop = b"II*\0\x08\0\0\0" + struct.pack("<H", 2)
    loop += struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<HHII", 0x8825, 4, 1, 8) + bytes(4)
    whole = saved(picture())
    data = whole[:2] + b"\xff\xe1" + struct.pack(">H", len(loop) + 8) + b"Exif\0\0" + loop + whole[2:]
    assert examine(data).claims == Claims()


SAMPLES = {kind: saved(picture(64, 48), kind, exif=exif()) for kind in ("JPEG", "PNG", "WEBP")}


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's about the damage; workers run without
@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), max_size=12),
)
def test_d42_no_damage_does_worse_than_a_refusal(kind, damage):
    data = bytearray(SAMPLES[kind])
    for at, value in damage:
        data[at % min(len(data), 700)] = value
    try:
        negative = examine(bytes(data))
        if negative.width * negative.height < 1_000_000:
            render(bytes(data), STAMP)
    except Refusal as refused:
        assert refused.code.startswith("photo.")


def test_d43_the_same_photo_has_the_same_name():
    data = saved(picture())
    assert examine(data).sha256 == examine(bytes(bytearray(data))).sha256


def test_the_font_is_the_one_that_was_looked_at(tmp_path):
    assert_font()
    other = tmp_path / "NotoSansCJK-Regular.ttc"
    other.write_bytes(b"ttcf")
    with pytest.raises(RuntimeError):
        assert_font(other)


@pytest.mark.parametrize(
    ("size", "printed"),
    [
        ((1080, 12000), (720, 8000)),
        ((12000, 1080), (8000, 720)),
        ((4000, 3000), (1600, 1200)),
        ((1080, 2400), (720, 1600)),
        ((300, 9000), (300, 9000)),
    ],
)
def test_b5_a_long_screenshot_keeps_a_short_side_that_can_be_read(size, printed):
    prints = render(saved(picture(*size), "PNG"))
    assert (prints.width, prints.height) == printed
    assert min(opened(prints.thumbnail).size) >= 80


def drawn(width: int, height: int) -> bytes:
    """A picture whose rows, or columns, are all of different brightness: what a page shows can be told."""
    ramp = Image.linear_gradient("L").resize((width, height))
    if width >= height:
        ramp = Image.linear_gradient("L").rotate(90).resize((width, height))
    out = io.BytesIO()
    ramp.convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


@pytest.mark.parametrize(("width", "height"), [(720, 8000), (720, 1441), (8000, 720), (80, 4000)])
def test_b5_a_long_picture_is_cut_into_pages_that_leave_nothing_out(width: int, height: int) -> None:
    pages = [Image.open(io.BytesIO(page)) for page in by_pages(drawn(width, height))]
    short, long = min(width, height), max(width, height)
    assert {page.size for page in pages} == {(2 * short, short) if width > height else (short, 2 * short)}
    assert len(pages) * 2 * short >= long, "together they are at least as long"
    assert (len(pages) - 1) * (2 * short - 24) < long, "and there is not one too many"
    ends = [
        (page.convert("L").getpixel((0, 0)), page.convert("L").getpixel((page.width - 1, page.height - 1)))
        for page in pages
    ]
    last = ends[0][1]
    for first, following in ends[1:]:
        assert first <= last + 6, "each page goes on where the one before ended, or before that"
        last = following


@pytest.mark.parametrize(("width", "height"), [(1, 10_000), (60_000, 3), (60, 30_000), (720, 28_900)])
def test_b5_no_picture_makes_more_pages_than_somebody_reads(width: int, height: int) -> None:
    pages = by_pages(drawn(width, height))
    assert 1 < len(pages) <= 40
    lengths = [max(Image.open(io.BytesIO(page)).size) for page in pages]
    assert sum(lengths) >= max(width, height)


def test_b5_a_picture_of_one_page_is_not_cut() -> None:
    assert by_pages(drawn(1600, 1200)) == ()
    assert by_pages(drawn(720, 1440)) == ()
