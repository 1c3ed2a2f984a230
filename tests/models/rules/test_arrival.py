"""亮码: what a code proves, and for how long (Art. 16 (2))."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

import pytest

from models.rules import arrival
from models.rules.visit import SHANGHAI
from models.states import TaskState

SECRET = hashlib.sha256(b"for tests only").digest()
AT = datetime(2026, 12, 8, 9, 0, 10, tzinfo=SHANGHAI)


def made(at=AT, assignment=7, secret=SECRET, day=None):
    key = arrival.day_key(secret, assignment, day or at.astimezone(SHANGHAI).date())
    return arrival.token(key, assignment, arrival.step_of(at))


def test_f16_a_code_is_22_characters_that_need_no_escaping():
    code = made(assignment=2**31 - 1)
    assert len(code) == arrival.LENGTH == 22
    assert set(code) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_code_says_whose_and_when():
    found = arrival.genuine(SECRET, made())
    assert (found.assignment, found.day) == (7, AT.date())


@pytest.mark.parametrize(
    ("seconds", "fresh"), [(-40, True), (-71, False), (0, True), (49, True), (50 + 30, False)]
)
def test_a_code_is_good_for_its_half_minute_and_its_neighbours(seconds, fresh):
    found = arrival.genuine(SECRET, made())
    assert arrival.fresh(found, AT + timedelta(seconds=seconds)) is fresh


def test_every_bit_counts():
    raw = bytearray(urlsafe_b64decode(made() + "=="))
    for bit in range(128):
        other = bytearray(raw)
        other[bit // 8] ^= 1 << bit % 8
        assert arrival.genuine(SECRET, urlsafe_b64encode(bytes(other)).decode().rstrip("=")) is None, bit


@pytest.mark.parametrize(
    "written", ["", "x", "A" * 22, "A" * 21, "A" * 23, "=" * 22, "码" * 22, "é" * 22, "\x00" * 22]
)
def test_what_is_no_code_is_nobodys(written):
    assert arrival.genuine(SECRET, written) is None


def test_a_code_written_another_way_is_not_taken():
    code = made()
    last = code[-1]
    twin = next(
        c
        for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        if c != last and urlsafe_b64decode(code[:-1] + c + "==") == urlsafe_b64decode(code + "==")
    )
    assert arrival.genuine(SECRET, code[:-1] + twin) is None


def test_the_key_of_one_day_makes_no_code_of_another():
    yesterday = AT.date() - timedelta(days=1)
    assert arrival.genuine(SECRET, made(day=yesterday)) is None


def test_the_key_of_one_place_makes_no_code_of_another():
    key = arrival.day_key(SECRET, 7, AT.date())
    assert arrival.genuine(SECRET, arrival.token(key, 8, arrival.step_of(AT))) is None


def test_the_day_of_a_code_begins_at_midnight_in_the_district():
    late = datetime(2026, 12, 8, 0, 0, 5, tzinfo=SHANGHAI)
    assert arrival.genuine(SECRET, made(late)).day == late.date()


def test_a_phone_has_its_key_before_the_day_so_that_it_needs_no_reception_then():
    eve = AT - timedelta(days=1)
    assert arrival.key_day(TaskState.SCHEDULED, AT, eve) == AT.date()
    assert arrival.key_day(TaskState.SCHEDULED, AT, AT + timedelta(days=2)) == AT.date() + timedelta(days=2)
    assert arrival.key_day(TaskState.ON_SITE, AT, AT + timedelta(days=1)) == AT.date() + timedelta(days=1)
    assert arrival.key_day(TaskState.SCHEDULED, None, AT) is None
    assert arrival.key_day(TaskState.CONCLUDED, AT, AT) is None
    assert not arrival.at_the_door(TaskState.SCHEDULED, AT, eve)
    assert arrival.at_the_door(TaskState.SCHEDULED, AT, AT)


def test_far_is_beyond_500_metres_from_the_near_edge_of_the_circle():
    assert arrival.far(501, 0) and arrival.far(501, None)
    assert not arrival.far(520, 30)
    assert not arrival.far(None, 5)
