"""How far a lag goes back from a cursor: to a value that the column's type has."""

from __future__ import annotations

import pytest

from server.sync.cursors import before
from server.sync.model import Column


@pytest.mark.parametrize(
    ("type_", "value", "lag", "expected"),
    [
        ("bigint", "2000", 10_000.0, "-8000"),
        ("bigint", "2000", 0.5, "1999"),
        ("smallint", "10", 1e9, "-32768"),
        ("integer", "7", 1e12, "-2147483648"),
        ("decimal(10,2)", "7.25", 0.5, "6.75"),
        ("double", "1.5", 0.25, "1.25"),
        ("text", "b", 10.0, "b"),
        ("date", "2024-01-02", 86_400.0, "2024-01-01"),
        ("timestamptz", "2024-01-02 00:00:00+00", 3_600.0, "2024-01-01 23:00:00+00:00"),
    ],
)
def test_a_lag_goes_back_to_a_value_of_the_type(type_: str, value: str, lag: float, expected: str) -> None:
    assert before(value, lag, Column("at", type_, nullable=True, native_type=type_)) == expected
