"""A fictitious letter, to show how a department's own words stand among the facts (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from locales import Words
from models.district import District
from models.queries.notices import NoticeDelivery
from models.rules.public.letter import TeamChanges
from models.rules.visit import local_day
from models.states import NoticeState
from server.documents.letter import Letter
from server.letters import compose

NUMBER = "2026-XH-GA-00-1-000"
MATERIALS = (
    "营业执照(登记证)置于住所或经营场所醒目位置",
    "公共场所卫生许可证有效(填写有效期至)",
    "消防设施器材完好有效,有年度检测和维护记录",
    "疏散通道、安全出口畅通",
)


def sample_letter(
    texts: Mapping[str, Mapping[str, str]], unit: str, spoken: Words, district: District, at: datetime
) -> Letter:
    """The letter of a visit that is none, in these words; its link leads nowhere and it says so across."""
    begins = at.replace(minute=0, second=0, microsecond=0) + timedelta(days=5)
    told = NoticeDelivery(
        0, f"{NUMBER}-T1", NUMBER, 1, NoticeState.DRAFTED, _facts(texts, unit, district, begins, at), "000000",
        at, None, None, "", "", (), TeamChanges(), at,
    )  # fmt: skip
    letter = compose(told, spoken, district)
    return replace(letter, watermark=spoken("letter.specimen"), url=district.link("/n/" + "0" * 22))


def _facts(
    texts: Mapping[str, Mapping[str, str]], unit: str, district: District, begins: datetime, at: datetime
) -> dict[str, Any]:
    return {
        "number": f"{NUMBER}-T1", "version": 1, "task": NUMBER, "title": "示例联合抽查", "plan": "2026-XH-GA-00",
        "plan_year": begins.year, "plan_of": unit, "scheme": "2026-XH-GA-00-S",
        "target": "示例酒店有限公司", "credit_code": "91410402XXXX000000", "numbered": "credit_code", "place": "示例路1号",
        "begins": begins.isoformat(), "ends": (begins + timedelta(hours=2)).isoformat(),
        "items": [["XH-00-01", "示例检查事项", "《示例条例》第1条"]], "methods": ["ON_SITE"],
        "departments": [unit], "officers": [["示例甲", unit, "0001", True], ["示例乙", unit, "0002", False]],
        "agencies": [], "texts": dict(texts), "materials": list(MATERIALS), "visit_of_year": 1,
        "year": begins.year, "issued": local_day(at).isoformat(), "complaint_phone": district.complaint_phone,
        "district": district.name,
    }  # fmt: skip
