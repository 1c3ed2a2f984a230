"""A file as the provincial platform gives one: what it drew for the sample district's batch, results."""

from __future__ import annotations

from collections.abc import Sequence

HEADS = "检查对象编号,对象名称,片区,抽查组,检查人员证号,组长证号\n"
CREW = (
    tuple(f"TEST-{department}-{n:03d}" for department in ("GA", "SCJG", "WJ", "XF") for n in (1, 2)),
    tuple(f"TEST-{department}-{n:03d}" for department in ("GA", "SCJG", "WJ", "XF") for n in (3, 4)),
)


def drawn_file(targets: Sequence[str] = ("OBJ00003", "OBJ00001", "OBJ00002")) -> bytes:
    """The targets in their order: the first with the first team, the others with the second."""
    lines = [
        f"{target},,,{1 if at == 0 else 2},{'；'.join(CREW[min(at, 1)])},\n"
        for at, target in enumerate(targets)
    ]
    return (HEADS + "".join(lines)).encode()


RESULT_HEADS = "任务编号,检查对象,批次,部门,检查结果,后续处置措施,结果说明,平台登记日期,平台回执编号\n"


def results_file(*lines: str) -> bytes:
    """Rows under the headings of a file of results: task, target, batch, department, types, measures, note, day, receipt."""
    return (RESULT_HEADS + "".join(f"{line}\n" for line in lines)).encode()
