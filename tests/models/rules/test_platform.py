"""A mapping of ours says what stands in which column of the platform, and how a file of theirs differs (Art. 8)."""

import pytest

from models.refusal import Refusal
from models.rules.platform import differences, laid_out, read_mapping

WRITTEN = """
separator = "|"
[[column]]
heading = "编号"
field = "number"
[[column]]
heading = "结论"
field = "types"
values = { R01 = "1", R02 = "2" }
"""


def test_values_stand_in_their_columns_in_the_platforms_words():
    mapping = read_mapping(WRITTEN)
    assert mapping.headings == ("编号", "结论")
    assert laid_out({"number": ("007",), "types": ("R02", "R14")}, mapping) == ("007", "2|R14")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("column = 1", "platform.mapping"),
        ("[[column]]\nheading = 'a'", "platform.mapping"),
        ("not toml", "platform.mapping"),
        ("[[column]]\nheading='a'\nfield='phone'", "platform.field"),
        ("[[column]]\nheading='a'\nfield='code'", "platform.no_number"),
        (
            "[[column]]\nheading='a'\nfield='number'\n[[column]]\nheading='a'\nfield='code'",
            "platform.headings",
        ),
        ("[[column]]\nheading=' '\nfield='number'", "platform.headings"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(written, code):
    with pytest.raises(Refusal) as no:
        read_mapping(written)
    assert no.value.code == code


def test_each_difference_is_named_and_none_is_made_of_spaces_and_wide_characters():
    mapping = read_mapping(WRITTEN)
    apart = differences(
        [("1", "2"), ("2", "1"), ("3", "a b")], [("2", "2"), ("３", " a  b "), ("4", ""), ("4", "")], mapping
    )
    assert (apart.missing, apart.unknown, apart.twice) == (("1",), ("4",), ("4",))
    assert apart.changed == (("2", "结论", "1", "2"),)
    assert not differences([("1", "2")], [("1", "2")], mapping)
