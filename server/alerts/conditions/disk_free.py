"""Disks that fill up."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from datetime import timedelta

import psutil

from server.alerts.conditions.base import ONE_STEP, Condition, Look, Parameters
from server.alerts.model import Value
from server.analytics.model import Aggregation, MetricQuery, Resolution

METRIC = "thedata.host_disk_free_share"
WINDOW = timedelta(minutes=1)


class DiskFree(Condition[Parameters]):
    """The free share of the disk with the home folder, by host."""

    name = "disk_free"
    description = (
        "The share of the disk that is free where a server or worker has its home folder, 0 to 1, by host: by a look at"
        " the disk of the server that evaluates, by metrics of the others."
    )
    unit = "share"
    labels = ("host",)
    organization, platform = False, True
    default_threshold = 0.05
    parameters = Parameters

    async def evaluate(self, look: Look, parameters: Parameters) -> Sequence[Value]:  # noqa: ARG002 - it has none
        """A value for each host that is known."""
        usage = await asyncio.to_thread(psutil.disk_usage, str(look.home))
        shares = {socket.gethostname(): usage.free / usage.total}
        if look.has_metrics:
            query = MetricQuery(METRIC, look.at - WINDOW, look.at, ONE_STEP, Aggregation.MIN, ("process",))
            for series in await look.series(query, Resolution.RAW):
                host = series.labels.get("process", "").rpartition(":")[0]
                shares.setdefault(host, series.points[-1][1])
        return [Value(share, {"host": host}, host) for host, share in shares.items() if host]
