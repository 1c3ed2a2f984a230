"""The walk through the rooms names rooms that are there."""

import re
from pathlib import Path

TOUR = Path("docs/tour.md")


def test_every_file_and_room_that_the_tour_names_exists():
    named = re.findall(r"`((?:bot|server|models|docs|tests)/[\w/.]*)`", TOUR.read_text(encoding="utf-8"))
    assert len(named) > 30
    assert [path for path in named if not Path(path).exists()] == []
