"""37: an API server is told to end under load. What it has taken it answers; what comes too late hears UNAVAILABLE."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import pytest
from thedata.v1 import auth_pb2, auth_pb2_grpc

from server.settings import Settings
from server.stack.envoy import Envoy
from server.stack.ports import free_port
from tests.auth.serving import served

pytestmark = pytest.mark.timeout(120)

CALLERS = 20
LOGIN = auth_pb2.LoginRequest(email="ann@example.com", password="correct horse")
BOUND = 30.0


@dataclass
class Load:
    """Callers who call one after the other, and what they heard: when each call began, when it ended, and how."""

    stub: auth_pb2_grpc.AuthServiceAsyncStub
    heard: list[tuple[float, float, grpc.StatusCode]] = field(default_factory=list)

    async def call(self) -> None:
        while True:
            begun = time.monotonic()
            code = grpc.StatusCode.OK
            try:
                await self.stub.Login(LOGIN, timeout=BOUND)
            except grpc.aio.AioRpcError as error:
                code = error.code()
                await asyncio.sleep(0.05)
            self.heard.append((begun, time.monotonic(), code))

    async def answered(self, count: int) -> None:
        """Waits for so many answers more."""
        wanted = self.count + count
        async with asyncio.timeout(BOUND):
            while self.count < wanted:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.02)

    @property
    def count(self) -> int:
        return sum(code is grpc.StatusCode.OK for _, _, code in self.heard)


async def test_37_a_server_that_is_told_to_end_under_load_answers_what_it_has_taken(
    settings: Settings, tmp_path: Path
) -> None:
    port, front = free_port("127.0.0.1"), free_port("127.0.0.1")
    own = settings.model_copy(update={"grpc_port": port, "stop_grace_seconds": BOUND})
    envoy = Envoy(tmp_path / "envoy", port=front, upstream=("127.0.0.1", port), concurrency=1)
    async with served(own) as first:
        await envoy.start()
        try:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{front}") as channel:
                load = Load(auth_pb2_grpc.AuthServiceStub(channel))
                await load.stub.Register(auth_pb2.RegisterRequest(email=LOGIN.email, password=LOGIN.password))
                callers = [asyncio.create_task(load.call()) for _ in range(CALLERS)]
                await load.answered(2 * CALLERS)
                told = time.monotonic()
                first.terminate()
                await first.ended()
                drained = time.monotonic() - told
                async with served(own):
                    await load.answered(2 * CALLERS)
                    for caller in callers:
                        caller.cancel()
                    ended = await asyncio.gather(*callers, return_exceptions=True)
                    assert all(isinstance(one, asyncio.CancelledError) for one in ended), ended
        finally:
            await envoy.stop()
    under_way = [code for begun, over, code in load.heard if begun < told - 0.05 and over > told]
    assert under_way, "nothing was under way"
    assert set(under_way) == {grpc.StatusCode.OK}, Counter(under_way)
    assert {code for _, _, code in load.heard} <= {grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE}
    assert drained < own.stop_grace_seconds
