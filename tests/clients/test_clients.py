"""Generated clients against the real platform, through Envoy: every language sees the same.

Each program registers, makes a source and a pipeline, starts it, follows its log with a break in the middle, asks what
has landed, and reads an error with its details. A language whose toolchain is not on the machine is skipped by name.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.client.conftest import Platform, platform
from tests.clients import python_client
from tests.conftest import ROOT
from tests.servers.installing import BUILD, alone, program

__all__ = ["platform"]

pytestmark = pytest.mark.timeout(600)  # the first build fetches and compiles

HERE = Path(__file__).parent
GENERATED = ROOT / "generated"
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
Seen = dict[str, Any]


def tools(*names: str) -> None:
    """Skips the test where the language's toolchain is not on the machine."""
    if missing := [name for name in names if shutil.which(name) is None]:
        pytest.skip(f"{', '.join(missing)} not installed")


def built(name: str, sources: list[Path], build: Callable[[Path], None]) -> Path:
    """The folder of what was built of some sources, made where it is not there yet."""
    digest = hashlib.sha256()
    for path in sorted(file for source in sources for file in ([source] if source.is_file() else source.rglob("*"))):
        if path.is_file() and "node_modules" not in path.parts:
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    folder = BUILD / "clients" / f"{name}-{digest.hexdigest()[:12]}"
    with alone(f"client-{name}"):
        if not (folder / ".built").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            build(folder)
            (folder / ".built").touch()
    return folder


def run(folder: Path, *command: str, **variables: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True, timeout=500, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def go() -> list[str]:
    tools("go")

    def build(folder: Path) -> None:
        run(HERE / "go", "go", "build", "-o", str(folder / "scenario"), ".")

    return [str(built("go", [HERE / "go", GENERATED / "go"], build) / "scenario")]


def packages(folder: Path) -> None:
    """What npm installs by the lock file, with our package as it would be published."""
    for name in ("package.json", "package-lock.json", ".npmrc", "scenario.mjs", "node.mjs", "browser.mjs", "page.mjs"):
        shutil.copy(HERE / "typescript" / name, folder)
    run(folder, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
    ours = folder / "node_modules" / "@thedata" / "client"
    ours.mkdir(parents=True)
    shutil.copy(GENERATED / "typescript" / "package.json", ours)
    shutil.copytree(GENERATED / "typescript" / "src", ours / "src")
    run(
        folder, "npx", "esbuild", "browser.mjs", "--bundle", "--format=iife", "--outfile=bundle.js",
        "--log-level=warning",
    )  # fmt: skip


def javascript() -> Path:
    tools("node", "npm")
    return built("typescript", [HERE / "typescript", GENERATED / "typescript"], packages)


def node() -> list[str]:
    return ["node", str(javascript() / "node.mjs")]


def browser() -> list[str]:
    chromium = program("chromium", "chromium")
    return ["node", str(javascript() / "page.mjs"), chromium, *CHROMIUM]


def java() -> list[str]:
    tools("java", "javac", "mvn")

    def build(folder: Path) -> None:
        shutil.copy(GENERATED / "java" / "pom.xml", folder)
        listed = folder / "classpath"
        run(folder, "mvn", "-q", "-B", "dependency:build-classpath", f"-Dmdep.outputFile={listed}")
        sources = folder / "sources"
        files = [*(GENERATED / "java" / "src").rglob("*.java"), HERE / "java" / "Scenario.java"]
        sources.write_text("\n".join(map(str, files)))
        run(folder, "javac", "-nowarn", "-cp", listed.read_text(), "-d", str(folder / "classes"), f"@{sources}")

    folder = built("java", [HERE / "java", GENERATED / "java"], build)
    return ["java", "-cp", f"{folder / 'classes'}:{(folder / 'classpath').read_text()}", "Scenario"]


PROGRAMS = {"go": go, "typescript_in_node": node, "typescript_in_chromium": browser, "java": java}


def expected(lines: list[str]) -> Seen:
    return {
        "lines": lines,
        "ended": "RUN_STATE_SUCCEEDED",
        "breaks": 1,
        "names": ["Ann", "Bob", "Cy"],
        "reason": "INVALID_FIELDS",
        "fields": ["name", "source_id", "destination_id"],
        "code": "InvalidArgument",
    }


def folder_of(platform: Platform) -> str:
    folder = platform.files / uuid4().hex
    folder.mkdir()
    (folder / "people.csv").write_text("id,name\n1,Ann\n2,Bob\n3,Cy\n")
    return str(folder)


def check(seen: Seen) -> None:
    assert seen == expected(seen["lines"])
    assert len(seen["lines"]) > 2
    assert len(set(seen["lines"])) == len(seen["lines"]), "no line twice"
    assert "Run succeeded: 3 rows" in seen["lines"][-1]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_generated_client_goes_through_the_scenario(platform: Platform, name: str) -> None:
    command = PROGRAMS[name]()
    address = platform.address.removeprefix("http://")
    given = {"ADDRESS": address, "EMAIL": f"{uuid4().hex}@example.com", "FOLDER": folder_of(platform)}
    check(json.loads(run(HERE, *command, **given).strip().splitlines()[-1]))


@pytest.mark.parametrize("kind", ["sync", "aio"])
def test_the_python_stubs_go_through_the_scenario(platform: Platform, kind: str) -> None:
    address = platform.address.removeprefix("http://")
    check(python_client.run(kind, address, f"{uuid4().hex}@example.com", folder_of(platform)))
