"""A protoc plugin that writes the API reference: a Markdown page for each file of the contract, and one of all."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from google.protobuf.compiler import plugin_pb2
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, FileDescriptor, MethodDescriptor

from tools.openapi.bindings import bindings
from tools.openapi.contract import Contract
from tools.openapi.rules import constraints

PERMISSION = "thedata.v1.permission"
RULES = "buf.validate.field"
BEHAVIOR = "google.api.field_behavior"
_HEADER = "<!-- Written by tools/protoc_gen_markdown.py from protos/. DO NOT EDIT. -->\n"
_BEHAVIORS = {2: "required", 3: "output only", 4: "input only"}


def generate(request: plugin_pb2.CodeGeneratorRequest) -> plugin_pb2.CodeGeneratorResponse:
    """Returns the pages of all requested files of the API."""
    contract = Contract(request)
    response = plugin_pb2.CodeGeneratorResponse(
        supported_features=plugin_pb2.CodeGeneratorResponse.FEATURE_PROTO3_OPTIONAL
    )
    files = [file for file in contract.files() if file.package == "thedata.v1"]
    response.file.add(name="index.md", content=_HEADER + "\n".join(_index(contract, files)) + "\n")
    for file in files:
        response.file.add(name=_page(file), content=_HEADER + "\n".join(_lines(contract, file)) + "\n")
    return response


def _page(file: FileDescriptor) -> str:
    return f"{file.name.rpartition('/')[2].removesuffix('.proto')}.md"


def _index(contract: Contract, files: list[FileDescriptor]) -> Iterator[str]:
    yield "# API reference\n"
    yield "Every method answers over gRPC and gRPC-Web, and over REST at the path beside it.\n"
    for file in files:
        for service in file.services_by_name.values():
            yield f"## {service.name}\n\n{contract.comment(service)}\n"
            yield "| method | REST | permission |\n|---|---|---|"
            for method in service.methods:
                paths = "<br>".join(f"`{one.http_method.upper()} {one.path}`" for one in bindings(contract, method))
                link = f"[{method.name}]({_page(file)}#{method.name.lower()})"
                yield f"| {link} | {paths} | {_permission(contract, method)} |"
            yield ""
    yield "## Messages of several services\n"
    yield from (f"- [{_page(file).removesuffix('.md')}]({_page(file)})" for file in files if not file.services_by_name)


def _lines(contract: Contract, file: FileDescriptor) -> Iterator[str]:
    yield f"# {_page(file).removesuffix('.md')}\n"
    for service in file.services_by_name.values():
        yield f"{contract.comment(service)}\n"
        for method in service.methods:
            yield from _method(contract, method)
    for message in file.message_types_by_name.values():
        yield from _message(contract, message)
    for enum in file.enum_types_by_name.values():
        yield from _enum(contract, enum)


def _method(contract: Contract, method: MethodDescriptor) -> Iterator[str]:
    yield f"## {method.name}\n\n{contract.comment(method)}\n"
    for one in bindings(contract, method):
        body = f", body: `{one.body}`" if one.body else ""
        yield f"- `{one.http_method.upper()} {one.path}`{body}"
    taken = f"{'stream of ' if method.client_streaming else ''}{_link(method.input_type, method)}"
    given = f"{'stream of ' if method.server_streaming else ''}{_link(method.output_type, method)}"
    yield f"- takes {taken}, gives {given}"
    yield f"- permission: {_permission(contract, method)}\n"


def _message(contract: Contract, message: Descriptor) -> Iterator[str]:
    yield f"## {message.name}\n\n{contract.comment(message)}\n"
    if message.fields:
        yield "| field | type | what |\n|---|---|---|"
        for field in message.fields:
            yield f"| `{field.name}` | {_type(field)} | {_told(contract, field)} |"
        yield ""
    for inner in message.nested_types:
        if not inner.GetOptions().map_entry:
            yield from _message(contract, inner)
    for enum in message.enum_types:
        yield from _enum(contract, enum)


def _enum(contract: Contract, enum: EnumDescriptor) -> Iterator[str]:
    yield f"## {enum.name}\n\n{contract.comment(enum)}\n"
    yield "| value | what |\n|---|---|"
    # Comments of values stand beside the enum's own, as its children.
    yield from (f"| `{value.name}` | {_cell(contract.comment(enum, value.name))} |" for value in enum.values)
    yield ""


def _told(contract: Contract, field: FieldDescriptor) -> str:
    parts = [_cell(contract.comment(field))]
    behaviors = [_BEHAVIORS[number] for number in contract.option(field, BEHAVIOR) or () if number in _BEHAVIORS]
    if behaviors:
        parts.append(f"*{', '.join(behaviors)}*")
    for name, value in constraints(contract.option(field, RULES), field).items():
        if name == "x-rules":
            parts += [f"`{rule}: {_cell(json.dumps(bound))}`" for rule, bound in value.items()]
        else:
            parts.append(f"`{name}: {_cell(json.dumps(value))}`")
    return " ".join(part for part in parts if part)


def _type(field: FieldDescriptor) -> str:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        entry = field.message_type.fields_by_name
        return f"map of {_type(entry['key'])} to {_type(entry['value'])}"
    of: Any = field.message_type or field.enum_type
    name = _link(of, field) if of is not None else _SCALARS[field.type]
    if field.is_repeated:
        return f"list of {name}"
    return f"{name}, optional" if field.has_presence and of is None and field.containing_oneof is None else name


def _link(of: Any, here: Any) -> str:
    holder: Any = here.containing_type if isinstance(here, FieldDescriptor) else here.containing_service
    file = holder.file
    if of.file.package != "thedata.v1":
        return f"`{of.full_name}`"
    page = "" if of.file.name == file.name else _page(of.file)
    return f"[{of.name}]({page}#{of.name.lower()})"


def _permission(contract: Contract, method: MethodDescriptor) -> str:
    number = contract.option(method, PERMISSION)
    return f"`{contract.enum('thedata.v1.Permission').values_by_number[number].name.removeprefix('PERMISSION_')}`"


def _cell(text: str) -> str:
    return text.replace("\n\n", "<br>").replace("\n", " ").replace("|", "\\|")


_SCALARS = {
    getattr(FieldDescriptor, f"TYPE_{name.upper()}"): name
    for name in (
        "double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "bytes", "uint32",
        "sfixed32", "sfixed64", "sint32", "sint64",
    )
}  # fmt: skip

if __name__ == "__main__":
    request = plugin_pb2.CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
    sys.stdout.buffer.write(generate(request).SerializeToString())
