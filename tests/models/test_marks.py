"""Arrows, boxes and hidden parts are drawn on copies; what is hidden is in no copy any more (Art. 16 (3))."""

import io

import pytest
from PIL import Image

from models.imaging import ImagingPool, PhotoStamp, render
from models.imaging import annotation as drawing
from models.refusal import Refusal
from models.rules import annotation

STAMP = PhotoStamp(("示例",))


def scene(size=(800, 600)):
    """Noise, in which every pixel could tell something."""
    return Image.merge("RGB", [Image.effect_noise(size, 90) for _ in range(3)])


def mark(kind, x1=2500, y1=2500, x2=7500, y2=7500):
    return {"kind": kind, "x1": x1, "y1": y1, "x2": x2, "y2": y2}


@pytest.mark.parametrize("corners", [(2500, 2500, 7500, 7500), (7500, 7500, 2500, 2500)])
def test_a_hidden_part_keeps_a_handful_of_colours_and_the_rest_every_pixel(corners):
    before = scene()
    after = before.copy()
    drawing.draw(after, [mark("hide", *corners)])
    inside = (200, 150, 600, 450)
    assert len(after.crop(inside).getcolors(100_000)) <= 8
    assert after.crop((0, 0, 199, 600)).tobytes() == before.crop((0, 0, 199, 600)).tobytes()
    assert after.crop((0, 452, 800, 600)).tobytes() == before.crop((0, 452, 800, 600)).tobytes()


def test_two_different_faces_hidden_look_alike():
    """What a field shows is the mean of thousands of pixels: stripes one way or the other give the same."""
    hidden = []
    for turned in (False, True):
        face = Image.new("L", (800, 600))
        for n in range(0, 800, 2):
            face.paste(255, (n, 0, n + 1, 600) if not turned else (0, n, 800, n + 1))
        copy = face.convert("RGB")
        drawing.draw(copy, [mark("hide")])
        hidden.append(copy.crop((210, 160, 590, 440)).convert("L").getextrema())
    assert all(high - low <= 8 for low, high in hidden)


@pytest.mark.parametrize("kind", ["arrow", "box"])
def test_an_arrow_and_a_box_are_red_with_a_white_edge(kind):
    copy = Image.new("RGB", (800, 600), "navy")
    drawing.draw(copy, [mark(kind)])
    colours = {colour for _, colour in copy.getcolors(100_000)}
    assert {drawing.INK, drawing.EDGE} <= colours
    assert copy.getpixel((400, 300)) == (drawing.INK if kind == "arrow" else (0, 0, 128))


async def test_the_print_and_the_thumbnail_both_lack_what_was_hidden():
    out = io.BytesIO()
    scene((1600, 1200)).save(out, "JPEG", quality=95)
    wanted = [mark("hide", 0, 0, 10_000, 10_000)]
    room = ImagingPool(workers=1)
    await room.start()
    try:
        prints = await room.develop(out.getvalue(), STAMP, wanted)
        plain = await room.develop(out.getvalue(), STAMP)
    finally:
        await room.stop()
    here = render(out.getvalue(), STAMP, wanted)
    assert (prints.print, prints.thumbnail) == (here.print, here.thumbnail)
    for made, other in ((prints.print, plain.print), (prints.thumbnail, plain.thumbnail)):
        assert len(made) < len(other) / 3


@pytest.mark.parametrize(
    "wrong",
    [
        "hide", {}, {**mark("hide"), "note": "x"}, mark("circle"), mark("box", x2=10_001), mark("box", x1=-1),
        mark("box", x1=1.5), mark("box", x1=True), mark("box", x1="1"), mark("hide", x2=2510), mark("arrow", x2=2510, y2=2510),
    ],
)  # fmt: skip
def test_a_mark_outside_the_photo_or_too_small_is_refused(wrong):
    with pytest.raises(Refusal) as no:
        annotation.check([wrong])
    assert no.value.code == "photo.bad_marks"


def test_twenty_marks_are_taken_and_no_more():
    assert len(annotation.check([mark("arrow", y2=2500)] * 20)) == 20
    with pytest.raises(Refusal) as no:
        annotation.check([mark("box")] * 21)
    assert no.value.code == "photo.too_many_marks"
