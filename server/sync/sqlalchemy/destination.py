"""Landing in a database of any dialect that speaks portable SQL and can take back what it does to tables.

Which database that is, is found by trying. Types are only those that are known to keep every value; all others land
as their canonical texts.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from sqlalchemy.exc import NoSuchTableError

from server.sync.cursors import family
from server.sync.destination import (
    Claimed,
    Fitted,
    Mapping,
    Target,
    TargetColumn,
    Unfit,
)
from server.sync.errors import Origin, SyncError
from server.sync.fitting import fitted
from server.sync.model import Column
from server.sync.spec import RunIdentity
from server.sync.sql_destination import CHECKPOINTS, CHUNKS, SqlDestination, refused
from server.sync.sqlalchemy.database import MARK, Database
from server.sync.sqlalchemy.errors import refusal
from server.sync.sqlalchemy.values import parameters
from server.sync.type_words import base, precision

_DIGITS = 38
_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {
    "boolean": sa.Boolean, "smallint": sa.SmallInteger, "integer": sa.Integer, "bigint": sa.BigInteger,
    "real": sa.REAL, "double": sa.Double, "bytes": sa.LargeBinary,
}  # fmt: skip
_TIMES: dict[str, sa.types.TypeEngine[Any]] = {
    "date": sa.Date(), "timestamp": sa.DateTime(), "timestamptz": sa.DateTime(timezone=True),
}  # fmt: skip
_TEXTS = frozenset(("text", "uuid", "json", "array", "interval", "other"))
_NUMERIC_AFFINITY = frozenset(("smallint", "integer", "bigint", "double"))


class SqlalchemyDestination(SqlDestination):
    """One connection to the database that is written, in the account's default schema."""

    folds_case: ClassVar[bool] = True  # many do

    def __init__(self, database: Database) -> None:
        self._database = database
        self._dialect = database.dialect
        self.text_type = self._ddl(sa.Text())
        self.bigint_type = self._ddl(sa.BigInteger())
        self.timestamp_type = self._ddl(_TIMES["timestamptz"]) if self._is("postgresql") else self.text_type
        asked = str(sa.select(sa.literal_column("1")).with_for_update().compile(dialect=self._dialect))
        self.for_update = " FOR UPDATE" if asked.endswith("FOR UPDATE") else ""

    # -- the driver ----------------------------------------------------------------------------------------------

    async def execute(self, sql: str, *params: object) -> int:
        """Run a statement."""
        return await self._database.execute(sql, *params)

    async def fetch(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a query."""
        return await self._database.fetch(sql, *params)

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """One transaction."""
        return self._database.transaction()

    async def insert(self, table: str, columns: Sequence[TargetColumn], rows: AsyncIterator[pa.RecordBatch]) -> int:
        """Insert row by row in one statement."""
        names = self.names(column.name for column in columns)
        sql = f"INSERT INTO {table} ({names}) VALUES ({', '.join(MARK * len(columns))})"
        as_text = [self._lands_as_text(column) for column in columns]
        written = 0
        async for batch in rows:
            if batch.num_rows:
                await self._database.execute_many(sql, parameters(batch, as_text))
            written += batch.num_rows
        return written

    def select(self, sql: str, columns: Sequence[TargetColumn]) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read rows back."""
        return self._database.batches(sql, [column.column for column in columns])

    async def columns_of(self, table: str) -> dict[str, str]:
        """Reflect a table's columns."""

        def look(connection: sa.Connection) -> dict[str, str]:
            try:
                columns = sa.inspect(connection).get_columns(table)
            except NoSuchTableError:
                return {}
            return {column["name"]: column["type"].compile(dialect=connection.dialect) for column in columns}

        return await self._database.run(look)

    async def staging_tables(self, prefix: str) -> list[str]:
        """Ask for tables by their names."""
        names = await self._database.run(lambda connection: sa.inspect(connection).get_table_names())
        return [name for name in names if name.startswith(prefix)]

    # -- the dialect ---------------------------------------------------------------------------------------------

    def map_type(self, column: Column, *, same_kind: bool) -> Mapping:  # noqa: ARG002 - no two of this kind are the same
        """Choose a type that is known to keep every value, else text."""
        word = base(column.type)
        if word in _TYPES:
            return Mapping(self._ddl(_TYPES[word]()))
        digits, scale = precision(column.type) or (0, 0)
        if self._is("postgresql") and word in _TIMES:
            return Mapping(self._ddl(_TIMES[word]))
        if self._is("postgresql") and word == "decimal" and 0 < digits <= _DIGITS and 0 <= scale <= digits:
            return Mapping(self._ddl(sa.Numeric(digits, scale)))
        return Mapping(self.text_type, note="" if word in _TEXTS else f"{column.type} lands as its text")

    def quote(self, name: str) -> str:
        """Quote as the dialect does."""
        preparer = self._dialect.identifier_preparer
        return (
            preparer.initial_quote
            + name.replace(preparer.escape_quote, preparer.escape_to_quote)
            + preparer.final_quote
        )

    def mark(self, _number: int) -> str:
        """The mark that the connection writes as the driver's own."""
        return MARK

    def instant(self, seconds: float) -> str:
        """Write a point in time in UTC, as its text where the database has no type for it."""
        text = super().instant(seconds).removeprefix("CAST(").removesuffix(f" AS {self.timestamp_type})")
        return text.removesuffix("'") + "+00'"

    async def widen(self, target: Target, column: TargetColumn) -> None:
        """Give a column of the landed table a wider type; raises SyncError WIDENING_UNSUPPORTED."""
        if not self._is("sqlite"):
            await super().widen(target, column)
        elif base(column.column.type) not in _NUMERIC_AFFINITY:
            raise refused(
                target.stream,
                "WIDENING_UNSUPPORTED",
                f"The column {column.name!r} would have to become {column.ddl}, which SQLite cannot change",
                "Land the stream in a new table, or by a full refresh.",
            )

    # -- the port ------------------------------------------------------------------------------------------------

    def fit(self, rows: pa.RecordBatch, columns: Sequence[TargetColumn]) -> Fitted:
        """Turn canonical texts into values where columns have their types, and leave out the rows that have none."""
        typed = [
            replace(column, column=replace(column.column, type="text")) if self._lands_as_text(column) else column
            for column in columns
        ]
        found = fitted(rows, typed, {column.name: column.ddl for column in columns})
        left = {item.index for item in found.unfit}
        numbers = [index for index in range(rows.num_rows) if index not in left]
        unfit: dict[int, Unfit] = {}
        for values, column in zip(found.rows.columns, columns, strict=True):
            for index in self._not_held(values):
                message = f"Not every driver keeps this value of type {values.type} in {column.ddl}"
                unfit.setdefault(index, Unfit(numbers[index], column.name, "VALUE_NOT_STORABLE", message))
        if not unfit:
            return found
        kept = found.rows.filter(pa.array([index not in unfit for index in range(found.rows.num_rows)]))
        return Fitted(kept, tuple(sorted((*found.unfit, *unfit.values()), key=lambda item: item.index)))

    async def look(self, table: str, run: RunIdentity) -> Claimed:
        """Tell what stands at the destination."""
        await self._require_own_state()
        return await super().look(table, run)

    async def claim(self, table: str, stream: str, run: RunIdentity, *, adopt: bool) -> Claimed:
        """Take the table for this attempt; raises SyncError DESTINATION_UNSUPPORTED."""
        await self._require_own_state()
        await self.require_landing()
        return await super().claim(table, stream, run, adopt=adopt)

    async def ensure_state_tables(self) -> None:
        """Create the two state tables where they are missing."""
        for _ in (CHECKPOINTS, CHUNKS):
            # Another stream may have made one of them between the look and the making, and then the other one.
            with suppress(SyncError):
                await super().ensure_state_tables()
                return
        await super().ensure_state_tables()

    def sorts(self, column: TargetColumn) -> bool:
        """Numbers that land as text sort as text."""
        return not (self._lands_as_text(column) and family(column.column) == "number")

    async def _require_own_state(self) -> None:
        columns = await self.columns_of(CHECKPOINTS)
        if columns and "landed" not in columns:
            raise refusal(
                "STATE_FOREIGN",
                f"The table {CHECKPOINTS!r} is that of another kind of connector, which writes to this database too",
                "Use that connector, or a database or default schema of its own for this one.",
                origin=Origin.DESTINATION,
            )

    async def require_landing(self) -> None:
        """Try the SQL that landing takes, and that it can be taken back; raises SyncError DESTINATION_UNSUPPORTED."""
        table, renamed = (f"_thedata_check_{time.time_ns()}{end}" for end in ("", "_b"))
        name = self.quote(table)
        try:
            async with self.transaction():
                await self.execute(
                    f"CREATE TABLE IF NOT EXISTS {name} (a {self.text_type} NOT NULL PRIMARY KEY, b {self.bigint_type})"
                )
                await self.execute(f"INSERT INTO {name} VALUES ({MARK}, {MARK})", "a", 1)
                await self.execute(f"ALTER TABLE {name} ADD COLUMN c {self.timestamp_type} DEFAULT {self.instant(0)}")
                await self.fetch(f"SELECT a FROM {name} WHERE {self.same('b', 'NULL')} LIMIT 1{self.for_update}")
                await self.rename(table, renamed)
                raise _TakenBack  # noqa: TRY301 - it is how the transaction is left
        except _TakenBack:
            if not await self.columns_of(renamed):
                return
            cause = None
        except SyncError as error:
            if error.code != "STATEMENT_REFUSED":
                raise
            cause = error
        for left in (table, renamed):
            with suppress(SyncError):  # it is not there, or not to be dropped: what counts is told below
                await self.execute(f"DROP TABLE {self.quote(left)}")
        raise refusal(
            "DESTINATION_UNSUPPORTED",
            f"{self._dialect.name} has not the SQL, or not the transactions, that landing takes"
            + (f" ({cause.message})" if cause else ""),
            "Use it as a source only, or the connector of its own kind as the destination.",
            origin=Origin.DESTINATION,
        ) from cause

    # -- types ---------------------------------------------------------------------------------------------------

    def _is(self, name: str) -> bool:
        return self._dialect.name == name

    def _ddl(self, type_: sa.types.TypeEngine[Any]) -> str:
        return type_.compile(dialect=self._dialect)

    def _lands_as_text(self, column: TargetColumn) -> bool:
        return column.ddl == self.text_type

    def _not_held(self, values: pa.Array) -> list[int]:
        """Find infinite numbers, years that Python's dates do not have, and characters that end a text."""
        type_ = values.type
        bad = None
        if pa.types.is_floating(type_) and not self._is("postgresql"):
            bad = pc.invert(pc.is_finite(values))
        elif pa.types.is_date(type_) or pa.types.is_timestamp(type_):
            year = pc.year(values)
            bad = pc.or_(pc.less(year, 1), pc.greater(year, 9999))
        elif pa.types.is_string(type_) and not self._is("sqlite"):
            bad = pc.match_substring(values, "\0")
        if bad is None:
            return []
        return list(pc.indices_nonzero(pc.fill_null(bad, False)).to_pylist())


class _TakenBack(Exception):  # noqa: N818 - no error: it ends a transaction
    """What was tried is taken back."""
