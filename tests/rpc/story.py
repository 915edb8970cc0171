"""Case files: each is a story of calls, told once and run over gRPC and over REST.

A step names the method, who calls, the request, and what must come of it on both transports:

    - call: OrganizationsService/GetOrganization
      as: stranger
      request: {organization_id: ${org}}
      status: NOT_FOUND        # the gRPC status; the REST status follows from it and is stated as `http`
      http: 404
      reason: NOT_FOUND
      fields: [name]           # the paths of the violations, where there are any
      expect: {name: A}        # a subset of the answer, as JSON
      save: {org: id}          # variables for the steps that follow
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import grpc
import httpx
import yaml
from google.api import annotations_pb2
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from server.rpc.methods import METHODS

CASES = Path(__file__).parents[1] / "cases"
BY_NAME = {path.removeprefix("/thedata.v1."): method for path, method in METHODS.items()}
HTTP = {
    "OK": 200,
    "INVALID_ARGUMENT": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "ABORTED": 409,
    "FAILED_PRECONDITION": 400,
    "RESOURCE_EXHAUSTED": 429,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
}


@dataclass(frozen=True)
class Answer:
    """What came back: the gRPC status' name, the HTTP status over REST, the answer or the error as JSON."""

    status: str
    body: Any
    reason: str = ""
    fields: tuple[str, ...] = ()
    http: int | None = None


class Transport(Protocol):
    """A way to call the API."""

    def call(self, method: MethodDescriptor, request: dict[str, Any], token: str) -> Answer:
        """Calls a method with a request as JSON."""
        ...


@dataclass
class GrpcTransport:
    """gRPC with the generated messages."""

    channel: grpc.Channel

    def call(self, method: MethodDescriptor, request: dict[str, Any], token: str) -> Answer:
        message = json_format.ParseDict(request, message_factory.GetMessageClass(method.input_type)())
        path = f"/{method.containing_service.full_name}/{method.name}"
        metadata = (("authorization", f"Bearer {token}"),) if token else ()
        read = message_factory.GetMessageClass(method.output_type).FromString
        write = type(message).SerializeToString
        try:
            if method.client_streaming:
                many = self.channel.stream_unary(path, request_serializer=write, response_deserializer=read)
                answer = many(iter([message]), metadata=metadata, timeout=30)
            elif method.server_streaming:
                stream = self.channel.unary_stream(path, request_serializer=write, response_deserializer=read)
                reading = stream(message, metadata=metadata, timeout=30)
                answer = next(reading)
                reading.cancel()
            else:
                one = self.channel.unary_unary(path, request_serializer=write, response_deserializer=read)
                answer = one(message, metadata=metadata, timeout=30)
        except grpc.RpcError as error:
            return told(error.code().name, rpc_status.from_call(error))
        return Answer("OK", _json(answer))


@dataclass
class RestTransport:
    """REST through Envoy, by the method's first HTTP binding."""

    client: httpx.Client

    def call(self, method: MethodDescriptor, request: dict[str, Any], token: str) -> Answer:
        options: Any = method.GetOptions()
        rule: Any = options.Extensions[annotations_pb2.http]
        verb = rule.WhichOneof("pattern")
        rest = dict(request)
        path = re.sub(r"{(\w+)}", lambda found: quote(str(rest.pop(found[1], "")), safe=""), getattr(rule, verb))
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body: dict[str, Any] = {}
        if rule.body == "*":
            body = {"json": [rest] if method.client_streaming else rest}
        elif rule.body:
            body = {"json": rest.pop(rule.body, {}), "params": rest}
        else:
            body = {"params": rest}
        if method.server_streaming:
            with self.client.stream(verb, path, headers=headers, **body) as stream:
                text = next(stream.iter_lines(), "") if stream.status_code == httpx.codes.OK else stream.read().decode()
                return self._read(stream.status_code, text)
        answer = self.client.request(verb, path, headers=headers, **body)
        return self._read(answer.status_code, answer.text)

    def _read(self, code: int, text: str) -> Answer:
        parsed = json.loads(text) if text else {}
        if code == httpx.codes.OK:
            return Answer("OK", parsed, http=code)
        status = json_format.ParseDict(parsed, status_pb2.Status())
        name = next(item.name for item in grpc.StatusCode if item.value[0] == status.code)
        answer = told(name, status)
        return Answer(answer.status, parsed, answer.reason, answer.fields, code)


def _json(message: Message) -> Any:
    return json_format.MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )


def told(name: str, status: status_pb2.Status | None) -> Answer:
    """An error as an answer; it has exactly one ErrorInfo of our domain."""
    assert status is not None, f"{name} has no details"
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    assert sum(detail.Unpack(info) for detail in status.details) == 1, status
    assert info.domain == "thedata.io"
    for detail in status.details:
        detail.Unpack(bad)
    fields = tuple(violation.field for violation in bad.field_violations)
    return Answer(name, status.message, info.reason, fields)


@dataclass
class Story:
    """A case file on its way through one transport; `tokens` are the callers', `variables` what was saved."""

    transport: Transport
    tokens: Mapping[str, str]
    variables: dict[str, Any] = field(default_factory=dict)

    def run(self, steps: list[dict[str, Any]]) -> None:
        for number, step in enumerate(steps, 1):
            request = filled(step.get("request", {}), self.variables)
            who = step.get("as", "owner")
            token = "" if who == "anonymous" else self.tokens[who]
            answer = self.transport.call(BY_NAME[step["call"]], request, token)
            place = f"step {number}, {step['call']} as {who}: {answer}"
            expected = step.get("status", "OK")
            assert answer.status == expected, place
            if answer.http is not None:
                assert answer.http == step.get("http", 200), place
            assert step.get("http", 200) == HTTP[expected], "the case names both statuses"
            assert answer.reason == step.get("reason", ""), place
            if "fields" in step:
                assert sorted(answer.fields) == sorted(step["fields"]), place
            assert_subset(filled(step.get("expect", {}), self.variables), answer.body, place)
            for absent in step.get("absent", []):
                assert absent not in json.dumps(answer.body), place
            for name, where in step.get("save", {}).items():
                self.variables[name] = found(answer.body, where)


class Named(Protocol):
    """What `${name}` stands for."""

    def __getitem__(self, name: str, /) -> Any:
        """The value of a name."""
        ...


def filled(value: Any, variables: Named) -> Any:
    """The value with every `${name}` in it replaced; one that stands alone keeps its type."""
    if isinstance(value, dict):
        return {key: filled(item, variables) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, variables) for item in value]
    if isinstance(value, str):
        whole = re.fullmatch(r"\$\{(\w+)\}", value)
        if whole:
            return variables[whole[1]]
        return re.sub(r"\$\{(\w+)\}", lambda name: str(variables[name[1]]), value)
    return value


def found(body: Any, where: str) -> Any:
    """The value at a dotted path."""
    for part in where.split("."):
        body = body[int(part)] if part.isdigit() else body[part]
    return body


def assert_subset(expected: Any, actual: Any, place: str) -> None:
    """Everything that is expected is there; JSON's two forms of an int64 are one."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            default: Any = [] if isinstance(value, list) else {} if isinstance(value, dict) else None
            assert_subset(value, actual.get(key, default), f"{place} at {key}")
    elif isinstance(expected, list):
        assert len(actual or []) == len(expected), place
        for want, got in zip(expected, actual or [], strict=True):
            assert_subset(want, got, place)
    elif expected in (None, "", False, 0):
        assert actual in (None, "", False, 0, "0"), f"{place}: {actual!r} is not empty"
    elif isinstance(expected, float):
        assert float(actual) == expected, f"{place}: {actual!r} is not {expected!r}"
    else:
        assert str(actual) == str(expected), f"{place}: {actual!r} is not {expected!r}"


def stories() -> dict[str, list[dict[str, Any]]]:
    """Every case file by its name."""
    return {str(path.relative_to(CASES)): yaml.safe_load(path.read_text()) for path in sorted(CASES.rglob("*.yaml"))}
