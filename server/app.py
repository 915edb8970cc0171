"""The one place that wires the platform together; tests call it too."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog

from server.admin.servicer import AdminServicer
from server.alerts.configuring import AlertsConfigService
from server.alerts.destinations import AnyDestination
from server.alerts.evaluator import Evaluator
from server.alerts.looking import Looking
from server.alerts.model import ChannelKind
from server.alerts.outbox import Outbox, Sender
from server.alerts.probes import AnalyticsProbe
from server.alerts.senders.http import HttpSender, SlackSender, WebhookSender
from server.alerts.senders.mail import MailSender
from server.alerts.service import AlertsService
from server.alerts.watch import AlertsWatcher
from server.analytics.clickhouse.store import ClickhouseStore
from server.analytics.errors import AnalyticsMissing
from server.analytics.history import HistoryService
from server.analytics.ingest import IngestService
from server.analytics.maintenance import Maintenance
from server.analytics.metric_stream import MetricStream
from server.analytics.projector import Projector
from server.analytics.self_metrics import SelfMetrics
from server.analytics.service import AnalyticsService
from server.analytics.servicer import AnalyticsServicer
from server.analytics.upkeep import Upkeep
from server.analytics.view_feeds import ViewWatcher
from server.analytics.views import ViewsService
from server.auth.passwords import Passwords
from server.auth.service import AuthService
from server.auth.servicer import AuthServicer
from server.auth.tokens import AccessTokens, RefreshTokens
from server.config.live import CONFIG_CHANNEL, LiveConfig
from server.data_sources.connections import Connections
from server.data_sources.service import DataSourcesService
from server.data_sources.servicer import DataSourcesServicer
from server.data_sources.vault import Vault
from server.keys import MasterKey
from server.organizations.service import OrganizationsService
from server.organizations.servicer import OrganizationsServicer
from server.pipelines.feeds import RunFeeds
from server.pipelines.overview import PipelinesWatcher
from server.pipelines.scheduling import SchedulingService
from server.pipelines.service import PipelinesService
from server.pipelines.servicer import PipelinesServicer
from server.pipelines.streams import StreamsService
from server.pipelines.watch import RunWatcher
from server.rpc.calls import CallCounter
from server.rpc.server import RpcServer
from server.runs.execution import RunExecution
from server.runs.helping import PartitionExecution
from server.runs.log_retention import LogRetention
from server.runs.orders import Orders
from server.runs.scheduler import Scheduler
from server.runs.worker import Limits, Worker
from server.settings import FIRST_ADMIN_FILE, Settings
from server.storage import schema
from server.storage.alerts import ALERTS_CHANNEL
from server.storage.changes import PIPELINES_CHANNEL
from server.storage.ingest import BATCHES_CHANNEL
from server.storage.runs import QUEUE_CHANNEL, RUNS_CHANNEL, SCHEDULES_CHANNEL
from server.storage.session import LONGEST_SECONDS, Database
from server.storage.signals import Signals
from server.storage.store import Store
from server.storage.views import VIEWS_CHANNEL
from server.users.service import UsersService
from server.users.servicer import UsersServicer

log = structlog.get_logger("app")


WORKER_LONGEST_SECONDS = 15.0  # a worker's transactions are short, and its runs wait for them


class NoDatabase(Exception):  # noqa: N818 - a state that start-up reports
    """No database is set."""


@dataclass(frozen=True)
class Foundation:
    """What API servers and workers both stand on."""

    settings: Settings
    database: Database
    store: Store
    connections: Connections
    signals: Signals
    master_key: MasterKey
    config: LiveConfig

    @classmethod
    def lay(
        cls,
        settings: Settings,
        application_name: str,
        channels: Sequence[str] = (),
        longest_seconds: float = LONGEST_SECONDS,
    ) -> Foundation:
        """Wires database, keys and connections; the channels are those of the database to listen to.

        Raises:
            NoDatabase: the settings name none.
            MasterKeyError: the master key can't be used.
        """
        if settings.database_url is None:
            raise NoDatabase("Set THEDATA_DATABASE_URL, or use `make run`, which starts the embedded PostgreSQL.")
        master_key = MasterKey.load(settings)
        database = Database(
            settings.database_url.get_secret_value(), application_name=application_name, longest_seconds=longest_seconds
        )
        upload_root = settings.upload_root or settings.home / "uploads"
        connections = Connections(Vault(master_key), upload_root, settings.file_roots, settings.analytics_url)
        store, signals = Store(database), Signals(database, [*channels, CONFIG_CHANNEL])
        config = LiveConfig(store, signals, settings)
        return cls(settings, database, store, connections, signals, master_key, config)

    async def close(self) -> None:
        """Ends waits and connections."""
        await self.signals.close()
        await self.database.close()


class App:
    """An API server: the services and the gRPC server in front of them."""

    def __init__(self, foundation: Foundation) -> None:
        settings, store = foundation.settings, foundation.store
        self._foundation = foundation
        self._passwords = Passwords(settings.password_hash_workers)
        self.auth = AuthService(
            store,
            self._passwords,
            AccessTokens(foundation.master_key, settings.access_token_seconds),
            RefreshTokens(foundation.master_key),
            timedelta(seconds=settings.refresh_token_seconds),
        )
        pipelines = PipelinesService(store)
        self._analytics = analytics = analytics_of(settings)
        ingest = IngestService(store, analytics)
        projector = Projector(store, ingest)
        calls = CallCounter()
        self._own = SelfMetrics(ingest, foundation.signals, "server", settings.home, calls)
        self._upkeep = Upkeep(store, analytics, foundation.signals, projector) if analytics else None
        views = ViewsService(store, analytics)
        vault = foundation.connections.vault
        self._outbox = Outbox(store, vault, foundation.signals, senders_of(settings))
        looking = Looking(store, analytics, AnalyticsProbe(analytics), settings.home)
        self._evaluator = Evaluator(store, foundation.signals, looking)
        self._tasks: list[asyncio.Task[None]] = []
        self._server = RpcServer(
            self.auth,
            {
                "auth": AuthServicer(self.auth),
                "users": UsersServicer(UsersService(store)),
                "organizations": OrganizationsServicer(OrganizationsService(store)),
                "data_sources": DataSourcesServicer(DataSourcesService(store, foundation.connections, analytics)),
                "pipelines": PipelinesServicer(
                    pipelines,
                    StreamsService(store, foundation.connections),
                    SchedulingService(store, foundation.connections.vault),
                    RunWatcher(pipelines, RunFeeds(store, foundation.signals), foundation.signals, self.auth),
                    PipelinesWatcher(store, foundation.signals, self.auth),
                ),
                "analytics": AnalyticsServicer(
                    AnalyticsService(store, analytics),
                    ingest,
                    views,
                    ViewWatcher(views, store, analytics, foundation.signals, self.auth),
                    MetricStream(store, analytics, foundation.signals, self.auth),
                    HistoryService(store, analytics),
                ),
                "admin": AdminServicer(
                    AlertsConfigService(store, vault, can_mail=settings.smtp_url is not None),
                    AlertsService(store, self._outbox),
                    AlertsWatcher(store, foundation.signals, self.auth),
                ),
            },
            calls,
            reflect=settings.reflection,
            largest=settings.max_message_bytes,
        )
        self.port = 0

    async def start(self) -> int:
        """Checks the schema and serves; returns the port.

        Raises:
            OutdatedSchema: the database has not the schema that this code needs.
        """
        settings = self._foundation.settings
        url = self._foundation.database.url
        if settings.migrate:
            await self.migrate()
        await schema.require_current(url)
        await self._foundation.config.read()
        self._foundation.signals.start()
        self._tasks.append(asyncio.create_task(self._foundation.config.run()))
        self._tasks += [asyncio.create_task(self._evaluator.run()), asyncio.create_task(self._outbox.run())]
        if self._upkeep:
            self._tasks += [asyncio.create_task(self._upkeep.run()), asyncio.create_task(self._own.run())]
        self.port = await self._server.start(settings.host, settings.grpc_port)
        return self.port

    async def migrate(self) -> None:
        """Upgrades the schema and makes the first platform administrator."""
        settings = self._foundation.settings
        await schema.upgrade(self._foundation.database.url)
        password = settings.admin_password.get_secret_value() if settings.admin_password else None
        admin = await self.auth.ensure_platform_admin(settings.admin_email, password)
        if admin and admin.password:
            path = settings.home / FIRST_ADMIN_FILE
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(f"{admin.email}\n{admin.password}\n")
            log.warning("first_admin_made", email=admin.email, password_in=str(path))

    async def stop(self) -> None:
        """Drains: no new calls, streams end with a word to resume, calls in flight get their time."""
        await self._server.drain()
        await self._foundation.signals.close()
        await self._server.stop(self._foundation.settings.stop_grace_seconds)
        await asyncio.gather(*self._tasks)
        if self._analytics:
            await self._analytics.close()
        self._passwords.close()
        await self._foundation.close()


def senders_of(settings: Settings) -> dict[ChannelKind, Sender]:
    """What sends on each kind of alert channel."""
    http = HttpSender(AnyDestination())
    smtp_url = settings.smtp_url.get_secret_value() if settings.smtp_url else None
    return {
        ChannelKind.WEBHOOK: WebhookSender(http),
        ChannelKind.SLACK: SlackSender(http),
        ChannelKind.EMAIL: MailSender(smtp_url, settings.smtp_from),
    }


def analytics_of(settings: Settings) -> ClickhouseStore | None:
    """The analytics store that the settings name."""
    if settings.analytics_url is None:
        return None
    days = settings.analytics_retention_days
    kept = None if days is None else timedelta(days=days)
    return ClickhouseStore(settings.analytics_url.get_secret_value(), cluster=settings.analytics_cluster, kept=kept)


@asynccontextmanager
async def build_maintenance(settings: Settings) -> AsyncIterator[Maintenance]:
    """Builds what operators do with the analytics store; raises AnalyticsMissing."""
    base = Foundation.lay(settings, "thedata-maintenance")
    analytics = analytics_of(settings)
    try:
        if analytics is None:
            raise AnalyticsMissing
        yield Maintenance(base.store, analytics, Projector(base.store, IngestService(base.store, analytics)))
    finally:
        if analytics:
            await analytics.close()
        await base.close()


def build(settings: Settings) -> App:
    """Builds an API server."""
    return App(
        Foundation.lay(
            settings,
            "thedata-server",
            [RUNS_CHANNEL, PIPELINES_CHANNEL, BATCHES_CHANNEL, VIEWS_CHANNEL, ALERTS_CHANNEL],
        )
    )


@asynccontextmanager
async def build_worker(settings: Settings) -> AsyncIterator[tuple[Foundation, Worker]]:
    """Builds a worker, on a foundation that is closed at the end."""
    channels = [RUNS_CHANNEL, QUEUE_CHANNEL, SCHEDULES_CHANNEL]
    base = Foundation.lay(settings, "thedata-worker", channels, WORKER_LONGEST_SECONDS)
    limits = Limits(settings.worker_concurrency, settings.runs_per_organization, settings.partitions_per_organization)
    orders = Orders(base.store, base.connections)
    execution = RunExecution(base.store, base.connections, orders, base.signals, settings.share_tables_from_bytes)
    helping = PartitionExecution(base.store, orders, base.signals)
    retention = LogRetention(base.store, settings.log_retention_days, settings.log_archive)
    scheduler = Scheduler(base.store, base.signals)
    analytics = analytics_of(settings)
    own = SelfMetrics(IngestService(base.store, analytics), base.signals, "worker", settings.home)
    loops = [base.config.run, retention.keep, scheduler.run, *([own.run] if analytics else [])]
    try:
        yield base, Worker(base.database.url, base.store, base.signals, limits, execution, helping, loops)
    finally:
        if analytics:
            await analytics.close()
        await base.close()
