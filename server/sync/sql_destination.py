"""What every SQL destination shares: ownership, staging, modes and checkpoints in portable SQL.

A subclass brings its driver (``execute``, ``fetch``, ``transaction``, ``insert``, ``select``), its types (``map_type``)
and, where its SQL has something better, overrides a step. State lives in two tables beside the landed ones:
``_thedata_checkpoints``, a row for each landed table, and ``_thedata_chunks``, a row for each chunk of a staging table.
"""

from __future__ import annotations

import hashlib
import json
import time
from abc import abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, replace
from typing import Any, ClassVar

import pyarrow as pa

from server.sync.destination import Change, Claimed, Committed, Destination, StagedChunk, State, Target, TargetColumn
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column
from server.sync.spec import Deletes, Fence, RunIdentity, SyncMode

CHECKPOINTS = "_thedata_checkpoints"
CHUNKS = "_thedata_chunks"
DELETED_AT = "_deleted_at"
VALID_FROM = "_valid_from"
VALID_TO = "_valid_to"
TWINS = "has several rows with the same key"
_APPENDING = frozenset((SyncMode.FULL_REFRESH_APPEND, SyncMode.INCREMENTAL_APPEND))  # several rows may have one key
OWN_COLUMNS = frozenset((DELETED_AT, VALID_FROM, VALID_TO))


class SqlDestination(Destination):
    """A destination that speaks SQL. Tables are addressed by ``table(name)``, which quotes and qualifies."""

    # -- the driver ----------------------------------------------------------------------------------------------

    @abstractmethod
    async def execute(self, sql: str, *params: object) -> int:
        """Run a statement; gives the number of rows that it touched. Parameters are written by ``mark``."""

    @abstractmethod
    async def fetch(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a query."""

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[None]:
        """One transaction, serialized against other attempts on the same table as far as the system can."""

    @abstractmethod
    async def insert(self, table: str, columns: Sequence[TargetColumn], rows: AsyncIterator[pa.RecordBatch]) -> int:
        """Load rows into a table (a quoted name) the fastest way; gives their number."""

    @abstractmethod
    def select(self, sql: str, columns: Sequence[TargetColumn]) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read a query's rows as batches with these columns."""

    @abstractmethod
    async def columns_of(self, table: str) -> dict[str, str]:
        """The columns of a table (an unquoted name) with their types; empty where there is no such table."""

    @abstractmethod
    async def staging_tables(self, prefix: str) -> list[str]:
        """The names of the tables that begin with a prefix."""

    # -- the dialect ---------------------------------------------------------------------------------------------

    timestamp_type = "timestamp"
    text_type = "text"
    bigint_type = "bigint"
    index_finds_twins: ClassVar[bool] = False  # whether to build the key's index is to look for twins, for less
    for_update = ""  # what a SELECT ends with that keeps its rows from others until the transaction ends

    def quote(self, name: str) -> str:
        """Quote an identifier."""
        return '"' + name.replace('"', '""') + '"'

    def table(self, name: str) -> str:
        """Quote a table's name, with its schema where there are schemas."""
        return self.quote(name)

    def mark(self, _number: int) -> str:
        """Write the parameter of this number, counted from 1."""
        return "?"

    def same(self, left: str, right: str) -> str:
        """Compare two values for equality, NULL being equal to NULL."""
        return f"{left} IS NOT DISTINCT FROM {right}"

    def comparable(self, column: TargetColumn, expression: str) -> str:  # noqa: ARG002 - for dialects that must cast
        """Cast a value for equality where its type has none."""
        return expression

    def instant(self, seconds: float) -> str:
        """Write a point in time as a literal."""
        text = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds)) + f".{int(seconds % 1 * 1e6):06}"
        return f"CAST('{text}' AS {self.timestamp_type})"

    def literal(self, text: str, column: TargetColumn) -> str:
        """Write a canonical text as a value of a column's type."""
        return f"CAST('{text.replace(chr(39), chr(39) * 2)}' AS {column.ddl})"

    async def rename(self, old: str, new: str) -> None:
        """Rename a table (unquoted names)."""
        await self.execute(f"ALTER TABLE {self.table(old)} RENAME TO {self.quote(new)}")

    async def add_key(self, target: Target, table: str) -> None:
        """Give a table (an unquoted name) its primary key; raises SyncError KEY_NOT_UNIQUE, KEY_HAS_NULLS."""
        index = self.quote(key_index(table))
        await self.execute(f"CREATE UNIQUE INDEX IF NOT EXISTS {index} ON {self.table(table)} ({self._key(target)})")

    async def widen(self, target: Target, column: TargetColumn) -> None:
        """Give a column of the landed table a wider type."""
        await self.execute(
            f"ALTER TABLE {self.table(target.table)} ALTER COLUMN {self.quote(column.name)} TYPE {column.ddl}"
        )

    async def upsert(self, target: Target, rows: str) -> tuple[int, int]:
        """Update and insert rows (a parenthesized query, unique by key) by key; gives inserted and updated."""
        table = self.table(target.table)
        condition = self.on_key(target, "s", table)
        deleted = await self.execute(f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM {rows} s WHERE {condition})")
        names = self.names(target.column_names)
        written = await self.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {rows} s")
        return written - deleted, deleted

    # -- the port ------------------------------------------------------------------------------------------------

    async def look(self, table: str, run: RunIdentity) -> Claimed:
        """Tell what stands at the destination."""
        columns = await self.columns_of(table)
        if not await self.columns_of(CHECKPOINTS):
            return Claimed(State(), columns)
        row = await self._checkpoint(table, lock=False)
        mine = row is not None and row["pipeline_id"] == run.pipeline_id and bool(columns)
        return Claimed(State(**json.loads(row["state"])) if row and mine else State(), columns)

    async def claim(self, table: str, stream: str, run: RunIdentity, *, adopt: bool) -> Claimed:
        """Take the table for this attempt."""
        await self.ensure_state_tables()
        async with self.transaction():
            columns = await self.columns_of(table)
            row = await self._checkpoint(table)
            mine = row is not None and row["pipeline_id"] == run.pipeline_id
            if row is not None and not mine and columns and not adopt:
                raise refused(
                    stream,
                    "TABLE_OWNED",
                    f"The table {table!r} belongs to another pipeline",
                    "Choose another table, drop this one, or let the stream adopt it.",
                )
            if columns and not adopt and (row is None or not row["landed"]):
                raise refused(
                    stream,
                    "TABLE_NOT_OURS",
                    f"The table {table!r} exists and was not made by this pipeline",
                    "Choose another table, rename or drop this one, or let the stream adopt it.",
                )
            if row is not None and mine and row["epoch"] > run.epoch:
                raise stale(stream, table, run)
            state = State(**json.loads(row["state"])) if row is not None and mine and columns else State()
            await self._write_claim(table, stream, run, state, landed=bool(columns))
        return Claimed(state, columns)

    async def stage(self, target: Target) -> tuple[StagedChunk, ...]:
        """Give the staging table of this run, new or as an earlier attempt left it."""
        wanted = staging_name(target)
        for name in await self.staging_tables(staging_prefix(target)):
            if name != wanted:
                await self.drop_staging(name)
        if list(await self.columns_of(wanted)) == target.column_names:
            found = await self.fetch(
                f"SELECT chunk FROM {self.table(CHUNKS)} WHERE staging = {self.mark(1)} ORDER BY number",
                wanted,
            )
            return tuple(StagedChunk(**json.loads(row[0])) for row in found)
        await self.drop_staging(wanted)
        await self.create(wanted, target.columns)
        return ()

    async def load(self, target: Target, rows: AsyncIterator[pa.RecordBatch], seal: Callable[[], StagedChunk]) -> int:
        """Add rows and their chunk's record in one transaction."""
        name = staging_name(target)
        async with self.transaction():
            written = await self.insert(self.table(name), target.columns, rows)
            await self.record_chunk(name, seal())
        return written

    async def load_keys(self, target: Target, rows: AsyncIterator[pa.RecordBatch]) -> int:
        """Load every key of the source into a table of its own."""
        name = keys_name(target)
        await self.drop_staging(name)
        await self.create(name, target.key_columns)
        async with self.transaction():
            return await self.insert(self.table(name), target.key_columns, rows)

    async def count_staging(self, target: Target) -> int:
        """Count the staged rows."""
        rows = await self.fetch(f"SELECT count(*) FROM {self.table(staging_name(target))}")
        return int(rows[0][0])

    async def read_staging(self, target: Target) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read the staged rows."""
        query = f"SELECT {self.names(target.column_names)} FROM {self.table(staging_name(target))}"
        async for batch in self.select(query, target.columns):
            yield batch

    async def commit(self, target: Target, change: Change, fence: Fence) -> Committed:
        """Apply the staged rows, the schema's changes and the state in one transaction."""
        staging = staging_name(target)
        if change.replace:
            await self.prepare_replacement(target, change)
        async with self.transaction():
            await self.require_claim(target)
            if change.replace:
                done = await self._replace(target, fence)
            else:
                done = await self._apply(target, change)
                await fence()
            await self.write_state(target, change.state)
            # With the commit: who dies right after it would leave them for good.
            await self.execute(f"DELETE FROM {self.table(CHUNKS)} WHERE staging = {self.mark(1)}", staging)
        if not change.replace:
            await self.drop_staging(staging)
        if change.missing == "keys":
            await self.drop_staging(keys_name(target))
        return done

    async def discard(self, target: Target) -> None:
        """Drop the staging tables, unless a later attempt of the run has taken them over."""
        row = await self._checkpoint(target.table)
        if row is None or row["epoch"] != target.run.epoch:
            return
        for name in (staging_name(target), keys_name(target)):
            await self.drop_staging(name)

    async def empty(self, target: Target) -> None:
        """Remove the landed rows and the state."""
        async with self.transaction():
            await self.require_claim(target)
            if await self.columns_of(target.table):
                await self.execute(f"DELETE FROM {self.table(target.table)}")
            await self.write_state(target, State())

    # -- the steps -----------------------------------------------------------------------------------------------

    async def ensure_state_tables(self) -> None:
        """Create the two state tables where they are missing."""
        text, number = self.text_type, self.bigint_type
        await self.execute(
            f"CREATE TABLE IF NOT EXISTS {self.table(CHECKPOINTS)} (table_name {text} NOT NULL PRIMARY KEY,"
            f" pipeline_id {text} NOT NULL, stream {text} NOT NULL, run_id {text} NOT NULL, epoch {number} NOT NULL,"
            f" landed {number} NOT NULL, state {text} NOT NULL)"
        )
        await self.execute(
            f"CREATE TABLE IF NOT EXISTS {self.table(CHUNKS)} (staging {text} NOT NULL, number {number} NOT NULL,"
            f" chunk {text} NOT NULL, PRIMARY KEY (staging, number))"
        )

    async def create(self, name: str, columns: Iterable[TargetColumn]) -> None:
        """Create a table (an unquoted name)."""
        written = ", ".join(
            f"{self.quote(column.name)} {column.ddl}{'' if column.nullable else ' NOT NULL'}" for column in columns
        )
        await self.execute(f"CREATE TABLE {self.table(name)} ({written})")

    async def drop_staging(self, name: str) -> None:
        """Drop a staging table with the records of its chunks."""
        await self.execute(f"DROP TABLE IF EXISTS {self.table(name)}")
        await self.execute(f"DELETE FROM {self.table(CHUNKS)} WHERE staging = {self.mark(1)}", name)

    async def record_chunk(self, staging: str, chunk: StagedChunk) -> None:
        """Write a chunk's record."""
        await self.execute(
            f"INSERT INTO {self.table(CHUNKS)} VALUES ({self.mark(1)}, {self.mark(2)}, {self.mark(3)})",
            staging, chunk.number, json.dumps(asdict(chunk)),
        )  # fmt: skip

    async def prepare_replacement(self, target: Target, change: Change) -> None:
        """Make the staging table what the landed one will be: unique by key, with its index and further columns."""
        staging = staging_name(target)
        if target.key and change.mode not in _APPENDING:
            history = change.mode is SyncMode.HISTORY
            nullable = any(column.nullable for column in target.key_columns)
            if history or change.cursor or nullable or not self.index_finds_twins:
                await self.keep_newest(target, change.cursor)
            if not history:
                await self.add_key(target, staging)
        for column in self.own_columns(change):
            default = f" DEFAULT {self.instant(time.time())}" if column.name == VALID_FROM else ""
            await self.execute(
                f"ALTER TABLE {self.table(staging)} ADD COLUMN {self.quote(column.name)} {column.ddl}{default}"
            )

    async def keep_newest(self, target: Target, cursor: str) -> None:
        """Of staged rows with the same key keep the one with the greatest cursor; raises SyncError KEY_NOT_UNIQUE."""
        staging = self.table(staging_name(target))
        nulls = " OR ".join(f"{self.quote(name)} IS NULL" for name in target.key)
        if empty := await self.fetch(f"SELECT {self._key(target)} FROM {staging} WHERE {nulls} LIMIT 1"):
            raise bad_key(target, "KEY_HAS_NULLS", "has rows whose key is NULL", empty[0])
        found = await self.twins(target, staging_name(target))
        if not found:
            return
        if not cursor:
            raise bad_key(target, "KEY_NOT_UNIQUE", TWINS, found)
        key = self._key(target)
        newest = f"SELECT {key}, max({self.quote(cursor)}) AS newest FROM {staging} GROUP BY {key}"
        older = f"{self.on_key(target, 'n', staging)} AND {staging}.{self.quote(cursor)} < n.newest"
        await self.execute(f"DELETE FROM {staging} WHERE EXISTS (SELECT 1 FROM ({newest}) n WHERE {older})")
        if found := await self.twins(target, staging_name(target)):
            raise bad_key(target, "KEY_NOT_UNIQUE", f"{TWINS} and the same {cursor}", found)

    async def twins(self, target: Target, table: str) -> Sequence[object]:
        """The values of one key that several rows of a table (an unquoted name) have; empty where none has."""
        key = self._key(target)
        found = await self.fetch(f"SELECT {key} FROM {self.table(table)} GROUP BY {key} HAVING count(*) > 1 LIMIT 1")
        return found[0] if found else ()

    def own_columns(self, change: Change) -> list[TargetColumn]:
        """The columns that the platform adds to a landed table."""
        names = []
        if change.mode is SyncMode.HISTORY:
            names = [VALID_FROM, VALID_TO]
        elif change.deletes is Deletes.SOFT:
            names = [DELETED_AT]
        return [TargetColumn(Column(name, "timestamp", True, ""), self.timestamp_type) for name in names]

    async def require_claim(self, target: Target) -> None:
        """Raise SyncError STALE_EPOCH unless the table is still claimed for this attempt."""
        row = await self._checkpoint(target.table)
        if row is None or row["pipeline_id"] != target.run.pipeline_id or row["epoch"] != target.run.epoch:
            raise stale(target.stream, target.table, target.run)

    async def write_state(self, target: Target, state: State) -> None:
        """Write the stream's state, and that its table has landed."""
        state_is = f"state = {self.mark(1)}, landed = 1 WHERE table_name = {self.mark(2)}"
        await self.execute(f"UPDATE {self.table(CHECKPOINTS)} SET {state_is}", json.dumps(asdict(state)), target.table)

    async def _replace(self, target: Target, fence: Fence) -> Committed:
        rows = await self.count_staging(target)
        await fence()
        await self.execute(f"DROP TABLE IF EXISTS {self.table(target.table)}")
        await self.rename(staging_name(target), target.table)
        return Committed(inserted=rows)

    async def _apply(self, target: Target, change: Change) -> Committed:
        for column in (*change.add_columns, *await self._missing_own_columns(target, change)):
            await self.execute(
                f"ALTER TABLE {self.table(target.table)} ADD COLUMN {self.quote(column.name)} {column.ddl}"
            )
        for column in change.widen_columns:
            await self.widen(target, column)
        match change.mode:
            case SyncMode.INCREMENTAL_MERGE:
                done = await self._merge(target, change)
            case SyncMode.HISTORY:
                done = await self._add_versions(target, change)
            case _:
                done = await self._append(target, change)
        if change.deletes is not Deletes.IGNORE and change.missing:
            done = replace(done, deleted=await self._delete_missing(target, change))
        return done

    async def _missing_own_columns(self, target: Target, change: Change) -> list[TargetColumn]:
        landed = await self.columns_of(target.table)
        return [column for column in self.own_columns(change) if column.name not in landed]

    async def _append(self, target: Target, change: Change) -> Committed:
        table, staging, names = (
            self.table(target.table),
            self.table(staging_name(target)),
            self.names(target.column_names),
        )
        if change.window is None:
            return Committed(
                inserted=await self.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {staging}")
            )
        cursor = next(column for column in target.columns if column.name == change.cursor)
        # Not every type has an infinity to compare with.
        everything = change.window == "-infinity"
        bound = "1 = 1" if everything else f"{self.quote(cursor.name)} >= {self.literal(change.window, cursor)}"
        compared = ", ".join(self.comparable(column, self.quote(column.name)) for column in target.columns)
        # Rows that occur n times on one side and m times on the other are told apart by their number among equals.
        number = f"row_number() OVER (PARTITION BY {compared} ORDER BY 1) AS _n"
        aliases = [f"_{index}" for index in range(len(target.columns))]
        keys = ", ".join(
            f"{self.comparable(column, self.quote(column.name))} AS {alias}"
            for column, alias in zip(target.columns, aliases, strict=True)
        )
        landed = f"SELECT {keys}, {number} FROM {table} WHERE {bound}"
        fresh = f"SELECT {names}, {keys}, {number} FROM {staging}"
        equal = " AND ".join([self.same(f"l.{alias}", f"f.{alias}") for alias in aliases] + ["l._n = f._n"])
        inserted = await self.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM ({fresh}) f"
            f" WHERE NOT EXISTS (SELECT 1 FROM ({landed}) l WHERE {equal})"
        )
        return Committed(inserted=inserted)

    async def _merge(self, target: Target, change: Change) -> Committed:
        await self.keep_newest(target, change.cursor)
        rows = f"(SELECT {self.names(target.column_names)} FROM {self.table(staging_name(target))})"
        inserted, updated = await self.upsert(target, rows)
        if change.deletes is Deletes.SOFT:
            await self._revive(target)
        return Committed(inserted=inserted, updated=updated)

    async def _revive(self, target: Target) -> None:
        table, deleted = self.table(target.table), self.quote(DELETED_AT)
        back = f"SELECT 1 FROM {self.table(staging_name(target))} s WHERE {self.on_key(target, 's', table)}"
        await self.execute(f"UPDATE {table} SET {deleted} = NULL WHERE {deleted} IS NOT NULL AND EXISTS ({back})")

    async def _add_versions(self, target: Target, change: Change) -> Committed:
        await self.keep_newest(target, change.cursor)
        table, staging = self.table(target.table), self.table(staging_name(target))
        names, instant = self.names(target.column_names), self.instant(time.time())
        current = f"{table}.{self.quote(VALID_TO)} IS NULL"
        values = [column for column in target.columns if column.name not in target.key]
        differs = (
            " OR ".join(
                "NOT ("
                + self.same(
                    self.comparable(c, f"s.{self.quote(c.name)}"), self.comparable(c, f"{table}.{self.quote(c.name)}")
                )
                + ")"
                for c in values
            )
            or "1 = 0"
        )
        closed = await self.execute(
            f"UPDATE {table} SET {self.quote(VALID_TO)} = {instant} WHERE {current} AND EXISTS"
            f" (SELECT 1 FROM {staging} s WHERE {self.on_key(target, 's', table)} AND ({differs}))"
        )
        opened = await self.execute(
            f"INSERT INTO {table} ({names}, {self.quote(VALID_FROM)}) SELECT {names}, {instant} FROM {staging} s"
            f" WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {current} AND {self.on_key(target, 's', table)})"
        )
        return Committed(inserted=opened - closed, updated=closed)

    async def _delete_missing(self, target: Target, change: Change) -> int:
        table = self.table(target.table)
        keys = self.table(staging_name(target) if change.missing == "staging" else keys_name(target))
        gone = f"NOT EXISTS (SELECT 1 FROM {keys} s WHERE {self.on_key(target, 's', table)})"
        column = VALID_TO if change.mode is SyncMode.HISTORY else DELETED_AT
        if change.mode is not SyncMode.HISTORY and change.deletes is Deletes.HARD:
            return await self.execute(f"DELETE FROM {table} WHERE {gone}")
        return await self.execute(
            f"UPDATE {table} SET {self.quote(column)} = {self.instant(time.time())}"
            f" WHERE {self.quote(column)} IS NULL AND {gone}"
        )

    # -- writing SQL ---------------------------------------------------------------------------------------------

    def names(self, columns: Iterable[str]) -> str:
        """List columns."""
        return ", ".join(self.quote(name) for name in columns)

    def on_key(self, target: Target, left: str, right: str) -> str:
        """Compare the keys of two row sources."""
        return " AND ".join(f"{left}.{self.quote(name)} = {right}.{self.quote(name)}" for name in target.key)

    def _key(self, target: Target) -> str:
        return self.names(target.key)

    async def _checkpoint(self, table: str, *, lock: bool = True) -> dict[str, Any] | None:
        names = ("pipeline_id", "epoch", "landed", "state")
        rows = await self.fetch(
            f"SELECT {', '.join(names)} FROM {self.table(CHECKPOINTS)}"
            f" WHERE table_name = {self.mark(1)}{self.for_update if lock else ''}",
            table,
        )
        return dict(zip(names, rows[0], strict=True)) if rows else None

    async def _write_claim(self, table: str, stream: str, run: RunIdentity, state: State, *, landed: bool) -> None:
        values = (run.pipeline_id, stream, run.run_id, run.epoch, int(landed), json.dumps(asdict(state)), table)
        # Not deleted and inserted: who waits for the row's lock would find it gone.
        names = ("pipeline_id", "stream", "run_id", "epoch", "landed", "state", "table_name")
        marks = [self.mark(number) for number in range(1, len(values) + 1)]
        changed = ", ".join(f"{name} = {mark}" for name, mark in zip(names[:-1], marks, strict=False))
        table_ = self.table(CHECKPOINTS)
        if not await self.execute(f"UPDATE {table_} SET {changed} WHERE table_name = {marks[-1]}", *values):
            await self.execute(f"INSERT INTO {table_} ({', '.join(names)}) VALUES ({', '.join(marks)})", *values)


def staging_prefix(target: Target) -> str:
    """What the staging tables of a landed table have in front, for every run."""
    return prefix_of(target.run, target.table)


def prefix_of(run: RunIdentity, table: str) -> str:
    """The same where the plan is not known yet."""
    digest = hashlib.sha256(f"{run.pipeline_id}\0{table}".encode()).hexdigest()[:16]
    return f"_thedata_staging_{digest}_"


def staging_name(target: Target) -> str:
    """The staging table of a run: the same for each of its attempts."""
    return staging_prefix(target) + hashlib.sha256(target.run.run_id.encode()).hexdigest()[:12]


def keys_name(target: Target) -> str:
    """The table that the source's keys are loaded into."""
    return staging_name(target) + "_keys"


def key_index(table: str) -> str:
    """A name for the index of a table's key that no other index has."""
    return f"_thedata_key_{hashlib.sha256(table.encode()).hexdigest()[:16]}"


def refused(stream: str, code: str, message: str, advice: str) -> SyncError:
    """Make the error of a table that must not be written."""
    return SyncError(
        origin=Origin.DESTINATION, type=ErrorType.CONFIG, code=code, message=message, advice=advice, stream=stream
    )


def stale(stream: str, table: str, run: RunIdentity) -> SyncError:
    """Make the error of an attempt that has been overtaken."""
    return SyncError(
        origin=Origin.PLATFORM,
        type=ErrorType.CANCELLED,
        code="STALE_EPOCH",
        message=f"A newer attempt writes {table!r}; this one has epoch {run.epoch}",
        advice="Nothing to do: the newer attempt goes on.",
        stream=stream,
    )


def bad_key(target: Target, code: str, problem: str, values: Sequence[object] = ()) -> SyncError:
    """Make the error of a key that does not tell rows apart; ``values`` are those of a row that shows it."""
    shown = ", ".join("NULL" if value is None else str(value)[:100] for value in values)
    names = ", ".join(target.key)
    return SyncError(
        origin=Origin.SOURCE,
        type=ErrorType.CONFIG,
        code=code,
        message=f"The key ({names}) {problem}",
        advice="Choose a key that tells every row apart, or a mode that needs none.",
        stream=target.stream,
        position=f"key ({names})" + (f" = ({shown})" if values else ""),
    )
