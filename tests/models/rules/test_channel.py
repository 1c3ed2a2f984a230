"""告知方式: the entity's own order, whatever has no address left out, a person at the end (Art. 16 (2))."""

from hypothesis import given
from hypothesis import strategies as some

from models.rules.channel import BY_HAND, CHANNELS, NAMES, following, route

ALL = dict.fromkeys(CHANNELS, "x")


def test_without_a_wish_it_is_chat_mail_text_message_and_then_a_call():
    assert route([]) == ("chat", "email", "sms", "phone")


def test_a_wish_is_kept_and_a_person_stands_at_its_end():
    assert route(["sms", "email", "sms"]) == ("sms", "email", "phone")
    assert route(["fax", "email"]) == ("fax", "email")


def test_what_has_no_address_is_left_out():
    assert following(["fax", "email"], {"email": "a@x.test", "phone": "1"}, ()) == "email"


def test_after_three_calls_in_vain_a_letter_on_paper_is_due():
    assert following([], {"phone": "1", "post": "示例路1号", "personal": "示例路1号"}, {"phone"}) == "post"


def test_who_has_no_telephone_is_written_to():
    assert following([], {"post": "示例路1号", "personal": "示例路1号"}, ()) == "post"


@given(
    some.lists(some.sampled_from([*CHANNELS, "dove"])), some.dictionaries(some.sampled_from(CHANNELS), some.text()),
    some.sets(some.sampled_from(CHANNELS)),
)  # fmt: skip
def test_there_is_always_a_next_channel_and_machines_only_where_they_have_an_address(wish, there, used):
    found = following(wish, there, used)
    assert found in BY_HAND or (there[found] and found not in used)


@given(some.lists(some.sampled_from(CHANNELS)))
def test_every_channel_in_turn_and_then_a_person(wish):
    used = []
    while (one := following(wish, ALL, used)) not in used:
        used.append(one)
    assert set(BY_HAND) <= set(used)
    assert used[: len(route(wish))] == list(route(wish))


def test_every_name_in_the_register_is_a_channel():
    assert set(NAMES.values()) == set(CHANNELS)
