"""Logs: one line a record whatever a name contains, and no secret anywhere (F12, D72)."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from server.logs import Redacting, Seldom

TOKEN = "1234567890:AAF-canary_token_that_must_never_show1"
HOSTILE = "王\n2026-01-01 ERROR forged: x\r\x1b[31m红\x1b[0m\x9b31m\u2028\u2029\x00\u202e\t张"


def line(said, *values, form="console", secrets=(), error=None):
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("room", logging.ERROR, "file", 1, said, values, info)
    return Redacting(secrets, form).format(record)


@pytest.mark.parametrize("form", ["console", "json"])
def test_d72_a_name_with_line_breaks_and_colours_is_one_line(form):
    shown = line("inspector %s accepted", HOSTILE, form=form)
    assert len(shown.splitlines()) == 1
    assert shown.isprintable()
    assert "王?2026-01-01 ERROR forged: x??[31m红" in shown


def test_d72_a_json_line_is_json_with_chinese_as_it_is():
    row = json.loads(line("inspector %s", HOSTILE, form="json"))
    assert row["level"] == "ERROR"
    assert row["message"].startswith("inspector 王?")


def test_d72_a_name_in_a_traceback_forges_no_line_either():
    try:
        raise ValueError(HOSTILE)
    except ValueError as error:
        console, row = line("failed", error=error), json.loads(line("failed", form="json", error=error))
    first, *rest = console.splitlines()
    assert first.endswith("ERROR   room: failed")
    assert rest
    assert all(one.startswith("    ") for one in rest)
    assert row["trace"][0].startswith("Traceback")


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_secret_shows_in_message_values_or_traceback(form):
    try:
        raise OSError(f"https://api.example.test/bot{TOKEN}/getMe and hunter2-password and s3cret-of-hook")
    except OSError as error:
        shown = line(
            "calling %s", f"/bot{TOKEN}/x", form=form, error=error,
            secrets=("", "abc", "s3cret-of-hook", "smtp://me:hunter2-password@mail.example.test"),
        )  # fmt: skip
    for secret in (TOKEN, TOKEN[11:], "hunter2-password", "s3cret-of-hook"):
        assert secret not in shown
    assert "***" in shown


def test_a_token_nobody_named_is_known_by_its_looks():
    assert TOKEN not in line(f"file/bot{TOKEN}/photos/1.jpg")


def test_a_password_written_with_percent_signs_is_hidden_in_both_forms():
    secrets = ("smtp://me:hun%40ter22@mail.example.test",)
    assert "hun" not in line("said hun@ter22 and hun%40ter22", secrets=secrets)


def test_short_words_are_no_secrets():
    assert line("the abc of it", secrets=("abc",)).endswith("the abc of it")


def test_a_record_with_wrong_values_is_written_all_the_same():
    assert "%d of them" in line("%d of them", "many")


SCRIPT = """
import logging, sys, threading, warnings
sys.path.insert(0, {root!r})
from server import logs
logs.start("console", ["the-canary-secret"])
logging.getLogger("httpx").info("POST the-canary-secret")
logging.getLogger("a").info("%d", "the-canary-secret")
warnings.warn("the-canary-secret")
def thread():
    raise RuntimeError("the-canary-secret in a thread")
one = threading.Thread(target=thread); one.start(); one.join()
print("the end", file=sys.stdout)
raise SystemError("the-canary-secret at the end\\nERROR forged")
"""


def test_no_way_out_of_the_process_shows_a_secret():
    root = str(Path(__file__).parents[2])
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(root=root)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert ran.stdout == "the end\n"
    assert "canary" not in ran.stderr
    assert ran.stderr.count("***") >= 4
    assert "in a thread" in ran.stderr
    assert "at the end?ERROR forged" in ran.stderr or "    ERROR forged" in ran.stderr
    assert not any(one.startswith("ERROR forged") for one in ran.stderr.splitlines())


def test_d9_what_goes_on_and_on_is_said_once_a_minute(caplog):
    log = logging.getLogger("room")
    seldom = Seldom(log)
    for _ in range(100):
        seldom.warning("another process %s", "polls")
    assert [record.getMessage() for record in caplog.records] == ["another process polls"]
    again = Seldom(log, every=0.0)
    for _ in range(3):
        again.warning("x")
    assert len(caplog.records) == 4
