"""后续处理: what must be said of a case, a referral, of supervision (Art. 17)."""

from datetime import date

import pytest

from models.refusal import Refusal
from models.rules.follow_up import FollowUpForm, check, check_end

ENDED, TODAY = date(2026, 12, 9), date(2026, 12, 20)
CASE = FollowUpForm("case", TODAY, " 示例〔2026〕1号 ")
SENT = FollowUpForm("referral", TODAY, "示例函1号", "示例管理局", "示例线索")
AGAIN = FollowUpForm("supervision", date(2026, 12, 21), text="示例复查")


@pytest.mark.parametrize(
    "form", [CASE, SENT, AGAIN, FollowUpForm("judicial", ENDED, "示例函2号", "示例机关", "示例")]
)
def test_what_is_whole_is_kept_without_blanks_around_it(form):
    assert check(form, ("R06",), ENDED, TODAY).reference == form.reference.strip()


@pytest.mark.parametrize(
    ("form", "types", "code"),
    [
        (FollowUpForm("fine", TODAY), ("R06",), "kind"),
        (CASE, None, "no_result"),
        (CASE, ("R01",), "nothing_found"),
        (CASE, ("R07",), "nothing_found"),
        (FollowUpForm("case", TODAY, " "), ("R06",), "no_reference"),
        (FollowUpForm("case", date(2026, 12, 8), "1"), ("R06",), "day_past"),
        (FollowUpForm("case", date(2026, 12, 21), "1"), ("R06",), "day_past"),
        (FollowUpForm("referral", TODAY, "1", "", "示例"), ("R06",), "no_authority"),
        (FollowUpForm("referral", TODAY, "1", "示例", ""), ("R06",), "no_text"),
        (FollowUpForm("referral", TODAY, "1", "示例" * 61, "示例"), ("R06",), "too_long"),
        (FollowUpForm("supervision", TODAY, text="示例"), ("R06",), "day_to_come"),
        (FollowUpForm("supervision", date(2027, 1, 1)), ("R06",), "no_text"),
    ],
)
def test_what_is_missing_or_wrong_is_named(form, types, code):
    with pytest.raises(Refusal) as no:
        check(form, types, ENDED, TODAY)
    assert no.value.code == f"follow_up.{code}"


def test_it_ends_with_words_on_a_day_since_it_was_begun():
    assert check_end(" 示例结案 ", TODAY, ENDED, TODAY) == "示例结案"
    wrong = [("", TODAY, "no_outcome")]
    wrong += [("示例", day, "day_past") for day in (date(2026, 12, 8), date(2026, 12, 21))]
    for outcome, day, code in wrong:
        with pytest.raises(Refusal) as no:
            check_end(outcome, day, ENDED, TODAY)
        assert no.value.code == f"follow_up.{code}"
