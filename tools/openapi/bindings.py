"""google.api.http: which parts of a request stand in the path, the query and the body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor

from tools.openapi.contract import Contract
from tools.openapi.schemas import is_text

HTTP = "google.api.http"
_VARIABLE = re.compile(r"{([^}]*)}")
_NAME = re.compile(r"[a-z0-9_.]+")
_MAX_DEPTH = 5


@dataclass(frozen=True)
class Parameter:
    """A field that stands in the path or the query, named by its dotted way from the request."""

    name: str
    field: FieldDescriptor


@dataclass(frozen=True)
class Binding:
    """An HTTP method and path at which a gRPC method answers.

    `body` is `*` for all fields that the path does not name, a field's name, or empty for none.
    """

    http_method: str
    path: str
    body: str
    path_parameters: tuple[Parameter, ...]
    query_parameters: tuple[Parameter, ...]


def bindings(contract: Contract, method: MethodDescriptor) -> Iterator[Binding]:
    """Yields a method's bindings, the first one first; none for a method without `google.api.http`.

    Raises ValueError for what the gateway could not serve, and for path templates with patterns.
    """
    rule = contract.option(method, HTTP)
    if rule is None:
        return
    rules = [rule, *rule.additional_bindings]
    for each in rules:
        yield _binding(method, each, in_a_body=any(other.body == "*" for other in rules))


def _binding(method: MethodDescriptor, rule: Any, *, in_a_body: bool) -> Binding:
    kind = rule.WhichOneof("pattern")
    if kind is None or kind == "custom":
        raise ValueError(f"{method.full_name} has a binding without a plain HTTP method")
    path = getattr(rule, kind)
    names = _VARIABLE.findall(path)
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{method.full_name}: the path variable {{{name}}} is not a plain field")
    request = method.input_type
    taken = {*names, rule.body}
    query = () if rule.body == "*" else _flat(request, taken, in_a_body=in_a_body)
    return Binding(
        http_method=kind,
        path=path,
        body=rule.body,
        path_parameters=tuple(Parameter(name, _field(request, name)) for name in names),
        query_parameters=tuple(query),
    )


def _flat(
    message: Descriptor, taken: Set[str], prefix: str = "", depth: int = 0, *, in_a_body: bool
) -> Iterator[Parameter]:
    if depth > _MAX_DEPTH:
        raise ValueError(f"{message.full_name} is nested too deeply for a query")
    for field in message.fields:
        name = f"{prefix}{field.name}"
        inner = field.message_type
        if name in taken:
            continue
        if inner is None or (is_text(inner) and not field.is_repeated):
            yield Parameter(name, field)
        elif field.is_repeated or inner.file.package == "google.protobuf":
            if not in_a_body:
                raise ValueError(f"{field.full_name} can't stand in a query, and the method has no binding with a body")
        else:
            yield from _flat(inner, taken, f"{name}.", depth + 1, in_a_body=in_a_body)


def _field(message: Descriptor, dotted: str) -> FieldDescriptor:
    first, _, rest = dotted.partition(".")
    field = message.fields_by_name.get(first)
    if field is None:
        raise ValueError(f"{message.full_name} has no field {first}, which a path names")
    if not rest:
        return field
    if field.message_type is None:
        raise ValueError(f"{field.full_name} has no fields, but a path names {rest} in it")
    return _field(field.message_type, rest)
