"""A protoc plugin that writes the OpenAPI document of the API, `thedata.yaml`."""

from __future__ import annotations

import sys

import yaml
from google.protobuf.compiler import plugin_pb2

from tools.openapi.contract import Contract
from tools.openapi.document import document

NAME = "thedata.yaml"
_HEADER = "# Written by tools/protoc_gen_openapi.py from protos/. DO NOT EDIT.\n"


class _Dumper(yaml.SafeDumper):
    """Writes long texts as blocks and repeats equal parts instead of naming them by anchors."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # PyYAML calls it so
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def generate(request: plugin_pb2.CodeGeneratorRequest) -> plugin_pb2.CodeGeneratorResponse:
    """Returns the one document of all requested files' services."""
    content = _HEADER + yaml.dump(
        document(Contract(request)), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120
    )
    response = plugin_pb2.CodeGeneratorResponse(
        supported_features=plugin_pb2.CodeGeneratorResponse.FEATURE_PROTO3_OPTIONAL
    )
    response.file.add(name=NAME, content=content)
    return response


if __name__ == "__main__":
    request = plugin_pb2.CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
    sys.stdout.buffer.write(generate(request).SerializeToString())
