"""`python -m tools.client_code`: writes what of the Python client follows from the contract.

Three things: the table of methods and the names of messages, which both clients share; the asyncio client's services;
and the blocking client, which is the asyncio client without its `async` and `await`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from google.protobuf import descriptor_pb2
from google.protobuf.compiler import plugin_pb2
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor, ServiceDescriptor

from tools.generate import buf
from tools.openapi.bindings import bindings
from tools.openapi.contract import Contract
from tools.third_party_protos import ROOT, write_third_party

PACKAGE = ROOT / "client" / "src" / "thedata_client"
HEADER = '"""{} Written by tools/client_code.py. DO NOT EDIT."""\n\nfrom __future__ import annotations\n\n'
HAND_WRITTEN = {"__init__.py", "platform.py"}  # of the blocking client

ATTRIBUTES = {
    "AuthService": "auth",
    "UsersService": "users",
    "OrganizationsService": "organizations",
    "DataSourcesService": "sources",
    "PipelinesService": "pipelines",
    "AnalyticsService": "analytics",
    "AdminService": "admin",
}
NOUNS = {"UsersService": "User", "OrganizationsService": "Organization", "DataSourcesService": "DataSource",
         "PipelinesService": "Pipeline"}  # fmt: skip
BEGIN_RUNS = {"StartPipeline", "BackfillStream", "ReplayRejectedRows"}
REPEATABLE = {"RefreshToken", "PlanPipeline"}  # safe to send again, although they are a POST without a request_id
REQUIRED = 2  # of google.api.FieldBehavior
ENDING = {"WatchRun", "TailPipelineLogs"}  # streams that end when their run has
WELL_KNOWN = {
    "google.protobuf.Timestamp": "datetime",
    "google.protobuf.Duration": "timedelta",
    "google.protobuf.Struct": "Mapping[str, Any]",
    "google.protobuf.FieldMask": "Sequence[str]",
    "google.api.HttpBody": "HttpBody",
}
SCALARS = {
    FieldDescriptor.CPPTYPE_STRING: "str",
    FieldDescriptor.CPPTYPE_BOOL: "bool",
    FieldDescriptor.CPPTYPE_DOUBLE: "float",
}
WITHOUT_ASYNC = (
    (r"\basync (def|for|with)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\b__a(enter|exit|iter|next)__\b", r"__\1__"),
    (r"\bthedata_client\.aio\b", "thedata_client.blocking"),
    (r"\bStopAsyncIteration\b", "StopIteration"),
    (r"\bAsyncGenerator\[(.+), None\]", r"Generator[\1, None, None]"),
    (r"\bAsync([A-Z])", r"\1"),
    (r"\baclosing\b", "closing"),
    (r"\basynchronous\b", "blocking"),
)


def contract() -> Contract:
    """The contract with its comments."""
    write_third_party()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contract.binpb"
        buf("build", "--as-file-descriptor-set", "--output", str(path))
        files = descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes()).file
    own = [file.name for file in files if file.package == "thedata.v1"]
    return Contract(plugin_pb2.CodeGeneratorRequest(file_to_generate=own, proto_file=files))


def write(package: Path = PACKAGE) -> None:
    """Writes the files below the package's folder, which holds the asyncio client's own."""
    known = contract()
    (package / "types.py").write_text(HEADER.format("The API's messages and enums.") + "\n".join(_types(known)))
    (package / "methods.py").write_text(HEADER.format("The API's methods.") + "\n".join(_methods(known)))
    services = HEADER.format("The API's services, a method a call.") + "\n".join(_services(known))
    (package / "aio" / "services.py").write_text(services)
    written = [package / "types.py", package / "methods.py", package / "aio" / "services.py"]
    for source in sorted((package / "aio").glob("*.py")):
        if source.name not in HAND_WRITTEN:
            target = package / "blocking" / source.name
            target.write_text(without_async(source.read_text()))
            written.append(target)
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    config = ["--config", str(ROOT / "pyproject.toml"), "-q"]
    for command in (["check", "--select", "I,F401", "--fix"], ["format"]):
        subprocess.run([ruff, *command, *config, *map(str, written)], check=True, timeout=60)


def without_async(source: str) -> str:
    """The same code for callers that wait."""
    for pattern, replacement in WITHOUT_ASYNC:
        source = re.sub(pattern, replacement, source)
    if "DO NOT EDIT" in source:
        return source
    return source.replace('"""', '"""Made of the asyncio client by tools/client_code.py: DO NOT EDIT.\n\n', 1)


def _types(known: Contract) -> Iterator[str]:
    for file in known.files():
        values = [value.name for enum in file.enum_types_by_name.values() for value in enum.values]
        names = sorted([*file.message_types_by_name, *file.enum_types_by_name, *values])
        if names:
            listed = ", ".join(f"{name} as {name}" for name in names)
            yield f"from {_module(file.name)} import {listed}"
    yield "from google.api.httpbody_pb2 import HttpBody as HttpBody"
    yield "from google.protobuf.empty_pb2 import Empty as Empty\n"


def _module(proto: str) -> str:
    return proto.removesuffix(".proto").replace("/", ".") + "_pb2"


def _methods(known: Contract) -> Iterator[str]:
    yield "from thedata_client import types\nfrom thedata_client.method import Method\n"
    names = []
    for service in known.services():
        for method in service.methods:
            names.append(_constant(method))
            flags = {
                "public": _permission(known, method) == "PERMISSION_PUBLIC",
                "repeatable": _repeatable(known, method),
            }
            told = "".join(f", {name}=True" for name, value in flags.items() if value)
            yield (
                f'{names[-1]} = Method("/{service.full_name}/{method.name}", '
                f"types.{method.input_type.name}, types.{method.output_type.name}{told})"
            )
    yield f"\nMETHODS = ({', '.join(names)})\n"


def _constant(method: MethodDescriptor) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", method.name).upper()


def _permission(known: Contract, method: MethodDescriptor) -> str:
    value = known.option(method, "thedata.v1.permission")
    return known.enum("thedata.v1.Permission").values_by_number[value].name


def _repeatable(known: Contract, method: MethodDescriptor) -> bool:
    """Whether a call may be sent again when it is not known what became of the first."""
    if method.client_streaming:
        return False
    reads = next(bindings(known, method)).http_method == "get"
    return reads or "request_id" in method.input_type.fields_by_name or method.name in REPEATABLE


def _services(known: Contract) -> Iterator[str]:
    yield "from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence"
    yield "from datetime import datetime, timedelta\nfrom typing import Any\n"
    yield "from google.api.httpbody_pb2 import HttpBody\n"
    yield "from thedata_client import methods, types\nfrom thedata_client.aio.core import AsyncService"
    yield "from thedata_client.aio.follow import AsyncFollow\nfrom thedata_client.aio.pages import AsyncPages"
    yield "from thedata_client.aio.runs import AsyncRunHandle\nfrom thedata_client.requests import request_of\n"
    for service in known.services():
        yield f"\nclass Async{service.name}(AsyncService):"
        yield from _docstring(known.comment(service), 4)
        for method in service.methods:
            yield ""
            yield from _method(known, service, method)
    yield ""


def _name(service: ServiceDescriptor, method: MethodDescriptor) -> str:
    short = method.name
    if noun := NOUNS.get(service.name):
        short = re.sub(rf"(?<=[a-z]){noun}s?(?=[A-Z]|$)", "", short)
    return re.sub(r"(?<!^)(?=[A-Z])", "_", short).lower()


def _method(known: Contract, service: ServiceDescriptor, method: MethodDescriptor) -> Iterator[str]:
    constant, answer = f"methods.{_constant(method)}", f"types.{method.output_type.name}"
    name, fields = _name(service, method), list(method.input_type.fields)
    if method.client_streaming:
        yield f"    async def {name}(self, messages: AsyncIterable[types.{method.input_type.name}], *, "
        yield f"        call_timeout: float | None = None) -> {answer}:"
        yield from _docstring(known.comment(method), 8)
        yield f"        return await self._core.send({constant}, messages, call_timeout)"
        return
    pages = _items(method)
    resumes = method.server_streaming and "cursor" in method.output_type.fields_by_name
    hidden = {"page_token"} if pages else {"after"} if method.name == "TailPipelineLogs" and not resumes else set()
    shown = [field for field in fields if field.name not in hidden]
    needed = [field for field in shown if _required(known, field)]
    positional = [f"{field.name}: {_kind(field)}" for field in needed]
    keywords = [f"{field.name}: {_kind(field)} | None = None" for field in shown if field not in needed]
    parameters = ", ".join(["self", *positional, "*", *keywords, "call_timeout: float | None = None"])
    given = "".join(f", {field.name}={field.name}" for field in shown)
    request = f"request_of(types.{method.input_type.name}, self._core.organization{given})"
    documented = _documented(known, method, shown)
    if pages and pages.message_type:
        item = f"types.{pages.message_type.name}"
        yield f"    def {name}({parameters}) -> AsyncPages[{answer}, {item}]:"
        yield from _docstring(documented, 8)
        items = f"lambda page: page.{pages.name}"
        yield f"        return AsyncPages(self._core, {constant}, {request}, {items}, call_timeout)"
    elif resumes:
        ends = method.name in ENDING
        endless = ("bool(follow)" if "follow" in method.input_type.fields_by_name else "False") if ends else "True"
        yield f"    def {name}({parameters}) -> AsyncFollow[{answer}]:"
        yield from _docstring(documented, 8)
        yield f"        return AsyncFollow(self._core, {constant}, {request}, call_timeout, endless={endless})"
    elif method.server_streaming:
        yield f"    def {name}({parameters}) -> AsyncIterator[{answer}]:"
        yield from _docstring(documented, 8)
        yield f"        return self._core.receive({constant}, {request}, call_timeout)"
    elif method.name in BEGIN_RUNS:
        yield f"    async def {name}({parameters}) -> AsyncRunHandle:"
        yield from _docstring(documented, 8)
        yield f"        return AsyncRunHandle(self._core, await self._core.unary({constant}, {request}, call_timeout))"
    elif method.output_type.full_name == "google.protobuf.Empty":
        yield f"    async def {name}({parameters}) -> None:"
        yield from _docstring(documented, 8)
        yield f"        await self._core.unary({constant}, {request}, call_timeout)"
    else:
        yield f"    async def {name}({parameters}) -> {answer}:"
        yield from _docstring(documented, 8)
        yield f"        return await self._core.unary({constant}, {request}, call_timeout)"


def _items(method: MethodDescriptor) -> FieldDescriptor | None:
    """The field that holds a page's items; None where the method has no pages of messages."""
    if "next_page_token" not in method.output_type.fields_by_name:
        return None
    first = method.output_type.fields[0]
    return first if first.is_repeated and first.message_type else None


def _required(known: Contract, field: FieldDescriptor) -> bool:
    """Whether no request is right without the field."""
    if REQUIRED in known.option(field, "google.api.field_behavior"):
        return True
    rules = known.option(field, "buf.validate.field")
    if rules is None or field.has_presence or rules.ignore:
        return False
    text = rules.string
    return bool(rules.repeated.min_items or text.min_len or (text.pattern and not re.search(text.pattern, "")))


def _kind(field: FieldDescriptor) -> str:
    if field.message_type and field.message_type.GetOptions().map_entry:
        return f"Mapping[str, {_single(field.message_type.fields_by_name['value'])}]"
    return f"Sequence[{_single(field)}]" if field.is_repeated else _single(field)


def _single(field: FieldDescriptor) -> str:
    if field.enum_type:
        return f"types.{field.enum_type.name}.ValueType | str"
    if field.message_type:
        return WELL_KNOWN.get(field.message_type.full_name, f"types.{field.message_type.name}")
    if field.type == FieldDescriptor.TYPE_BYTES:
        return "bytes"
    return SCALARS.get(field.cpp_type, "int")


def _documented(known: Contract, method: MethodDescriptor, shown: list[FieldDescriptor]) -> str:
    lines = [known.comment(method), ""]
    if shown:
        lines.append("Args:")
        lines += [f"    {field.name}: {' '.join(known.comment(field).split())}" for field in shown]
        lines.append("    call_timeout: Seconds that it may take; None: the client's default, and no end for streams.")
    return "\n".join(lines).strip()


def _docstring(text: str, indent: int) -> Iterator[str]:
    lines = [part for line in text.replace("\\", "\\\\").splitlines() for part in _wrapped(line, 116 - indent)]
    pad = " " * indent
    if len(lines) == 1:
        yield f'{pad}"""{lines[0]}"""'
        return
    yield f'{pad}"""{lines[0]}'
    yield from (f"{pad}{line}".rstrip() for line in lines[1:])
    yield f'{pad}"""'


def _wrapped(line: str, width: int) -> Iterator[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    words, current = line.split(), ""
    for word in words:
        if current and len(indent) + len(current) + 1 + len(word) > width:
            yield indent + current
            current, indent = word, indent if indent.startswith("        ") or not indent else indent + "    "
        else:
            current = f"{current} {word}".strip()
    yield (indent + current).rstrip()


if __name__ == "__main__":
    write()
