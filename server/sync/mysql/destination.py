"""Landing in MySQL and MariaDB, whose statements on tables commit by themselves: what is done once cannot be undone.

A new table takes the place of the old one by RENAME TABLE, which is atomic. The new table is marked by its comment,
and mark and state are written down before the rename: whoever finds the mark on the landed table knows that the
rename has happened, and that the state counts. Columns are added and widened before the rows' transaction; an attempt
that ends between the two leaves columns of NULLs behind, and no rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

import pyarrow as pa
from pymysql.err import MySQLError

from server.sync.cursors import family
from server.sync.destination import (
    Change,
    Claimed,
    Committed,
    Fitted,
    Mapping,
    StagedChunk,
    State,
    Target,
    TargetColumn,
)
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.flow import ahead
from server.sync.model import Column
from server.sync.mysql.session import DUPLICATE, LOCK_SECONDS, TOO_LONG, Session
from server.sync.mysql.source import quote, select
from server.sync.mysql.types import GEOMETRY, LONG, TEXTS, data_type, mapped, selected
from server.sync.mysql.values import assigned, fitted, lines, tuples
from server.sync.spec import Fence, RunIdentity, SyncMode
from server.sync.sql_destination import (
    CHECKPOINTS,
    CHUNKS,
    TWINS,
    SqlDestination,
    bad_key,
    key_index,
    keys_name,
    refused,
    staging_name,
)

MAX_NAME = 64  # characters
INDEX_BYTES = 3072
ROWS_PER_INSERT = 5_000
_BY_KEY = frozenset((SyncMode.FULL_REFRESH_OVERWRITE, SyncMode.INCREMENTAL_MERGE, SyncMode.HISTORY))


class MysqlDestination(SqlDestination):
    """One connection to the database that is written."""

    timestamp_type = "datetime(6)"
    max_name_bytes: ClassVar[int] = MAX_NAME * 3  # the server counts characters, which have at most three bytes here
    folds_case: ClassVar[bool] = True

    def __init__(self, session: Session) -> None:
        self._session = session
        self._loads_files = session.server.loads_files

    # -- the driver ----------------------------------------------------------------------------------------------

    async def execute(self, sql: str, *params: object) -> int:
        """Run a statement."""
        return await self._session.execute(sql, *params)

    async def fetch(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a query."""
        return await self._session.fetch(sql, *params)

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """One transaction."""
        return self._session.transaction()

    async def insert(self, table: str, columns: Sequence[TargetColumn], rows: AsyncIterator[pa.RecordBatch]) -> int:
        """Load rows by LOAD DATA LOCAL, or by long INSERTs where the server does not take that."""
        if self._loads_files:
            # The name of the file is only told to us again: what is sent are the rows.
            start = (
                f"LOAD DATA LOCAL INFILE 'rows' INTO TABLE {table} CHARACTER SET utf8mb4"
                f" FIELDS TERMINATED BY '\t' ESCAPED BY '\\' LINES TERMINATED BY '\n' {assigned(columns, quote)}"
            )
            if await self._session.start_load(start):
                return await self._session.load(ahead(_each_lines(rows, columns)))
            self._loads_files = False
        head = f"INSERT INTO {table} ({self.names(column.name for column in columns)}) VALUES "
        written = 0
        async for batch in rows:
            for first in range(0, batch.num_rows, ROWS_PER_INSERT):
                written += await self._insert(head, batch.slice(first, ROWS_PER_INSERT), columns)
        return written

    async def _insert(self, head: str, batch: pa.RecordBatch, columns: Sequence[TargetColumn]) -> int:
        values = tuples(batch, columns)
        if batch.num_rows > 1 and len(head) * 4 + values.size > self._session.server.max_packet:
            half = batch.num_rows // 2
            return await self._insert(head, batch.slice(0, half), columns) + await self._insert(
                head, batch.slice(half), columns
            )
        return await self._session.insert(head, values)

    def fit(self, rows: pa.RecordBatch, columns: Sequence[TargetColumn]) -> Fitted:
        """Leave out what MySQL cannot hold, or not take in one packet."""
        packet = self._session.server.max_packet
        return fitted(rows, columns, (packet if self._loads_files else packet // 2) - 65_536)

    def select(self, sql: str, columns: Sequence[TargetColumn]) -> AsyncGenerator[pa.RecordBatch, None]:
        """Stream rows, each value in its column's canonical form."""
        return select(self._session, sql, [(column.name, column.column.type, column.ddl) for column in columns])

    def read_staging(self, target: Target) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read the staged rows."""
        items = ", ".join(selected(quote(column.name), column.ddl, portable=False) for column in target.columns)
        return self.select(f"SELECT {items} FROM {quote(staging_name(target))}", target.columns)

    async def columns_of(self, table: str) -> dict[str, str]:
        """Ask for a table's columns."""
        rows = await self.fetch(
            "SELECT column_name, column_type, table_name FROM information_schema.columns"
            " WHERE table_schema = database() AND table_name = %s ORDER BY ordinal_position",
            self._folded(table),
        )
        return {name: native for name, native, found in rows if self._folded(found) == self._folded(table)}

    async def staging_tables(self, prefix: str) -> list[str]:
        """Ask for tables by their names."""
        rows = await self.fetch(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = database() AND left(table_name, %s) = %s",
            len(prefix), prefix,
        )  # fmt: skip
        return [row[0] for row in rows]

    # -- the dialect ---------------------------------------------------------------------------------------------

    def map_type(self, column: Column, *, same_kind: bool) -> Mapping:
        """Choose a type; between MySQL databases it is the column's own, texts with a collation that folds nothing."""
        return mapped(column, self._session.server, same_kind=same_kind)

    def quote(self, name: str) -> str:
        """Quote with backticks."""
        return quote(name)

    def mark(self, _number: int) -> str:
        """The driver's mark."""
        return "%s"

    def same(self, left: str, right: str) -> str:
        """MySQL's null-safe equality."""
        return f"({left} <=> {right})"

    def comparable(self, column: TargetColumn, expression: str) -> str:
        """Compare texts by their bytes, whatever collation an adopted table has, and long values by their hash."""
        kind = data_type(column.ddl)
        if kind in GEOMETRY:
            return f"SHA2(ST_AsBinary({expression}), 256)"
        if kind in LONG:
            # Sorting looks at the first bytes of a long value only.
            text = expression if kind == "longblob" else f"CONVERT({expression} USING utf8mb4)"
            return f"SHA2({text}, 256)"
        return f"CAST({expression} AS BINARY)" if kind in TEXTS else expression

    def instant(self, seconds: float) -> str:
        """Write a point in time in UTC."""
        moment = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
        return f"'{moment.isoformat(' ', timespec='microseconds')}'"

    def literal(self, text: str, column: TargetColumn) -> str:
        """Write a canonical text as a value to compare with a column."""
        kind = family(column.column)
        if text.lstrip("-") == "infinity":
            low, high = {"time": ("0001-01-01", "9999-12-31 23:59:59.999999"), "number": ("-1e300", "1e300")}.get(
                kind, ("", "\U0010ffff")
            )
            text = low if text.startswith("-") else high
        if column.column.type == "timestamptz":
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is not None:
                text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
        return text if kind == "number" else "'" + text.replace("'", "''") + "'"

    # -- ownership -----------------------------------------------------------------------------------------------

    async def claim(self, table: str, stream: str, run: RunIdentity, *, adopt: bool) -> Claimed:
        """Take the table for this attempt."""
        if len(table) > MAX_NAME or any(ord(character) > 0xFFFF for character in table) or table != table.rstrip():
            raise refused(
                stream,
                "NAME_INVALID",
                f"The server has no tables named {table!r}",
                f"Choose a name of at most {MAX_NAME} ordinary characters, without a blank at its end.",
            )
        async with self._alone(table):
            kinds = await self.fetch(
                "SELECT table_name, table_type FROM information_schema.tables"
                " WHERE table_schema = database() AND table_name = %s",
                self._folded(table),
            )
            for name, kind in kinds:
                if self._folded(name) == self._folded(table) and kind != "BASE TABLE":
                    raise refused(stream, "NAME_TAKEN", f"{table!r} exists and is no plain table",
                                  "Choose another table for the stream.")  # fmt: skip
            return await super().claim(table, stream, run, adopt=adopt)

    async def ensure_state_tables(self) -> None:
        """Create the two state tables where they are missing."""
        name = f"varchar(255) CHARACTER SET utf8mb4 COLLATE {self._session.server.text_collation} NOT NULL"
        text = "longtext CHARACTER SET utf8mb4"
        if not await self.columns_of(CHECKPOINTS):
            await self.execute(
                f"CREATE TABLE IF NOT EXISTS {quote(CHECKPOINTS)} (table_name {name} PRIMARY KEY, pipeline_id {name},"
                f" stream {text} NOT NULL, run_id {name}, epoch bigint NOT NULL, landed tinyint NOT NULL,"
                f" state {text} NOT NULL, swap {text} NULL) ENGINE = InnoDB"
            )
        if not await self.columns_of(CHUNKS):
            await self.execute(
                f"CREATE TABLE IF NOT EXISTS {quote(CHUNKS)} (staging {name}, number bigint NOT NULL,"
                f" chunk {text} NOT NULL, PRIMARY KEY (staging, number)) ENGINE = InnoDB"
            )

    async def _checkpoint(self, table: str, *, lock: bool = True) -> dict[str, Any] | None:
        names, locked = ("pipeline_id", "epoch", "landed", "state", "swap"), " FOR UPDATE" if lock else ""
        rows = await self.fetch(
            f"SELECT {', '.join(names)} FROM {quote(CHECKPOINTS)} WHERE table_name = %s{locked}", self._folded(table)
        )
        if not rows:
            return None
        found = dict(zip(names, rows[0], strict=True))
        swap = json.loads(found.pop("swap") or "{}")
        if swap and swap["mark"] == await self._comment(table):
            # The attempt that renamed has ended before it could say so.
            found |= {"landed": 1, "state": json.dumps(swap["state"])}
        return found

    async def _write_claim(self, table: str, stream: str, run: RunIdentity, state: State, *, landed: bool) -> None:
        await self.execute(f"DELETE FROM {quote(CHECKPOINTS)} WHERE table_name = %s", self._folded(table))
        await self.execute(
            f"INSERT INTO {quote(CHECKPOINTS)} VALUES (%s, %s, %s, %s, %s, %s, %s, NULL)",
            self._folded(table), run.pipeline_id, stream, run.run_id, run.epoch, int(landed), json.dumps(asdict(state)),
        )  # fmt: skip

    async def write_state(self, target: Target, state: State) -> None:
        """Write the stream's state, and that its table has landed."""
        await self.execute(
            f"UPDATE {quote(CHECKPOINTS)} SET state = %s, landed = 1, swap = NULL WHERE table_name = %s",
            json.dumps(asdict(state)), self._folded(target.table),
        )  # fmt: skip

    # -- staging -------------------------------------------------------------------------------------------------

    async def create(self, name: str, columns: Iterable[TargetColumn]) -> None:
        """Create a table; a TIMESTAMP gets a default, because the first one would otherwise change by itself."""
        written = []
        for column in columns:
            null = "NULL" if column.nullable else "NOT NULL"
            if data_type(column.ddl) == "timestamp" and not column.nullable:
                null += " DEFAULT '1970-01-02 00:00:00'"
            written.append(f"{quote(column.name)} {column.ddl} {null}")
        collation = self._session.server.text_collation
        await self.execute(
            f"CREATE TABLE {quote(name)} ({', '.join(written)})"
            f" ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation}"
        )

    async def stage(self, target: Target) -> tuple[StagedChunk, ...]:
        """Give the staging table of this run, ending a session of an earlier attempt that still writes to it."""
        await self._end_writer(staging_name(target))
        return await super().stage(target)

    async def drop_staging(self, name: str) -> None:
        """Drop a staging table, ending a session that still writes to it."""
        await self._end_writer(name)
        await super().drop_staging(name)

    async def load(self, target: Target, rows: AsyncIterator[pa.RecordBatch], seal: Callable[[], StagedChunk]) -> int:
        """Add rows and their chunk's record in one transaction, unless a newer attempt has come meanwhile."""
        name = staging_name(target)
        async with self._lock(name), self.transaction():
            written = await self.insert(quote(name), target.columns, rows)
            await self.require_claim(target)
            await self.record_chunk(name, seal())
        return written

    async def load_keys(self, target: Target, rows: AsyncIterator[pa.RecordBatch]) -> int:
        """Load every key of the source into a table with an index."""
        written = await super().load_keys(target, rows)
        await self._index(target, keys_name(target), "INDEX")
        return written

    async def _end_writer(self, name: str) -> None:
        rows = await self.fetch("SELECT IS_USED_LOCK(%s), CONNECTION_ID()", self._lock_name(name))
        writer, own = rows[0]
        if writer is None or writer == own:
            return
        await self.execute(f"KILL {int(writer)}")
        async with self._lock(name):
            pass  # the lock is free when the other session has ended

    # -- commit --------------------------------------------------------------------------------------------------

    async def commit(self, target: Target, change: Change, fence: Fence) -> Committed:
        """Make the staged rows visible with their state."""
        async with self._alone(target.table):
            await self.require_claim(target)
            if change.replace:
                await self.prepare_replacement(target, change)
                return await self._swap(target, change, fence)
            await self._change_table(target, change)
            if target.key and change.mode in _BY_KEY:
                await self.keep_newest(target, change.cursor)
                await self.add_key(target, staging_name(target))
            return await super().commit(target, replace(change, add_columns=(), widen_columns=()), fence)

    async def empty(self, target: Target) -> None:
        """Remove the landed rows and the state."""
        async with self._alone(target.table):
            await super().empty(target)

    async def prepare_replacement(self, target: Target, change: Change) -> None:
        """Make the staging table what the landed one will be."""
        staging = staging_name(target)
        if target.key and change.mode in _BY_KEY:
            history = change.mode is SyncMode.HISTORY
            if history or change.cursor or any(column.nullable for column in target.key_columns):
                await self.keep_newest(target, change.cursor)
            await (self._index(target, staging, "INDEX") if history else self.add_key(target, staging))
        await super().prepare_replacement(replace(target, key=()), change)
        await self.execute(f"ALTER TABLE {quote(staging)} COMMENT = %s", _mark(target))

    async def _swap(self, target: Target, change: Change, fence: Fence) -> Committed:
        staging = staging_name(target)
        old = staging + "_old"
        rows = await self.count_staging(target)
        await self.execute(f"DROP TABLE IF EXISTS {quote(old)}")
        await fence()
        async with self.transaction():
            await self.require_claim(target)
            await self.execute(
                f"UPDATE {quote(CHECKPOINTS)} SET swap = %s WHERE table_name = %s",
                json.dumps({"mark": _mark(target), "state": asdict(change.state)}), self._folded(target.table),
            )  # fmt: skip
        away = f"{quote(target.table)} TO {quote(old)}, " if await self.columns_of(target.table) else ""
        await self.execute(f"RENAME TABLE {away}{quote(staging)} TO {quote(target.table)}")
        await self.write_state(target, change.state)
        for name in (old, keys_name(target), staging):
            await self.drop_staging(name)
        return Committed(inserted=rows)

    async def _change_table(self, target: Target, change: Change) -> None:
        landed = await self.columns_of(target.table)
        added = [*change.add_columns, *self.own_columns(change)]
        steps = [f"ADD COLUMN {quote(c.name)} {c.ddl} NULL" for c in added if c.name not in landed]
        for column in change.widen_columns:
            null = "NOT NULL" if column.name in target.key and not column.nullable else "NULL"
            steps.append(f"MODIFY COLUMN {quote(column.name)} {self._indexable(target, column)} {null}")
        if steps:
            await self.execute(f"ALTER TABLE {quote(target.table)} {', '.join(steps)}")

    async def keep_newest(self, target: Target, cursor: str) -> None:
        """Of staged rows with the same key keep the newest, unless a key is on them already."""
        if not await self._is_indexed(staging_name(target)):
            await super().keep_newest(target, cursor)

    async def add_key(self, target: Target, table: str) -> None:
        """Give a table its key: the primary one where no column of it is nullable."""
        if await self._is_indexed(table):
            return
        nullable = any(column.nullable for column in target.key_columns)
        await self._index(target, table, "UNIQUE INDEX" if nullable else "PRIMARY KEY")

    async def upsert(self, target: Target, rows: str) -> tuple[int, int]:
        """Update what differs, insert what is new."""
        table, condition = quote(target.table), self.on_key(target, "s", "t")
        values = [column for column in target.columns if column.name not in target.key]
        updated = 0
        if values:
            assigned_ = ", ".join(f"t.{quote(c.name)} = s.{quote(c.name)}" for c in values)
            same = " AND ".join(
                self.same(*(self.comparable(c, f"{side}.{quote(c.name)}") for side in ("t", "s"))) for c in values
            )
            updated = await self.execute(
                f"UPDATE {table} t JOIN {rows} s ON {condition} SET {assigned_} WHERE NOT ({same})"
            )
        inserted = await self.execute(
            f"INSERT INTO {table} ({self.names(target.column_names)})"
            f" SELECT {', '.join(f's.{quote(name)}' for name in target.column_names)} FROM {rows} s"
            f" LEFT JOIN {table} t ON {condition} WHERE t.{quote(target.key[0])} IS NULL"
        )
        return inserted, updated

    # -- keys ----------------------------------------------------------------------------------------------------

    async def _index(self, target: Target, table: str, kind: str) -> None:
        """Index a table's key; long columns get the longest type that an index takes."""
        steps = []
        for column in target.key_columns:
            if (ddl := self._indexable(target, column)) != column.ddl:
                steps.append(f"MODIFY COLUMN {quote(column.name)} {ddl} {'NULL' if column.nullable else 'NOT NULL'}")
        name = "" if kind == "PRIMARY KEY" else f" {quote(key_index(table))}"
        steps.append(f"ADD {kind}{name} ({self.names(target.key)})")
        try:
            await self.execute(f"ALTER TABLE {quote(table)} {', '.join(steps)}")
        except SyncError as error:
            number = error.__cause__.args[0] if isinstance(error.__cause__, MySQLError) else 0
            if number == DUPLICATE:
                raise bad_key(target, "KEY_NOT_UNIQUE", TWINS, await self.twins(target, table)) from error
            if number == TOO_LONG:
                raise bad_key(
                    target, "KEY_TOO_LONG", f"has values longer than an index of {INDEX_BYTES} bytes"
                ) from error
            raise

    def _indexable(self, target: Target, column: TargetColumn) -> str:
        kind = data_type(column.ddl)
        if kind not in LONG or column.name not in target.key:
            return column.ddl
        long = [c for c in target.key_columns if data_type(c.ddl) in LONG]
        taken = sum(_index_bytes(c.ddl) for c in target.key_columns if c not in long)
        room = max(4, (INDEX_BYTES - taken) // len(long))
        collation = self._session.server.text_collation
        text = f"varchar({room // 4}) CHARACTER SET utf8mb4 COLLATE {collation}"
        return f"varbinary({room})" if kind == "longblob" else text

    async def _is_indexed(self, table: str) -> bool:
        rows = await self.fetch(
            "SELECT 1 FROM information_schema.statistics WHERE table_schema = database() AND table_name = %s"
            " AND non_unique = 0 AND index_name IN ('PRIMARY', %s) LIMIT 1",
            table, key_index(table),
        )  # fmt: skip
        return bool(rows)

    # -- locks ---------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _alone(self, table: str) -> AsyncIterator[None]:
        """Be the only session that claims or commits a table: statements on tables end every other lock."""
        async with self._lock(f"table {self._folded(table)}"):
            yield

    @asynccontextmanager
    async def _lock(self, name: str) -> AsyncIterator[None]:
        lock = self._lock_name(name)
        if (await self.fetch("SELECT GET_LOCK(%s, %s)", lock, LOCK_SECONDS))[0][0] != 1:
            raise SyncError(
                origin=Origin.DESTINATION,
                type=ErrorType.TRANSIENT,
                code="LOCKED",
                message=f"Another session works on {name!r}",
                advice="Try again when it has ended.",
            )
        try:
            yield
        finally:
            with suppress(SyncError):  # a lost connection has lost its locks too
                await self.fetch("SELECT RELEASE_LOCK(%s)", lock)

    def _lock_name(self, name: str) -> str:
        return "thedata_" + hashlib.sha256(f"{self._session.config.database}\0{name}".encode()).hexdigest()[:40]

    def _folded(self, table: str) -> str:
        return table.lower() if self._session.server.folds_tables else table

    async def _comment(self, table: str) -> str:
        rows = await self.fetch(
            "SELECT table_name, table_comment FROM information_schema.tables"
            " WHERE table_schema = database() AND table_name = %s",
            self._folded(table),
        )
        return next((str(text) for name, text in rows if self._folded(name) == self._folded(table)), "")


async def _each_lines(
    rows: AsyncIterator[pa.RecordBatch], columns: Sequence[TargetColumn]
) -> AsyncGenerator[pa.Buffer, None]:
    async for batch in rows:
        if batch.num_rows:
            yield lines(batch, columns)


def _mark(target: Target) -> str:
    """Name the attempt whose rows a table has; a run's name is cut, its epoch is not."""
    return f"thedata.io {target.run.run_id[:200]} {target.run.epoch}"


def _index_bytes(ddl: str) -> int:
    arguments = ddl.partition("(")[2].partition(")")[0].split(",")
    width = int(arguments[0]) if arguments[0].isdigit() else 16
    if data_type(ddl) in ("char", "varchar"):
        return width * (1 if "ascii" in ddl else 4)
    return width if data_type(ddl) in ("binary", "varbinary") else 40
