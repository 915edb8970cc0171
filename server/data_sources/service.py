"""The rules of data sources."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.auth.permissions import Caller
from server.clock import now
from server.data_sources.connections import AnyConnector, Connections, connector_of, split, with_kept_secrets
from server.data_sources.errors import DataSourceFailed
from server.data_sources.model import Check, DataSource, Metrics
from server.data_sources.ports import Store, Told, Transaction
from server.errors import InvalidFields, LimitReached, NotFound, Violation
from server.ids import new_id
from server.keys import SecretUnreadable
from server.paging import Page, PageRequest, fingerprint
from server.sync.connectors import registry
from server.sync.errors import SyncError
from server.sync.model import Catalog, PreviewRows
from server.sync.spec import Endpoint, StreamSpec

CONNECTIONS_AT_ONCE = 16
DEFAULT_PREVIEW_ROWS = 20
NO_SUCH_STREAM = {"STREAM_NOT_FOUND", "TABLE_NOT_FOUND"}
DEFAULT_METRICS_SPAN = timedelta(days=30)


class DataSourcesService:
    """Keeps data sources, and looks into the systems behind them.

    ``told`` gives who was told of all runs; None while nobody is.
    """

    def __init__(self, store: Store, connections: Connections, told: Callable[[], Told | None]) -> None:
        self._store = store
        self._told = told
        self._connections = connections
        self._free = asyncio.Semaphore(CONNECTIONS_AT_ONCE)

    def connectors(self) -> list[AnyConnector]:
        """The connectors of this server, by kind."""
        return [registry.connector(kind) for kind in sorted(registry.kinds())]

    async def list(
        self, caller: Caller, organization: UUID | None, connector: str, request: PageRequest
    ) -> Page[DataSource]:
        """An organization's data sources, newest first."""
        organization_id = caller.organization(organization)
        async with self._store.begin(caller.scope) as tx:
            return await tx.data_sources.page_of(organization_id, connector, request)

    async def create(
        self,
        caller: Caller,
        organization: UUID | None,
        name: str,
        description: str,
        kind: str,
        raw: Mapping[str, Any],
        request_id: UUID | None,
    ) -> DataSource:
        """Adds a data source without contacting it.

        Raises:
            InvalidFields: no such connector, or the configuration breaks its schema.
            AlreadyExists: the name is taken.
        """
        organization_id = caller.organization(organization)
        config = split(connector_of(kind), raw)
        source_id, created = new_id(), now()
        async with self._store.begin(caller.scope) as tx:
            shape = fingerprint(str(organization_id), name, description, kind, dict(raw))
            known = await tx.requests.claim(caller.user_id, "CreateDataSource", request_id, shape, source_id)
            if known != source_id:
                return await tx.data_sources.get(known)
            sealed = await self._connections.vault.seal(tx, organization_id, source_id, config.secrets)
            return await tx.data_sources.insert(
                DataSource(
                    id=source_id,
                    organization_id=organization_id,
                    name=name,
                    description=description,
                    connector=kind,
                    config=config.public,
                    sealed_secrets=sealed,
                    secret_names=sorted(config.secrets),
                    healthy=None,
                    checked_at=None,
                    created_at=created,
                    updated_at=created,
                    version=1,
                )
            )

    async def get(self, caller: Caller, source_id: UUID) -> DataSource:
        """A data source."""
        async with self._store.begin(caller.scope) as tx:
            return await self._authorized(tx, caller, source_id)

    async def update(self, caller: Caller, source_id: UUID, values: Mapping[str, Any], etag: str) -> DataSource:
        """Changes a data source; a changed configuration is unchecked again.

        Raises:
            InvalidFields: the configuration breaks the connector's schema, or leaves out a secret that must be
                given again.
            SecretUnreadable: the configuration leaves out a secret that can't be opened any more.
            NotFound, EtagMismatch, AlreadyExists.
        """
        changes = dict(values)
        async with self._store.begin(caller.scope) as tx:
            source = await self._authorized(tx, caller, source_id, lock=True)
            if "config" in changes:
                vault = self._connections.vault
                kept = await self._kept_secrets(tx, source, changes["config"])
                config = with_kept_secrets(connector_of(source.connector), changes.pop("config"), source, kept)
                if config.public != source.config or config.secrets != kept:
                    changes |= {
                        "config": config.public,
                        "sealed_secrets": await vault.seal(tx, source.organization_id, source.id, config.secrets),
                        "secret_names": sorted(config.secrets),
                        "healthy": None,
                        "checked_at": None,
                    }
            return await tx.data_sources.update(source_id, changes, etag=etag)

    async def delete(self, caller: Caller, source_id: UUID, etag: str) -> None:
        """Deletes a data source and its secrets.

        Raises:
            InUse: a pipeline names it.
            NotFound, EtagMismatch.
        """
        async with self._store.begin(caller.scope) as tx:
            await self._authorized(tx, caller, source_id)
            await tx.data_sources.delete(source_id, etag=etag)

    async def check(self, caller: Caller, source_id: UUID) -> Check:
        """Connects to a data source and notes what was found."""
        source, endpoint = await self._endpoint(caller, source_id)
        check = await self._check(source.organization_id, endpoint)
        async with self._store.begin(caller.scope) as tx:
            await tx.data_sources.note_check(source_id, healthy=check.ok)
        return check

    async def check_config(self, caller: Caller, organization: UUID | None, kind: str, raw: Mapping[str, Any]) -> Check:
        """Connects with a configuration that is not stored."""
        organization_id = caller.organization(organization)
        connector = connector_of(kind)
        split(connector, raw)
        return await self._check(organization_id, Endpoint(kind, connector.parse(raw)))

    async def discover(self, caller: Caller, source_id: UUID) -> Catalog:
        """Reads a data source's catalog.

        Raises:
            DataSourceFailed: it can't be read.
        """
        source, endpoint = await self._endpoint(caller, source_id)
        async with self._connected():
            return await connector_of(endpoint.kind).discover(
                endpoint.config, self._connections.context(source.organization_id)
            )

    async def preview(self, caller: Caller, source_id: UUID, namespace: str, stream: str, limit: int) -> PreviewRows:
        """Reads some rows of a stream.

        Raises:
            NotFound: the data source has no such stream.
            DataSourceFailed: it can't be read.
        """
        source, endpoint = await self._endpoint(caller, source_id)
        context = self._connections.context(source.organization_id)
        spec = StreamSpec(name=stream, namespace=namespace)
        async with self._connected(spec):
            return await connector_of(endpoint.kind).preview(
                endpoint.config, context, spec, limit or DEFAULT_PREVIEW_ROWS
            )

    async def metrics(self, caller: Caller, source_id: UUID, start: datetime | None, end: datetime | None) -> Metrics:
        """What pipelines moved from and into a data source, in the last 30 days unless a span is given.

        Raises:
            InvalidFields: the span ends before it starts.
        """
        end = end or now()
        start = start or end - DEFAULT_METRICS_SPAN
        if start >= end:
            raise InvalidFields(Violation("start_time", "must be before end_time"))
        async with self._store.begin(caller.scope) as tx:
            source = await self._authorized(tx, caller, source_id)
            pipelines = await tx.data_sources.pipelines(source_id)
            told = self._told()
            if told is None:
                return Metrics(start, end, pipelines, await tx.data_sources.moved(source_id, start, end))
        moved = await told.moved(source.organization_id, source_id, start, end)
        return Metrics(start, end, pipelines, moved)

    async def _kept_secrets(self, tx: Transaction, source: DataSource, raw: Mapping[str, Any]) -> dict[str, str]:
        try:
            return await self._connections.vault.open(tx, source.organization_id, source.id, source.sealed_secrets)
        except SecretUnreadable:
            # What is given again need not be read: that is how an unreadable secret is mended.
            if raw.keys() >= set(source.secret_names):
                return {}
            raise

    async def _endpoint(self, caller: Caller, source_id: UUID) -> tuple[DataSource, Endpoint]:
        async with self._store.begin(caller.scope) as tx:
            source = await self._authorized(tx, caller, source_id)
            return source, await self._connections.endpoint(tx, source)

    async def _check(self, organization_id: UUID, endpoint: Endpoint) -> Check:
        started = time.perf_counter()
        try:
            async with self._connected(raw=True):
                found = await connector_of(endpoint.kind).check(
                    endpoint.config, self._connections.context(organization_id)
                )
        except SyncError as error:
            elapsed = time.perf_counter() - started
            return Check(False, elapsed, message=error.message, advice=error.advice, code=error.code.lower())
        return Check(found.ok, found.latency_ms / 1000, found.server_version, "" if found.ok else found.message)

    @asynccontextmanager
    async def _connected(self, spec: StreamSpec | None = None, *, raw: bool = False) -> AsyncIterator[None]:
        if self._free.locked():
            raise LimitReached("connections", "Too many data sources are being looked into.", timedelta(seconds=1))
        async with self._free:
            try:
                yield
            except SyncError as error:
                if raw:
                    raise
                if spec and error.code in NO_SUCH_STREAM:
                    raise NotFound("stream", spec.full_name) from error
                raise DataSourceFailed(error) from error

    async def _authorized(self, tx: Transaction, caller: Caller, source_id: UUID, *, lock: bool = False) -> DataSource:
        source = await tx.data_sources.get(source_id, lock=lock)
        caller.authorize(source.organization_id)
        return source
