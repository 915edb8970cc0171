"""Timestamps as PostgreSQL reads them: the same texts as Python's own, for every year, zone and NULL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sync.postgres.instants import MOST_DAYS, printed

FIRST, LAST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999)
EPOCH = datetime(1970, 1, 1)


def expected(value: datetime | None, zone: str | None) -> str | None:
    return None if value is None else value.isoformat(" ", "microseconds") + ("+00" if zone else "")


@pytest.mark.parametrize("zone", [None, "UTC"])
@given(
    start=st.datetimes(min_value=FIRST, max_value=LAST - timedelta(days=1)),
    offsets=st.lists(st.none() | st.integers(0, 86_400_000_000 - 1), max_size=30),
)
def test_instants_are_printed_as_they_are(start: datetime, offsets: list[int | None], zone: str | None) -> None:
    values = [None if offset is None else start + timedelta(microseconds=offset) for offset in offsets]
    micros = [None if value is None else (value - EPOCH) // timedelta(microseconds=1) for value in values]
    array = pa.array(micros, pa.int64()).cast(pa.timestamp("us", zone))
    texts = printed(array)
    if not values:
        assert texts is None
        return
    assert texts is not None
    texts.validate(full=True)
    assert texts.to_pylist() == [expected(value, zone) for value in values]


def test_a_part_of_an_array_prints_that_part() -> None:
    values = [datetime(2024, 2, 29, 12, 30, second, tzinfo=UTC) for second in range(10)]
    array = pa.array([None, *values], pa.timestamp("us", "UTC")).slice(3, 4)
    texts = printed(array)
    assert texts is not None
    assert texts.to_pylist() == [f"2024-02-29 12:30:0{second}.000000+00" for second in range(2, 6)]


def test_a_span_of_more_years_than_the_table_has_is_left_to_arrow() -> None:
    assert printed(pa.array([FIRST, FIRST + timedelta(days=MOST_DAYS + 1)], pa.timestamp("us"))) is None
