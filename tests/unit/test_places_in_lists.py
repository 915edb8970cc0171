"""Page tokens and stream cursors: opaque, bound to their query, harmless when damaged."""

from __future__ import annotations

import base64
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from thedata.v1 import data_sources_pb2, pipelines_pb2

from server.errors import InvalidCursor, InvalidPageToken
from server.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page
from server.pipelines.model import Position
from server.rpc.cursor import MOST_ATTEMPTS, MOST_ENTRIES, cursor_of, position_of
from server.rpc.page_token import next_page_token, page_request

List = data_sources_pb2.ListDataSourcesRequest
ORGANIZATION, ANOTHER = str(uuid4()), str(uuid4())


def token_of(request: List, key: str) -> str:
    return next_page_token(request, Page([], key))


@given(key=st.text(min_size=1, max_size=100), size=st.integers(0, 10_000))
def test_a_page_token_brings_its_key_back(key: str, size: int) -> None:
    request = List(organization_id=ORGANIZATION, page_size=size)
    request.page_token = token_of(request, key)
    assert page_request(request).after == key


def test_the_end_of_a_list_has_no_token() -> None:
    assert next_page_token(List(), Page([], None)) == ""
    assert page_request(List()).after is None


@pytest.mark.parametrize(("asked", "given_"), [(0, DEFAULT_PAGE_SIZE), (1, 1), (10**6, MAX_PAGE_SIZE)])
def test_the_page_s_size_has_a_default_and_an_end(asked: int, given_: int) -> None:
    assert page_request(List(page_size=asked)).size == given_


def test_the_size_may_change_from_page_to_page() -> None:
    token = token_of(List(page_size=2), "key")
    assert page_request(List(page_size=9, page_token=token)).after == "key"


@pytest.mark.parametrize(
    "other",
    [List(), List(organization_id=ANOTHER), List(organization_id=ORGANIZATION, connector="postgres")],
    ids=["no organization", "another organization", "another filter"],
)
def test_a_token_of_another_query_is_refused(other: List) -> None:
    other.page_token = token_of(List(organization_id=ORGANIZATION), "key")
    with pytest.raises(InvalidPageToken):
        page_request(other)


def test_a_token_of_another_method_is_refused() -> None:
    token = token_of(List(organization_id=ORGANIZATION), "key")
    with pytest.raises(InvalidPageToken):
        page_request(pipelines_pb2.ListPipelinesRequest(organization_id=ORGANIZATION, page_token=token))


@given(st.text(min_size=1, max_size=100))
def test_a_text_that_is_no_page_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidPageToken):
        page_request(List(page_token=text))


@given(st.integers(min_value=1))
def test_a_page_token_cut_short_is_refused(cut: int) -> None:
    token = token_of(List(), str(UUID(int=1)))
    with pytest.raises(InvalidPageToken):
        page_request(List(page_token=token[: len(token) - 1 - cut % (len(token) - 1)]))


positions = st.builds(
    Position,
    st.uuids(),
    st.dictionaries(st.integers(0, MOST_ATTEMPTS), st.integers(0, MOST_ENTRIES), max_size=10),
    st.integers(0, 2**63 - 1),
)


@given(positions)
def test_a_cursor_brings_its_position_back(position: Position) -> None:
    cursor = cursor_of(position)
    assert position_of(cursor) == position
    assert cursor == cursor_of(position), "equal positions have equal cursors"
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), "safe in a URL"


def test_an_empty_cursor_is_the_start() -> None:
    assert position_of("") is None


@given(st.binary(min_size=1, max_size=40) | st.text(min_size=1, max_size=40))
def test_whatever_is_sent_as_a_cursor_is_a_position_or_refused(sent: bytes | str) -> None:
    cursor = base64.urlsafe_b64encode(sent).decode() if isinstance(sent, bytes) else sent
    try:
        position = position_of(cursor)
    except InvalidCursor:
        return
    assert position is not None
    assert position_of(cursor_of(position)) == position


@pytest.mark.parametrize("seen", [{MOST_ATTEMPTS + 1: 1}, {1: MOST_ENTRIES + 1}])
def test_a_cursor_beyond_what_the_database_counts_is_refused(seen: dict[int, int]) -> None:
    with pytest.raises(InvalidCursor):
        position_of(cursor_of(Position(uuid4(), seen)))
