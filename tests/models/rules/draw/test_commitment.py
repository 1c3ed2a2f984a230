"""Art. 14 (1): what is fixed before any entropy exists, and what may not be fixed."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.refusal import Refusal
from models.rules.draw.commitment import certain, commit, read_commitment
from models.rules.draw.files import canonical, instant, normal, ordered, stamp, sums, table
from models.rules.draw.rows import (
    ExclusionRow,
    Mode,
    PoolRow,
    RecusalGround,
    RecusalRow,
    RosterRow,
    key,
    keys_file,
    keys_of,
    target_id,
)
from tests.models.rules.drawing import NINE, VECTORS, hold_for, keys, padding, pool, roster, rules, salt


def usual(**changes: Any) -> dict[str, Any]:
    parts: dict[str, Any] = {"rules": rules(), "pool": pool(), "roster": roster(), "padding": padding()}
    return parts | changes


def refused(code: str, act: Callable[[], Any], **params: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        act()
    assert refusal.value.code == code
    assert params.items() <= refusal.value.params.items()


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_the_vectors_files_are_written_byte_for_byte(case: dict[str, Any]) -> None:
    files = {name: text.encode() for name, text in case["files"].items()}
    read = read_commitment(files)
    assert read.commitment == case["commitment"]
    again = commit(read.rules, read.pool, read.roster, read.recusals, read.exclusions, padding=padding())
    for name in ("rules.json", "pool.tsv", "roster.tsv", "recusals.tsv", "exclusions.tsv"):
        assert again.files[name] == files[name]


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_the_vectors_keys_are_met(case: dict[str, Any]) -> None:
    rows = table(case["files"]["keys.tsv"].encode(), "keys.tsv", 3)
    made = [key(bytes.fromhex(salted), code) for _, salted, code in rows]
    assert keys_file(made).decode() == case["files"]["keys.tsv"]


@given(
    st.lists(
        st.text("aZ9-_ ,\t\n一ﬁ\x1f\x7f", max_size=5) | st.from_regex(r"[0-9a-zA-Z]{1,18}", fullmatch=True),
        max_size=6,
    )
)
def test_the_keys_of_many_codes_are_those_of_each_or_refused_as_it_is(codes: list[str]) -> None:
    salts = [salt(n) for n, _ in enumerate(codes)]
    try:
        each = [key(*pair) for pair in zip(salts, codes, strict=True)]
    except Refusal as no:
        refused(no.code, lambda: keys_of(salts, codes))
    else:
        assert keys_of(salts, codes) == each


def test_a_code_is_normalised_before_anything() -> None:
    assert normal(" 9141 0402ma４０５７５１５５ ") == "91410402MA40575155"
    assert normal("ﬁ-straße\u3000ⅷ") == "FI-STRASSEVIII"
    assert target_id(salt(1), "91410402ma40575155") == target_id(salt(1), " ９１410402MA40575155\n")
    people = [row._replace(certificate=row.certificate.lower() + " ") for row in roster()]
    assert commit(**usual(roster=people)).files["roster.tsv"] == commit(**usual()).files["roster.tsv"]


def test_the_sums_are_what_sha256sum_checks(tmp_path: Path) -> None:
    for name, data in commit(**usual()).files.items():
        (tmp_path / name).write_bytes(data)
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stdout.count(b": OK\n") == 6


def test_rows_are_sorted_by_their_utf8_bytes() -> None:
    assert ordered([("𠀀",), ("Ａ",), ("10", "x"), ("2",)]) == "10\tx\n2\nＡ\n𠀀\n".encode()
    assert ordered([]) == b""


def test_json_has_sorted_keys_no_spaces_and_plain_chinese() -> None:
    assert canonical({"𠀀": 1, "Ａ": {"b": 2, "a": []}}) == '{"Ａ":{"a":[],"b":2},"𠀀":1}\n'.encode()


def test_times_carry_the_districts_offset() -> None:
    assert stamp(NINE) == "2026-11-26T09:00:00+08:00"
    assert instant("2026-11-26T01:00:00+00:00") == NINE
    refused("draw.time_malformed", lambda: instant("2026-11-26T09:00:00"))
    refused("draw.time_malformed", lambda: instant("yesterday"))


def test_holds_hide_how_many_they_are() -> None:
    for count, rows in ((0, 10), (1, 10), (10, 10), (11, 20)):
        held = [hold_for(row.id, n) for n, row in enumerate(pool(12)[:count])]
        committed = commit(**usual(holds=held))
        assert committed.files["holds.tsv"].count(b"\n") == rows
        assert {hold.sealed for hold in held} <= committed.sealed


def test_the_same_content_is_committed_to_whatever_its_order() -> None:
    fixed = usual(padding=bytes)
    turned = usual(pool=pool()[::-1], roster=roster()[::-1], padding=bytes)
    refused("draw.hold_twice", lambda: commit(**fixed))
    one, other = commit(**usual()), commit(**{**turned, "padding": padding()})
    assert one.files["pool.tsv"] == other.files["pool.tsv"]
    assert one.files["roster.tsv"] == other.files["roster.tsv"]


BAD_RULES: list[tuple[str, dict[str, Any]]] = [
    ("draw.count_too_small", {"areas": {"东区": 0, "西区": 2}}),
    ("draw.count_too_small", {"areas": {"东区": True, "西区": 2}}),
    ("draw.count_too_small", {"crew": {"GA": 2, "WL": 0}}),
    ("draw.count_too_small", {"strata": {"A": -1}}),
    ("draw.rules_malformed", {"areas": {}}),
    ("draw.rules_malformed", {"spec": "shuangsuiji/draw/2"}),
    ("draw.initiating_not_in_crew", {"initiating": "XF"}),
    ("draw.number_malformed", {"number": 0}),
    ("draw.previous_malformed", {"number": 2}),
    ("draw.previous_malformed", {"previous": "0" * 64}),
    ("draw.previous_malformed", {"number": 2, "previous": "A" * 64}),
    ("draw.no_entropy", {"entropy": (), "mode": Mode.PRACTICE}),
    ("draw.too_few_witnesses", {"entropy": ("witness:GA", "lottery:福彩3D 2026300")}),
    ("draw.source_twice", {"entropy": ("witness:GA", "witness:GA")}),
    ("draw.department_unknown", {"entropy": ("witness:GA", "witness:XF")}),
    ("draw.source_malformed", {"entropy": ("witness:GA", "witness:WL", "horoscope:today 1")}),
    ("draw.source_malformed", {"entropy": ("witness:GA", "witness:WL", "beacon:drand")}),
    ("draw.field_not_plain", {"draw": "2026\n1"}),
    ("draw.field_not_plain", {"areas": {"东\t区": 1, "西区": 2}}),
    ("draw.stratum_too_small", {"strata": {"A": 13}}),
    ("draw.stratum_unknown", {"strata": {"B": 1}}),
    ("draw.area_without_team", {"areas": {"西区": 2}}),
    ("draw.crew_short", {"crew": {"GA": 4, "WL": 2}}),
]


@pytest.mark.parametrize(("code", "changes"), BAD_RULES, ids=lambda value: str(value)[:40])
def test_impossible_rules_are_refused_before_any_entropy(code: str, changes: dict[str, Any]) -> None:
    refused(code, lambda: commit(**usual(rules=rules(**changes))))


def test_a_count_above_the_stratum_is_refused_with_both_numbers() -> None:
    act = lambda: commit(**usual(rules=rules(strata={"A": 13})))  # noqa: E731
    refused("draw.stratum_too_small", act, stratum="A", count=13, size=12)


def test_a_practice_draw_needs_no_two_witnesses() -> None:
    made = rules(mode=Mode.PRACTICE, entropy=("lottery:福彩3D 2026300",))
    assert not commit(**usual(rules=made)).rules.steerable
    assert commit(**usual()).rules.steerable


def test_the_same_id_certificate_or_pair_twice_is_refused() -> None:
    twice = RecusalRow(pool()[0].id, "1604GA000", RecusalGround.SELF)
    other = twice._replace(ground=RecusalGround.ENTITY)
    refused("draw.id_twice", lambda: commit(**usual(pool=[*pool(), pool()[3]])), id=pool()[3].id)
    same = roster()[0]._replace(certificate="1604ga000 ")
    refused("draw.certificate_twice", lambda: commit(**usual(roster=[*roster(), same])))
    refused("draw.recusal_twice", lambda: commit(**usual(recusals=[twice, other])))
    refused("draw.code_twice", lambda: keys_file([key(salt(1), "x"), key(salt(2), "Ｘ")]))


def test_what_the_other_files_do_not_know_is_refused() -> None:
    stranger = target_id(salt(99), "NOBODY")
    on = RecusalRow(stranger, "1604GA000", RecusalGround.SELF)
    refused("draw.id_unknown", lambda: commit(**usual(recusals=[on])), id=stranger)
    by = RecusalRow(pool()[0].id, "1604GA999", RecusalGround.SELF)
    refused("draw.certificate_unknown", lambda: commit(**usual(recusals=[by])))
    refused("draw.id_unknown", lambda: commit(**usual(holds=[hold_for(stranger)])))
    far = RosterRow("1604GA900", "GA", ("南区",), False)
    refused("draw.area_unknown", lambda: commit(**usual(roster=[*roster(), far])), area="南区")
    alien = RosterRow("1604XF900", "XF", ("东区",), False)
    refused("draw.department_unknown", lambda: commit(**usual(roster=[*roster(), alien])), department="XF")
    lost = PoolRow(stranger, "A", "南区")
    refused("draw.area_without_team", lambda: commit(**usual(pool=[*pool(), lost])), area="南区")


def test_who_is_left_out_cannot_be_drawn() -> None:
    for subject in (pool()[0].id, "1604GA000"):
        out = ExclusionRow(subject, "expired")
        refused(
            "draw.excluded_yet_drawable", lambda out=out: commit(**usual(exclusions=[out])), subject=out[0]
        )


def test_a_certificate_that_was_left_out_is_normalised_and_an_id_is_not() -> None:
    stranger = target_id(salt(99), "NOBODY")
    rows = [ExclusionRow(" 1604xx999", "expired"), ExclusionRow(stranger, "same-year")]
    written = commit(**usual(exclusions=rows)).files["exclusions.tsv"].decode()
    assert written == "".join(sorted(["1604XX999\texpired\n", f"{stranger}\tsame-year\n"]))
    hidden = ExclusionRow("1604ga000", "expired")
    refused("draw.excluded_yet_drawable", lambda: commit(**usual(exclusions=[hidden])))


def test_an_inspector_without_areas_and_a_nameless_id_are_refused() -> None:
    nowhere = RosterRow("1604GA900", "GA", (), False)
    refused("draw.areas_malformed", lambda: commit(**usual(roster=[*roster(), nowhere])))
    refused("draw.id_malformed", lambda: commit(**usual(pool=[*pool(), PoolRow("short", "A", "东区")])))
    refused("draw.field_not_plain", lambda: key(salt(1), "a,b"))
    refused("draw.field_not_plain", lambda: key(salt(1), "  "))


def test_what_is_certain_before_any_ticket_is_said() -> None:
    few = [row for row in roster(6) if row.department == "GA"] + roster(9, ("WL",))
    known = certain(rules(strata={"A": 12}), pool(), few)
    assert known.strata == ("A",)
    assert known.areas == ("东区",)
    assert known.inspectors == tuple(f"1604GA{n:03d}" for n in range(6))
    assert certain(rules(), pool(), roster()).inspectors == ()


def test_any_other_byte_of_a_committed_file_is_noticed() -> None:
    committed = commit(**usual(holds=[hold_for(pool()[0].id)], exclusions=[ExclusionRow("X1", "expired")]))
    assert read_commitment(committed.files) == committed
    for name, data in committed.files.items():
        for at in range(0, len(data), 7):
            changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            with pytest.raises(Refusal):
                read_commitment({**committed.files, name: changed})


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("pool.tsv", lambda data: b"\n".join(data.split(b"\n")[:-1][::-1]) + b"\n"),
        ("pool.tsv", lambda data: data.replace(b"\n", b"\r\n")),
        ("pool.tsv", lambda data: data[:-1]),
        ("pool.tsv", lambda data: b"\xef\xbb\xbf" + data),
        ("pool.tsv", lambda data: data.replace(b"A", b"\xff")),
        ("roster.tsv", lambda data: data.replace(b"\t1\n", b"\tyes\n")),
        ("roster.tsv", lambda data: data.replace("东区,西区".encode(), "西区,东区".encode())),
        ("holds.tsv", lambda data: data[65:]),
        ("holds.tsv", lambda data: data.upper()),
        ("rules.json", lambda data: data.replace(b":", b": ")),
        ("rules.json", lambda data: data.replace(b'"number":1', b'"number":1.0')),
        ("rules.json", lambda data: data.replace(b'"number":1', b'"number":1,"extra":2')),
        ("rules.json", lambda data: b"[" * 100_000),
        ("rules.json", lambda data: json.dumps(["witness:GA"]).encode()),
        ("rules.json", lambda data: data.replace(b'["witness:GA","witness:WL"]', b"[1,2]")),
    ],
)
def test_files_that_are_not_written_as_agreed_are_refused(
    name: str, change: Callable[[bytes], bytes]
) -> None:
    files = dict(commit(**usual()).files)
    del files["SHA256SUMS"]
    files[name] = change(files[name])
    with pytest.raises(Refusal):
        read_commitment({**files, "SHA256SUMS": sums(files)})


def test_a_missing_file_is_named() -> None:
    files = dict(commit(**usual()).files)
    del files["holds.tsv"]
    refused("draw.file_missing", lambda: read_commitment(files), file="holds.tsv")


def test_a_later_draw_names_the_one_before() -> None:
    first = commit(**usual())
    second = commit(**usual(rules=replace(first.rules, number=2, previous=first.commitment)))
    assert second.commitment != first.commitment


def test_keys_lead_back_to_names() -> None:
    made = keys(5)
    lines = keys_file(made).decode().splitlines()
    assert lines == sorted(lines)
    assert f"{made[0].id}\t{made[0].salt.hex()}\t{made[0].code}" in lines
