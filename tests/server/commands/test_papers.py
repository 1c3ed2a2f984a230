"""Art. 7, 13 at the server: a scheme is kept as a draft, signed in the heads' names, a batch voided, a department invited."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from models.states import BatchState
from models.tables import Batch, Invitation, Scheme, SchemeDraft
from tests.support import district as sample
from tests.support import fork_server
from tests.support.district import BATCH, CREW

FILE = """plan_entry = "2026-XH-GA-02"
code = "2026-XH-GA-02-S2"
[[batches]]
code = "2026-XH-GA-02-8"
strata = { A = 2 }
teams = { "*" = 2 }
crew = { GA = 2, SCJG = 2, WJ = 2, XF = 2 }
from = 2026-12-01
until = 2026-12-11
entropy = ["witness:GA", "witness:WJ"]
"""


@pytest.fixture
async def house(db, tmp_path):
    await sample.found()

    def run(*words, language="zh_Hans"):
        known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": language}
        return fork_server.run(*words, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()})

    run.folder = tmp_path
    return run


async def test_a_scheme_is_drafted_from_a_file_and_signed_in_the_heads_names(house):
    paper = house.folder / "scheme.toml"
    paper.write_text(FILE, "utf-8")
    drafted = house("scheme", "draft", str(paper))
    assert drafted.returncode == 0 and "未签署" in drafted.stdout, drafted.stderr
    number = str((await SchemeDraft.get()).id)
    assert number in house("scheme", "drafts", language="en").stdout
    for department in CREW:
        signed = house(
            "act", "do", "scheme_sign", number, "agree=true", "--as", f"head:{department}", "--reason", "示例"
        )
        assert signed.returncode == 0, signed.stderr
    assert await Scheme.exists(code="2026-XH-GA-02-S2")
    again = house("scheme", "draft", str(paper))
    assert again.returncode == 2 and "修订须写明原因" in again.stderr


async def test_a_batch_that_nobody_will_draw_is_voided_with_its_reason(house):
    done = house("batch", "withdraw", BATCH, "--reason", "示例：并入下一年度")
    assert done.returncode == 0, done.stderr
    row = await Batch.get(code=BATCH)
    assert (row.state, row.void_reason) == (BatchState.VOIDED, "示例：并入下一年度")


async def test_a_department_is_invited_on_a_sheet(house):
    sheet = house.folder / "sheet.pdf"
    done = house("invite", "--department", "WJ", "--out", str(sheet), language="en")
    assert done.returncode == 0 and str(sheet) in done.stdout, done.stderr
    assert "INS" not in done.stdout and len(PdfReader(io.BytesIO(sheet.read_bytes())).pages) >= 1
    assert await Invitation.filter(purpose="bind").count() == 6
    spoken = house("invite", "--department", "示例区消防救援大队", "--out", str(sheet))
    assert spoken.returncode == 0 and "消防救援" in spoken.stdout, spoken.stderr
    wrong = house("invite", "--department", "气象局", "--out", str(sheet))
    assert wrong.returncode == 2 and "气象局" in wrong.stderr
