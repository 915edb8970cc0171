"""How fast a stream goes, and how long the rest takes."""

from __future__ import annotations

import pytest

from server.runs.pace import Pace


def paced(*notes: tuple[float, int]) -> Pace:
    pace = Pace()
    for time, rows in notes:
        pace.note(time, rows)
    return pace


def test_nothing_is_known_at_first() -> None:
    assert Pace().rows_per_second == 0
    assert Pace().eta(10) is None
    assert paced((0, 0), (0.1, 1000)).eta(10) is None, "too short to tell"


def test_a_steady_stream_has_one_pace() -> None:
    pace = paced(*((float(second), second * 100) for second in range(61)))
    assert pace.rows_per_second == pytest.approx(100)
    assert pace.eta(1000) == pytest.approx((10, 10))


def test_a_stream_that_slows_down_has_a_range() -> None:
    fast = [(float(second), second * 1000) for second in range(31)]
    slow = [(30.0 + second, 30_000 + second * 100) for second in range(1, 31)]
    pace = paced(*fast, *slow)
    assert pace.rows_per_second == pytest.approx(100)
    low, high = pace.eta(3300) or (0, 0)
    assert low == pytest.approx(3300 / 550)
    assert high == pytest.approx(33)


def test_a_stream_that_stands_still_has_no_end_in_sight() -> None:
    pace = paced((0, 0), (5, 500), (20, 500), (40, 500))
    assert pace.rows_per_second == 0
    assert pace.eta(100) is None


def test_more_rows_than_estimated_are_nearly_there() -> None:
    assert paced((0, 0), (2, 200)).eta(-50) == (0, 0)
