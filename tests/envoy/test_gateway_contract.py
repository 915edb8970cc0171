"""What the configuration says twice is what the contract says."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from google.api import annotations_pb2, http_pb2
from google.protobuf.descriptor import MethodDescriptor

from server.resources import BOOTSTRAP
from server.rpc.methods import METHODS, SERVICES
from server.settings import Settings
from server.stack.envoy import validate

TEXT = BOOTSTRAP.read_text()


FILES = [method for method in METHODS.values() if method.output_type.full_name == "google.api.HttpBody"]
STREAMS = [m for m in METHODS.values() if m.server_streaming and m not in FILES]


def rules(method: MethodDescriptor) -> list[http_pb2.HttpRule]:
    rule: http_pb2.HttpRule = method.GetOptions().Extensions[annotations_pb2.http]  # type: ignore[index]  # ships no types
    return [rule, *rule.additional_bindings]


def test_it_is_valid_as_it_stands() -> None:
    validate(BOOTSTRAP)


def test_the_script_knows_the_paths_of_the_contract() -> None:
    contract: defaultdict[str, set[str]] = defaultdict(set)
    for method in METHODS.values():
        for rule in rules(method):
            verb = rule.WhichOneof("pattern")
            contract[re.sub(r"\{[^}]*\}", "*", getattr(rule, verb))].add(verb.upper())
    told = {path: set(methods.split()) for path, methods in re.findall(r'\["(/[^"]+)"\] = "([A-Z ]+)"', TEXT)}
    assert told == contract


def test_the_transcoder_knows_the_services_of_the_contract() -> None:
    listed = TEXT.partition("services: &services\n")[2].partition("print_options:")[0]
    assert re.findall(r"- (\S+)", listed) == sorted(service.full_name for service in SERVICES)


@pytest.mark.parametrize("method", STREAMS, ids=lambda m: str(m.name))
def test_a_stream_is_bound_to_a_path_of_its_own_and_starts_with_its_cursor(method: MethodDescriptor) -> None:
    for rule in rules(method):
        assert re.fullmatch(r"/api/v1/.+/stream", rule.get)
    first = method.output_type.fields_by_number[1]
    assert (first.name, first.type) == ("cursor", first.TYPE_STRING)


def test_only_streams_are_bound_to_paths_of_streams() -> None:
    for method in METHODS.values():
        ends = any(getattr(rule, rule.WhichOneof("pattern")).endswith("/stream") for rule in rules(method))
        assert ends == (method in STREAMS)


@pytest.mark.parametrize("method", FILES, ids=lambda m: str(m.name))
def test_a_download_has_a_path_without_a_limit_of_time(method: MethodDescriptor) -> None:
    (limitless,) = re.findall(r'safe_regex: \{regex: "(/api/v1/[^"]+/export)"\}', TEXT)
    for rule in rules(method):
        assert re.fullmatch(limitless, getattr(rule, rule.WhichOneof("pattern")))


def test_the_largest_body_is_the_servers_largest_message(tmp_path: Path) -> None:
    largest = Settings.model_fields["max_message_bytes"].default
    assert re.findall(r"max_request_(?:bytes|body_size): (\d+)", TEXT) == [str(largest)] * 2
