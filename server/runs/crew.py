"""A run's crew: the queue's partitions as the engine sees them."""

from __future__ import annotations

from collections.abc import Mapping

from server.pipelines.model import Partition, PartitionState, Run
from server.runs.patience import FencedOff, patiently
from server.scope import Scope
from server.storage.signals import Signals
from server.storage.store import Store
from server.sync.crew import Share
from server.sync.model import JsonObject

POLL_SECONDS = 1.0


class RunCrew:
    """One worker's hand in a run: of the one that carries it out, or of a helper with its first partition."""

    def __init__(
        self,
        store: Store,
        signals: Signals,
        run: Run,
        executor_id: str,
        least_bytes: int,
        first: Partition | None = None,
    ) -> None:
        self._store = store
        self._signals = signals
        self._run = run
        self._executor_id = executor_id
        self._taken: dict[tuple[str, int], Partition] = {(first.stream, first.number): first} if first else {}
        self.least_bytes = least_bytes

    async def offer(self, stream: str, works: Mapping[int, JsonObject]) -> None:
        """Puts partitions into the queue."""
        await patiently(lambda: self._offer(stream, works))

    async def take(self, stream: str) -> Share | None:
        """Takes the next partition that waits or has failed elsewhere."""
        partition = await patiently(lambda: self._take(stream))
        if partition is None:
            return None
        self._taken[stream, partition.number] = partition
        return Share(partition.number, dict(partition.work))

    async def done(self, stream: str, number: int, result: JsonObject) -> None:
        """Notes a partition's result."""
        partition = self._taken.pop((stream, number))
        if not await patiently(lambda: self._done(partition, result)):
            raise FencedOff

    async def finished(self, stream: str) -> dict[int, JsonObject] | None:
        """Looks at the partitions after news, or a second."""
        async with self._signals.subscribe(str(self._run.id)) as news:
            partitions = await patiently(lambda: self._partitions(stream))
            if all(partition.state is PartitionState.DONE for partition in partitions):
                return {partition.number: dict(partition.result or {}) for partition in partitions}
            if all(partition.state in {PartitionState.DONE, PartitionState.RUNNING} for partition in partitions):
                await news(POLL_SECONDS)
        return None

    @property
    def taken(self) -> list[Partition]:
        """What this worker has taken and not done."""
        return list(self._taken.values())

    async def _offer(self, stream: str, works: Mapping[int, JsonObject]) -> None:
        async with self._store.begin(Scope.of(self._run.organization_id)) as tx:
            await tx.queue.offer(self._run, stream, works)

    async def _take(self, stream: str) -> Partition | None:
        async with self._store.begin(Scope.of(self._run.organization_id)) as tx:
            return await tx.queue.take_partition(self._run, stream, self._executor_id)

    async def _done(self, partition: Partition, result: JsonObject) -> bool:
        async with self._store.begin(Scope.of(self._run.organization_id)) as tx:
            return await tx.queue.end_partition(partition, result, None)

    async def _partitions(self, stream: str) -> list[Partition]:
        async with self._store.begin(Scope.of(self._run.organization_id)) as tx:
            return await tx.queue.partitions(self._run.id, self._run.epoch, stream)
