"""Fills .build/third_party with the .proto files that the contract imports, from the installed wheels.

No network, no submodule: the wheels are pinned with all other dependencies, so their protos are too.
"""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile

from google.protobuf import descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2
from protovalidate._gen.buf.validate import validate_pb  # the only place where the wheel keeps the descriptor

from tools.proto_text import proto_text

ROOT = Path(__file__).resolve().parent.parent
THIRD_PARTY = ROOT / ".build" / "third_party"

GOOGLEAPIS = (
    "google/api/annotations.proto",
    "google/api/field_behavior.proto",
    "google/api/http.proto",
    "google/api/httpbody.proto",
    "google/rpc/code.proto",
    "google/rpc/error_details.proto",
    "google/rpc/status.proto",
)
VALIDATE = "buf/validate/validate.proto"
# validate.proto imports these; importing the modules has put them into the default pool.
_IMPORTED = (descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2)


def write_third_party(target: Path = THIRD_PARTY) -> None:
    """Makes `target` hold exactly the third-party protos; files that are right already stay untouched.

    So two processes may call it at the same time, as parallel tests do.
    """
    protos = third_party_protos()
    for stray in [path for path in target.rglob("*.proto") if path.relative_to(target).as_posix() not in protos]:
        stray.unlink(missing_ok=True)
    for name, text in protos.items():
        path = target / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".tmp", delete=False) as file:
            file.write(text)
        Path(file.name).replace(path)


def third_party_protos() -> dict[str, str]:
    """Returns the text of every third-party proto by its import path."""
    package = files("google")
    protos = {name: package.joinpath(name.removeprefix("google/")).read_text(encoding="utf-8") for name in GOOGLEAPIS}
    return {**protos, VALIDATE: validate_proto()}


def validate_proto() -> str:
    """Returns validate.proto as text, printed from the descriptor in the protovalidate wheel."""
    file = validate_descriptor()
    missing = set(file.dependency) - {module.DESCRIPTOR.name for module in _IMPORTED}
    if missing:
        raise ValueError(f"{VALIDATE} imports files that are not loaded: {sorted(missing)}")
    header = (
        f"{VALIDATE} of protovalidate {version('protovalidate')}\n"
        "Copyright Buf Technologies, Inc., Apache License 2.0.\n"
        "Printed from the descriptor in the Python wheel: its comments are not there, everything else is."
    )
    return proto_text(file, header)


def validate_descriptor() -> descriptor_pb2.FileDescriptorProto:
    """Returns the descriptor of validate.proto that the protovalidate wheel carries."""
    return descriptor_pb2.FileDescriptorProto.FromString(validate_pb.desc().proto.to_binary())


if __name__ == "__main__":
    write_third_party()
