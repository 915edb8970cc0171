"""What holds now in this process: read when a version is added, and every so often in case that was not heard."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import structlog

from server.config.model import ConfigKind, MetricsConfig, SystemConfig
from server.config.ports import Store
from server.errors import Failure, Unavailable
from server.pipelines.ports import Signals
from server.scope import PLATFORM, Scope
from server.settings import Settings

log = structlog.get_logger("config")

CONFIG_CHANNEL = "thedata_config"
TAKEN_UP = "settings"
"""What is told when this process goes by other settings."""
LOOK_SECONDS = 1.5  # with the read itself, a change that was not heard of still holds within two seconds


class LiveConfig:
    """The platform's settings as they are now; who must do something when they change says so with `on_change`."""

    def __init__(self, store: Store, signals: Signals, settings: Settings) -> None:
        self._store = store
        self._signals = signals
        self._settings = settings
        self._versions = (0, 0)
        self._callbacks: list[Callable[[], None]] = []
        self.system = SystemConfig.of(settings, {})
        self.metrics = MetricsConfig.of(settings, {})

    def on_change(self, callback: Callable[[], None]) -> None:
        """Calls back now, and whenever the settings have changed."""
        self._callbacks.append(callback)
        callback()

    async def read(self) -> None:
        """Reads what holds; raises Unavailable."""
        async with self._store.begin(Scope.everything()) as tx:
            system = await tx.configurations.newest(PLATFORM, ConfigKind.SYSTEM)
            metrics = await tx.configurations.newest(PLATFORM, ConfigKind.METRICS)
        versions = (system.version if system else 0, metrics.version if metrics else 0)
        if versions == self._versions:
            return
        self.system = SystemConfig.of(self._settings, system.content if system else {})
        self.metrics = MetricsConfig.of(self._settings, metrics.content if metrics else {})
        self._versions = versions
        log.info("settings_taken_up", system=versions[0], metrics=versions[1])
        for callback in self._callbacks:
            callback()

    async def run(self) -> None:
        """Keeps them as they are until the process is about to end; while the database is away they stay."""
        with suppress(Unavailable):
            async with self._signals.subscribe(CONFIG_CHANNEL) as news:
                while True:
                    try:
                        await self.read()
                    except Failure as failure:
                        log.warning("settings_not_read", reason=failure.reason)
                    await news(LOOK_SECONDS)
