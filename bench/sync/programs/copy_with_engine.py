"""What runs in the platform's own environment: the job comes as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import duckdb  # noqa: F401 - a worker has it from its start
import uvloop

from bench.sync.programs.starting_line import wait_for_go
from server.sync.connectors.base import ConnectorContext
from server.sync.connectors.registry import connector
from server.sync.engine import run_pipeline
from server.sync.events import Event, RowsRejected
from server.sync.spec import Endpoint, RunIdentity, StreamSpec, SyncJob, SyncMode, Verification
from server.sync.transforms import Method, Protection, Transforms


async def run(job: dict[str, Any]) -> None:
    """Land the stream; raises what the run failed with."""
    wanted = job["stream"]
    transforms = Transforms(
        renames=wanted.get("rename", {}),
        protections=(Protection(wanted["hash"], Method.HASH),) if "hash" in wanted else (),
    )
    spec = StreamSpec(
        wanted["name"],
        wanted["namespace"],
        sync_mode=SyncMode(wanted.get("sync_mode", SyncMode.FULL_REFRESH_OVERWRITE.value)),
        cursor=wanted.get("cursor", ""),
        transforms=transforms,
    )
    source, destination = (
        Endpoint(end["kind"], connector(end["kind"]).parse(end["config"]))
        for end in (job["source"], job["destination"])
    )
    epoch = time.time_ns()  # each run of a pipeline has a greater one
    receipt = await run_pipeline(
        SyncJob(
            RunIdentity("bench", f"run-{epoch}", epoch), source, destination, (spec,), Verification(job["verification"])
        ),
        _ignore,
        fence=_held,
        quarantine=_refuse,
        context=ConnectorContext(file_roots=(Path(job["folder"]),), column_secret=b"k" * 32),
    )
    if receipt.error:
        raise receipt.error


def _ignore(_event: Event) -> None:
    """The bench shows nothing of a run."""


async def _held() -> None:
    """No other worker is about."""


async def _refuse(rejected: RowsRejected) -> None:
    raise AssertionError(f"rows were rejected: {rejected.rows[0].message}")


if __name__ == "__main__":
    wait_for_go()
    uvloop.run(run(json.loads(sys.argv[1])))
