"""What a code generator's request says about the API: descriptors, their comments and their options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.compiler import plugin_pb2
from google.protobuf.descriptor import EnumDescriptor, FileDescriptor, ServiceDescriptor

# The kinds of children of a descriptor, as (attribute, field number) in descriptor.proto: a comment's path is a list
# of these numbers, each followed by the child's index.
_CHILDREN = {
    descriptor_pb2.FileDescriptorProto: (("message_type", 4), ("enum_type", 5), ("service", 6)),
    descriptor_pb2.DescriptorProto: (("field", 2), ("nested_type", 3), ("enum_type", 4), ("oneof_decl", 8)),
    descriptor_pb2.EnumDescriptorProto: (("value", 2),),
    descriptor_pb2.ServiceDescriptorProto: (("method", 2),),
}


class Contract:
    """The files of a request, in a pool that knows their custom options."""

    def __init__(self, request: plugin_pb2.CodeGeneratorRequest) -> None:
        self._pool = descriptor_pool.DescriptorPool()
        self._comments: dict[str, str] = {}
        self._files = sorted(request.file_to_generate)
        for file in request.proto_file:
            self._pool.Add(file)
            texts = {tuple(one.path): one.leading_comments for one in file.source_code_info.location}
            self._comments.update(_comments(file, texts, (), file.package))

    def services(self) -> Iterator[ServiceDescriptor]:
        """Yields the services of the requested files, by file name."""
        for name in self._files:
            yield from self._pool.FindFileByName(name).services_by_name.values()

    def files(self) -> Iterator[FileDescriptor]:
        """Yields the requested files, by name."""
        yield from map(self._pool.FindFileByName, self._files)

    def enum(self, full_name: str) -> EnumDescriptor:
        """Returns an enum; raises KeyError when there is none of that name."""
        return self._pool.FindEnumTypeByName(full_name)

    def comment(self, descriptor: Any, name: str | None = None) -> str:
        """Returns the comment above a descriptor, or above the enum value `name` in it; empty when there is none."""
        return self._comments.get(f"{descriptor.full_name}.{name}" if name else descriptor.full_name, "")

    def option(self, descriptor: Any, extension: str) -> Any:
        """Returns the value of a custom option; None when it is not set, an empty sequence for a repeated one."""
        field: Any = self._pool.FindExtensionByName(extension)  # its type stubs don't know it as a key of Extensions
        # Parsed again with this pool's class: the default one keeps custom options as unknown bytes.
        options = message_factory.GetMessageClass(field.containing_type).FromString(
            descriptor.GetOptions().SerializeToString()
        )
        if field.is_repeated or options.HasExtension(field):
            return options.Extensions[field]
        return None


def _comments(
    proto: Any, texts: dict[tuple[int, ...], str], path: tuple[int, ...], name: str
) -> Iterator[tuple[str, str]]:
    if text := texts.get(path, ""):
        yield name, _trimmed(text.splitlines())
    for attribute, number in _CHILDREN.get(type(proto), ()):
        for index, child in enumerate(getattr(proto, attribute)):
            yield from _comments(child, texts, (*path, number, index), f"{name}.{child.name}")


def _trimmed(lines: Sequence[str]) -> str:
    return "\n".join(line.removeprefix(" ").rstrip() for line in lines).strip()
