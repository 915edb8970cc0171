"""The arithmetic of blocks: whoever takes how much in whatever order, nobody gets more than the limit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.limits.model import BLOCKS_PER_WINDOW, block_size, granted


@given(st.integers(1, 10**9), st.lists(st.integers(1, 10**8), max_size=100))
def test_what_is_granted_is_the_limit_or_all_that_was_asked_for(limit: int, sizes: list[int]) -> None:
    total = given = 0
    for size in sizes:
        total += size
        given += granted(total, size, limit)
    assert given == min(limit, sum(sizes))


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.lists(st.integers(1, 10**8), max_size=50))
def test_after_a_limit_was_lowered_no_more_is_granted_than_the_new_one_leaves(
    before: int, after: int, sizes: list[int]
) -> None:
    total = sum(sizes)
    earlier = min(before, total)
    size = block_size(after)
    assert earlier + granted(total + size, size, after) <= max(before, after)


@given(st.integers(1, 10**9))
def test_a_server_asks_the_database_a_bounded_number_of_times(limit: int) -> None:
    size = block_size(limit)
    assert 1 <= size <= limit
    asked = -(-limit // size)
    assert asked <= 2 * BLOCKS_PER_WINDOW
