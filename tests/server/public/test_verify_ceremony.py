"""Art. 14 (1): the verifier tells a ceremony that went as it must from one that did not."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from models.rules import draw
from models.rules.draw import entropy
from models.rules.draw.commitment import commit
from models.rules.draw.files import LOCAL
from models.rules.draw.rows import Mode
from tests.models.rules.drawing import padding, pool, roster, rules
from tests.server.public.bundles import differences, folder, verifier


def ceremony_of(*rows: str) -> bytes:
    return "".join(sorted(row.replace(" | ", "\t") + "\n" for row in rows)).encode()


BEACON_BEFORE, BEACON_AFTER = "2023-08-23T23:59:00+08:00", "2023-08-24T00:01:00+08:00"
SIGNATURE = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
CHAINED_SIGNATURE = (
    "a696b9409ababce45749c3a4ec369074453dd4a79967734e1390d969c8ad8d98897d217b9121e92c8ddebbddda8d92f9"
    "00e3bd6bf9deb166863b1a19390d743f82774001487594c5c09e581db7365f02b70a2c8cc41ce32446ef08e4890c4754"
)
TRUE = [
    f"witness:GA | pledge | {BEACON_BEFORE} | head:GA | own",
    f"witness:GA | value | {BEACON_BEFORE} | head:GA | own",
    f"witness:WL | pledge | {BEACON_BEFORE} | inspector:INS-WJ-1 | own",
    f"witness:WL | value | {BEACON_BEFORE} | inspector:INS-WJ-1 | own",
    f"beacon:drand-quicknet 1000 | value | {BEACON_AFTER} | office:1 | {SIGNATURE}",
]


def _signature(rows) -> str:
    return CHAINED_SIGNATURE if any(CHAINED_SIGNATURE in row for row in rows) else SIGNATURE


def witnessed(*rows: str, mode: Mode = Mode.OFFICIAL) -> dict[str, bytes]:
    """A small official draw with a real round of a beacon, and the record of who gave what."""
    outside = next((row.split(" | ")[0] for row in rows if not row.startswith("witness:")), "")
    sources = ("witness:GA", "witness:WL", *([outside] if outside else []))
    fixed = commit(replace(rules(), entropy=sources, mode=mode), pool(), roster(), padding=padding())
    values = ["123456" * 8 + "12", "654321" * 8 + "65"]
    pledges = [entropy.pledge(fixed.commitment, value) for value in values]
    if outside:
        values.append(
            "5 0 7" if outside.startswith("lottery") else sha256(bytes.fromhex(_signature(rows))).hexdigest()
        )
    made = draw.hold(fixed, pledges, values, datetime(2023, 8, 24, 9, tzinfo=LOCAL))
    return {**draw.bundle_files(made), "ceremony.tsv": ceremony_of(*rows)}


def test_e2_a_true_ceremony_agrees_and_says_what_is_left_to_compare(tmp_path: Path) -> None:
    report = verifier.check(str(folder(witnessed(*TRUE), tmp_path / "b")))
    assert report.lines == []
    assert [note.split(" | ")[1] for note in report.notes] == [
        "the signature of 「beacon:drand-quicknet 1000」 is not checked here: compare the round at any drand site"
    ]


CHAINED_ROWS = [
    *[row.replace("2023-08-2", "2023-09-1") for row in TRUE[:4]],
    f"beacon:drand-default 3311596 | value | 2023-09-15T20:00:00+08:00 | office:1 | {CHAINED_SIGNATURE}",
]


def test_a_round_of_the_chained_beacon_gives_its_value(tmp_path: Path) -> None:
    assert verifier.check(str(folder(witnessed(*CHAINED_ROWS), tmp_path / "b"))).lines == []


LOTTERY_ROWS = [
    *TRUE[:4],
    f"lottery:示例彩票@2023-08-24T00:00+08:00 7 | value | {BEACON_AFTER} | office:1 | read",
    f"lottery:示例彩票@2023-08-24T00:00+08:00 7 | confirm | {BEACON_AFTER} | head:WL | read",
]
FALSE_CEREMONIES = {
    "typed by the office": (
        [*TRUE[1:], TRUE[0].replace("head:GA | own", "office:1 | typed")],
        "not given from",
    ),
    "given by the office": ([row.replace("head:GA", "office:1") for row in TRUE], "not given from"),
    "another department's head": ([row.replace("head:GA", "head:WL") for row in TRUE], "not given from"),
    "one account for two": (
        [row.replace("head:GA", "inspector:INS-WJ-1") for row in TRUE],
        "speaks for several",
    ),
    "another account revealed": (
        [TRUE[0].replace("head:GA", "inspector:X"), *TRUE[1:]],
        "changed or speaks for several",
    ),
    "revealed when the round was out": (
        [TRUE[0], TRUE[1].replace(BEACON_BEFORE, "2023-08-23T23:59:24+08:00"), *TRUE[2:]],
        "was out already",
    ),
    "revealed before all had pledged": (
        [*TRUE[:2], TRUE[2].replace("59:00", "59:10"), TRUE[3].replace("59:00", "59:10"), TRUE[4]],
        "before the last pledge",
    ),
    "entered before it came out": (
        [*TRUE[:4], TRUE[4].replace(BEACON_AFTER, BEACON_BEFORE)],
        "before it came out",
    ),
    "another signature": ([*TRUE[:4], TRUE[4].replace("b446", "b447")], "not the value of"),
    "a row missing": (TRUE[1:], "pledge is missing"),
    "a lottery read by one": (LOTTERY_ROWS[:5], "was not confirmed"),
    "a lottery confirmed by the same": (
        [*LOTTERY_ROWS[:5], LOTTERY_ROWS[5].replace("head:WL", "office:1")],
        "was not confirmed",
    ),
    "a lottery without its time": (
        [row.replace("@2023-08-24T00:00+08:00", "") for row in LOTTERY_ROWS],
        "does not say when",
    ),
}


@pytest.mark.parametrize("name", FALSE_CEREMONIES)
def test_e2_a_ceremony_that_did_not_go_as_it_must_differs(name: str, tmp_path: Path) -> None:
    rows, said = FALSE_CEREMONIES[name]
    found = differences(folder(witnessed(*rows), tmp_path / "b"))
    assert found and any(said in line for line in found), found


def test_e2_a_bundle_says_when_anybody_could_choose(tmp_path: Path) -> None:
    alone = verifier.check(str(folder(witnessed(*TRUE[:4]), tmp_path / "b")))
    assert any("could choose the outcome" in note for note in alone.notes)
    rehearsed = witnessed(
        *[row.replace("head:GA | own", "office:1 | typed") for row in TRUE[:4]], mode=Mode.PRACTICE
    )
    report = verifier.check(str(folder(rehearsed, tmp_path / "c")))
    assert report.lines == []
    assert any("proves nothing about chance" in note for note in report.notes)
