"""Runs in the hands of a worker that the tests play themselves, so that they know every line that was written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import grpc
import pytest

from server.pipelines.model import LogLevel, Run, RunState
from server.runs.log_writer import LogWriter
from server.scope import Scope
from server.storage.session import Database
from server.storage.store import Store
from tests.auth.people import POSTGRES, Person, register


@dataclass
class Stage:
    """A pipeline of somebody, and its worker."""

    person: Person
    store: Store
    pipeline_id: str
    writers: dict[UUID, LogWriter] = field(default_factory=dict)

    async def begin(self) -> Run:
        """Starts the pipeline and takes its run up."""
        await self.person.start(self.pipeline_id)
        async with self.store.begin(Scope.everything()) as tx:
            run = await tx.queue.claim_run("worker", 10)
        assert run is not None
        self.writers[run.id] = LogWriter(self.store, run)
        return run

    async def write(self, run: Run, *lines: str, level: LogLevel = LogLevel.INFO, stream: str = "") -> None:
        """Writes lines of the run's log."""
        writer = self.writers[run.id]
        for line in lines:
            writer.write(level, line, stream)
        await writer.flush()

    async def end(self, run: Run, state: RunState = RunState.SUCCEEDED) -> None:
        """Ends the run."""
        async with self.store.begin(Scope.everything()) as tx:
            assert await tx.runs.finish(run, state, [], None)


@pytest.fixture
async def stage(channel: grpc.aio.Channel, database_url: str) -> AsyncIterator[Stage]:
    database = Database(database_url, pool_size=4)
    person = await register(channel, "ann")
    source = await person.new_source("source", "postgres", POSTGRES)
    destination = await person.new_source("destination", "postgres", POSTGRES)
    yield Stage(person, Store(database), await person.new_pipeline("p", source, destination))
    await database.close()
