"""An HTTP API as a source, against a real server on this machine."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from server.sync.connectors.base import ConfigInvalidError, ConnectorContext
from server.sync.connectors.http_api import HttpApiConfig, HttpApiConnector
from server.sync.engine import run_pipeline
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.receipt import StreamOutcome
from server.sync.source import Batch, CursorRange, Read
from server.sync.spec import Endpoint, RunIdentity, StreamSpec, SyncJob, SyncMode, Verification
from tests.sync.conftest import Lab, holds

SECRET = "s3cret canary/+"
CONNECTOR = HttpApiConnector()


@dataclass
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """What the server sends; ``hang`` is set when the test is over."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Api:
    """A server whose paths are functions."""

    url: str
    routes: dict[str, Callable[[Asked], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def config(self, *resources: dict[str, Any], **changes: Any) -> HttpApiConfig:
        return HttpApiConfig.model_validate({"base_url": self.url, "resources": resources, "max_retries": 1, **changes})


@pytest.fixture
def api() -> Iterator[Api]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            asked = Asked(self.command, parts.path, query, {k.lower(): v for k, v in self.headers.items()}, body)
            found.asked.append(asked)
            route = found.routes.get(parts.path)
            answer = route(asked) if route else Answer({"error": "no such thing"}, 404)
            sent = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            headers = {"Content-Type": "application/json", "Content-Length": str(len(sent)), **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        do_POST = do_GET  # noqa: N815 - as above

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Api(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield found
    found.over.set()
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def context(said: list[str]) -> ConnectorContext:
    return replace(ConnectorContext(timeout_seconds=30), tell=said.append)


async def read_all(
    config: HttpApiConfig,
    context: ConnectorContext,
    name: str,
    *,
    cursor: CursorRange | None = None,
    limit: int | None = None,
) -> list[Batch]:
    async with CONNECTOR.open_source(config, context) as source:
        stream = await source.describe("", name)
        async with aclosing(source.read(Read(stream, stream.columns, cursor, limit=limit))) as batches:
            return [batch async for batch in batches]


def rows_of(batches: list[Batch]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.rows.to_pylist()]


def numbered(count: int) -> list[dict[str, Any]]:
    return [{"id": number, "name": f"n{number}"} for number in range(1, count + 1)]


async def failure(config: HttpApiConfig, context: ConnectorContext, name: str = "items") -> SyncError:
    with pytest.raises(SyncError) as caught:
        await read_all(config, context, name)
    assert caught.value.origin is Origin.SOURCE
    assert caught.value.advice
    assert SECRET not in str(caught.value)
    return caught.value


def test_the_configuration_describes_itself_and_marks_its_secret() -> None:
    schema = CONNECTOR.json_schema()
    assert CONNECTOR.secret_fields() == {"secret"}
    assert schema["properties"]["secret"]["format"] == "password"
    assert all("description" in value for value in schema["properties"].values())
    for model in ("Resource", "Pagination", "ApiCursor", "Parent", "Auth"):
        assert all("description" in value for value in schema["$defs"][model]["properties"].values())


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"base_url": "ftp://host"}, "base_url"),
        ({"base_url": "http://u:s3cret@host"}, "base_url"),
        ({"auth": {"kind": "basic"}}, "auth"),
        ({"resources": []}, "resources"),
        ({"resources": [{"name": "a", "path": "a"}, {"name": "a", "path": "b"}]}, ""),
        ({"resources": [{"name": "a", "path": "a/{id}"}]}, "resources.0"),
        ({"resources": [{"name": "a", "path": "a/{id}", "parent": {"resource": "b", "fields": {"id": "id"}}}]}, ""),
        ({"resources": [{"name": "a", "path": "a/{id}", "parent": {"resource": "a", "fields": {"id": "id"}}}]}, ""),
        ({"resources": [{"name": "a", "path": "a", "types": {"x": "varchar"}}]}, "resources.0.types"),
        ({"resources": [{"name": "a", "path": "a", "body": {}}]}, "resources.0"),
    ],
)
def test_a_bad_configuration_is_named_without_its_values(changes: dict[str, Any], word: str) -> None:
    good = {"base_url": "http://host", "resources": [{"name": "items", "path": "items"}]}
    with pytest.raises(ConfigInvalidError) as caught:
        CONNECTOR.parse({**good, **changes})
    assert caught.value.violations[0].field == word
    assert "s3cret" not in str(caught.value)


async def test_check_discover_and_preview(api: Api, context: ConnectorContext) -> None:
    api.routes["/items"] = lambda _: Answer(numbered(3))
    config = api.config({"name": "items", "path": "items", "primary_key": ["id"]})
    result = await CONNECTOR.check(config, context)
    assert result.ok
    assert "items" in result.message
    catalog = await CONNECTOR.discover(config, context)
    [stream] = catalog.streams
    assert (stream.name, stream.primary_key) == ("items", ("id",))
    assert [(c.name, c.type, c.nullable) for c in stream.columns] == [("id", "bigint", True), ("name", "text", True)]
    shown = await CONNECTOR.preview(config, context, StreamSpec("items"), 2)
    assert shown.rows == ((1, "n1"), (2, "n2"))
    assert shown.truncated
    with pytest.raises(SyncError) as caught:
        await CONNECTOR.preview(config, context, StreamSpec("others"), 2)
    assert caught.value.code == "STREAM_NOT_FOUND"


async def test_values_land_digit_by_digit_and_nested_ones_as_json(api: Api, context: ConnectorContext) -> None:
    body = (
        b'[{"id": 9223372036854775807, "price": 0.10000000000000000000000000000000000001, "tags": ["a", null, 1.50],'
        b' "deep": {"n": 123456789012345678901234567890}, "ok": true, "empty": ""},'
        b' {"id": 2, "price": 1e400, "tags": [], "deep": null, "ok": false}]'
    )
    api.routes["/items"] = lambda _: Answer(body)
    batches = await read_all(api.config({"name": "items", "path": "items"}), context, "items")
    types = {column: str(batches[0].rows.schema.field(column).type) for column in batches[0].rows.schema.names}
    assert types == {
        "id": "int64", "price": "string", "tags": "string", "deep": "string", "ok": "bool", "empty": "string",
    }  # fmt: skip
    assert rows_of(batches) == [
        {"id": 9223372036854775807, "price": "0.10000000000000000000000000000000000001", "tags": '["a", null, 1.50]',
         "deep": '{"n": 123456789012345678901234567890}', "ok": True, "empty": ""},
        {"id": 2, "price": "1" + "0" * 400, "tags": "[]", "deep": None, "ok": False, "empty": None},
    ]  # fmt: skip
    assert batches[-1].bytes_read == len(body)


PAGE = 40


def paged(kind: str, url: str) -> Callable[[Asked], Answer]:
    rows = numbered(101)

    def link_header(asked: Asked) -> Answer:
        start = int(asked.query.get("start", "0"))
        more = {"Link": f'<{url}/items?start={start + PAGE}>; rel="next"'} if start + PAGE < len(rows) else {}
        return Answer(rows[start : start + PAGE], headers=more)

    def next_url(asked: Asked) -> Answer:
        start = int(asked.query.get("start", "0"))
        following = f"{url}/items?start={start + PAGE}" if start + PAGE < len(rows) else None
        return Answer({"results": rows[start : start + PAGE], "next": following})

    def cursor(asked: Asked) -> Answer:
        start = int(asked.query.get("cursor", "0"))
        following = start + PAGE if start + PAGE < len(rows) else None
        return Answer({"data": {"rows": rows[start : start + PAGE]}, "meta": {"next": following}})

    def offset(asked: Asked) -> Answer:
        start, limit = int(asked.query["offset"]), int(asked.query["limit"])
        return Answer({"items": rows[start : start + limit], "total": len(rows)})

    def page_number(asked: Asked) -> Answer:
        start = (int(asked.query["page"]) - 1) * PAGE
        return Answer({"items": rows[start : start + PAGE]})

    routes: dict[str, Callable[[Asked], Answer]] = {
        function.__name__: function for function in (link_header, next_url, cursor, offset, page_number)
    }
    return routes[kind]


@pytest.mark.parametrize(
    ("kind", "pagination", "selector"),
    [
        ("link_header", {"kind": "auto"}, ""),
        ("next_url", {"kind": "auto"}, ""),
        ("link_header", {"kind": "link_header"}, "$"),
        ("next_url", {"kind": "next_url", "next_path": "next"}, "results"),
        ("cursor", {"kind": "cursor", "next_path": "meta.next", "cursor_param": "cursor"}, "data.rows[*]"),
        ("offset", {"kind": "offset", "limit": 30, "total_path": "total"}, "items"),
        ("offset", {"kind": "offset", "limit": 30}, "items"),
        ("page_number", {"kind": "page_number"}, "items"),
    ],
)
async def test_every_kind_of_pagination_reads_every_row_once(
    api: Api, context: ConnectorContext, kind: str, pagination: dict[str, Any], selector: str
) -> None:
    api.routes["/items"] = paged(kind, api.url)
    config = api.config({"name": "items", "path": "items", "data_selector": selector, "pagination": pagination})
    rows = rows_of(await read_all(config, context, "items"))
    assert [row["id"] for row in rows] == list(range(1, 102))


async def test_a_single_page_and_a_limit(api: Api, context: ConnectorContext) -> None:
    api.routes["/items"] = paged("link_header", api.url)
    config = api.config({"name": "items", "path": "items", "pagination": {"kind": "single"}})
    assert len(rows_of(await read_all(config, context, "items"))) == PAGE
    config = api.config({"name": "items", "path": "items"})
    assert len(rows_of(await read_all(config, context, "items", limit=55))) == 55


async def test_children_are_asked_for_each_row_of_their_parent(api: Api, context: ConnectorContext) -> None:
    api.routes["/posts"] = lambda _: Answer([{"id": 7}, {"id": 9007199254740993}])
    for post in (7, 9007199254740993):
        api.routes[f"/posts/{post}/comments"] = lambda asked: Answer([{"text": asked.path}, {"text": "same"}])
    config = api.config(
        {"name": "comments", "path": "posts/{post}/comments",
         "parent": {"resource": "posts", "fields": {"post": "id"}, "include": ["id"]}},
        {"name": "posts", "path": "posts"},
    )  # fmt: skip
    rows = rows_of(await read_all(config, context, "comments"))
    assert [(row["text"], row["_posts_id"]) for row in rows] == [
        ("/posts/7/comments", 7),
        ("same", 7),
        ("/posts/9007199254740993/comments", 9007199254740993),
        ("same", 9007199254740993),
    ]


@pytest.mark.parametrize(
    ("auth", "seen"),
    [
        ({"kind": "bearer"}, ("header", "authorization", f"Bearer {SECRET}")),
        (
            {"kind": "basic", "username": "me"},
            ("header", "authorization", f"Basic {b64encode(f'me:{SECRET}'.encode()).decode()}"),
        ),
        ({"kind": "api_key", "name": "X-Key"}, ("header", "x-key", SECRET)),
        ({"kind": "api_key", "name": "key", "place": "query"}, ("query", "key", SECRET)),
    ],
)
async def test_every_kind_of_authentication(
    api: Api, context: ConnectorContext, auth: dict[str, Any], seen: tuple[str, str, str]
) -> None:
    where, name, value = seen

    def route(asked: Asked) -> Answer:
        given = (asked.headers if where == "header" else asked.query).get(name)
        return Answer(numbered(1)) if given == value else Answer({"error": f"bad key {given}"}, 401)

    api.routes["/items"] = route
    resource = {"name": "items", "path": "items"}
    assert (await CONNECTOR.check(api.config(resource, auth=auth, secret=SECRET), context)).ok
    error = await failure(api.config(resource, auth=auth, secret=SECRET + "x"), context)
    assert error.code == "AUTHENTICATION_FAILED"
    assert "s3cret" not in str(error)


async def test_client_credentials_are_exchanged_for_a_token(api: Api, context: ConnectorContext) -> None:
    def token(asked: Asked) -> Answer:
        form = parse_qs(asked.body.decode())
        good = form["client_secret"] == [SECRET] and form["scope"] == ["read"] and asked.method == "POST"
        return Answer({"access_token": "t0ken", "expires_in": 3600}) if good else Answer({}, 401)

    api.routes["/token"] = token
    api.routes["/items"] = lambda asked: (
        Answer(numbered(1)) if asked.headers.get("authorization") == "Bearer t0ken" else Answer({}, 403)
    )
    auth = {"kind": "oauth2_client_credentials", "token_url": f"{api.url}/token", "client_id": "me", "scope": "read"}
    config = api.config({"name": "items", "path": "items"}, auth=auth, secret=SECRET)
    assert len(rows_of(await read_all(config, context, "items"))) == 1
    error = await failure(api.config({"name": "items", "path": "items"}, auth=auth, secret="wrong"), context)
    assert error.code == "AUTHENTICATION_FAILED"


async def test_a_cursor_asks_for_what_is_new_and_filters_again(api: Api, context: ConnectorContext) -> None:
    rows = [{"id": n, "at": f"2024-01-0{n}T00:00:00Z"} for n in range(1, 6)] + [{"id": 6, "at": None}]
    api.routes["/items"] = lambda _: Answer(rows)  # the API gives more than it was asked for
    cursor = {
        "field": "at",
        "start_param": "since",
        "end_param": "until",
        "initial_value": "2024-01-01",
        "format": "unix_seconds",
    }
    resource = {"name": "items", "path": "items", "cursor": cursor, "types": {"at": "timestamptz"}}
    config = api.config(resource)
    between = CursorRange("at", "2024-01-02 00:00:00+00:00", "2024-01-04T00:00:00Z")
    found = rows_of(await read_all(config, context, "items", cursor=between))
    assert [row["id"] for row in found] == [2, 3, 4]
    assert api.asked[-1].query == {"since": "1704153600", "until": "1704326400"}
    assert api.asked[0].query == {"since": "1704067200"}
    found = rows_of(await read_all(config, context, "items", cursor=CursorRange("at", nulls=True)))
    assert len(found) == 6


async def test_post_with_a_body_keeps_the_digits_of_a_cursor(api: Api, context: ConnectorContext) -> None:
    api.routes["/search"] = lambda asked: Answer(numbered(2) if json.loads(asked.body) == {"q": {"n": 1.5}} else [])
    config = api.config({"name": "items", "path": "search", "method": "POST", "body": {"q": {"n": 1.5}}})
    assert len(rows_of(await read_all(config, context, "items"))) == 2


async def test_a_rate_limit_is_waited_for_and_told(api: Api, context: ConnectorContext, said: list[str]) -> None:
    calls: list[float] = []

    def route(_: Asked) -> Answer:
        calls.append(time.monotonic())
        if len(calls) == 1:
            return Answer({}, 429, {"Retry-After": "1"})
        if len(calls) == 2:
            return Answer({}, 503, {"Retry-After": formatdate(time.time() + 2, usegmt=True)})
        return Answer(numbered(1))

    api.routes["/items"] = route
    result = await CONNECTOR.check(api.config({"name": "items", "path": "items"}), context)
    assert result.ok
    assert calls[1] - calls[0] >= 1
    assert len(said) == 2
    assert "429" in said[0]
    assert "wait 2" in said[1]


async def test_a_rate_limit_beyond_the_bound_is_an_error(api: Api, context: ConnectorContext) -> None:
    api.routes["/items"] = lambda _: Answer({}, 429, {"Retry-After": "3600"})
    error = await failure(api.config({"name": "items", "path": "items"}), context)
    assert (error.code, error.type) == ("RATE_LIMITED", ErrorType.TRANSIENT)
    assert "3600" in error.message
    # Short waits add up, and come to an end too.
    api.routes["/items"] = lambda _: Answer({}, 429, {"Retry-After": "1"})
    error = await failure(api.config({"name": "items", "path": "items"}, max_total_wait_seconds=1), context)
    assert (error.code, len(api.asked)) == ("RATE_LIMITED", 3)
    # No wait at all, again and again, is no way around the bound.
    api.routes["/items"] = lambda _: Answer({}, 429, {"Retry-After": "0"})
    api.asked.clear()
    error = await failure(api.config({"name": "items", "path": "items"}, max_total_wait_seconds=1), context)
    assert (error.code, len(api.asked)) == ("RATE_LIMITED", 2)


async def test_a_server_error_is_tried_again_within_a_bound(api: Api, context: ConnectorContext) -> None:
    answers = [500, 502, 200]
    api.routes["/items"] = lambda _: Answer(numbered(1), answers.pop(0))
    config = api.config({"name": "items", "path": "items"}, max_retries=2)
    assert (await CONNECTOR.check(config, context)).ok
    api.routes["/items"] = lambda _: Answer({}, 500)
    api.asked.clear()
    error = await failure(config, context)
    assert (error.code, error.type, len(api.asked)) == ("SERVER_ERROR", ErrorType.TRANSIENT, 3)


HTML = b"<!DOCTYPE html><html>Log in</html>"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer({"message": f"your key {SECRET} is bad"}, 401), "AUTHENTICATION_FAILED"),
        (Answer({"message": f"/items?key={quote(SECRET)} is bad"}, 401), "AUTHENTICATION_FAILED"),
        (Answer({}, 403), "PERMISSION_DENIED"),
        (Answer({}, 404), "ENDPOINT_NOT_FOUND"),
        (Answer({"why": "no such parameter"}, 400), "REQUEST_REFUSED"),
        (Answer(HTML, headers={"Content-Type": "text/html"}), "ANSWER_NOT_JSON"),
        (Answer(HTML), "ANSWER_NOT_JSON"),
        (Answer(b'[{"id": 1}, {"id":'), "JSON_MALFORMED"),
        (Answer(b'[{"id": 1, "id": 2}]'), "JSON_MALFORMED"),
        (Answer(b""), "JSON_MALFORMED"),
        (Answer(b"[" * 100_000), "JSON_MALFORMED"),
        (Answer(b"[" + b'"x",' * 600_000 + b"1]"), "ANSWER_TOO_LARGE"),
        (Answer(b"", 302, {"Location": "/items"}), "REDIRECT_LOOP"),
        (Answer(b"", 302, {"Location": "ftp://127.0.0.1/etc"}), "URL_REFUSED"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_bad_answer_is_a_named_error(api: Api, context: ConnectorContext, answer: Answer, code: str) -> None:
    api.routes["/items"] = lambda _: answer
    config = api.config({"name": "items", "path": "items"}, max_answer_mib=1, secret=SECRET, auth={"kind": "bearer"})
    error = await failure(config, context)
    assert (error.code, error.stream, error.type) == (code, "items", ErrorType.CONFIG)
    assert error.position is not None
    assert quote(SECRET) not in str(error)


async def test_an_answer_without_the_selected_data_is_no_empty_page(api: Api, context: ConnectorContext) -> None:
    api.routes["/items"] = lambda _: Answer({"error": "quota", "items": None})
    error = await failure(api.config({"name": "items", "path": "items", "data_selector": "data.rows"}), context)
    assert error.code == "DATA_NOT_FOUND"
    assert "error, items" in error.message
    api.routes["/items"] = lambda _: Answer({"data": {"rows": []}})
    config = api.config({"name": "items", "path": "items", "data_selector": "data.rows", "types": {"id": "bigint"}})
    batches = await read_all(config, context, "items")
    assert rows_of(batches) == []
    assert batches[0].rows.schema.names == ["id"]


async def test_pages_that_go_in_a_circle_are_found(api: Api, context: ConnectorContext) -> None:
    resource = {"name": "items", "path": "items"}
    api.routes["/items"] = lambda _: Answer(numbered(3))  # takes no notice of the page's number
    error = await failure(api.config(resource, pagination={"kind": "page_number"}), context)
    assert (error.code, len(api.asked)) == ("PAGINATION_ENDLESS", 2)
    assert error.position == f"{api.url}/items after row 3"
    links = {"0": "1", "1": "2", "2": "1"}

    def circle(asked: Asked) -> Answer:
        at = asked.query.get("p", "0")
        return Answer({"results": [{"at": at}], "next": f"{api.url}/items?p={links[at]}"})

    api.routes["/items"] = circle
    error = await failure(api.config(resource, pagination={"kind": "next_url"}), context)
    assert error.code == "PAGINATION_ENDLESS"
    # Empty pages that always lead on are a circle too; empty ones with another link each are none.
    api.routes["/items"] = lambda _: Answer({"results": [], "next": f"{api.url}/items?p=1"})
    error = await failure(api.config(resource, pagination={"kind": "next_url"}), context)
    assert error.code == "PAGINATION_ENDLESS"

    def sparse(asked: Asked) -> Answer:
        at = int(asked.query.get("p", "0"))
        links = {"Link": f'<{api.url}/items?p={at + 1}>; rel="next"'} if at < 3 else {}
        return Answer(numbered(2) if at == 3 else [], headers=links)

    api.routes["/items"] = sparse
    config = api.config(resource, pagination={"kind": "link_header"})
    assert len(rows_of(await read_all(config, context, "items"))) == 2
    numbers = iter(range(10_000))
    api.routes["/items"] = lambda _: Answer([{"id": next(numbers)}])
    error = await failure(api.config(resource, pagination={"kind": "page_number"}, max_pages=20), context)
    assert error.code == "PAGINATION_ENDLESS"


async def test_an_api_that_never_answers_or_drips_is_given_up(api: Api, context: ConnectorContext) -> None:
    def never(_: Asked) -> Answer:
        api.over.wait(20)
        return Answer({})

    api.routes["/items"] = never
    started = time.monotonic()
    error = await failure(api.config({"name": "items", "path": "items"}, timeout_seconds=0.5), context)
    assert (error.code, error.type) == ("TIMEOUT", ErrorType.TRANSIENT)
    assert time.monotonic() - started < 15

    def drip(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client:
            client.recv(4096)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
            try:
                while not api.over.wait(0.1):
                    client.sendall(b" ")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = api.config({"name": "items", "path": "items"}, base_url=url, timeout_seconds=1)
        assert (await failure(config, context)).code == "TIMEOUT"
        thread.join(10)


async def test_cancelling_ends_a_hanging_request_at_once(api: Api, context: ConnectorContext) -> None:
    hangs = threading.Event()

    def never(_: Asked) -> Answer:
        hangs.set()
        api.over.wait(20)
        return Answer({})

    api.routes["/items"] = never
    task = asyncio.create_task(CONNECTOR.check(api.config({"name": "items", "path": "items"}), context))
    assert await asyncio.to_thread(hangs.wait, 20)
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://no-such-host.invalid", "HOST_NOT_FOUND"), ("http://127.0.0.1:1", "CONNECTION_FAILED")],
)
async def test_a_wrong_address_is_named(api: Api, context: ConnectorContext, url: str, code: str) -> None:
    assert (await failure(api.config({"name": "items", "path": "items"}, base_url=url), context)).code == code


async def test_the_network_rule_holds_for_every_request(api: Api, context: ConnectorContext) -> None:
    port = urlsplit(api.url).port
    api.routes["/items"] = lambda _: Answer(b"", 302, {"Location": f"http://localhost:{port}/others"})
    api.routes["/others"] = lambda asked: Answer([{"key": asked.headers.get("x-key")}])
    config = api.config(
        {"name": "items", "path": "items"}, auth={"kind": "api_key", "name": "X-Key"}, secret=SECRET,
        headers={"X-Mine": SECRET},
    )  # fmt: skip
    # Another host gets neither the key nor the user's headers.
    assert rows_of(await read_all(config, context, "items")) == [{"key": None}]
    assert "x-mine" not in api.asked[-1].headers
    error = await failure(config, replace(context, http_hosts=("*", "!localhost")))
    assert error.code == "HOST_FORBIDDEN"
    error = await failure(config, replace(context, http_hosts=("*.example.org",)))
    assert error.code == "HOST_FORBIDDEN"


async def test_rows_that_do_not_fit_are_rejected_by_name(api: Api, context: ConnectorContext) -> None:
    rows: list[dict[str, Any]] = [{"id": n} for n in range(10)] + [
        {"id": 1.5},
        {"id": 11},
        {"id": 12, "new": 1},
        {"id": "x"},
        {},
    ]
    api.routes["/items"] = lambda _: Answer(rows)
    batches = await read_all(api.config({"name": "items", "path": "items"}, sample_rows=10), context, "items")
    assert [row["id"] for row in rows_of(batches)] == [*range(10), 11, None]
    rejected = [item for batch in batches for item in batch.rejected]
    assert [(item.row, item.column, item.code) for item in rejected] == [
        (11, "id", "VALUE_DOES_NOT_FIT"), (13, "new", "FIELD_UNKNOWN"), (14, "id", "VALUE_DOES_NOT_FIT"),
    ]  # fmt: skip
    assert rejected[1].content == '{"id": 12, "new": 1}'


async def test_memory_and_batches_are_bounded(api: Api, context: ConnectorContext) -> None:
    text = "x" * 1000

    def route(asked: Asked) -> Answer:
        start = int(asked.query["offset"])
        return Answer([{"id": start + n, "text": text} for n in range(2000 if start < 30_000 else 0)])

    api.routes["/items"] = route
    config = api.config({"name": "items", "path": "items", "pagination": {"kind": "offset", "limit": 2000}})
    batches = await read_all(config, context, "items")
    assert sum(batch.rows.num_rows for batch in batches) == 30_000
    assert max(batch.rows.nbytes for batch in batches) < 8 << 20
    assert [batch.first_row for batch in batches][:2] == [1, 1 + batches[0].rows.num_rows]


async def land(
    lab: Lab, config: HttpApiConfig, context: ConnectorContext, spec: StreamSpec, epoch: int
) -> StreamOutcome:
    run = RunIdentity("p", f"run-{epoch}", epoch)
    job = SyncJob(run, Endpoint("http_api", config), lab.target(), (spec,))
    receipt = await run_pipeline(job, lab.events.append, fence=holds, quarantine=lab.keep, context=context)
    return receipt.outcomes[0]


async def test_a_full_refresh_lands_in_postgresql_and_a_broken_one_leaves_it(
    api: Api, context: ConnectorContext, lab: Lab
) -> None:
    rows = [{"id": n, "price": n / 10, "tags": ["a", n], "empty": "", "none": None} for n in range(1, 8)]

    def route(asked: Asked) -> Answer:
        start = int(asked.query["offset"])
        if broken and start:
            return Answer({}, 500)
        return Answer(rows[start : start + 5])

    broken = False
    api.routes["/items"] = route
    resource = {"name": "items", "path": "items", "primary_key": ["id"], "types": {"price": "decimal", "none": "text"}}
    config = api.config(resource, pagination={"kind": "offset", "limit": 5}, max_retries=0, sample_rows=5)
    landed = [(n, Decimal(f"0.{n}"), f'["a", {n}]', "", None) for n in range(1, 8)]
    query = 'SELECT id, price, tags::text, empty, "none" FROM items ORDER BY id'
    for epoch in (1, 2):
        outcome = await land(lab, config, context, StreamSpec("items"), epoch)
        assert outcome.receipt is not None
        assert (outcome.receipt.rows_read, outcome.receipt.verified) == (7, Verification.CONTENT)
        assert await lab.rows(query) == landed
    broken = True
    error = (await land(lab, config, context, StreamSpec("items"), 3)).error
    assert error is not None
    assert (error.code, error.type, error.origin) == ("SERVER_ERROR", ErrorType.TRANSIENT, Origin.SOURCE)
    assert (error.stream, error.position) == ("items", f"{api.url}/items after row 5")
    assert await lab.rows(query) == landed


async def test_an_incremental_merge_fetches_only_newer_rows(api: Api, context: ConnectorContext, lab: Lab) -> None:
    rows = [{"id": n, "at": f"2024-01-0{n}T00:00:00.000001Z", "name": f"n{n}"} for n in range(1, 5)]

    def route(asked: Asked) -> Answer:
        since = asked.query.get("since", "")
        return Answer([row for row in rows if str(row["at"]) >= since])

    api.routes["/items"] = route
    cursor = {"field": "at", "start_param": "since", "format": "iso8601"}
    types = {"at": "timestamptz"}
    config = api.config({"name": "items", "path": "items", "primary_key": ["id"], "cursor": cursor, "types": types})
    spec = StreamSpec("items", sync_mode=SyncMode.INCREMENTAL_MERGE, cursor="at")
    first = await land(lab, config, context, spec, 1)
    assert first.receipt is not None
    assert first.receipt.rows_read == 4
    rows[0] |= {"at": "2024-01-05T00:00:00.000001Z", "name": "changed"}
    rows.append({"id": 6, "at": "2024-01-06T00:00:00.000001Z", "name": "n6"})
    second = await land(lab, config, context, spec, 2)
    assert second.receipt is not None
    # The last row of the first run, the changed one, the new one.
    assert second.receipt.rows_read == 3
    assert api.asked[-1].query == {"since": "2024-01-04T00:00:00.000001Z"}
    day = {1: 5, 2: 2, 3: 3, 4: 4, 6: 6}
    assert await lab.rows("SELECT id, at, name FROM items ORDER BY id") == [
        (n, datetime(2024, 1, day[n], 0, 0, 0, 1, UTC), "changed" if n == 1 else f"n{n}") for n in day
    ]
