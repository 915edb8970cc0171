"""Which column a client is offered as a cursor."""

from __future__ import annotations

import pytest

from server.sync.cursors import suggested
from server.sync.model import Column, Stream


@pytest.mark.parametrize(
    ("columns", "key", "wanted"),
    [
        ({"id": "bigint", "created_at": "timestamptz", "updated_at": "timestamptz"}, ("id",), "updated_at"),
        ({"id": "bigint", "lastModified": "timestamp"}, ("id",), "lastModified"),
        ({"id": "bigint", "exchange_time": "timestamptz"}, ("id",), "id"),
        ({"id": "bigint", "updated_at": "text"}, ("id",), "id"),
        ({"id": "uuid", "name": "text"}, ("id",), ""),
        ({"a": "integer", "b": "integer"}, ("a", "b"), ""),
        ({"n": "integer"}, (), ""),
    ],
)
def test_a_time_of_change_is_suggested_else_a_key_that_grows(
    columns: dict[str, str], key: tuple[str, ...], wanted: str
) -> None:
    stream = Stream("s", "", tuple(Column(name, type_, True, type_) for name, type_ in columns.items()), key)
    assert suggested(stream) == wanted
