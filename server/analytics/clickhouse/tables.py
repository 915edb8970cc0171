"""The tables that an organization can ask: what its pipelines have landed, and its part of events and metrics."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any
from uuid import UUID

from server.analytics.clickhouse.client import Clickhouse, Limits, quote
from server.analytics.clickhouse.compiler import Compiled, compile_all, compile_page
from server.analytics.clickhouse.databases import database_of
from server.analytics.clickhouse.events import TABLE as EVENTS
from server.analytics.clickhouse.metrics import POINTS
from server.analytics.clickhouse.values import column_of
from server.analytics.errors import StoreUnavailable, UnknownTable
from server.analytics.questions import LANDED, Column, ColumnKind, Form, Table, TableQuery

OF_ORGANIZATION = "organization_id = {organization:UUID}"
HIDDEN = "_thedata"
CHECKPOINTS = "_thedata_checkpoints"
NOBODY = "00000000-0000-0000-0000-000000000000"
SETTLED_SECONDS = 2
MOST_REMEMBERED = 10_000

NOTHING_YET = frozenset((60, 81))  # no such table, no such database
CHANGED = frozenset((16, 47, 60, 81, 218))  # a column is gone, a table is, its database is, or it was dropped meanwhile
_TEXT, _JSON = ColumnKind.TEXT, ColumnKind.JSON
_TIME = Column("time", ColumnKind.TIMESTAMPTZ, "DateTime64(6, 'UTC')")
_SHARED = {
    "events": (
        EVENTS,
        (
            Column("id", ColumnKind.UUID, "UUID"), Column("kind", _TEXT, "String"), _TIME,
            Column("message", _TEXT, "String"), Column("attributes", _JSON, "String"),
        ),
        ("time", "id"),
    ),
    "metrics": (
        POINTS,
        (
            Column("name", _TEXT, "String"), _TIME, Column("value", ColumnKind.FLOAT, "Float64"),
            Column("labels", _JSON, "Map(String, String)"),
        ),
        ("name", "time"),
    ),
}  # fmt: skip
_KEY_NAME = re.compile(r"`((?:[^`\\]|\\.)*)`|([^,`()\s]+)")


class LandedTables:
    """All questions go by a `Table` from here, which names one organization."""

    def __init__(self, client: Clickhouse) -> None:
        self._client = client
        # By the table's UUID and when it was last altered: what has those has these columns.
        self._columns: dict[tuple[str, str], tuple[Column, ...]] = {}

    async def find(self, organization_id: UUID, name: str) -> Table:
        """A table by its name.

        Raises:
            UnknownTable: the organization has none.
        """
        if name in _SHARED:
            return self._shared(organization_id, name)
        found = await self._described(organization_id, name)
        own = name.removeprefix(LANDED)
        if not found and own in _SHARED:
            found = await self._described(organization_id, own)
        if not found:
            raise UnknownTable(name)
        return replace(found[0], name=name)

    async def landed(self, organization_id: UUID, name: str) -> Table | None:
        """A landed table by its own name; None: there is none."""
        found = await self._described(organization_id, name)
        return found[0] if found else None

    async def all(self, organization_id: UUID) -> list[Table]:
        """All tables of an organization, by name, with how much they have."""
        shared = [await self._counted(self._shared(organization_id, name)) for name in _SHARED]
        landed = [
            replace(table, name=f"{LANDED}{table.name}") if table.name in _SHARED else table
            for table in await self._described(organization_id)
        ]
        return sorted([*shared, *landed], key=lambda table: table.name)

    async def page(
        self, table: Table, query: TableQuery, size: int, offset: int, seconds: float
    ) -> tuple[Sequence[Column], list[list[Any]]]:
        """Some rows of an answer.

        Raises:
            InvalidFields: the question can't be asked of the table.
            QueryTooSlow, QueryTooLarge: it runs into its limits.
            StoreUnavailable: it is not the table any more that was looked up.
        """
        from clickhouse_connect.driver.exceptions import DatabaseError

        compiled = compile_page(table, query, size, offset)
        try:
            rows = await self._client.rows(compiled.sql, compiled.values, Limits(seconds))
        except DatabaseError as error:
            if error.code in CHANGED:
                raise StoreUnavailable(f"{table.name} has just become another table; try again.") from error
            raise
        return compiled.columns, _exact(rows, compiled.columns)

    async def stream(self, table: Table, query: TableQuery, form: Form, seconds: float) -> AsyncGenerator[bytes, None]:
        """A whole answer in pieces; who leaves ends the query.

        Raises:
            InvalidFields: the question can't be asked of the table.
            QueryTooSlow, QueryTooLarge: it runs into its limits.
        """
        compiled = compile_all(table, query, arrow=form is Form.ARROW)
        if form is Form.CSV:
            yield _header(compiled)
        pieces = self._client.stream(compiled.sql, form.value, compiled.values, Limits(seconds))
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece

    def _shared(self, organization_id: UUID, name: str) -> Table:
        table, columns, key = _SHARED[name]
        return Table(name, self._client.database, table, columns, key, organization_id=organization_id)

    async def _counted(self, table: Table) -> Table:
        of_all = "SELECT total_bytes / greatest(total_rows, 1) FROM system.tables"
        of_all += " WHERE database = {database:String} AND name = {table:String}"
        name = quote(table.database, table.table)
        sql = f"SELECT count(), toUInt64(count() * ifNull(({of_all}), 0)) FROM {name} WHERE {OF_ORGANIZATION}"  # noqa: S608
        names = {"database": table.database, "table": table.table, "organization": str(table.organization_id)}
        rows, size = (await self._client.rows(sql, names))[0]
        return replace(table, rows=int(rows), bytes=int(size))

    async def _described(self, organization_id: UUID, name: str | None = None) -> list[Table]:
        database = database_of(organization_id)
        tables = await self._listed(database, name)
        columns = await self._columns_of(database, [row[0] for row in tables if (row[5], row[6]) not in self._columns])
        found = []
        for table, engine, sorting_key, rows, size, identity, altered, settled, run in tables:
            known = columns.get(table) or self._columns.get((identity, altered), ())
            # A table can be altered twice in a second.
            if settled and identity != NOBODY:
                self._remember((identity, altered), known)
            found.append(
                Table(
                    table,
                    database,
                    table,
                    known,
                    _key(sorting_key, known),
                    final=engine.replace("Replicated", "").replace("Shared", "") != "MergeTree",
                    rows=int(rows or 0),
                    bytes=int(size or 0),
                    run_id=UUID(run) if run else None,
                    # A commit puts another table there; a TTL removes rows of this one.
                    state=(str(identity), str(altered), str(rows), str(run)),
                )
            )
        return found

    async def _listed(self, database: str, name: str | None) -> list[list[Any]]:
        """Tables, each with the run that last wrote it: by the newest state of the very table that is there now."""
        from clickhouse_connect.driver.exceptions import DatabaseError

        only, names = "", {"database": database, "hidden": HIDDEN, "id": "^[0-9a-fA-F-]{36}$"}
        if name is not None:
            only, names = " AND name = {name:String}", names | {"name": name}
        states = (
            f"SELECT uuid, argMax(run_id, written_at) AS run FROM {quote(database, CHECKPOINTS)}"  # noqa: S608 - quoted
            " WHERE state != '' AND match(run_id, {id:String}) GROUP BY uuid"
        )

        async def listed(run: str, joined: str) -> list[list[Any]]:
            return await self._client.rows(
                "SELECT name, engine, sorting_key, total_rows, total_bytes, uuid, toString(metadata_modification_time),"  # noqa: S608 - all is bound
                f" now() - metadata_modification_time > {SETTLED_SECONDS}, {run} FROM system.tables {joined}"
                " WHERE database = {database:String} AND NOT startsWith(name, {hidden:String})"
                f" AND endsWith(engine, 'MergeTree'){only} ORDER BY name",
                names,
            )

        try:
            return await listed("run", f"LEFT JOIN ({states}) AS states USING (uuid)")
        except DatabaseError as error:
            if error.code not in NOTHING_YET:
                raise
            return await listed("NULL", "")

    async def _columns_of(self, database: str, tables: Sequence[str]) -> dict[str, tuple[Column, ...]]:
        if not tables:
            return {}
        described = await self._client.rows(
            "SELECT table, name, type, comment FROM system.columns"
            " WHERE database = {database:String} AND table IN {tables:Array(String)}"
            " AND default_kind != 'EPHEMERAL' ORDER BY table, position",
            {"database": database, "tables": list(tables)},
        )
        columns: dict[str, list[Column]] = {}
        for table, column, type_, comment in described:
            columns.setdefault(table, []).append(column_of(column, type_, comment))
        return {table: tuple(found) for table, found in columns.items()}

    def _remember(self, key: tuple[str, str], columns: tuple[Column, ...]) -> None:
        if len(self._columns) >= MOST_REMEMBERED:
            self._columns.clear()
        self._columns[key] = columns


def _key(sorting_key: str, columns: Sequence[Column]) -> tuple[str, ...]:
    """The columns of a sorting key, where it has nothing else."""
    known = {column.name for column in columns}
    found = [re.sub(r"\\(.)", r"\1", quoted) if quoted else plain for quoted, plain in _KEY_NAME.findall(sorting_key)]
    return tuple(found) if known.issuperset(found) else ()


def _header(compiled: Compiled) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([column.name for column in compiled.columns])
    return line.getvalue().encode()


_PYTHON = {ColumnKind.INTEGER: int, ColumnKind.FLOAT: float, ColumnKind.DECIMAL: str}
"""What values are made of that JSON has as numbers or, where a double can't hold them, as texts."""


def _exact(rows: list[list[Any]], columns: Sequence[Column]) -> list[list[Any]]:
    """Rows as they came from JSON, with numbers of their columns' kinds."""
    made = [(number, _PYTHON[column.kind]) for number, column in enumerate(columns) if column.kind in _PYTHON]
    for row in rows:
        for number, make in made:
            if row[number] is not None:
                row[number] = make(row[number])
    return rows
