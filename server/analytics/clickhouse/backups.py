"""Backups of the whole store by ClickHouse's own BACKUP and RESTORE, in the folder that its configuration allows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit
from uuid import UUID

from server.analytics.clickhouse.client import Clickhouse, quote
from server.analytics.clickhouse.databases import database_of
from server.analytics.errors import BackupFailed

ASIDE = "_before_restore"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
LONGEST_SECONDS = 6 * 3600


class Backups:
    """Each backup has all databases of this platform."""

    def __init__(self, url: str) -> None:
        own = urlsplit(url)
        self._own = own.path.strip("/") or "default"
        # Not in a database that it renames.
        self._client = Clickhouse(own._replace(path="/default").geturl())

    async def close(self) -> None:
        """Ends the connections."""
        await self._client.close()

    async def make(self, name: str, organizations: Collection[UUID]) -> None:
        """Makes a backup; rows that come meanwhile may be in it or not.

        Raises:
            BackupFailed: there is one of that name, or it can't be written.
        """
        names = ", ".join(f"DATABASE {quote(database)}" for database in self._all(organizations))
        await self._carry_out(f"BACKUP {names} TO {_place(name)}")

    async def restore(self, name: str, organizations: Collection[UUID]) -> None:
        """Puts a backup in the place of what there is; databases that are not in it stay.

        Raises:
            BackupFailed: it can't be read; then everything is as it was.
        """
        place = _place(name)
        aside = self._all(organizations)
        for database in aside:
            await self._rename(database, f"{database}{ASIDE}")
        try:
            await self._carry_out(f"RESTORE ALL FROM {place}")
        except BackupFailed:
            await self._back(aside, await self._present(aside))
            raise
        restored = await self._present(aside)
        await self._back([database for database in aside if database not in restored], [])
        for database in restored:
            await self._client.execute(f"DROP DATABASE {quote(database + ASIDE)} SYNC")

    async def _back(self, databases: Sequence[str], instead_of: Sequence[str]) -> None:
        for database in instead_of:
            await self._client.execute(f"DROP DATABASE {quote(database)} SYNC")
        for database in databases:
            await self._rename(f"{database}{ASIDE}", database)

    async def _rename(self, database: str, name: str) -> None:
        await self._client.execute(f"RENAME DATABASE {quote(database)} TO {quote(name)}")

    def _all(self, organizations: Collection[UUID]) -> list[str]:
        return [self._own, *sorted(database_of(key) for key in organizations)]

    async def _present(self, databases: Sequence[str]) -> list[str]:
        rows = await self._client.rows(
            "SELECT name FROM system.databases WHERE name IN {names:Array(String)}", {"names": list(databases)}
        )
        return [name for (name,) in rows]

    async def _carry_out(self, statement: str) -> None:
        from clickhouse_connect.driver.exceptions import DatabaseError

        try:
            await self._client.execute(statement, seconds=LONGEST_SECONDS)
        except DatabaseError as error:
            raise BackupFailed(str(error)) from error


def _place(name: str) -> str:
    if not _NAME.match(name):
        raise BackupFailed("A backup's name has letters, digits, dots, dashes and underscores.")
    return f"File('{name}')"
