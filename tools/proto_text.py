"""Prints a proto2 file's descriptor back as .proto text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_encoding, text_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

_Field = descriptor_pb2.FieldDescriptorProto
_LABELS = {_Field.LABEL_OPTIONAL: "optional", _Field.LABEL_REPEATED: "repeated", _Field.LABEL_REQUIRED: "required"}
_MAX_FIELD_NUMBER = 2**29 - 1
_INDENT = "  "


def proto_text(file: descriptor_pb2.FileDescriptorProto, header: str) -> str:
    """Returns the file as proto2 source under a comment of `header`.

    Custom options that the file itself declares are printed too. Groups and default values are not supported: a
    file that uses them raises ValueError, because its print would not be the same file.
    """
    if file.syntax not in ("", "proto2"):
        raise ValueError(f"{file.name} is {file.syntax}; only proto2 can be printed")
    return "\n".join([*(f"// {line}".rstrip() for line in header.splitlines()), *_Printer(file).lines(), ""])


class _Printer:
    def __init__(self, file: descriptor_pb2.FileDescriptorProto) -> None:
        # A pool of its own knows the options that this file declares; the default pool keeps them as unknown bytes.
        self._pool = descriptor_pool.DescriptorPool()
        for name in file.dependency:
            copy = descriptor_pb2.FileDescriptorProto()
            descriptor_pool.Default().FindFileByName(name).CopyToProto(copy)
            self._pool.Add(copy)
        self._pool.Add(file)
        self._file = file

    def lines(self) -> Iterator[str]:
        file = self._file
        yield from ('syntax = "proto2";', "", f"package {file.package};", "")
        yield from (f'import "{name}";' for name in file.dependency)
        yield ""
        yield from (f"option {option};" for option in self._options(file.options))
        for extendee in dict.fromkeys(field.extendee for field in file.extension):
            fields = [field for field in file.extension if field.extendee == extendee]
            yield from ("", *_block(f"extend {extendee}", (self._field(field) for field in fields)))
        for enum in file.enum_type:
            yield from ("", *self._enum(enum))
        for message in file.message_type:
            yield from ("", *self._message(message))

    def _message(self, message: descriptor_pb2.DescriptorProto) -> Iterator[str]:
        if message.extension:
            raise ValueError(f"{message.name} nests extensions, which are not printed")
        return _block(f"message {message.name}", self._members(message))

    def _members(self, message: descriptor_pb2.DescriptorProto) -> Iterator[str]:
        yield from (f"option {option};" for option in self._options(message.options))
        # Reserved and extension ranges end before their end in messages, but not in enums.
        yield from _reserved([(r.start, r.end - 1) for r in message.reserved_range], message.reserved_name)
        yield from (f"extensions {_range(r.start, r.end - 1)};" for r in message.extension_range)
        for enum in message.enum_type:
            yield from self._enum(enum)
        for nested in message.nested_type:
            if not nested.options.map_entry:
                yield from self._message(nested)
        printed: set[int] = set()
        for field in message.field:
            if not field.HasField("oneof_index"):
                yield self._field(field, message)
            elif field.oneof_index not in printed:
                printed.add(field.oneof_index)
                yield from self._oneof(message, field.oneof_index)

    def _oneof(self, message: descriptor_pb2.DescriptorProto, index: int) -> Iterator[str]:
        oneof = message.oneof_decl[index]
        options = (f"option {option};" for option in self._options(oneof.options))
        fields = (f for f in message.field if f.HasField("oneof_index") and f.oneof_index == index)
        lines = (self._field(field).removeprefix("optional ") for field in fields)
        return _block(f"oneof {oneof.name}", [*options, *lines])

    def _field(self, field: _Field, parent: descriptor_pb2.DescriptorProto | None = None) -> str:
        if field.type == _Field.TYPE_GROUP or field.HasField("default_value"):
            raise ValueError(f"{field.name} is a group or has a default value, which are not printed")
        nested = parent.nested_type if parent else ()
        entry = next((n for n in nested if n.options.map_entry and field.type_name.endswith(f".{n.name}")), None)
        kind = f"{_LABELS[field.label]} {_type(field)}"
        if entry is not None:
            kind = f"map<{_type(entry.field[0])}, {_type(entry.field[1])}>"
        return f"{kind} {field.name} = {field.number}{self._bracketed(field.options)};"

    def _enum(self, enum: descriptor_pb2.EnumDescriptorProto) -> Iterator[str]:
        return _block(
            f"enum {enum.name}",
            [
                *(f"option {option};" for option in self._options(enum.options)),
                *_reserved([(r.start, r.end) for r in enum.reserved_range], enum.reserved_name),
                *(f"{value.name} = {value.number}{self._bracketed(value.options)};" for value in enum.value),
            ],
        )

    def _bracketed(self, options: Message) -> str:
        printed = ", ".join(self._options(options))
        return f" [{printed}]" if printed else ""

    def _options(self, options: Message) -> Iterator[str]:
        known = message_factory.GetMessageClass(self._pool.FindMessageTypeByName(options.DESCRIPTOR.full_name))
        for field, value in known.FromString(options.SerializeToString()).ListFields():
            name = f"({field.full_name})" if field.is_extension else field.name
            for one in value if field.is_repeated else [value]:
                yield f"{name} = {_literal(field, one)}"


def _literal(field: FieldDescriptor, value: object) -> str:
    if isinstance(value, Message):
        return f"{{{text_format.MessageToString(value, as_one_line=True)}}}"
    if isinstance(value, str):
        return f'"{text_encoding.CEscape(value.encode(), as_utf8=True)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if field.enum_type is not None and isinstance(value, int):
        return str(field.enum_type.values_by_number[value].name)
    return str(value)


def _type(field: _Field) -> str:
    return field.type_name or _Field.Type.Name(field.type).removeprefix("TYPE_").lower()


def _range(first: int, last: int) -> str:
    if first == last:
        return str(first)
    return f"{first} to {'max' if last == _MAX_FIELD_NUMBER else last}"


def _reserved(ranges: Sequence[tuple[int, int]], names: Sequence[str]) -> Iterator[str]:
    if ranges:
        yield f"reserved {', '.join(_range(*r) for r in ranges)};"
    if names:
        quoted = (f'"{name}"' for name in names)
        yield f"reserved {', '.join(quoted)};"


def _block(head: str, members: Iterable[str]) -> Iterator[str]:
    yield f"{head} {{"
    yield from (f"{_INDENT}{line}" if line else "" for line in members)
    yield "}"
