"""Who holds the regulation in hand finds the file that acts out an article."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from models import ARTICLES

ROOM = Path("models/procedure")


def named(path: Path) -> set[int]:
    """The articles that the first words of a file name."""
    words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    places = re.findall(r"Art\. ([^)\n:;.]*(?:\(\d+\))?[^)\n:;.]*)", words)
    return {int(n) for place in places for n in re.findall(r"\d+", re.sub(r"\(\d+\)?", "", place))}


def test_the_map_of_articles_says_what_the_files_say():
    found: dict[int, set[str]] = defaultdict(set)
    for path in ROOM.glob("*.py"):
        for article in named(path):
            found[article].add(path.stem)
    assert {article: set(files) for article, files in ARTICLES.items()} == dict(found)


def test_every_article_that_is_named_stands_in_the_regulation():
    assert all(1 <= article <= 24 for article in ARTICLES)
    assert {12, 13, 14, 15, 16, 18} <= set(ARTICLES)
