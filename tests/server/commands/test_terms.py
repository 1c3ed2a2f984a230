"""`terms` as a person at the server runs it: every kind of term, with the lengths of this district."""

import json

import pytest

from models.rules.term.kinds import KINDS
from tests.support import fork_server


def run(*words, language="zh_Hans", **settings):
    known = {"LANGUAGE": language, **settings}
    return fork_server.run(
        "terms", *words, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()}
    )


def test_every_kind_is_one_object_with_length_thresholds_and_recipients(tmp_path):
    said = run("--json", DATA_DIR=str(tmp_path), TERMS="accept=8 objection=5")
    assert (said.returncode, said.stderr) == (0, "")
    kinds = {one["name"]: one for one in json.loads(said.stdout)}
    assert list(kinds) == [kind.name for kind in KINDS]
    entry = kinds["entry"]
    assert (entry["article"], entry["length"], entry["unit"]) == ("16(3)", 20, "workdays")
    assert entry["thresholds"] == [10, 5, 2, 1, 0]
    assert entry["recipients"] == [
        {"who": "officer", "from": None}, {"who": "leader", "from": None}, {"who": "head", "from": 0},
        {"who": "office", "from": -1},
    ]  # fmt: skip
    assert (kinds["accept"]["length"], kinds["objection"]["length"]) == (8, 5)
    assert all(one["reminded"] != bool(one["why_not"]) for one in kinds.values())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh_Hans", "检查结果录入（第16(3)条）：20个工作日"),
        ("en", "Result entered (Art. 16(3)): 20 working days"),
    ],
)
def test_a_person_reads_one_line_a_kind(tmp_path, language, said):
    listed = run(language=language, DATA_DIR=str(tmp_path))
    assert len(listed.stdout.splitlines()) == len(KINDS)
    assert said in listed.stdout
