"""Two officers of each department, and the district's day: the table that the phone runs too (Art. 15)."""

import json
from datetime import datetime

from models.rules.visit import SHANGHAI, local_day, short_handed
from tests.vectors import phone_table

TABLE = json.loads(phone_table.TABLE.read_text("ascii"))


def test_a_department_with_fewer_than_two_on_site_is_short():
    for row in TABLE["crews"]:
        present = [department for department, count in row["came"].items() for _ in range(count)]
        assert short_handed(row["came"], present) == row["short"], row


def test_an_instant_has_the_districts_day_and_hour():
    for row in TABLE["times"]:
        at = datetime.fromisoformat(row["at"])
        assert (local_day(at).isoformat(), f"{at.astimezone(SHANGHAI):%H:%M}") == (
            row["day"],
            row["clock"],
        ), row
