"""A signature from a phone is a picture of strokes and nothing else, or it is not taken (Art. 16 (3))."""

import io
import struct
import tracemalloc
import zlib

import pytest
from PIL import Image

from models.imaging import signature_png
from models.refusal import Refusal
from tests.support.record import png


def saved(image, kind="PNG", **how):
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def made_of(head, packed):
    return signature_png.MAGIC + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def head(width=200, height=100, depth=8, colour=6, interlaced=0):
    return struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)


def code(data):
    with pytest.raises(Refusal) as no:
        signature_png.signature(data)
    return no.value.code


def test_the_same_picture_is_kept_without_anything_beside_it():
    picture = Image.open(io.BytesIO(png()))
    exif = Image.Exif()
    exif[0x0110] = "示例手机"
    kept = signature_png.signature(saved(picture, exif=exif, dpi=(72, 72)))
    assert b"eXIf" not in kept and b"pHYs" not in kept
    assert Image.open(io.BytesIO(kept)).tobytes() == picture.tobytes()
    assert signature_png.signature(kept) == kept


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA"])
def test_every_way_a_phone_draws_is_taken(mode):
    picture = Image.alpha_composite(Image.new("RGBA", (600, 240), "white"), Image.open(io.BytesIO(png())))
    assert signature_png.signature(saved(picture.convert(mode)))


def test_d39_what_is_no_such_picture_is_refused():
    rows = zlib.compress(b"".join(bytes([0, *((n * 7 + i) % 256 for i in range(800))]) for n in range(100)))
    good = made_of(head(), rows)
    assert signature_png.signature(good)
    wrong = {
        "a photo": saved(Image.new("RGB", (200, 100)), "JPEG"),
        "words": b"<script>alert(1)</script>" * 9,
        "nothing": b"",
        "cut short": png()[:-40],
        "a damaged chunk": good.replace(b"IDAT", b"IDAT"[::-1]),
        "a wrong sum": good[:60] + bytes([good[60] ^ 1]) + good[61:],
        "palette": saved(Image.open(io.BytesIO(png())).convert("RGB").quantize(8)),
        "sixteen bits": made_of(head(depth=16), rows),
        "interlaced": made_of(head(interlaced=1), rows),
        "more rows than told": made_of(head(height=99), rows),
        "fewer rows than told": made_of(head(height=101), rows),
        "no such filter": made_of(head(), zlib.compress(bytes([9]) * 801 * 100)),
        "pixels without their sum": made_of(head(), rows[:-4]),
        "a wall": made_of(head(width=4000, height=10), zlib.compress(bytes(16001 * 10))),
    }
    assert {what: code(data) for what, data in wrong.items()} == dict.fromkeys(
        wrong, "signature.not_a_picture"
    )


def test_f14_a_small_file_that_unpacks_to_much_is_refused_without_unpacking_it():
    packed = zlib.compress(bytes(200_000_000), 9)
    tracemalloc.start()
    try:
        assert code(made_of(head(), packed[:44_000])) == "signature.not_a_picture"
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_an_empty_pane_is_no_signature():
    assert code(saved(Image.new("RGBA", (600, 240), (0, 0, 0, 0)))) == "signature.empty"
    assert code(saved(Image.new("RGB", (600, 240), "white"))) == "signature.empty"


def test_a_signature_that_does_not_fit_into_an_act_is_refused():
    noise = Image.effect_noise((400, 200), 90).convert("RGB")
    assert code(saved(noise)) == "signature.too_large"
