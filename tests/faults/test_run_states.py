"""A life of pipelines and workers, drawn at random, beside a model of it: what may happen happens, and nothing else."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

import grpc
import hypothesis
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from thedata.v1 import pipelines_pb2, schedules_pb2

from server.pipelines.model import AttemptOutcome, LogLevel, Run, RunState
from server.runs.log_writer import LogWriter
from server.scope import Scope
from server.storage.session import Database
from server.storage.store import Store
from tests.auth.people import POSTGRES, Person, reason_of, register

T = TypeVar("T")

EVERYTHING = Scope.everything()
MOST_AT_ONCE = 2  # runs of an organization
MOST_PIPELINES = 6
MOST_LOST = 5
WORKERS = ("one", "two", "three")
PRIORITIES = (schedules_pb2.PRIORITY_HIGH, schedules_pb2.PRIORITY_NORMAL, schedules_pb2.PRIORITY_LOW)
IN_FLIGHT = (RunState.QUEUED, RunState.RUNNING, RunState.STOPPING)


@dataclass
class ModelRun:
    """What a run must be."""

    id: str
    number: int  # in the order of starts
    priority: int
    state: RunState = RunState.QUEUED
    worker: str | None = None
    attempt: int = 0
    lost_in_a_row: int = 0


@dataclass
class ModelPipeline:
    """What a pipeline must be."""

    id: str
    owner: int
    priority: int
    paused: bool = False
    name: str = ""
    runs: list[ModelRun] = field(default_factory=list)

    @property
    def in_flight(self) -> ModelRun | None:
        """Its one run that has not ended."""
        return self.runs[-1] if self.runs and self.runs[-1].state in IN_FLIGHT else None


@dataclass
class Stand:
    """The real thing: people with organizations, and the store in which the test plays the workers."""

    loop: asyncio.AbstractEventLoop
    store: Store
    people: list[Person]
    sources: list[tuple[str, str]]

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Does something in the test's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)


class Life(RuleBasedStateMachine):
    """Everything that users, workers and accidents do."""

    stand: Stand

    @initialize()
    def begin(self) -> None:
        self.pipelines: list[ModelPipeline] = []
        self.believed: list[tuple[ModelRun, Run]] = []  # what workers carry out, and what they only believe to
        self.made = 0
        self.started = 0

    def teardown(self) -> None:
        self.stand.wait(self._end_all())

    # -- users

    @precondition(lambda self: len(self.pipelines) < MOST_PIPELINES)
    @rule(owner=st.integers(0, 1), priority=st.sampled_from(PRIORITIES))
    def create(self, owner: int, priority: Any) -> None:
        self.made += 1
        source, destination = self.stand.sources[owner]
        request = pipelines_pb2.CreatePipelineRequest(
            name=f"p{self.made}", source_id=source, destination_id=destination, priority=priority
        )
        made = self._call(owner, "CreatePipeline", request)
        self.pipelines.append(ModelPipeline(made.id, owner, PRIORITIES.index(priority), name=request.name))

    @precondition(lambda self: self.pipelines)
    @rule(which=st.integers(0, 99))
    def start(self, which: int) -> None:
        pipeline = self._any(which)
        request = pipelines_pb2.StartPipelineRequest(pipeline_id=pipeline.id)
        if pipeline.in_flight:
            assert self._refusal(pipeline, "StartPipeline", request) == "RUN_IN_FLIGHT"
            return
        made = self._call(pipeline.owner, "StartPipeline", request)
        self.started += 1
        pipeline.paused = False
        pipeline.runs.append(ModelRun(made.id, self.started, pipeline.priority))

    @precondition(lambda self: len(self.pipelines) > 2)
    @rule()
    def start_all(self) -> None:
        """So that several wait."""
        for number in reversed(range(len(self.pipelines))):
            self.start(number)

    @precondition(lambda self: self.pipelines)
    @rule(which=st.integers(0, 99))
    def stop(self, which: int) -> None:
        pipeline = self._any(which)
        request = pipelines_pb2.StopPipelineRequest(pipeline_id=pipeline.id)
        run = pipeline.in_flight
        if run is None:
            assert self._refusal(pipeline, "StopPipeline", request) == "NO_RUN_IN_FLIGHT"
            return
        self._call(pipeline.owner, "StopPipeline", request)
        run.state = RunState.CANCELLED if run.state is RunState.QUEUED else RunState.STOPPING
        pipeline.paused = True

    @precondition(lambda self: self.pipelines)
    @rule(which=st.integers(0, 99), paused=st.booleans())
    def pause_or_resume(self, which: int, paused: bool) -> None:
        pipeline = self._any(which)
        if paused:
            self._call(pipeline.owner, "PausePipeline", pipelines_pb2.PausePipelineRequest(pipeline_id=pipeline.id))
        else:
            self._call(pipeline.owner, "ResumePipeline", pipelines_pb2.ResumePipelineRequest(pipeline_id=pipeline.id))
        pipeline.paused = paused

    @precondition(lambda self: self.pipelines)
    @rule(which=st.integers(0, 99))
    def edit(self, which: int) -> None:
        pipeline = self._any(which)
        self.made += 1
        pipeline.name = f"p{self.made}"
        request = pipelines_pb2.UpdatePipelineRequest(pipeline_id=pipeline.id, name=pipeline.name)
        self._call(pipeline.owner, "UpdatePipeline", request)

    @precondition(lambda self: self.pipelines)
    @rule(which=st.integers(0, 99))
    def delete(self, which: int) -> None:
        pipeline = self._any(which)
        request = pipelines_pb2.DeletePipelineRequest(pipeline_id=pipeline.id)
        if pipeline.in_flight:
            assert self._refusal(pipeline, "DeletePipeline", request) == "RUN_IN_FLIGHT"
            return
        self._call(pipeline.owner, "DeletePipeline", request)
        self.pipelines.remove(pipeline)

    # -- workers

    @rule(worker=st.sampled_from(WORKERS))
    def claim(self, worker: str) -> None:
        async def claiming() -> Run | None:
            async with self.stand.store.begin(EVERYTHING) as tx:
                return await tx.queue.claim_run(worker, MOST_AT_ONCE)

        claimed = self.stand.wait(claiming())
        wanted = self._next()
        assert (str(claimed.id) if claimed else None) == (wanted.id if wanted else None)
        if claimed and wanted:
            wanted.state, wanted.worker = RunState.RUNNING, worker
            wanted.attempt += 1
            self.believed.append((wanted, claimed))

    @precondition(lambda self: self.believed)
    @rule(which=st.integers(0, 99), state=st.sampled_from([RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED]))
    def finish(self, which: int, state: RunState) -> None:
        model, run = self._belief(which)

        async def finishing() -> Run | None:
            async with self.stand.store.begin(EVERYTHING) as tx:
                return await tx.runs.finish(run, state, [], None)

        mine = self._is_mine(model, run)
        assert bool(self.stand.wait(finishing())) == mine
        if mine:
            model.state, model.worker = state, None

    @precondition(lambda self: self.believed)
    @rule(which=st.integers(0, 99))
    def put_back(self, which: int) -> None:
        """As after a failure that may pass, or at the end of the process."""
        model, run = self._belief(which)

        async def putting() -> Run | None:
            async with self.stand.store.begin(EVERYTHING) as tx:
                return await tx.runs.put_back(run, AttemptOutcome.HANDED_OVER, [])

        mine = self._is_mine(model, run) and model.state is RunState.RUNNING
        assert bool(self.stand.wait(putting())) == mine
        if mine:
            model.state, model.worker, model.lost_in_a_row = RunState.QUEUED, None, 0

    @precondition(lambda self: self.believed)
    @rule(which=st.integers(0, 99))
    def report_and_log(self, which: int) -> None:
        model, run = self._belief(which)
        writer = LogWriter(self.stand.store, run)

        async def reporting() -> tuple[bool, int]:
            async with self.stand.store.begin(EVERYTHING) as tx:
                reported = await tx.runs.report(run, [])
            before = await self._lines(run)
            writer._next = before + 1  # it goes on where the attempt's writer was
            writer.write(LogLevel.INFO, "a line")
            await writer.flush()
            return bool(reported), await self._lines(run) - before

        mine = self._is_mine(model, run)
        reported, logged = self.stand.wait(reporting())
        assert reported == mine
        assert logged == (1 if mine else 0)

    @rule(worker=st.sampled_from(WORKERS))
    def crash(self, worker: str) -> None:
        """A worker is noticed to be gone; what it believes it goes on believing, as one that was frozen does."""

        async def taking() -> None:
            async with self.stand.store.begin(EVERYTHING) as tx:
                await tx.runs.take_from([worker])

        self.stand.wait(taking())
        for run in (run for pipeline in self.pipelines for run in pipeline.runs):
            if run.worker != worker or run.state not in (RunState.RUNNING, RunState.STOPPING):
                continue
            run.worker = None
            run.lost_in_a_row += 1
            if run.state is RunState.STOPPING:
                run.state = RunState.CANCELLED
            else:
                run.state = RunState.FAILED if run.lost_in_a_row >= MOST_LOST else RunState.QUEUED

    @rule(worker=st.sampled_from(WORKERS), times=st.integers(2, 6))
    def crash_again_and_again(self, worker: str, times: int) -> None:
        """Such as by a run that takes its worker along."""
        for _ in range(times):
            self.claim(worker)
            self.crash(worker)

    # -- what holds after each step

    @invariant()
    def all_is_as_it_must_be(self) -> None:
        runs, pipelines = self.stand.wait(self._found())
        assert runs == {
            run.id: (run.state.value, run.worker, run.attempt) for pipeline in self.pipelines for run in pipeline.runs
        }
        assert pipelines == {pipeline.id: (pipeline.name, pipeline.paused) for pipeline in self.pipelines}

    def _next(self) -> ModelRun | None:
        busy = Counter(
            pipeline.owner
            for pipeline in self.pipelines
            if pipeline.in_flight and pipeline.in_flight.state is not RunState.QUEUED
        )
        waiting = [
            pipeline.in_flight
            for pipeline in self.pipelines
            if pipeline.in_flight
            and pipeline.in_flight.state is RunState.QUEUED
            and busy[pipeline.owner] < MOST_AT_ONCE
        ]
        return min(waiting, key=lambda run: (run.priority, run.number), default=None)

    def _any(self, number: int) -> ModelPipeline:
        return self.pipelines[number % len(self.pipelines)]

    def _belief(self, number: int) -> tuple[ModelRun, Run]:
        return self.believed[number % len(self.believed)]

    def _is_mine(self, model: ModelRun, run: Run) -> bool:
        there = any(model in pipeline.runs for pipeline in self.pipelines)
        return there and model.state in (RunState.RUNNING, RunState.STOPPING) and model.attempt == run.attempt

    def _call(self, owner: int, method: str, request: Any) -> Any:
        person = self.stand.people[owner]

        async def calling() -> Any:
            return await getattr(person.pipelines, method)(request, metadata=person.metadata)

        return self.stand.wait(calling())

    def _refusal(self, pipeline: ModelPipeline, method: str, request: Any) -> str:
        person = self.stand.people[pipeline.owner]

        async def refused() -> str:
            return (await reason_of(getattr(person.pipelines, method)(request, metadata=person.metadata)))[1]

        return self.stand.wait(refused())

    async def _found(self) -> tuple[dict[str, Any], dict[str, Any]]:
        async with self.stand.store.begin(EVERYTHING) as tx:
            run_rows = await tx.runs._connection.execute(text("SELECT id::text, state, executor_id, attempt FROM runs"))
            runs = {key: tuple(values) for key, *values in run_rows}
            rows = await tx.runs._connection.execute(text("SELECT id::text, name, paused FROM pipelines"))
            return runs, {key: tuple(values) for key, *values in rows}

    async def _lines(self, run: Run) -> int:
        async with self.stand.store.begin(EVERYTHING) as tx:
            return (await tx.logs.ends(run)).get(run.attempt, 0)

    async def _end_all(self) -> None:
        async with self.stand.store.begin(EVERYTHING) as tx:
            for table in ("runs", "pipelines", "run_logs"):
                await tx.runs._connection.execute(text(f"DELETE FROM {table}"))


@pytest.fixture
async def stand(channel: grpc.aio.Channel, database_url: str) -> AsyncIterator[Stand]:
    database = Database(database_url, pool_size=4)
    people = [await register(channel, name) for name in ("ann", "bob")]
    sources = [
        (await person.new_source("s", "postgres", POSTGRES), await person.new_source("d", "postgres", POSTGRES))
        for person in people
    ]
    yield Stand(asyncio.get_running_loop(), Store(database), people, sources)
    await database.close()


async def test_whatever_happens_runs_are_where_the_model_says(stand: Stand, seed: int, chaos: bool) -> None:
    class Drawn(Life):
        pass

    Drawn.stand = stand
    limits = settings(
        max_examples=200 if chaos else 20, stateful_step_count=60 if chaos else 50, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
    await asyncio.to_thread(run_state_machine_as_test, hypothesis.seed(seed)(Drawn), settings=limits)
