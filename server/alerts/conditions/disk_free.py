"""Disks that fill up."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from datetime import timedelta

import psutil

from server.alerts.conditions.base import ONE_STEP, Condition, Look, Parameters
from server.alerts.model import Value
from server.analytics.errors import StoreUnavailable
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
        for host, share in (await self._told(look)).items():
            shares.setdefault(host, share)
        return [Value(share, {"host": host}, host) for host, share in shares.items() if host]

    async def _told(self, look: Look) -> dict[str, float]:
        if not look.has_metrics:
            return {}
        query = MetricQuery(METRIC, look.at - WINDOW, look.at, ONE_STEP, Aggregation.MIN, ("process",))
        try:
            found = await look.series(query, Resolution.RAW)
        except StoreUnavailable as error:
            # A disk that is full may be why: what this server sees by itself must be told all the same.
            look.incomplete(f"only this server's disk is seen: {error.message}")
            return {}
        return {item.labels.get("process", "").rpartition(":")[0]: item.points[-1][1] for item in found}
