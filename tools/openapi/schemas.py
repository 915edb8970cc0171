"""Messages and enums as JSON Schemas, in the JSON that the gateway speaks."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, OneofDescriptor

from tools.openapi.contract import Contract
from tools.openapi.rules import Schema, constraints, map_part

FIELD_RULES = "buf.validate.field"
ONEOF_RULES = "buf.validate.oneof"
FIELD_BEHAVIOR = "google.api.field_behavior"
REQUIRED, OUTPUT_ONLY, INPUT_ONLY = 2, 3, 4

_SIGNED = {"type": "string", "format": "int64", "pattern": "^-?[0-9]+$"}
_UNSIGNED = {"type": "string", "format": "uint64", "pattern": "^[0-9]+$"}
_INT32 = {"type": "integer", "format": "int32"}
_UINT32 = {"type": "integer", "format": "uint32", "minimum": 0}
_SCALARS: dict[int, Schema] = {
    FieldDescriptor.TYPE_DOUBLE: {"type": "number", "format": "double"},
    FieldDescriptor.TYPE_FLOAT: {"type": "number", "format": "float"},
    FieldDescriptor.TYPE_INT32: _INT32,
    FieldDescriptor.TYPE_SINT32: _INT32,
    FieldDescriptor.TYPE_SFIXED32: _INT32,
    FieldDescriptor.TYPE_UINT32: _UINT32,
    FieldDescriptor.TYPE_FIXED32: _UINT32,
    FieldDescriptor.TYPE_INT64: _SIGNED,
    FieldDescriptor.TYPE_SINT64: _SIGNED,
    FieldDescriptor.TYPE_SFIXED64: _SIGNED,
    FieldDescriptor.TYPE_UINT64: _UNSIGNED,
    FieldDescriptor.TYPE_FIXED64: _UNSIGNED,
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
}
_WELL_KNOWN_TEXTS: dict[str, Schema] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,9})?s$", "examples": ["1.5s"]},
    "google.protobuf.FieldMask": {"type": "string", "examples": ["name,description"]},
}
_WELL_KNOWN: dict[str, Schema] = {
    **_WELL_KNOWN_TEXTS,
    "google.protobuf.Struct": {"type": "object", "additionalProperties": True},
    "google.protobuf.ListValue": {"type": "array", "items": {}},
    "google.protobuf.Value": {},
    "google.protobuf.Empty": {"type": "object", "additionalProperties": False},
    "google.protobuf.Any": {
        "type": "object",
        "required": ["@type"],
        "properties": {"@type": {"type": "string"}},
        "additionalProperties": True,
    },
}
# In JSON a wrapper is its value, or null.
_WRAPPERS = {
    f"google.protobuf.{kind}Value"
    for kind in ("Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes")
}


class Schemas:
    """Makes schemas, and keeps those of messages and enums as the document's components."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self.components: dict[str, Schema] = {}

    def message(self, message: Descriptor, without: Set[str] = frozenset()) -> Schema:
        """Returns the schema of a message: a reference to a component, or a well-known type's own.

        Args:
            message: the message.
            without: names of fields that the path already gives; then the component is named `<Message>Body`.
        """
        if message.full_name in _WELL_KNOWN:
            return dict(_WELL_KNOWN[message.full_name])
        if message.full_name in _WRAPPERS:
            value = self._single(message.fields_by_name["value"])
            return {**value, "type": [value["type"], "null"]}
        if message.file.package == "google.protobuf":
            raise ValueError(f"{message.full_name} has a JSON form of its own that this generator does not know")
        name = f"{_component(message)}Body" if without else _component(message)
        if name not in self.components:
            self.components[name] = {}  # holds the place, for messages that contain themselves
            self.components[name] = self._object(message, without)
        return _reference(name)

    def enum(self, enum: EnumDescriptor) -> Schema:
        """Returns a reference to an enum's component."""
        name = _component(enum)
        values = "\n".join(f"- `{value.name}`: {self._contract.comment(enum, value.name)}" for value in enum.values)
        self.components[name] = {
            "type": "string",
            "enum": [value.name for value in enum.values],
            "description": f"{self._contract.comment(enum)}\n\n{values}",
        }
        return _reference(name)

    def field(self, field: FieldDescriptor) -> Schema:
        """Returns a field's schema with its rules, its comment and what it says of its behaviour."""
        schema = _merged(self._type(field), constraints(self._contract.option(field, FIELD_RULES), field))
        if comment := self._contract.comment(field):
            schema["description"] = comment
        behaviors = self.behaviors(field)
        return {
            **schema,
            **({"writeOnly": True} if INPUT_ONLY in behaviors else {}),
            **({"readOnly": True} if OUTPUT_ONLY in behaviors else {}),
        }

    def behaviors(self, field: FieldDescriptor) -> Set[int]:
        """Returns the numbers of a field's `google.api.FieldBehavior`s; REQUIRED also where its rules require it."""
        rules = self._contract.option(field, FIELD_RULES)
        declared = frozenset(self._contract.option(field, FIELD_BEHAVIOR))
        return declared | {REQUIRED} if rules is not None and rules.required else declared

    def resolved(self, schema: Schema) -> Schema:
        """Returns the component that a schema refers to, or the schema itself when it is no reference."""
        return self.components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema

    def _object(self, message: Descriptor, without: Set[str]) -> Schema:
        fields = [field for field in message.fields if field.name not in without]
        required = [field.name for field in fields if REQUIRED in self.behaviors(field)]
        choices = [oneof for oneof in message.oneofs if not _is_optional_field(oneof)]
        needed = [{"oneOf": [{"required": [f.name]} for f in o.fields]} for o in choices if self._needs_one(o)]
        hints = [f"At most one of {_names(o)} is set." for o in choices if not self._needs_one(o)]
        return {
            "type": "object",
            "description": "\n\n".join(filter(None, [self._contract.comment(message), *hints])),
            **({"required": required} if required else {}),
            "properties": {field.name: self.field(field) for field in fields},
            **({"allOf": needed} if needed else {}),
        }

    def _needs_one(self, oneof: OneofDescriptor) -> bool:
        rules = self._contract.option(oneof, ONEOF_RULES)
        return rules is not None and bool(rules.required)

    def _type(self, field: FieldDescriptor) -> Schema:
        if is_map(field):
            return {"type": "object", "additionalProperties": self._single(map_part(field, "value"))}
        single = self._single(field)
        return {"type": "array", "items": single} if field.is_repeated else single

    def _single(self, field: FieldDescriptor) -> Schema:
        if field.message_type is not None:
            return self.message(field.message_type)
        if field.enum_type is not None:
            return self.enum(field.enum_type)
        return dict(_SCALARS[field.type])


def is_map(field: FieldDescriptor) -> bool:
    """Returns whether a field is a map, which descriptors show as a list of entry messages."""
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)


def is_text(message: Descriptor) -> bool:
    """Returns whether a message is a text in JSON, so that a query parameter can hold it."""
    return message.full_name in _WELL_KNOWN_TEXTS


def _merged(schema: Schema, more: Schema) -> Schema:
    merged: Schema = dict(schema)
    for key, value in more.items():
        # Rules of a list's items and a map's values add to their types.
        before = merged.get(key)
        merged[key] = {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
    return merged


def _component(descriptor: Any) -> str:
    return str(descriptor.full_name.removeprefix(f"{descriptor.file.package}."))


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _is_optional_field(oneof: OneofDescriptor) -> bool:
    """Returns whether the oneof is only how `optional` is kept in descriptors."""
    return len(oneof.fields) == 1 and oneof.name == f"_{oneof.fields[0].name}"


def _names(oneof: OneofDescriptor) -> str:
    return ", ".join(f"`{field.name}`" for field in oneof.fields)
