"""Generated clients against the real platform, through Envoy: every language sees the same.

Each program registers, makes a source and a pipeline, starts it, follows its log with a break in the middle, asks what
has landed, and reads an error with its details. The break is one of the network: the connection ends just before the
log's last line would have come. A language whose toolchain is not on the machine is skipped by name.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import textwrap
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.client.conftest import PASSWORD, Platform, platform
from tests.clients import python_client
from tests.conftest import ROOT
from tests.rpc.conftest import LoopThread
from tests.servers.fault_proxy import FaultProxy, Rule, Side
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


LAST_LINE = "Run succeeded"
FILES = {f"orders_{number}": "id,amount\n1,10\n" for number in range(8)} | {"people": "id,name\n1,Ann\n2,Bob\n3,Cy\n"}


@dataclass(frozen=True)
class Road:
    """The way to the platform, which breaks once."""

    address: str
    broken: Rule


@pytest.fixture
def road(platform: Platform) -> Iterator[Road]:
    """A network that ends the connection instead of telling the log's last line, the first time."""
    loop, stack = LoopThread(), AsyncExitStack()

    async def lay() -> Road:
        proxy = await stack.enter_async_context(FaultProxy("127.0.0.1", int(platform.address.rpartition(":")[2])))
        return Road(f"127.0.0.1:{proxy.port}", proxy.cut(LAST_LINE.encode(), side=Side.SERVER))

    try:
        yield loop.run(lay())
    finally:
        loop.run(stack.aclose())
        loop.close()


@pytest.fixture
def folder(platform: Platform) -> str:
    """The files of a source."""
    folder = platform.files / uuid4().hex
    folder.mkdir()
    for name, content in FILES.items():
        (folder / f"{name}.csv").write_text(content)
    return str(folder)


def kept_log(platform: Platform, email: str) -> list[str]:
    """The lines of somebody's only pipeline's only run, as the platform has kept them."""
    with httpx.Client(base_url=f"{platform.address}/api/v1", timeout=30, trust_env=False) as rest:
        session = rest.post("/auth/login", json={"email": email, "password": PASSWORD}).json()
        rest.headers["authorization"] = f"Bearer {session['access_token']}"
        (pipeline,) = rest.get("/pipelines").json()["pipelines"]
        log = rest.get(f"/pipelines/{pipeline['id']}/logs", params={"page_size": 1000}).json()
    assert not log["next_page_token"]
    return [entry["message"] for entry in log["entries"]]


def check(seen: Seen, kept: list[str]) -> None:
    assert seen.pop("breaks") >= 1  # a call that comes before the new connection meets the old one's end
    assert seen == {
        "lines": kept,
        "ended": "RUN_STATE_SUCCEEDED",
        "names": ["Ann", "Bob", "Cy"],
        "reason": "INVALID_FIELDS",
        "fields": ["name", "source_id", "destination_id"],
        "code": "InvalidArgument",
    }
    assert len(kept) > len(FILES)
    assert kept[-1].startswith(LAST_LINE)


@pytest.mark.parametrize("name", [*PROGRAMS, "python_sync", "python_aio"])
def test_a_generated_client_goes_through_the_scenario(platform: Platform, road: Road, folder: str, name: str) -> None:
    email = f"{uuid4().hex}@example.com"
    if name in PROGRAMS:
        told = run(HERE, *PROGRAMS[name](), ADDRESS=road.address, EMAIL=email, FOLDER=folder)
        seen = json.loads(told.strip().splitlines()[-1])
    else:
        seen = python_client.run(name.removeprefix("python_"), road.address, email, folder)
    assert road.broken.reached.is_set()
    check(seen, kept_log(platform, email))


READMES = {
    "python": [HERE / "python_client.py"],
    "typescript": [HERE / "typescript" / "node.mjs", HERE / "typescript" / "scenario.mjs"],
    "go": [HERE / "go" / "main.go"],
    "java": [HERE / "java" / "Scenario.java"],
}
REGION = re.compile(r"^[ \t]*(?:#|//) README\n(.*?)^[ \t]*(?:#|//) README ends$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```(?:python|ts|go|java)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("language", READMES)
def test_the_code_of_a_readme_is_the_scenarios(language: str) -> None:
    regions = [part for program in READMES[language] for part in REGION.findall(program.read_text())]
    (code,) = CODE.findall((GENERATED / language / "README.md").read_text())
    assert code == "\n".join(map(textwrap.dedent, regions))
