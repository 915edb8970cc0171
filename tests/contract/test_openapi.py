from __future__ import annotations

from typing import Any

import pytest
import yaml
from google.protobuf import descriptor_pb2, wrappers_pb2
from google.protobuf.compiler import plugin_pb2
from openapi_spec_validator import validate
from thedata.v1 import options_pb2

from tests.contract.methods import HTTP, METHODS, bindings
from tools.openapi.contract import Contract
from tools.openapi.document import document
from tools.third_party_protos import ROOT

Json = dict[str, Any]


@pytest.fixture(scope="module")
def api() -> Json:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # a tenth of the time, where libyaml is there
    loaded: Json = yaml.load((ROOT / "generated" / "openapi" / "thedata.yaml").read_text(encoding="utf-8"), loader)
    return loaded


@pytest.fixture(scope="module")
def schemas(api: Json) -> Json:
    found: Json = api["components"]["schemas"]
    return found


def test_the_document_is_valid(api: Json) -> None:
    assert api["openapi"].startswith("3.1.")
    validate(api)


def test_every_binding_is_documented_once(api: Json) -> None:
    documented = {(verb, path) for path, item in api["paths"].items() for verb in item}
    bound = [binding for method in METHODS for binding in bindings(method)]
    assert documented == set(bound)
    operations = [operation["operationId"] for item in api["paths"].values() for operation in item.values()]
    assert len(operations) == len(set(operations)) == len(bound)


def test_everything_is_described(api: Json, schemas: Json) -> None:
    operations = [operation for item in api["paths"].values() for operation in item.values()]
    assert all(operation["summary"] and operation["x-permission"] for operation in operations)
    assert [name for name, schema in schemas.items() if not schema["description"]] == []


def test_only_public_methods_go_without_a_token(api: Json) -> None:
    open_paths = {path for path, item in api["paths"].items() for one in item.values() if one.get("security") == []}
    by_signature = {"/api/v1/webhooks/pipelines/{pipeline_id}"}
    assert open_paths == {f"/api/v1/auth/{name}" for name in ("register", "login", "refresh")} | by_signature


def test_an_update_splits_path_and_body(api: Json, schemas: Json) -> None:
    put = api["paths"]["/api/v1/users/{user_id}"]["put"]
    assert [(p["name"], p["in"], p["required"]) for p in put["parameters"]] == [("user_id", "path", True)]
    assert put["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/UpdateUserRequestBody")
    assert "user_id" not in schemas["UpdateUserRequestBody"]["properties"]


def test_a_body_that_names_a_field_is_that_field(api: Json) -> None:
    body = api["paths"]["/api/v1/admin/system/config"]["put"]["requestBody"]
    assert body["required"]
    assert body["content"]["application/json"]["schema"]["$ref"].endswith("/SystemConfig")


def test_without_a_body_the_other_fields_are_the_query(api: Json) -> None:
    parameters = {p["name"]: p for p in api["paths"]["/api/v1/analytics/metrics"]["get"]["parameters"]}
    assert parameters["name"]["required"]
    assert parameters["start_time"]["schema"] == {"type": "string", "format": "date-time"}
    label = {"type": "string", "minLength": 1, "maxLength": 200}
    assert parameters["group_by"]["schema"] == {"type": "array", "items": label, "maxItems": 16}


def test_streams_come_as_lines_or_events(api: Json) -> None:
    watch = api["paths"]["/api/v1/pipelines/{pipeline_id}/runs/{run_id}/stream"]["get"]["responses"]["200"]
    assert set(watch["content"]) == {"application/x-ndjson", "text/event-stream"}


def test_fields_have_their_json_types(schemas: Json) -> None:
    run = schemas["Run"]["properties"]
    assert (run["rows_read"]["type"], run["rows_read"]["format"]) == ("string", "int64")
    assert run["attempt"]["type"] == "integer"
    assert run["state"]["$ref"].endswith("/RunState")
    assert schemas["RunState"]["enum"][:2] == ["RUN_STATE_UNSPECIFIED", "RUN_STATE_QUEUED"]
    assert run["queue_time"]["format"] == "date-time"
    assert schemas["DataSource"]["properties"]["config"]["type"] == "object"
    assert schemas["PreviewRowsResponse"]["properties"]["rows"]["items"]["type"] == "array"
    assert schemas["UpdateUserRequestBody"]["properties"]["update_mask"]["type"] == "string"


def test_rules_are_constraints(schemas: Json) -> None:
    register = schemas["RegisterRequest"]
    assert register["required"] == ["email", "password"]
    assert register["properties"]["email"].items() >= {"format": "email", "maxLength": 254}.items()
    password = register["properties"]["password"]
    assert (password["writeOnly"], password["x-rules"]) == (True, {"min_bytes": 8, "max_bytes": 256})
    stream = schemas["StreamConfig"]["properties"]
    assert stream["columns"].items() >= {"maxItems": 2000, "uniqueItems": True}.items()
    assert stream["columns"]["items"] == {"type": "string", "minLength": 1, "maxLength": 1000}
    assert schemas["UpdateMemberRequestBody"]["properties"]["role"]["not"] == {"enum": ["ROLE_UNSPECIFIED"]}
    one_of = {"oneOf": [{"required": ["user_id"]}, {"required": ["email"]}]}
    assert schemas["AddMemberRequestBody"]["allOf"] == [one_of]


def test_errors_are_a_status_with_a_known_reason(api: Json, schemas: Json) -> None:
    defaults = [one["responses"]["default"]["$ref"] for item in api["paths"].values() for one in item.values()]
    assert set(defaults) == {"#/components/responses/Error"}
    assert "NOT_FOUND" in schemas["ErrorReason"]["enum"]
    assert "UNSPECIFIED" not in schemas["ErrorReason"]["enum"]


def nested_request(**rule: Any) -> plugin_pb2.CodeGeneratorRequest:
    """A small contract: a nested message in a request, bound as `rule` says."""
    descriptors = descriptor_pb2.FileDescriptorSet.FromString((ROOT / "generated" / "descriptors.binpb").read_bytes())
    own = descriptor_pb2.FileDescriptorProto(
        name="small.proto", package="small", syntax="proto3", dependency=["google/api/annotations.proto"]
    )
    own.dependency.append("thedata/v1/options.proto")
    field = descriptor_pb2.FieldDescriptorProto
    page = own.message_type.add(name="Page")
    page.field.add(name="size", number=1, type=field.TYPE_INT32, label=field.LABEL_OPTIONAL)
    request = own.message_type.add(name="Request")
    request.field.add(name="id", number=1, type=field.TYPE_STRING, label=field.LABEL_OPTIONAL)
    request.field.add(
        name="page", number=2, type=field.TYPE_MESSAGE, type_name=".small.Page", label=field.LABEL_OPTIONAL
    )
    method = own.service.add(name="SmallService").method.add(
        name="Get", input_type=".small.Request", output_type=".small.Page"
    )
    options: Any = method.options
    options.Extensions[options_pb2.permission] = options_pb2.PERMISSION_PUBLIC
    for name, value in rule.items():
        setattr(options.Extensions[HTTP], name, value)
    return plugin_pb2.CodeGeneratorRequest(file_to_generate=["small.proto"], proto_file=[*descriptors.file, own])


def test_nested_fields_stand_in_the_query_with_dots() -> None:
    get = document(Contract(nested_request(get="/small/{id}")))["paths"]["/small/{id}"]["get"]
    assert [(p["name"], p["in"]) for p in get["parameters"]] == [("id", "path"), ("page.size", "query")]


def test_wrappers_are_their_values_or_null() -> None:
    request = nested_request(post="/small", body="*")
    own = request.proto_file[-1]
    own.dependency.append("google/protobuf/wrappers.proto")
    wrappers = descriptor_pb2.FileDescriptorProto()
    wrappers_pb2.DESCRIPTOR.CopyToProto(wrappers)
    request.proto_file.insert(0, wrappers)
    for number, kind in enumerate(("Int64", "Bool"), 3):
        field = own.message_type[1].field.add(name=kind.lower(), number=number, label=1, type=11)
        field.type_name = f".google.protobuf.{kind}Value"
    told = document(Contract(request))
    properties = told["components"]["schemas"]["Request"]["properties"]
    assert properties["int64"].items() >= {"type": ["string", "null"], "format": "int64"}.items()
    assert properties["bool"] == {"type": ["boolean", "null"]}
    validate(told)


def test_an_http_body_is_of_any_type() -> None:
    request = nested_request(post="/small", body="*")
    own = request.proto_file[-1]
    own.dependency.append("google/api/httpbody.proto")
    method = own.service[0].method[0]
    method.input_type = method.output_type = ".google.api.HttpBody"
    told = document(Contract(request))
    post = told["paths"]["/small"]["post"]
    assert set(post["requestBody"]["content"]) == set(post["responses"]["200"]["content"]) == {"*/*"}
    validate(told)


def test_a_path_that_names_no_field_is_refused() -> None:
    with pytest.raises(ValueError, match="no field nothing"):
        document(Contract(nested_request(get="/small/{nothing}")))


def test_a_path_with_a_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="not a plain field"):
        document(Contract(nested_request(get="/small/{id=things/*}")))
