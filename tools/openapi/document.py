"""The OpenAPI document: every binding of every method, with its parameters, body, answers and permission."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import Descriptor, MethodDescriptor, ServiceDescriptor

from tools.openapi.bindings import Binding, Parameter, bindings
from tools.openapi.contract import Contract
from tools.openapi.rules import Schema
from tools.openapi.schemas import REQUIRED, Schemas

PERMISSION = "thedata.v1.permission"
PUBLIC = "PUBLIC"
_JSON = "application/json"
_STREAMS = ("application/x-ndjson", "text/event-stream")
_ANYTHING = {"*/*": dict[str, Any]()}  # bytes of a type that the call itself names
_DESCRIPTION = """\
The REST form of the gRPC API: the same methods, as JSON.

Field names are as in the contract. 64-bit integers are strings. Enums are names. An error has the form of
`google.rpc.Status`; its ErrorInfo detail names the reason. Streams are newline-delimited JSON, or Server-Sent Events
for `Accept: text/event-stream`."""


def document(contract: Contract) -> dict[str, Any]:
    """Returns the OpenAPI 3.1 document of a contract's services."""
    schemas = Schemas(contract)
    services = list(contract.services())
    paths: dict[str, dict[str, Any]] = {}
    operations = set[str]()
    for method in (method for service in services for method in service.methods):
        for index, binding in enumerate(bindings(contract, method)):
            operation_id = f"{method.name}_{binding.http_method}" if index else method.name
            item = paths.setdefault(binding.path, {})
            if operation_id in operations or binding.http_method in item:
                raise ValueError(f"{method.full_name}: {operation_id} or its path is there twice")
            operations.add(operation_id)
            item[binding.http_method] = {"operationId": operation_id, **_operation(contract, schemas, method, binding)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "theData.io API",
            "version": "v1",
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": [{"name": _tag(s), "description": contract.comment(s)} for s in services],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "An access token, or an API key."}
            },
            "responses": {"Error": _error_response()},
            "schemas": dict(sorted({**schemas.components, **_error_schemas(contract)}.items())),
        },
    }


def _operation(contract: Contract, schemas: Schemas, method: MethodDescriptor, binding: Binding) -> dict[str, Any]:
    comment = contract.comment(method)
    permission, meaning = _permission(contract, method)
    public = permission == PUBLIC
    parameters = [
        *(_parameter(schemas, parameter, "path") for parameter in binding.path_parameters),
        *(_parameter(schemas, parameter, "query") for parameter in binding.query_parameters),
    ]
    body = _request_body(schemas, method, binding)
    return {
        "tags": [_tag(method.containing_service)],
        "summary": _first_sentence(comment),
        "description": "\n\n".join(filter(None, [comment, f"Permission: `{permission}`. {meaning}".strip()])),
        "x-permission": permission,
        **({"security": []} if public else {}),
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": body} if body else {}),
        "responses": {"200": _response(schemas, method), "default": {"$ref": "#/components/responses/Error"}},
    }


def _permission(contract: Contract, method: MethodDescriptor) -> tuple[str, str]:
    number = contract.option(method, PERMISSION)
    if number is None:
        raise ValueError(f"{method.full_name} has no ({PERMISSION})")
    enum = contract.enum("thedata.v1.Permission")
    value = enum.values_by_number[number]
    return value.name.removeprefix("PERMISSION_"), contract.comment(enum, value.name)


def _parameter(schemas: Schemas, parameter: Parameter, place: str) -> dict[str, Any]:
    schema = schemas.field(parameter.field)
    description = schema.pop("description", "")
    required = place == "path" or ("." not in parameter.name and REQUIRED in schemas.behaviors(parameter.field))
    return {
        "name": parameter.name,
        "in": place,
        **({"required": True} if required else {}),
        "description": description,
        "schema": schema,
    }


def _request_body(schemas: Schemas, method: MethodDescriptor, binding: Binding) -> dict[str, Any] | None:
    if not binding.body:
        return None
    if _is_http_body(_body_message(method, binding)):
        return {"required": True, "content": _ANYTHING}
    if binding.body == "*":
        schema = schemas.message(method.input_type, frozenset(p.name for p in binding.path_parameters))
        required = bool(schemas.resolved(schema).get("required"))
    else:
        field = method.input_type.fields_by_name[binding.body]
        schema = schemas.field(field)
        required = REQUIRED in schemas.behaviors(field)
    if method.client_streaming:
        schema, required = {"type": "array", "items": schema, "description": "The stream's messages, in order."}, True
    return {"required": required, "content": {_JSON: {"schema": schema}}}


def _body_message(method: MethodDescriptor, binding: Binding) -> Descriptor | None:
    request = method.input_type
    return request if binding.body == "*" else request.fields_by_name[binding.body].message_type


def _is_http_body(message: Descriptor | None) -> bool:
    return message is not None and message.full_name == "google.api.HttpBody"


def _response(schemas: Schemas, method: MethodDescriptor) -> dict[str, Any]:
    if _is_http_body(method.output_type):
        return {"description": "Done.", "content": _ANYTHING}
    schema = schemas.message(method.output_type)
    if not method.server_streaming:
        return {"description": "Done.", "content": {_JSON: {"schema": schema}}}
    return {
        "description": (
            "A stream of messages: one JSON object a line, or, for `Accept: text/event-stream`, one in the `data` of "
            "each event. The schema is that of one message."
        ),
        "content": {media_type: {"schema": schema} for media_type in _STREAMS},
    }


def _error_response() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Status"}
    return {"description": "The call failed.", "content": {_JSON: {"schema": schema}}}


def _error_schemas(contract: Contract) -> dict[str, Schema]:
    reasons = contract.enum("thedata.v1.ErrorReason")
    prefix = "ERROR_REASON_"
    told = (f"- `{v.name.removeprefix(prefix)}`: {contract.comment(reasons, v.name)}" for v in reasons.values[1:])
    return {
        "Status": {
            "type": "object",
            "description": "Why a call failed, as `google.rpc.Status`.",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "integer", "format": "int32", "description": "The gRPC status code's number."},
                "message": {"type": "string", "description": "What happened and what to do, for people."},
                "details": {
                    "type": "array",
                    "description": "More about the error, for programs; exactly one ErrorInfo is among them.",
                    "items": {"anyOf": [{"$ref": "#/components/schemas/ErrorInfo"}, _any_detail()]},
                },
            },
        },
        "ErrorInfo": {
            "type": "object",
            "description": "The stable reason of an error, as `google.rpc.ErrorInfo`.",
            "required": ["@type", "reason", "domain"],
            "properties": {
                "@type": {"const": "type.googleapis.com/google.rpc.ErrorInfo"},
                "reason": {"$ref": "#/components/schemas/ErrorReason"},
                "domain": {"const": "thedata.io"},
                "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
        "ErrorReason": {
            "type": "string",
            "enum": [value.name.removeprefix(prefix) for value in reasons.values[1:]],
            "description": "\n".join(["The reasons that errors name.", "", *told]),
        },
    }


def _any_detail() -> Schema:
    return {
        "type": "object",
        "description": "Another detail, such as `google.rpc.BadRequest` with the fields at fault.",
        "required": ["@type"],
        "properties": {"@type": {"type": "string"}},
        "additionalProperties": True,
    }


def _tag(service: ServiceDescriptor) -> str:
    return str(service.name.removesuffix("Service"))


def _first_sentence(text: str) -> str:
    paragraph = " ".join(text.split("\n\n")[0].split())
    return paragraph.split(". ")[0].removesuffix(".")
