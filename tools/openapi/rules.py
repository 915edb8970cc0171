"""protovalidate rules as JSON Schema keywords."""

from __future__ import annotations

from typing import Any

from google.protobuf import json_format
from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

Schema = dict[str, Any]

IGNORE_IF_ZERO_VALUE, IGNORE_ALWAYS = 1, 3
_FORMATS = {"uuid": "uuid", "email": "email", "uri": "uri", "hostname": "hostname", "ipv4": "ipv4", "ipv6": "ipv6"}
_KEYWORDS = {
    "string": {"min_len": "minLength", "max_len": "maxLength", "pattern": "pattern", "in": "enum", "const": "const"},
    "repeated": {"min_items": "minItems", "max_items": "maxItems", "unique": "uniqueItems"},
    "map": {"min_pairs": "minProperties", "max_pairs": "maxProperties"},
}
_NUMBER_KEYWORDS = {
    "gte": "minimum",
    "gt": "exclusiveMinimum",
    "lte": "maximum",
    "lt": "exclusiveMaximum",
    "in": "enum",
    "const": "const",
}
_NUMBERS = {"float", "double", "int32", "uint32", "sint32", "fixed32", "sfixed32"}
# What the zero value, which IGNORE_IF_ZERO_VALUE lets pass, may break.
_BROKEN_BY_ZERO = {
    *("minLength", "pattern", "minimum", "exclusiveMinimum"),
    *("minItems", "minProperties", "enum", "const", "not"),
}
_SAID_BY_THE_TYPE = {("enum", "defined_only"), ("double", "finite"), ("float", "finite")}


def constraints(rules: Any, field: FieldDescriptor) -> Schema:
    """Returns the keywords that say what a field's `buf.validate.FieldRules` say; empty for None.

    Rules that JSON Schema has no keyword for (a text's bytes, ranges of durations and of 64-bit integers, which are
    strings in JSON) stand under `x-rules` as they are in the contract.
    """
    if rules is None or rules.ignore == IGNORE_ALWAYS:
        return {}
    schema: Schema = {}
    others: Schema = {}
    kind = rules.WhichOneof("type")
    for rule, value in getattr(rules, kind).ListFields() if kind else ():
        keywords = _keywords(kind, rule, value, field)
        if keywords is None:
            others[rule.name] = _plain(value)
        else:
            schema.update(keywords)
    if rules.cel:
        others["cel"] = [cel.message or cel.expression for cel in rules.cel]
    if rules.ignore == IGNORE_IF_ZERO_VALUE:
        schema = {key: value for key, value in schema.items() if key not in _BROKEN_BY_ZERO}
    return {**schema, "x-rules": others} if others else schema


def _keywords(kind: str, rule: FieldDescriptor, value: Any, field: FieldDescriptor) -> Schema | None:
    """Returns what a rule becomes, or None when JSON Schema can't say it."""
    name = rule.name
    if (kind, name) in _SAID_BY_THE_TYPE:
        return {}
    keywords = _NUMBER_KEYWORDS if kind in _NUMBERS else _KEYWORDS.get(kind, {})
    if name in keywords:
        return {keywords[name]: _plain(value)}
    match kind, name:
        case "string", _ if name in _FORMATS and value:
            return {"format": _FORMATS[name]}
        case "string", "len":
            return {"minLength": value, "maxLength": value}
        case "enum", "in" | "not_in":
            names = {"enum": [_enum(field).values_by_number[number].name for number in value]}
            return names if name == "in" else {"not": names}
        case "repeated", "items":
            return {"items": constraints(value, field)}
        case "map", "values":
            return {"additionalProperties": constraints(value, map_part(field, "value"))}
        case "map", "keys":
            return {"propertyNames": constraints(value, map_part(field, "key"))}
    return None


def map_part(field: FieldDescriptor, part: str) -> FieldDescriptor:
    """Returns the field of a map's keys (`key`) or values (`value`)."""
    if field.message_type is None:
        raise ValueError(f"{field.full_name} is no map")
    return field.message_type.fields_by_name[part]


def _enum(field: FieldDescriptor) -> EnumDescriptor:
    if field.enum_type is None:
        raise ValueError(f"{field.full_name} has rules of an enum, but is none")
    return field.enum_type


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return json_format.MessageToDict(value, preserving_proto_field_name=True)
    if isinstance(value, (str, int, float)):
        return value
    return [_plain(one) for one in value]
