"""The platform's settings and how metrics are kept: who changes what, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from server.auth.permissions import Caller
from server.config import checks, fields
from server.config.environment import EnvironmentSetting, environment_settings
from server.config.model import (
    ConfigKind,
    ConfigVersion,
    Draft,
    Limits,
    MetricsConfig,
    SystemConfig,
    TableRetention,
)
from server.config.ports import LandedColumns, Transaction
from server.config.versions import ConfigVersions
from server.errors import InvalidFields, Violation
from server.scope import PLATFORM
from server.settings import Settings


@dataclass(frozen=True)
class Change:
    """What a caller wants changed, by the contract's names; ``reset`` is to be as the environment has it."""

    given: Mapping[str, Any]
    reset: list[str] = field(default_factory=list)
    etag: str = ""


class ConfigService:
    """Reads and changes what holds; the live settings take it up from the database."""

    def __init__(self, versions: ConfigVersions, settings: Settings, landed: LandedColumns) -> None:
        self._versions = versions
        self._settings = settings
        self._landed = landed

    @property
    def environment(self) -> list[EnvironmentSetting]:
        """What only the environment sets."""
        return environment_settings(self._settings)

    async def system(self, caller: Caller) -> tuple[ConfigVersion, SystemConfig]:
        """The platform's settings, and their version."""
        return self._of_system(await self._versions.newest(caller, PLATFORM, ConfigKind.SYSTEM))

    async def update_system(self, caller: Caller, change: Change) -> tuple[ConfigVersion, SystemConfig]:
        """Changes settings.

        Raises:
            InvalidFields: with every value that can't be.
            EtagMismatch: they were changed since the caller read them.
        """
        given = change.given
        own: Sequence[tuple[UUID, Limits]] = given.get("organization_limits", ())

        async def edit(tx: Transaction, held: ConfigVersion) -> Draft:
            owners = [key for key, _ in own]
            _refuse(
                [
                    *fields.broken(fields.SYSTEM, given, change.reset),
                    *checks.network(given.get("network_policy")),
                    *await checks.organizations(tx, "config.organization_limits", owners),
                    *checks.twice("config.organization_limits", owners),
                ]
            )
            content = fields.without(fields.SYSTEM, held.content, change.reset)
            changes = fields.kept(fields.SYSTEM, given)
            if "limits" in given:
                changes["limits"] = {**content.get("limits", {}), **given["limits"].model_dump(exclude_none=True)}
            if "organization_limits" in given:
                changes["organization_limits"] = {str(key): one.model_dump(exclude_none=True) for key, one in own}
            if "network_policy" in given:
                changes["network_policy"] = given["network_policy"].model_dump(mode="json")
            return Draft({**content, **changes})

        return self._of_system(await self._versions.change(caller, PLATFORM, ConfigKind.SYSTEM, change.etag, edit))

    async def metrics(self, caller: Caller) -> tuple[ConfigVersion, MetricsConfig]:
        """How metrics are collected and kept, and the version of that."""
        return self._of_metrics(await self._versions.newest(caller, PLATFORM, ConfigKind.METRICS))

    async def update_metrics(self, caller: Caller, change: Change) -> tuple[ConfigVersion, MetricsConfig]:
        """Changes how metrics are collected and kept.

        Raises:
            InvalidFields: with every value that can't be.
            EtagMismatch: it was changed since the caller read it.
            AnalyticsMissing, StoreUnavailable: tables are named, and nobody can tell whether they can lose rows.
        """
        given = change.given
        tables: Sequence[TableRetention] = given.get("tables", ())
        columns = [violation for n, table in enumerate(tables) for violation in await self._table(table, n)]

        async def edit(tx: Transaction, held: ConfigVersion) -> Draft:
            _refuse(
                [
                    *fields.broken(fields.METRICS, given, change.reset),
                    *await checks.organizations(tx, "config.tables", [table.organization_id for table in tables]),
                    *checks.twice("config.tables", [(table.organization_id, table.table_name) for table in tables]),
                    *columns,
                ]
            )
            changes = fields.kept(fields.METRICS, given)
            if "tables" in given:
                changes["tables"] = [table.model_dump(mode="json") for table in tables]
            return Draft({**fields.without(fields.METRICS, held.content, change.reset), **changes})

        return self._of_metrics(await self._versions.change(caller, PLATFORM, ConfigKind.METRICS, change.etag, edit))

    async def _table(self, table: TableRetention, number: int) -> list[Violation]:
        columns = await self._landed.times(table.organization_id, table.table_name)
        if columns is None or columns.get(table.time_column):
            return []
        return [Violation(f"config.tables[{number}].time_column", "must be a column of the table with dates or times")]

    def _of_system(self, held: ConfigVersion) -> tuple[ConfigVersion, SystemConfig]:
        return held, SystemConfig.of(self._settings, held.content)

    def _of_metrics(self, held: ConfigVersion) -> tuple[ConfigVersion, MetricsConfig]:
        return held, MetricsConfig.of(self._settings, held.content)


def _refuse(broken: Sequence[Violation]) -> None:
    if broken:
        raise InvalidFields(*broken)
