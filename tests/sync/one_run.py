"""A process that lands one stream, for tests that look at a worker from outside: the job as JSON on standard input."""

from __future__ import annotations

import asyncio
import json
import sys

from server.sync.connectors.base import ConnectorContext
from server.sync.connectors.registry import connector
from server.sync.engine import run_stream
from server.sync.events import RowsRejected
from server.sync.spec import Endpoint, RunIdentity, StreamSpec, SyncJob, Verification
from server.sync.transforms import Derived, Transforms


async def main() -> None:
    """Run it, and print the lane and the rows that landed."""
    asked = json.load(sys.stdin)
    source, to = (Endpoint(kind, connector(kind).parse(config)) for kind, config in (asked["source"], asked["to"]))
    transforms = Transforms(derived=(Derived("derived", "id + 1"),)) if asked["arrow"] else Transforms()
    spec = StreamSpec("t", "public", transforms=transforms)
    job = SyncJob(RunIdentity("p1", "r1", 1), source, to, (spec,), Verification.COUNTS)

    async def holds() -> None:
        """A lease that is always held."""

    async def keep(rejected: RowsRejected) -> None:
        raise AssertionError(rejected)

    receipt = await run_stream(
        job, spec, lambda _: None, fence=holds, quarantine=keep, context=ConnectorContext(timeout_seconds=60)
    )
    print(receipt.lane, receipt.rows_committed)


if __name__ == "__main__":
    asyncio.run(main())
