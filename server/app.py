"""The one place that wires the platform together; tests call it too."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from server import logs
from server.admin.servicer import AdminServicer
from server.alerts.configuring import AlertsConfigService
from server.alerts.destinations import JudgedDestinations
from server.alerts.evaluator import Evaluator
from server.alerts.looking import Looking
from server.alerts.model import ChannelKind
from server.alerts.outage import Outage
from server.alerts.outbox import Outbox
from server.alerts.probes import StatusProbe
from server.alerts.senders.http import HttpSender, SlackSender, WebhookSender
from server.alerts.senders.mail import MailSender
from server.alerts.sending import Sender, Sending
from server.alerts.service import AlertsService
from server.alerts.watch import AlertsWatcher
from server.analytics.clickhouse.store import ClickhouseStore
from server.analytics.errors import AnalyticsMissing
from server.analytics.history import HistoryService
from server.analytics.ingest import IngestService
from server.analytics.landed import LandedTimes
from server.analytics.landed_views import LandedViews
from server.analytics.maintenance import Maintenance
from server.analytics.metric_stream import MetricStream
from server.analytics.projector import Projector
from server.analytics.self_metrics import SelfMetrics
from server.analytics.service import AnalyticsService
from server.analytics.servicer import AnalyticsServicer
from server.analytics.upkeep import Upkeep
from server.analytics.view_feeds import ViewWatcher
from server.analytics.views import ViewsService
from server.audit.denials import Denials
from server.audit.model import AUDIT_CHANNEL
from server.audit.service import AuditService
from server.auth.passwords import Passwords
from server.auth.service import AuthService
from server.auth.servicer import AuthServicer
from server.auth.tokens import AccessTokens, RefreshTokens
from server.config.live import CONFIG_CHANNEL, TAKEN_UP, LiveConfig
from server.config.service import ConfigService
from server.config.versions import ConfigVersions
from server.data_sources.connections import Connections
from server.data_sources.service import DataSourcesService
from server.data_sources.servicer import DataSourcesServicer
from server.data_sources.vault import Vault
from server.keys import MasterKey
from server.limits.limiter import Limiter
from server.limits.places import Places
from server.limits.quotas import DailyQuotas
from server.limits.service import UsageService
from server.limits.windows import Windows
from server.network.check import PolicyCheck
from server.network.policy import Policy
from server.observability.platform import PlatformMetrics
from server.observability.runs import RunTelemetry
from server.observability.telemetry import Telemetry
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
from server.rpc.interceptors.auditing import Auditing
from server.rpc.server import NAMES, RpcServer
from server.runs.execution import RunExecution
from server.runs.helping import PartitionExecution
from server.runs.log_retention import LogRetention
from server.runs.orders import Orders
from server.runs.scheduler import Scheduler
from server.runs.worker import Limits, Worker
from server.settings import FIRST_ADMIN_FILE, Settings
from server.stack.ports import at, reachable
from server.status.model import Component, Status
from server.status.ports import Probe
from server.status.prober import Prober
from server.status.probes import DatabaseProbe, DiskProbe, EngineProbe, GatewayProbe, MigrationsProbe
from server.status.readiness import readiness
from server.status.service import StatusService
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
    network: PolicyCheck
    telemetry: Telemetry

    @classmethod
    def lay(
        cls,
        settings: Settings,
        role: str,
        channels: Sequence[str] = (),
        longest_seconds: float = LONGEST_SECONDS,
    ) -> Foundation:
        """Wires database, keys, connections and telemetry; the channels are those of the database to listen to.

        Raises:
            NoDatabase: the settings name none.
            MasterKeyError: the master key can't be used.
        """
        if settings.database_url is None:
            raise NoDatabase("Set THEDATA_DATABASE_URL, or use `make run`, which starts the embedded PostgreSQL.")
        master_key = MasterKey.load(settings)
        url = settings.database_url.get_secret_value()
        telemetry = Telemetry(settings, role, url)
        database = Database(
            url,
            application_name=f"thedata-{role}",
            longest_seconds=longest_seconds,
            observer=telemetry.statements,
        )
        telemetry.metrics.watch_pool(lambda: database.connections)
        upload_root = settings.upload_root or settings.home / "uploads"
        store, signals = Store(database), Signals(database, [*channels, CONFIG_CHANNEL])
        config = LiveConfig(store, signals, settings)
        network = PolicyCheck(lambda: Policy(**config.system.network_policy.model_dump()))
        connections = Connections(Vault(master_key), upload_root, settings.file_roots, network, settings.analytics_url)
        config.on_change(partial(signals.tell, TAKEN_UP))
        config.on_change(lambda: logs.set_level(config.system.log_level))
        return cls(settings, database, store, connections, signals, master_key, config, network, telemetry)

    async def close(self) -> None:
        """Ends waits and connections, and tells the last of what was measured."""
        await self.signals.close()
        await self.database.close()
        await self.telemetry.close()


class StatusWatch:
    """What looks at everything, with a connection of its own: a busy pool is not taken for a dead database."""

    def __init__(
        self, foundation: Foundation, analytics: ClickhouseStore | None, listener: Callable[[Status], Awaitable[None]]
    ) -> None:
        settings, url = foundation.settings, foundation.database.url
        self._database = Database(
            url, pool_size=1, application_name="thedata-status", longest_seconds=DatabaseProbe.seconds
        )
        database = DatabaseProbe(Store(self._database))
        local = f"http://{at(reachable(settings.host), settings.http_port)}"
        told = settings.gateway_url
        self._gateway = GatewayProbe(told.get_secret_value() if told else local, expected=told is not None)
        probes: list[Probe] = [
            database,
            MigrationsProbe(partial(schema.current, url), schema.newest()),
            EngineProbe(analytics),
            self._gateway,
            DiskProbe(settings.home),
        ]
        signals = foundation.signals
        self.prober = Prober(probes, lambda: database.facts, settings.home, signals, signals.tell, listener)

    async def components(self) -> Sequence[Component]:
        """How the components are."""
        return (await self.prober.status()).components

    async def close(self) -> None:
        """Ends its connections."""
        await self.prober.close()
        await self._gateway.close()
        await self._database.close()


class App:
    """An API server: the services and the gRPC server in front of them."""

    def __init__(self, foundation: Foundation) -> None:
        settings, store, config = foundation.settings, foundation.store, foundation.config
        self._foundation = foundation
        self._passwords = Passwords(settings.password_hash_workers)
        self.auth = AuthService(
            store,
            self._passwords,
            AccessTokens(foundation.master_key, settings.access_token_seconds),
            RefreshTokens(foundation.master_key),
            timedelta(seconds=settings.refresh_token_seconds),
        )
        config.on_change(
            lambda: self.auth.take_up(
                config.system.access_token_seconds, timedelta(seconds=config.system.refresh_token_seconds)
            )
        )
        quotas = DailyQuotas(config)
        pipelines = PipelinesService(store, quotas)
        self._analytics = analytics = analytics_of(settings)
        ingest = IngestService(store, analytics, config)
        projector = Projector(store, ingest)
        calls = CallCounter()
        telemetry = foundation.telemetry
        telemetry.metrics.watch_calls(calls)
        self._platform = PlatformMetrics(telemetry.metrics.registry, store, foundation.signals, analytics)
        self._own = SelfMetrics(ingest, config, foundation.signals, "server", settings.home, calls)
        self._upkeep = Upkeep(store, analytics, foundation.signals, projector, config) if analytics else None
        config.on_change(partial(foundation.signals.tell, BATCHES_CHANNEL))  # retention is the upkeep's
        versions = ConfigVersions(store)
        self._watch = StatusWatch(foundation, analytics, self._tell_health)
        status = StatusService(self._watch.prober, foundation.signals, self.auth)
        landed = LandedViews(store, analytics)
        views = ViewsService(store, analytics, landed)
        self._denials = Denials(store, foundation.signals)
        vault = foundation.connections.vault
        sending = Sending(senders_of(settings, foundation.network))
        self._outbox = Outbox(store, vault, foundation.signals, sending)
        probe = StatusProbe(self._watch.components)
        looking = Looking(store, analytics, probe, settings.home)
        self._evaluator = Evaluator(store, foundation.signals, looking, Outage(store, vault, sending, probe))
        self._tasks: list[asyncio.Task[None]] = []
        self._places = Places(store)
        self._server = RpcServer(
            self.auth,
            {
                "auth": AuthServicer(self.auth),
                "users": UsersServicer(UsersService(store)),
                "organizations": OrganizationsServicer(OrganizationsService(store)),
                "data_sources": DataSourcesServicer(DataSourcesService(store, foundation.connections, self._told)),
                "pipelines": PipelinesServicer(
                    pipelines,
                    StreamsService(store, foundation.connections, quotas),
                    SchedulingService(store, foundation.connections.vault),
                    RunWatcher(pipelines, RunFeeds(store, foundation.signals), foundation.signals, self.auth),
                    PipelinesWatcher(store, foundation.signals, self.auth),
                ),
                "analytics": AnalyticsServicer(
                    AnalyticsService(store, analytics),
                    ingest,
                    views,
                    ViewWatcher(views, landed, store, analytics, foundation.signals, self.auth),
                    MetricStream(store, analytics, foundation.signals, self.auth),
                    HistoryService(store, analytics),
                ),
                "admin": AdminServicer(
                    status,
                    ConfigService(versions, settings, LandedTimes(analytics)),
                    versions,
                    AlertsConfigService(store, vault, can_mail=settings.smtp_url is not None),
                    AlertsService(store, self._outbox),
                    AlertsWatcher(store, foundation.signals, self.auth),
                    AuditService(store, foundation.signals, self.auth),
                    UsageService(store, config),
                ),
            },
            calls,
            Auditing(self._denials, settings.gateways),
            Limiter(config, Windows(store), self._places),
            reflect=settings.reflection,
            largest=settings.max_message_bytes,
            slow_seconds=lambda: config.system.slow_call_seconds,
            tracing=telemetry.tracing,
        )
        self.port = 0

    def _told(self) -> ClickhouseStore | None:
        return self._analytics if self._foundation.config.metrics.enabled else None

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
        config = self._foundation.config
        self._foundation.telemetry.start(lambda: config.system, self._platform.run)
        self._tasks.append(asyncio.create_task(self._foundation.config.run()))
        self._tasks.append(asyncio.create_task(self._denials.run()))
        self._tasks.append(asyncio.create_task(self._places.run()))
        self._tasks += [asyncio.create_task(self._evaluator.run()), asyncio.create_task(self._outbox.run())]
        if self._upkeep:
            self._tasks += [asyncio.create_task(self._upkeep.run()), asyncio.create_task(self._own.run())]
        self._tasks.append(asyncio.create_task(self._watch.prober.run()))
        self.port = await self._server.start(settings.host, settings.grpc_port)
        return self.port

    async def _tell_health(self, status: Status) -> None:
        await self._server.tell_health(readiness(status, NAMES))

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
        self._places.stop()
        await asyncio.gather(*self._tasks)
        await self._watch.close()
        await self._denials.close()
        if self._analytics:
            await self._analytics.close()
        self._passwords.close()
        await self._foundation.close()


def senders_of(settings: Settings, network: PolicyCheck) -> dict[ChannelKind, Sender]:
    """What sends on each kind of alert channel."""
    http = HttpSender(JudgedDestinations(network))
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
    return ClickhouseStore(settings.analytics_url.get_secret_value(), cluster=settings.analytics_cluster)


@asynccontextmanager
async def build_maintenance(settings: Settings) -> AsyncIterator[Maintenance]:
    """Builds what operators do with the analytics store; raises AnalyticsMissing."""
    base = Foundation.lay(settings, "maintenance")
    analytics = analytics_of(settings)
    try:
        if analytics is None:
            raise AnalyticsMissing
        yield Maintenance(
            base.store, analytics, Projector(base.store, IngestService(base.store, analytics, base.config))
        )
    finally:
        if analytics:
            await analytics.close()
        await base.close()


def build(settings: Settings) -> App:
    """Builds an API server."""
    return App(
        Foundation.lay(
            settings,
            "server",
            [RUNS_CHANNEL, PIPELINES_CHANNEL, BATCHES_CHANNEL, VIEWS_CHANNEL, AUDIT_CHANNEL, ALERTS_CHANNEL],
        )
    )


@asynccontextmanager
async def build_worker(settings: Settings) -> AsyncIterator[tuple[Foundation, Worker]]:
    """Builds a worker, on a foundation that is closed at the end."""
    channels = [RUNS_CHANNEL, QUEUE_CHANNEL, SCHEDULES_CHANNEL]
    base = Foundation.lay(settings, "worker", channels, WORKER_LONGEST_SECONDS)
    config = base.config
    config.on_change(partial(base.signals.tell, QUEUE_CHANNEL))  # more may be carried, or what waited for a quota begin
    quotas = DailyQuotas(config)

    def limits() -> Limits:
        held = config.system
        return Limits(held.worker_concurrency, held.runs_per_organization, held.partitions_per_organization)

    orders = Orders(base.store, base.connections)
    runs = RunTelemetry(base.telemetry.metrics.registry, base.telemetry.tracing)
    execution = RunExecution(base.store, base.connections, orders, base.signals, settings.share_tables_from_bytes, runs)
    helping = PartitionExecution(base.store, orders, base.signals, runs)
    retention = LogRetention(base.store, lambda: config.system.log_retention_days, settings.log_archive)
    scheduler = Scheduler(base.store, base.signals)
    analytics = analytics_of(settings)
    own = SelfMetrics(IngestService(base.store, analytics, config), config, base.signals, "worker", settings.home)
    loops: list[Callable[[], Coroutine[Any, Any, None]]] = [
        config.run,
        partial(retention.keep, base.signals),
        scheduler.run,
        *([own.run] if analytics else []),
    ]
    try:
        yield base, Worker(base.database.url, base.store, base.signals, limits, quotas, execution, helping, loops)
    finally:
        if analytics:
            await analytics.close()
        await base.close()
