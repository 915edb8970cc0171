"""The embedded engine is killed while batches come: nothing acknowledged is lost or doubled, and it is soon back."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter

import grpc
import pytest
from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from pydantic import SecretStr
from thedata.v1 import analytics_pb2, queries_pb2

from server.analytics.clickhouse.client import Clickhouse
from server.settings import Settings
from server.stack.clickhouse import EmbeddedClickhouse
from tests.analytics.conftest import Analyst
from tests.analytics.test_views import content, define

HEALS_SECONDS = 5.0
SENDERS = 4


@pytest.fixture
def settings(settings: Settings, engine: EmbeddedClickhouse) -> Settings:
    return settings.model_copy(update={"analytics_url": SecretStr(engine.url)})


class Sender:
    """Sends numbered batches until it is told to stop; one that was not acknowledged is sent again."""

    def __init__(self, ann: Analyst, name: str) -> None:
        self._ann = ann
        self._name = name
        self.acknowledged = 0
        self.heard: Counter[grpc.StatusCode] = Counter()
        self.without_advice: list[str] = []
        self.stopping = False

    async def send(self) -> None:
        while not self.stopping:
            number = self.acknowledged + 1
            points = [
                analytics_pb2.MetricPoint(name="m", value=number, labels={"sender": self._name}) for _ in range(3)
            ]
            request = analytics_pb2.IngestMetricsRequest(points=points, producer=self._name, sequence=number)
            try:
                answer = await self._ann.analytics.IngestMetrics(request, metadata=self._ann.metadata, timeout=20)
            except grpc.aio.AioRpcError as error:
                self.heard[error.code()] += 1
                status = rpc_status.from_call(error)
                if status is None or not any(told(detail) for detail in status.details):
                    self.without_advice.append(str(error))
                await asyncio.sleep(0.05)
            else:
                self.heard[grpc.StatusCode.OK] += 1
                assert answer.durable_sequence == number
                self.acknowledged = number


def told(detail: AnyMessage) -> bool:
    return detail.TypeName() == error_details_pb2.RetryInfo.DESCRIPTOR.full_name


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV], ids=["killed", "crashed"])
async def test_what_was_acknowledged_is_there_once(
    ann: Analyst, engine: EmbeddedClickhouse, how: signal.Signals
) -> None:
    chance = random.Random(how)
    await define(ann, "sums", source="metrics", filters=[
        {"field": "name", "operator": "OPERATOR_EQ", "values": ["m"]}
    ], group_by=["sender"], measures=[{"aggregation": "AGGREGATION_COUNT"}])  # fmt: skip
    senders = [Sender(ann, f"s{number}") for number in range(SENDERS)]
    tasks = [asyncio.create_task(sender.send()) for sender in senders]
    for _ in range(3):
        await asyncio.sleep(chance.uniform(0.1, 0.6))
        assert engine.pid
        os.kill(engine.pid, how)
        died = time.monotonic()
        await engine.wait()
        await engine.stop()
        await engine.start()
        before = sum(sender.acknowledged for sender in senders)
        while sum(sender.acknowledged for sender in senders) == before:
            assert time.monotonic() < died + HEALS_SECONDS
            await asyncio.sleep(0.02)
    for sender in senders:
        sender.stopping = True
    await asyncio.gather(*tasks)
    for sender in senders:
        assert set(sender.heard) == {grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE}, sender.heard
        assert sender.without_advice == []
    client = Clickhouse(engine.url)
    rows = await client.rows(
        "SELECT labels['sender'], value, count() FROM metric_points WHERE name = 'm' GROUP BY 1, 2"
    )
    await client.close()
    wanted = {(f"s{n}", float(k)): 3 for n in range(SENDERS) for k in range(1, senders[n].acknowledged + 1)}
    assert {(name, value): int(times) for name, value, times in rows} == wanted
    counts = [[f"s{n}", 3.0 * senders[n].acknowledged] for n in range(SENDERS)]
    async with asyncio.timeout(10):
        while sorted(await content(ann, "sums")) != counts:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)
    request = analytics_pb2.GetMetricsRequest(name="m", aggregation=queries_pb2.AGGREGATION_COUNT)
    request.step.FromSeconds(3600)
    request.start_time.FromJsonString("2026-01-01T00:00:00Z")
    async with asyncio.timeout(10):
        while True:
            found = await ann.analytics.GetMetrics(request, metadata=ann.metadata)
            assert found.resolution == analytics_pb2.RESOLUTION_HOUR
            if sum(point.value for one in found.series for point in one.points) == sum(wanted.values()):
                break
            await asyncio.sleep(0.1)
