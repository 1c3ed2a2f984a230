"""The collector of cycles waits for as long as anybody works through a register, and no longer."""

import asyncio
import gc

import pytest

from models.collector import no_collection


def test_it_waits_for_the_last_of_several_at_once():
    with no_collection():
        with no_collection():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


async def test_it_goes_on_after_a_work_that_failed_in_another_thread():
    def fails():
        with no_collection():
            raise ValueError

    with pytest.raises(ValueError):
        await asyncio.to_thread(fails)
    assert gc.isenabled()
