"""Every method of the contract, in both clients: called with something for each argument, it reaches the server."""

from __future__ import annotations

import inspect
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from thedata_client import AsyncClient, Client, errors, methods
from thedata_client.address import OPTIONS

from server.rpc.methods import METHODS
from tests.client.conftest import ADMIN, Platform
from tools.client_code import ATTRIBUTES, PACKAGE, write

ID = "0192f0c1-2d3e-7f4a-8b5c-6d7e8f9a0b1c"
SERVICES = sorted(ATTRIBUTES.values())
STREAM_SECONDS = 0.3


def calls(client: Client | AsyncClient) -> dict[str, Any]:
    """The public methods of a client's services, by their names."""
    found = {}
    for attribute in SERVICES:
        service = getattr(client, attribute)
        for name, method in inspect.getmembers(service, inspect.ismethod):
            if not name.startswith("_"):
                found[f"{attribute}.{name}"] = method
    return found


def value_of(name: str, annotation: str) -> Any:
    """Something for an argument."""
    if name.endswith("id"):
        return ID
    for word, value in (("datetime", datetime(2026, 1, 1, tzinfo=UTC)), ("timedelta", timedelta(seconds=5)), ("int", 1),
                        ("float", STREAM_SECONDS), ("bool", True), ("Mapping", {}), ("Sequence", [])):  # fmt: skip
        if annotation.startswith(word):
            return value
    if "ValueType" in annotation:
        return 1
    if annotation.startswith("types."):
        import thedata_client.types

        return getattr(thedata_client.types, annotation.removeprefix("types.").split(" ")[0])()
    return "something"


@pytest.fixture(scope="module")
def root(platform: Platform) -> Iterator[Client]:
    """A client of the platform's administrator."""
    with Client(platform.address, email=ADMIN[0], password=ADMIN[1]) as client:
        yield client


@pytest.mark.parametrize("name", sorted(calls(Client("127.0.0.1:1"))))
def test_a_method_answers_or_says_why_not(root: Client, name: str) -> None:
    method = calls(root)[name]
    arguments = {
        one.name: value_of(one.name, str(one.annotation))
        for one in inspect.signature(method).parameters.values()
        if one.default is one.empty and one.name != "messages"
    }
    if "messages" in inspect.signature(method).parameters:
        arguments["messages"] = iter(())
    if name in {"pipelines.tail", "pipelines.tail_logs"} or inspect.signature(method).return_annotation.startswith(
        "Follow"
    ):
        arguments["call_timeout"] = STREAM_SECONDS
    if name == "auth.logout":
        arguments["scope"] = "others"
    try:
        answer = method(**arguments)
        if hasattr(answer, "__iter__"):
            next(iter(answer), None)
    except errors.DeadlineExceeded:
        return  # a stream that has nothing to tell yet
    except errors.ApiError as error:
        reason = error.reason
    else:
        return
    assert reason not in {"", "INTERNAL", "UNKNOWN_PATH", "UNAUTHENTICATED"}


def test_every_method_of_the_contract_is_there() -> None:
    assert {method.path for method in methods.METHODS} == set(METHODS)
    assert len(calls(Client("127.0.0.1:1"))) == len(METHODS) + 3  # run, tail, history


async def test_both_clients_have_the_same_methods() -> None:
    async with AsyncClient("127.0.0.1:1") as client:
        ours, theirs = calls(client), calls(Client("127.0.0.1:1"))
    assert ours.keys() == theirs.keys()
    for name, method in ours.items():
        assert list(inspect.signature(method).parameters) == list(inspect.signature(theirs[name]).parameters), name
        assert method.__doc__


def test_what_is_sent_again_is_what_may_be() -> None:
    repeated = {one["method"] for one in json.loads(dict(OPTIONS)["grpc.service_config"])["methodConfig"][0]["name"]}
    assert {"GetPipeline", "ListRuns", "CreatePipeline", "StartPipeline", "RefreshToken", "WatchRun"} <= repeated
    assert not {"Login", "UpdatePipeline", "DeletePipeline", "StopPipeline", "IngestStream"} & repeated
    for method in methods.METHODS:
        if method.repeatable and not method.names["method"].startswith(
            ("Get", "List", "Watch", "Tail", "Stream", "Export")
        ):
            fields = method.request.DESCRIPTOR.fields_by_name
            assert "request_id" in fields or method.names["method"] in {
                "RefreshToken", "PlanPipeline", "DiscoverCatalog", "PreviewRows"
            }, method.path  # fmt: skip


def test_what_is_generated_is_what_is_checked_in(tmp_path: Path) -> None:
    fresh = tmp_path / PACKAGE.name
    shutil.copytree(
        PACKAGE, fresh, ignore=shutil.ignore_patterns("__pycache__", "services.py", "types.py", "methods.py")
    )
    write(fresh)
    for written in sorted(fresh.rglob("*.py")):
        kept = PACKAGE / written.relative_to(fresh)
        assert written.read_text() == kept.read_text(), f"{kept}: run `make generate`"


def test_every_reason_has_an_exception() -> None:
    from thedata.v1.error_reason_pb2 import ErrorReason

    names = {name.removeprefix("ERROR_REASON_") for name in ErrorReason.keys()} - {"UNSPECIFIED"}  # noqa: SIM118
    assert names <= errors.BY_REASON.keys()
    assert {kind.code for kind in errors.BY_REASON.values()} <= errors.BY_CODE.keys()
