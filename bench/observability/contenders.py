"""The servers that are compared: each a process of its own, on one database, with a client that never sleeps."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import httpx
import psutil
from thedata.v1 import auth_pb2, auth_pb2_grpc, pipelines_pb2, pipelines_pb2_grpc

from bench.sync.contender import ROOT
from server.settings import Settings
from server.stack.supervisor import variables

READY_SECONDS = 60
STOP_SECONDS = 20
IN_FLIGHT = 16
SCRAPE_SECONDS = 5.0
ADDRESS = re.compile(r"127\.0\.0\.1:\d+")
PATHS = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])


@dataclass(frozen=True)
class Turn:
    """What a server has done in one turn."""

    requests: int
    seconds: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu_seconds / self.requests


class Contender:
    """A server, and who calls it."""

    def __init__(self, name: str, process: psutil.Process, channel: grpc.aio.Channel, metrics: str | None) -> None:
        self.name = name
        self.metadata: tuple[tuple[str, str], ...] = ()
        self._process = process
        self._metrics = metrics
        self.auth = auth_pb2_grpc.AuthServiceStub(channel)
        self.pipelines = pipelines_pb2_grpc.PipelinesServiceStub(channel)

    async def take_turn(self, requests: int) -> Turn:
        """Answers so many requests, half of them about the caller, half about pipelines."""
        scraping = asyncio.create_task(self._scrape())
        cpu, started = self._cpu(), time.perf_counter()
        await asyncio.gather(*(self._call(requests // IN_FLIGHT) for _ in range(IN_FLIGHT)))
        seconds, used = time.perf_counter() - started, self._cpu() - cpu
        scraping.cancel()
        await asyncio.gather(scraping, return_exceptions=True)
        return Turn(requests // IN_FLIGHT * IN_FLIGHT, seconds, used)

    async def _call(self, requests: int) -> None:
        calls: tuple[tuple[Any, Any], ...] = (
            (self.auth.GetCurrentUser, auth_pb2.GetCurrentUserRequest()),
            (self.pipelines.ListPipelines, pipelines_pb2.ListPipelinesRequest()),
        )
        for number in range(requests):
            method, request = calls[number % 2]
            await method(request, metadata=self.metadata)

    async def _scrape(self) -> None:
        """Scrapes more often than Prometheus would."""
        if self._metrics is None:
            return
        async with httpx.AsyncClient(trust_env=False) as client:
            while True:
                (await client.get(self._metrics)).raise_for_status()
                await asyncio.sleep(SCRAPE_SECONDS)

    def _cpu(self) -> float:
        times = self._process.cpu_times()
        return times.user + times.system


@asynccontextmanager
async def contending(name: str, settings: Settings, log: Path, *arguments: str) -> AsyncIterator[Contender]:
    """Starts a server; its log goes to a file, as in production."""
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.observability.serve", *arguments,
            env={**os.environ, **variables(settings), "PYTHONPATH": PATHS}, cwd=ROOT, stderr=file,
        )  # fmt: skip
    try:
        async with asyncio.timeout(READY_SECONDS):
            while not (found := re.search(r"^.*\bserving\b.*$", log.read_text(), re.MULTILINE)):
                if process.returncode is not None:
                    raise ChildProcessError(f"{name} has ended:\n{log.read_text()}")
                await asyncio.sleep(0.05)
        [address] = ADDRESS.findall(found[0])
        served = re.search(r"metrics_served.*$|^.*metrics_served", log.read_text(), re.MULTILINE)
        metrics = f"http://{ADDRESS.findall(served[0])[0]}/metrics" if served else None
        async with grpc.aio.insecure_channel(address) as channel:
            yield Contender(name, psutil.Process(process.pid), channel, metrics)
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


@asynccontextmanager
async def sinking() -> AsyncIterator[str]:
    """Starts the sink for OTLP; gives its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.observability.sink", cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    try:
        async with asyncio.timeout(READY_SECONDS):
            port = int(await process.stdout.readline())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stdin.close()
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
