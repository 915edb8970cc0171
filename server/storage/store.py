"""The repositories of one transaction, in one place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from server.scope import Scope
from server.storage.alert_deliveries import DeliveryRows
from server.storage.alert_facts import AlertFacts
from server.storage.alerts import AlertRows, SilenceRows
from server.storage.audit import AuditRows
from server.storage.auth import ApiKeyRows, CredentialsRows
from server.storage.changes import Changes
from server.storage.configurations import ConfigurationRows
from server.storage.data_sources import DataSourceRows, OrganizationKeyRows
from server.storage.executors import ExecutorRows
from server.storage.ingest import IngestRows, RejectedItemRows
from server.storage.leases import LeaseRows
from server.storage.limits import LimitRows
from server.storage.logs import LogRows
from server.storage.organizations import OrganizationRows
from server.storage.pipelines import PipelineRows
from server.storage.projections import ProjectionRows
from server.storage.queue import QueueRows
from server.storage.requests import RequestRows
from server.storage.runs import RunRows
from server.storage.schedules import ScheduleRows
from server.storage.session import Database
from server.storage.status import StatusRows
from server.storage.streams import CheckpointRows, RejectedRowRows, SchemaChangeRows, StreamReceiptRows
from server.storage.users import UserRows
from server.storage.views import RealtimeViewRows


class Transaction:
    """The repositories of one transaction, all seeing the same scope."""

    def __init__(self, connection: AsyncConnection, scope: Scope) -> None:
        self._connection = connection
        self._scope = scope

    @cached_property
    def credentials(self) -> CredentialsRows:
        """Accounts with their secrets, and sessions."""
        return CredentialsRows(self._connection)

    @cached_property
    def api_keys(self) -> ApiKeyRows:
        """API keys."""
        return ApiKeyRows(self._connection, self._scope)

    @cached_property
    def users(self) -> UserRows:
        """Users."""
        return UserRows(self._connection, self._scope)

    @cached_property
    def organizations(self) -> OrganizationRows:
        """Organizations and members."""
        return OrganizationRows(self._connection, self._scope)

    @cached_property
    def organization_keys(self) -> OrganizationKeyRows:
        """Data keys."""
        return OrganizationKeyRows(self._connection)

    @cached_property
    def data_sources(self) -> DataSourceRows:
        """Data sources."""
        return DataSourceRows(self._connection, self._scope)

    @cached_property
    def pipelines(self) -> PipelineRows:
        """Pipelines."""
        return PipelineRows(self._connection, self._scope, self.changes)

    @cached_property
    def runs(self) -> RunRows:
        """Runs."""
        return RunRows(self._connection, self._scope, self.changes)

    @cached_property
    def schedules(self) -> ScheduleRows:
        """What runs by itself."""
        return ScheduleRows(self._connection, self.changes)

    @cached_property
    def queue(self) -> QueueRows:
        """Runs and partitions that wait for a worker."""
        return QueueRows(self._connection, self.changes)

    @cached_property
    def changes(self) -> Changes:
        """The order of changes of pipelines."""
        return Changes(self._connection)

    @cached_property
    def checkpoints(self) -> CheckpointRows:
        """Checkpoints of streams."""
        return CheckpointRows(self._connection, self._scope)

    @cached_property
    def schema_changes(self) -> SchemaChangeRows:
        """Schema changes of streams."""
        return SchemaChangeRows(self._connection, self._scope)

    @cached_property
    def stream_receipts(self) -> StreamReceiptRows:
        """Receipts of streams."""
        return StreamReceiptRows(self._connection, self._scope)

    @cached_property
    def rejected_rows(self) -> RejectedRowRows:
        """Rows that could not land."""
        return RejectedRowRows(self._connection, self._scope)

    @cached_property
    def logs(self) -> LogRows:
        """Logs of runs."""
        return LogRows(self._connection)

    @cached_property
    def executors(self) -> ExecutorRows:
        """Worker processes."""
        return ExecutorRows(self._connection)

    @cached_property
    def configurations(self) -> ConfigurationRows:
        """Versions of configurations."""
        return ConfigurationRows(self._connection)

    @cached_property
    def requests(self) -> RequestRows:
        """Idempotent calls."""
        return RequestRows(self._connection)

    @cached_property
    def ingest(self) -> IngestRows:
        """Batches of events and metrics."""
        return IngestRows(self._connection)

    @cached_property
    def rejected_items(self) -> RejectedItemRows:
        """Items of batches that were not taken."""
        return RejectedItemRows(self._connection, self._scope)

    @cached_property
    def projections(self) -> ProjectionRows:
        """What the analytics store is to be told of runs."""
        return ProjectionRows(self._connection)

    @cached_property
    def views(self) -> RealtimeViewRows:
        """Realtime views."""
        return RealtimeViewRows(self._connection, self._scope)

    @cached_property
    def limits(self) -> LimitRows:
        """Windows, places and usage."""
        return LimitRows(self._connection)

    @cached_property
    def leases(self) -> LeaseRows:
        """Who does what only one may do."""
        return LeaseRows(self._connection)

    @cached_property
    def status(self) -> StatusRows:
        """What the state of the platform tells."""
        return StatusRows(self._connection)

    @cached_property
    def audit(self) -> AuditRows:
        """What was changed and denied."""
        return AuditRows(self._connection, self._scope)

    @cached_property
    def alerts(self) -> AlertRows:
        """Alerts."""
        return AlertRows(self._connection, self._scope)

    @cached_property
    def alert_silences(self) -> SilenceRows:
        """Silences of alerts."""
        return SilenceRows(self._connection, self._scope)

    @cached_property
    def alert_deliveries(self) -> DeliveryRows:
        """The outbox of alerts."""
        return DeliveryRows(self._connection, self._scope)

    @cached_property
    def alert_facts(self) -> AlertFacts:
        """What the conditions of alerts look at."""
        return AlertFacts(self._connection)

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """A part of the transaction that is undone alone when it raises."""
        async with self._connection.begin_nested():
            yield


class Store:
    """Opens transactions on the platform's PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncIterator[Transaction]:
        """Opens a transaction that sees the scope's rows; commits at the end unless it raises."""
        async with self._database.begin(scope) as connection:
            transaction = Transaction(connection, scope)
            yield transaction
            await transaction.changes.write()
