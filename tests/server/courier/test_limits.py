"""Telegram's limits by a clock (F8): 30 messages in any second, one a second in a chat."""

import bisect
import random

from server.courier.limits import SendingLimits


class Watch:
    at = 1000.0

    def __call__(self):
        return self.at


def test_no_second_sees_more_than_thirty_even_after_a_long_silence():
    watch, dice, sent = Watch(), random.Random(18), []
    limits = SendingLimits(watch)
    for _ in range(3000):
        for _ in range(limits.room()):
            limits.begin(None)
            limits.end(None)
            sent.append(watch.at)
        watch.at += 60.0 if dice.random() < 0.01 else dice.random() / 20
    assert len(sent) > 300
    assert max(sum(start <= one < start + 1.0 for one in sent) for start in sent) <= 30


def test_twenty_six_messages_a_second_go_out_when_there_are_enough():
    watch = Watch()
    limits, sent = SendingLimits(watch), 0
    for _ in range(1000):
        room = limits.room()
        for _ in range(room):
            limits.begin(None)
            limits.end(None)
        sent += room
        watch.at += 0.01
    assert 260 <= sent <= 285


def test_a_chat_is_left_alone_for_a_second_from_when_its_message_has_gone():
    watch = Watch()
    limits = SendingLimits(watch)
    limits.begin(7)
    watch.at += 30
    assert limits.busy() == {7}
    limits.end(7)
    watch.at += 1.0
    assert limits.busy() == {7}
    watch.at += 0.1
    assert limits.busy() == frozenset()


def test_a_chat_that_asked_to_be_left_alone_is_and_the_others_are_not():
    watch = Watch()
    limits = SendingLimits(watch)
    for chat in (7, 8):
        limits.begin(chat)
    limits.end(7, seconds=40)
    limits.end(8)
    watch.at += 2
    assert limits.busy() == {7}
    watch.at += 37.9
    assert limits.busy() == {7}
    watch.at += 0.2
    assert limits.busy() == frozenset()


def test_r18_no_second_sees_more_than_thirty_however_long_each_is_on_its_way():
    watch, dice = Watch(), random.Random(429)
    limits, under_way, arrived = SendingLimits(watch), [], []
    for _ in range(20_000):
        for _ in range(limits.room()):
            limits.begin(None)
            begun, takes = watch.at, dice.choice((0.01, 0.05, 0.4, 3.0))
            under_way.append((begun + takes, begun + dice.random() * takes))
        watch.at += 2.0 if dice.random() < 0.002 else 0.01
        for one in [one for one in under_way if one[0] <= watch.at]:
            under_way.remove(one)
            arrived.append(one[1])
            limits.end(None)
    arrived.sort()
    assert len(arrived) > 2000
    most = max(bisect.bisect_right(arrived, one) - bisect.bisect_right(arrived, one - 1.0) for one in arrived)
    assert most <= 30


def test_what_has_no_chat_counts_in_all_and_holds_nobody():
    limits = SendingLimits(Watch())
    before = limits.room()
    limits.begin(None)
    limits.end(None)
    assert (limits.room(), limits.busy()) == (before - 1, frozenset())


def test_a_group_is_left_alone_for_three_seconds_so_that_it_has_twenty_a_minute():
    watch = Watch()
    limits, sent = SendingLimits(watch), 0
    for _ in range(6000):
        if -7 not in limits.busy():
            limits.begin(-7)
            limits.end(-7)
            sent += 1
        watch.at += 0.01
    assert 18 <= sent <= 20
