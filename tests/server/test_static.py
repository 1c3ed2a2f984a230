"""Style sheet, scripts and pictures: contrast, no outside address, nothing inline, sizes (U30, U31, U38)."""

import re
from pathlib import Path

import pytest

import server

ROOT = Path(server.__file__).parent
TOKENS = (ROOT / "static" / "tokens.css").read_text(encoding="utf-8")
STYLES = [*(ROOT / "static").glob("*.css"), *(ROOT / "companion" / "static").glob("*.css")]
LIGHT, DARK, CHOSEN_DARK = re.findall(r":root[^{]*\{(.*?)\}", TOKENS, re.DOTALL)
ON = {
    "ink": ("paper", "sheet", "mark", "code"), "soft": ("paper", "sheet"), "deep": ("sheet", "paper", "mark"),
    "good": ("good-bg", "sheet"), "bad": ("bad-bg", "sheet", "good-bg"), "watch": ("watch-bg", "sheet"),
    "deep-ink": ("deep",), "good-ink": ("good",), "bad-ink": ("bad",), "grey": ("grey-bg", "sheet"),
}  # fmt: skip


def colours(theme: str) -> dict[str, str]:
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", theme))
    return {
        name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:])
        for name, value in found.items()
    }


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["day", "night"])
def test_u30_every_word_stands_out_from_its_ground(theme):
    shades = colours(theme)
    poor = []
    for word, grounds in ON.items():
        for ground in grounds:
            one, other = sorted((luminance(shades[word]), luminance(shades[ground])), reverse=True)
            if (one + 0.05) / (other + 0.05) < 4.5:
                poor.append((word, ground))
    assert poor == []


def test_the_night_has_a_shade_for_everything_the_day_has():
    assert set(colours(LIGHT)) == set(colours(DARK))
    assert colours(DARK) == colours(CHOSEN_DARK)


def test_a_colour_stands_in_one_file_for_all_surfaces():
    for path in STYLES:
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"var\((--[a-z-]+)\)", text)) <= set(
            re.findall(r"(--[a-z-]+): ", TOKENS + text)
        ), path.name
        if path.name != "tokens.css":
            assert not set(re.findall(r"(--[a-z-]+): ", text)) & set(re.findall(r"(--[a-z-]+): ", TOKENS)), (
                path.name
            )


def test_nothing_comes_from_elsewhere():
    for path in (*(ROOT / "static").iterdir(), *(ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//[a-z]+\.[a-z]", text), path.name


def test_templates_hold_no_words_of_their_own():
    for path in (ROOT / "templates").rglob("*.html"):
        text = re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.findall(r"[\u4e00-\u9fff]+", text.replace(">中文<", "")), path.name


def test_what_a_page_loads_is_small():
    for path in (ROOT / "static").iterdir():
        assert path.stat().st_size < 20 * 1024, path.name
