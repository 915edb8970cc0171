from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2

from tools.breaking import check_breaking
from tools.generate import buf, generate
from tools.proto_text import proto_text
from tools.third_party_protos import ROOT, VALIDATE, validate_descriptor, write_third_party

GENERATED = ROOT / "generated"
LEFT_OUT = {"__pycache__"}  # written by whoever imports the code
PACKAGING = {"README.md", "package.json", "go.mod", "go.sum", "pom.xml"}  # beside what is generated, written by hand


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not LEFT_OUT & set(path.parts)
    }


@pytest.mark.timeout(400)  # the first time, generators are installed
def test_generated_files_are_those_of_the_protos(tmp_path: Path) -> None:
    left_out = generate(tmp_path)
    fresh = tree(tmp_path / "generated")
    kept = {
        name: body
        for name, body in tree(GENERATED).items()
        if name.partition("/")[0] not in left_out and not (name.count("/") == 1 and Path(name).name in PACKAGING)
    }
    assert sorted(fresh) == sorted(kept)
    assert [name for name in fresh if fresh[name] != kept[name]] == [], "run `python -m tools.generate`"


@pytest.mark.parametrize("check", [("lint",), ("format", "protos", "--diff", "--exit-code")], ids=["lint", "format"])
def test_the_protos_pass(check: tuple[str, ...]) -> None:
    write_third_party()
    buf(*check)


def test_no_google_code_is_generated_beside_the_wheels() -> None:
    assert not (GENERATED / "python" / "google").exists()


def test_the_printed_validate_proto_is_the_wheels() -> None:
    descriptors = descriptor_pb2.FileDescriptorSet.FromString((GENERATED / "descriptors.binpb").read_bytes())
    compiled = next(file for file in descriptors.file if file.name == VALIDATE)
    assert normal(compiled) == normal(validate_descriptor())


def normal(file: descriptor_pb2.FileDescriptorProto) -> descriptor_pb2.FileDescriptorProto:
    """Drops what means nothing: `syntax` of proto2, and options that are there but empty."""
    copy = descriptor_pb2.FileDescriptorProto()
    copy.CopyFrom(file)
    copy.ClearField("syntax")
    for message in copy.message_type:
        for field in message.field:
            if not field.options.SerializeToString():
                field.ClearField("options")
    return copy


def test_a_proto_that_cant_be_printed_is_refused() -> None:
    with pytest.raises(ValueError, match="proto3"):
        proto_text(descriptor_pb2.FileDescriptorProto(name="a.proto", syntax="proto3"), "")


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, timeout=30)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository of its own with the protos, and without anything generated on its branch `main` yet."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "protos", root / "protos")
    shutil.copy(ROOT / "buf.yaml", root)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "protos", "buf.yaml")
    git(root, "commit", "--quiet", "--message=protos")
    return root


def test_without_a_contract_before_nothing_breaks(checkout: Path) -> None:
    assert not check_breaking("main", checkout)


def test_a_removed_method_breaks_the_contract(checkout: Path) -> None:
    (checkout / "generated").mkdir()
    shutil.copy(GENERATED / "descriptors.binpb", checkout / "generated")
    git(checkout, "add", "generated")
    git(checkout, "commit", "--quiet", "--message=generated")
    assert check_breaking("main", checkout)
    users = checkout / "protos" / "thedata" / "v1" / "users.proto"
    text = users.read_text(encoding="utf-8")
    start, end = text.index("  // Deletes a user with"), text.index("// A user account.")
    users.write_text(text[:start] + "}\n\n" + text[end:], encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        check_breaking("main", checkout)


def test_an_unknown_branch_is_an_error(checkout: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        check_breaking("no-such-branch", checkout)
