"""Every command that the documents show is run, in their order, against a real stack."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from server.stack.ports import free_port
from server.stack.postgres import EmbeddedPostgres
from tests.conftest import IMPORTS, ROOT, TEMPLATE, new_database
from tests.docs.blocks import REASONS, SHELL, blocks, to_run

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "bench" / "README.md", *(ROOT / "docs").glob("*.md")]
RUN = sorted(document for document in DOCUMENTS if to_run(document))
START_SECONDS = 60.0
SUCCEEDED = "RUN_STATE_SUCCEEDED"
DOCUMENT_SECONDS = 60.0

# A command that fails ends the document. A stream that has no end is followed for a while.
PRELUDE = """
set -Eeuo pipefail
trap 'printf "failed: %s\\n" "$BASH_COMMAND" >&2' ERR
curl() {
    local seconds=20 code=0
    [[ " $* " =~ " -"[a-z]*N[a-z]*" " ]] && seconds=6
    command curl --fail-with-body --max-time "$seconds" "$@" || code=$?
    [[ $code == 0 || ( $code == 28 && $seconds == 6 ) ]]
}
"""


@dataclass(frozen=True)
class Stack:
    """Where the documents' stack is, and what a reader has by then."""

    http: int
    grpc: int
    home: Path
    given: dict[str, str]


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def stack(loop: asyncio.Runner, cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack of `make run`, with an account, a pipeline that has run, and orders in the analytics store."""
    entered = AsyncExitStack()
    yield loop.run(entered.enter_async_context(_stack(cluster, tmp_path_factory.mktemp("documents"))))
    loop.run(entered.aclose())


@asynccontextmanager
async def _stack(cluster: EmbeddedPostgres, folder: Path) -> AsyncIterator[Stack]:
    http, grpc, home = free_port(), free_port(), folder / "home"
    async with new_database(cluster, TEMPLATE) as url:
        environment = {
            **os.environ,
            "PYTHONPATH": IMPORTS,
            "THEDATA_HOME": str(home),
            "THEDATA_DATABASE_URL": url,
            "THEDATA_HTTP_PORT": str(http),
            "THEDATA_GRPC_PORT": str(grpc),
            "THEDATA_STOP_GRACE_SECONDS": "1",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server", "stack", env=environment, stdout=asyncio.subprocess.PIPE
        )
        try:
            assert process.stdout is not None
            async with asyncio.timeout(START_SECONDS):
                while b"theData.io is up" not in (line := await process.stdout.readline()):
                    assert line, "the stack ended before it was up"
            draining = asyncio.create_task(process.stdout.read())
            yield Stack(http, grpc, home, await _given(http, home, url))
            process.terminate()
            async with asyncio.timeout(30):
                await process.wait()
                await draining
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _given(http: int, home: Path, url: str) -> dict[str, str]:
    orders = "id,amount,ordered_at,country\n1,12.50,2026-02-01T10:00:00Z,NL\n2,99.00,2026-02-02T10:00:00Z,DE\n"
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{http}/api/v1", timeout=20, trust_env=False) as client:

        async def post(path: str, **body: object) -> dict[str, Any]:
            answer = await client.post(path, json=body)
            assert answer.status_code == 200, answer.text
            found: dict[str, Any] = answer.json()
            return found

        token = (await post("/auth/register", email="reader@example.com", password="correct horse"))["access_token"]
        client.headers["authorization"] = f"Bearer {token}"
        organization = (await client.get("/organizations")).json()["organizations"][0]["id"]
        folder = home / "uploads" / organization / "orders"
        await asyncio.to_thread(folder.mkdir, parents=True)
        await asyncio.to_thread((folder / "orders.csv").write_text, orders)
        config = {"path": str(folder), "format": "csv"}
        source = await post("/data-sources", name="Files", connector="files", config=config)
        target = await post("/data-sources", name="Landed", connector="analytics", config={})
        pipeline = await post("/pipelines", name="Orders", source_id=source["id"], destination_id=target["id"])
        run = await post(f"/pipelines/{pipeline['id']}/start")
        limit = time.monotonic() + 30
        path = f"/pipelines/{pipeline['id']}/runs/{run['id']}"
        while (seen := (await client.get(path)).json())["state"] != SUCCEEDED:
            assert time.monotonic() < limit, f"the orders have not landed: {seen}"
            await asyncio.sleep(0.1)
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE users SET platform_admin = true WHERE email = 'reader@example.com'")
    await connection.close()
    return {"TOKEN": token, "PIPELINE": pipeline["id"], "THEDATA_HOME": str(home)}


def test_what_is_not_run_says_why_by_a_known_reason() -> None:
    every = [(document.name, block) for document in DOCUMENTS for block in blocks(document)]
    for name, block in every:
        if block.not_run is not None:
            assert block.not_run in REASONS, f"{name}: {block.not_run}"
            assert block.language in SHELL, f"{name}: {block.text}"
        if "curl " in block.text or "python -m" in block.text or "make " in block.text:
            assert block.language in SHELL or block.language == "text", (
                f"{name}: this block of commands names no language:\n{block.text}"
            )
    assert {block.not_run for _, block in every if block.not_run} == REASONS, "no reason is left over"


@pytest.mark.parametrize("document", RUN, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_do_what_they_are_shown_for(document: Path, stack: Stack, tmp_path: Path) -> None:
    script = "\n".join([PRELUDE, *to_run(document)])
    for written, served in ((8080, stack.http), (50051, stack.grpc)):
        script = script.replace(f"127.0.0.1:{written}", f"127.0.0.1:{served}")
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, **stack.given, "PYTHONPATH": IMPORTS},
        capture_output=True,
        text=True,
        timeout=DOCUMENT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
