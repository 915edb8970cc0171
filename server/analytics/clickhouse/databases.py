"""The databases that organizations have in the store, each marked with whose platform has made it.

Several platforms may share a ClickHouse server: none of them removes a database that bears another one's mark.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from uuid import UUID

from server.analytics.clickhouse.client import Clickhouse, quote
from server.analytics.clickhouse.schema import Flavour

_NAME = re.compile(r"t_([0-9a-f]{32})\Z")


def database_of(organization_id: UUID) -> str:
    """The name of an organization's database."""
    return f"t_{organization_id.hex}"


def owner_of(url: str) -> str:
    """The mark of the platform whose analytics store is at a URL."""
    return f"thedata of {urlsplit(url).path.strip('/') or 'default'}"


class Databases:
    """The databases of this platform's organizations."""

    def __init__(self, client: Clickhouse, flavour: Flavour) -> None:
        self._client = client
        self._flavour = flavour

    async def organizations(self) -> set[UUID]:
        """Whose databases there are."""
        rows = await self._client.rows(
            "SELECT name FROM system.databases WHERE comment = {owner:String}",
            {"owner": owner_of(f"//store/{self._client.database}")},
        )
        return {UUID(found[1]) for (name,) in rows if (found := _NAME.match(name))}

    async def drop(self, organization_id: UUID) -> None:
        """Removes an organization's database."""
        name = quote(database_of(organization_id))
        await self._client.execute(f"DROP DATABASE IF EXISTS {name} {self._flavour.on_cluster} SYNC")
