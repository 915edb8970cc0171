"""ClickHouse as a destination: every commit is one exchange of two tables, because there are no transactions.

What a run lands is built beside the landed table, out of sight, and shown by one ``EXCHANGE TABLES`` (the first time
by one ``RENAME TABLE``). The new table starts as a clone of the landed one, which shares its files, so an append or a
merge costs what it changes. Three things make that step exact:

- State travels with the table. A row of ``_thedata_checkpoints`` names the table by its UUID, and counts while that
  very table has the landed name. It is written before the exchange, so rows and state become visible together; where
  the exchange does not happen, the row is about a table that is dropped. A lost answer to the exchange needs no guess:
  the next attempt looks which UUID has the name.
- A newer attempt fences an older one. ``claim`` writes its epoch, then drops every table that waits to be exchanged.
  ``commit`` makes that table, then looks at the epochs, then exchanges. However the two are interleaved, the older
  attempt sees the epoch, or its table is gone, or it has committed before the newer one reads the state.
- Chunks are whole or absent. Each is loaded into a table of its own, and counts once ``_thedata_chunks`` has its row.
  An attempt that takes chunks over writes them again under its epoch, and only those of the highest epoch count. A
  table without a row is what a crash left, and is dropped.

Rows with a key stand in the table once: reading needs no FINAL. This holds on one server, and on replicas as far as
what one connection has written is what another reads (``select_sequential_consistency``). What others write into a
landed table while a commit builds its successor is lost with the predecessor: the table is the pipeline's own.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import pyarrow as pa

from server.sync.clickhouse.session import Session, quote, text
from server.sync.clickhouse.types import INSTANT, bare, comment, declared, fit, mapping, natural, nullable, written
from server.sync.destination import (
    Change,
    Claimed,
    Committed,
    Destination,
    Fitted,
    Mapping,
    StagedChunk,
    State,
    Target,
    TargetColumn,
)
from server.sync.errors import SyncError
from server.sync.model import Column
from server.sync.spec import Deletes, Fence, RunIdentity, SyncMode
from server.sync.sql_destination import (
    CHECKPOINTS,
    CHUNKS,
    DELETED_AT,
    TWINS,
    VALID_FROM,
    VALID_TO,
    bad_key,
    refused,
    staging_name,
    staging_prefix,
    stale,
)
from server.sync.type_words import base

NOBODY = "00000000-0000-0000-0000-000000000000"
KEPT_CLAIMS = 50  # rows of a table's history, beyond which the old ones are removed
_APPENDING = frozenset((SyncMode.FULL_REFRESH_APPEND, SyncMode.INCREMENTAL_APPEND))


@dataclass(frozen=True, slots=True)
class _Landed:
    """What has a name now: its UUID, whether it is a plain table, its columns' types, and how its rows are kept."""

    uuid: str
    plain: bool
    columns: dict[str, str]
    engine: str

    @property
    def exists(self) -> bool:
        """Whether there is something."""
        return self.uuid != NOBODY or bool(self.columns)


@dataclass(frozen=True, slots=True)
class _Claim:
    pipeline_id: str
    epoch: int


class ClickhouseDestination(Destination):
    """A database that is written; one of these lands one stream at a time."""

    max_name_bytes: ClassVar[int] = 180
    modes: ClassVar[frozenset[SyncMode]] = frozenset(SyncMode)

    def __init__(self, session: Session) -> None:
        self._session = session
        # The chunks that this attempt counts on, by the name of the staging table: record and table.
        self._chunks: dict[str, list[tuple[StagedChunk, str]]] = {}

    def map_type(self, column: Column, *, same_kind: bool) -> Mapping:
        """Choose a type; what ClickHouse has no exact type for is kept as its text."""
        return mapping(column, same_kind=same_kind)

    def fit(self, rows: pa.RecordBatch, columns: Sequence[TargetColumn]) -> Fitted:
        """Turn canonical texts into values, and leave out the rows that ClickHouse cannot hold."""
        return fit(rows, columns)

    def sorts(self, column: TargetColumn) -> bool:
        """Numbers that land as text do not compare as numbers."""
        return not (column.ddl == "String" and base(column.column.type) == "decimal")

    async def execute(self, sql: str) -> None:
        """Run a statement to its end."""
        await self._session.execute(sql)

    async def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query with a small result."""
        return await self._session.fetch(sql)

    async def staging_tables(self, prefix: str) -> list[str]:
        """Find tables by the beginning of their names."""
        found = await self.fetch(
            f"SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, {text(prefix)})"
        )
        return [row[0] for row in found]

    async def look(self, table: str, run: RunIdentity) -> Claimed:
        """Tell what stands at the destination."""
        landed = await self._landed(table)
        columns = {name: bare(type_) for name, type_ in landed.columns.items()}
        if not (await self._landed(CHECKPOINTS)).exists:
            return Claimed(State(), columns)
        claim = await self._claim(table)
        mine = claim is not None and claim.pipeline_id == run.pipeline_id
        return Claimed(await self._state(landed, run) or State() if mine else State(), columns)

    async def claim(self, table: str, stream: str, run: RunIdentity, *, adopt: bool) -> Claimed:
        """Take the table for this attempt, and the tables away that older attempts were about to show."""
        await self._ensure_state_tables()
        landed, claim = await self._landed(table), await self._claim(table)
        if landed.exists and not landed.plain:
            raise refused(stream, "NAME_TAKEN", f"{table!r} is no table that rows are kept in", "Choose another table.")
        mine = claim is not None and claim.pipeline_id == run.pipeline_id
        if claim is not None and not mine and landed.exists and not adopt:
            raise refused(
                stream,
                "TABLE_OWNED",
                f"The table {table!r} belongs to another pipeline",
                "Choose another table, drop this one, or let the stream adopt it.",
            )
        if landed.exists and not adopt and not await self._has_state(landed):
            raise refused(
                stream,
                "TABLE_NOT_OURS",
                f"The table {table!r} exists and was not made by this pipeline",
                "Choose another table, rename or drop this one, or let the stream adopt it.",
            )
        if await self._highest_epoch(table, run) > run.epoch:
            raise stale(stream, table, run)
        await self._write_checkpoint(table, stream, run, NOBODY, "")
        for name in await self.staging_tables(_next_prefix(table)):
            await self._drop(name)
        # Only now: an older attempt may have committed until its table was gone.
        landed = await self._landed(table)
        state = await self._state(landed, run) if mine else None
        return Claimed(state or State(), {name: bare(type_) for name, type_ in landed.columns.items()})

    async def stage(self, target: Target) -> tuple[StagedChunk, ...]:
        """Give the chunks of this run that earlier attempts have loaded; everything else of the stream is dropped."""
        staging = staging_name(target)
        found = await self.fetch(
            f"SELECT chunk, table_name FROM {quote(CHUNKS)} WHERE staging = {text(staging)} AND epoch ="
            f" (SELECT max(epoch) FROM {quote(CHUNKS)} WHERE staging = {text(staging)}) ORDER BY number"
        )
        chunks = [(StagedChunk(**json.loads(chunk)), name) for chunk, name in found]
        standing = set(await self.staging_tables(staging_prefix(target)))
        wanted = {column.name: declared(column) for column in target.columns}
        whole = standing.issuperset(name for _, name in chunks)
        if not whole or (chunks and (await self._landed(chunks[0][1])).columns != wanted):
            chunks = []
        for name in standing.difference(name for _, name in chunks):
            await self._drop(name)
        if chunks:
            await self._record(staging, target.run, chunks)
        else:
            await self._forget_chunks(staging)
        self._chunks[staging] = chunks
        return tuple(chunk for chunk, _ in chunks)

    async def load(self, target: Target, rows: AsyncIterator[pa.RecordBatch], seal: Callable[[], StagedChunk]) -> int:
        """Load rows into a table of their own, which counts from the moment that it is recorded."""
        staging = staging_name(target)
        name = f"{staging}_{secrets.token_hex(6)}"
        await self._create(name, target.columns, target.key)
        try:
            count = await self._insert(name, target.columns, rows)
        except BaseException:
            await self._drop(name)
            raise
        chunk = seal()
        await self._record(staging, target.run, [(chunk, name)])
        self._chunks.setdefault(staging, []).append((chunk, name))
        return count

    async def load_keys(self, target: Target, rows: AsyncIterator[pa.RecordBatch]) -> int:
        """Load every key of the source into a table of its own."""
        name = _keys_name(target)
        await self._drop(name)
        await self._create(name, target.key_columns, target.key)
        return await self._insert(name, target.key_columns, rows)

    async def count_staging(self, target: Target) -> int:
        """Count the staged rows."""
        return sum([await self._count(name) for name in self._staged(target)])

    async def read_staging(self, target: Target) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read the staged rows, chunk by chunk."""
        items = ", ".join(_shown(column) for column in target.columns)
        for name in self._staged(target):
            async with aclosing(self._session.select(f"SELECT {items} FROM {quote(name)}")) as batches:
                async for batch in batches:
                    arrays = [
                        natural(v, column.column) for v, column in zip(batch.columns, target.columns, strict=True)
                    ]
                    yield pa.RecordBatch.from_arrays(arrays, names=target.column_names)

    async def commit(self, target: Target, change: Change, fence: Fence) -> Committed:
        """Build the table that the landed one becomes, and exchange the two."""
        staged = await self._gather(target, change)
        landed = await self._landed(target.table)
        if change.replace:
            done = Committed(inserted=await self._count(staged))
            prepared = _next_name(target.table)
            await self.execute(f"RENAME TABLE {quote(staged)} TO {quote(prepared)}")
            for column in _own_columns(change):
                default = f" DEFAULT {_instant(time.time())}" if column.name == VALID_FROM else ""
                await self._alter(prepared, f"ADD COLUMN {quote(column.name)} {declared(column)}{default}")
        else:
            prepared = await self._clone(target, change, landed)
            done = await self._apply(target, change, staged, prepared)
        await self._publish(target, prepared, landed, change.state, fence)
        for name in await self.staging_tables(staging_name(target)):
            await self._drop(name)
        await self._forget_chunks(staging_name(target))
        await self._forget_claims(target.table)
        return done

    async def discard(self, target: Target) -> None:
        """Drop the staging tables, unless a later attempt of the run has taken them over."""
        if await self._highest_epoch(target.table, target.run) != target.run.epoch:
            return
        for name in await self.staging_tables(staging_name(target)):
            await self._drop(name)
        await self._forget_chunks(staging_name(target))
        self._chunks.pop(staging_name(target), None)

    async def empty(self, target: Target) -> None:
        """Put an empty table in the landed one's place, with an empty state."""
        landed = await self._landed(target.table)
        if landed.exists:
            prepared = _next_name(target.table)
            await self.execute(f"CREATE TABLE {quote(prepared)} AS {quote(target.table)}")
            await self._publish(target, prepared, landed, State(), _held)

    # -- the commit's steps --------------------------------------------------------------------------------------

    async def _gather(self, target: Target, change: Change) -> str:
        """Put the chunks together in one table, which shares their files; of rows with one key keep the newest."""
        name = f"{staging_name(target)}_all"
        await self._drop(name)
        await self._create(name, target.columns, target.key)
        for chunk in self._staged(target):
            await self._alter(name, f"ATTACH PARTITION ALL FROM {quote(chunk)}")
        if not target.key or change.mode in _APPENDING:
            return name
        return await self._newest(target, name, change.cursor)

    async def _newest(self, target: Target, staged: str, cursor: str) -> str:
        key, table = _names(target.key), quote(staged)
        nulls = " OR ".join(f"{quote(name)} IS NULL" for name in target.key)
        if found := await self.fetch(f"SELECT {key} FROM {table} WHERE {nulls} LIMIT 1"):
            raise bad_key(target, "KEY_HAS_NULLS", "has rows whose key is NULL", found[0])
        twins = f"SELECT {key} FROM {table} GROUP BY {key} HAVING count() > 1"
        if not (found := await self.fetch(f"{twins} LIMIT 1")):
            return staged
        if not cursor:
            raise bad_key(target, "KEY_NOT_UNIQUE", TWINS, found[0])
        column = quote(cursor)
        newest = (
            f"SELECT {key}, max({column}) AS _newest, count({column}) = count() AS _told FROM {table} GROUP BY {key}"
        )
        ties = (
            f"SELECT {key} FROM {table} AS s INNER JOIN ({newest}) AS n USING ({key})"
            f" WHERE s.{column} = n._newest OR NOT n._told GROUP BY {key} HAVING count() > 1 LIMIT 1"
        )
        if found := await self.fetch(ties):
            problem = f"{TWINS} and the same {cursor}"
            raise bad_key(target, "KEY_NOT_UNIQUE", problem, found[0])
        name = f"{staging_name(target)}_newest"
        await self._drop(name)
        await self._create(name, target.columns, target.key)
        names = _names(target.column_names)
        await self.execute(
            f"INSERT INTO {quote(name)} ({names}) SELECT {names} FROM {table} ORDER BY {column} DESC LIMIT 1 BY {key}"
        )
        return name

    async def _clone(self, target: Target, change: Change, landed: _Landed) -> str:
        """Make a table with the landed rows and the columns that the change asks for."""
        name, table = _next_name(target.table), quote(target.table)
        wider = {column.name: declared(column) for column in change.widen_columns}
        if wider.keys() & set(target.key):
            # The order of the rows changes with the type of a key, so they are written anew.
            types = {column: wider.get(column, type_) for column, type_ in landed.columns.items()}
            told = {column.name: comment(column) for column in target.columns}
            commented = {column: type_ + told.get(column, "") for column, type_ in types.items()}
            await self._create_typed(name, commented, target.key)
            await self.execute(
                f"INSERT INTO {quote(name)} ({_names(types)}) SELECT"
                f" {', '.join(f'CAST({quote(c)} AS {t})' for c, t in types.items())} FROM {table}"
            )
            wider = {}
        else:
            await self.execute(f"CREATE TABLE {quote(name)} AS {table}")
            if "MergeTree" in landed.engine:
                await self._alter(name, f"ATTACH PARTITION ALL FROM {table}")
            else:
                await self.execute(f"INSERT INTO {quote(name)} SELECT * FROM {table}")
        added = [*change.add_columns, *(c for c in _own_columns(change) if c.name not in landed.columns)]
        for column in added:
            await self._alter(name, f"ADD COLUMN {quote(column.name)} Nullable({column.ddl}){comment(column)}")
        for column_name, type_ in wider.items():
            await self._alter(name, f"MODIFY COLUMN {quote(column_name)} {type_}")
        by_name = {column.name: column for column in target.columns}
        for column_name, type_ in landed.columns.items():
            known = by_name.get(column_name)
            takes_null = nullable(type_) or column_name in wider or column_name in target.key
            if not takes_null and (known is None or known.nullable):
                await self._alter(name, f"MODIFY COLUMN {quote(column_name)} Nullable({type_})")
        return name

    async def _apply(self, target: Target, change: Change, staged: str, prepared: str) -> Committed:
        match change.mode:
            case SyncMode.INCREMENTAL_MERGE:
                done = await self._merge(target, staged, prepared)
            case SyncMode.HISTORY:
                done = await self._add_versions(target, staged, prepared)
            case _:
                done = await self._append(target, change, staged, prepared)
        if change.deletes is Deletes.IGNORE or not change.missing:
            return done
        keys = staged if change.missing == "staging" else _keys_name(target)
        deleted = await self._delete_missing(target, change, keys, prepared)
        return Committed(done.inserted, done.updated, deleted)

    async def _append(self, target: Target, change: Change, staged: str, prepared: str) -> Committed:
        names = _names(target.column_names)
        if change.window is None:
            await self.execute(f"INSERT INTO {quote(prepared)} ({names}) SELECT {names} FROM {quote(staged)}")
            return Committed(inserted=await self._count(staged))
        cursor = next(column for column in target.columns if column.name == change.cursor)
        bound = f"{quote(cursor.name)} >= {_literal(change.window, cursor)}"
        if change.window == "-infinity":
            bound = "1"
        before = await self._count(prepared)
        # Rows that occur n times on one side and m times on the other are told apart by their number among equals.
        row = _bytes(target.columns)
        number = "row_number() OVER (PARTITION BY _row)"
        landed = f"SELECT _row, {number} FROM (SELECT {row} AS _row FROM {quote(prepared)} WHERE {bound})"
        fresh = f"SELECT {names}, _row, {number} AS _n FROM (SELECT {names}, {row} AS _row FROM {quote(staged)})"
        await self.execute(
            f"INSERT INTO {quote(prepared)} ({names}) SELECT {names} FROM ({fresh}) WHERE (_row, _n) NOT IN ({landed})"
        )
        return Committed(inserted=await self._count(prepared) - before)

    async def _merge(self, target: Target, staged: str, prepared: str) -> Committed:
        names, table = _names(target.column_names), quote(prepared)
        before = await self._count(prepared)
        await self.execute(f"DELETE FROM {table} WHERE {_in_keys(target, staged)}")
        updated = before - await self._count(prepared)
        await self.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {quote(staged)}")
        return Committed(inserted=await self._count(staged) - updated, updated=updated)

    async def _add_versions(self, target: Target, staged: str, prepared: str) -> Committed:
        names, key, table, instant = (
            _names(target.column_names),
            _names(target.key),
            quote(prepared),
            _instant(time.time()),
        )
        current = f"{quote(VALID_TO)} IS NULL"
        row = _bytes(target.columns)
        changed = f"{staging_name(target)}_changed"
        await self._drop(changed)
        await self._create(changed, target.key_columns, target.key)
        await self.execute(
            f"INSERT INTO {quote(changed)} ({key})"
            f" SELECT {key} FROM (SELECT {key}, {row} AS _new FROM {quote(staged)}) AS s"
            f" INNER JOIN (SELECT {key}, {row} AS _old FROM {table} WHERE {current}) AS l USING ({key})"
            " WHERE s._new != l._old"
        )
        closed = await self._count(changed)
        if closed:
            await self._alter(
                prepared, f"UPDATE {quote(VALID_TO)} = {instant} WHERE {current} AND {_in_keys(target, changed)}"
            )
        before = await self._count(prepared)
        await self.execute(
            f"INSERT INTO {table} ({names}, {quote(VALID_FROM)}) SELECT {names}, {instant} FROM {quote(staged)}"
            f" WHERE ({key}) NOT IN (SELECT {key} FROM {table} WHERE {current})"
        )
        return Committed(inserted=await self._count(prepared) - before - closed, updated=closed)

    async def _delete_missing(self, target: Target, change: Change, keys: str, prepared: str) -> int:
        gone = f"NOT ({_in_keys(target, keys)})"
        if change.mode is not SyncMode.HISTORY and change.deletes is Deletes.HARD:
            before = await self._count(prepared)
            await self.execute(f"DELETE FROM {quote(prepared)} WHERE {gone}")
            return before - await self._count(prepared)
        column = quote(VALID_TO if change.mode is SyncMode.HISTORY else DELETED_AT)
        where = f"{column} IS NULL AND {gone}"
        found = int((await self.fetch(f"SELECT count() FROM {quote(prepared)} WHERE {where}"))[0][0])
        if found:
            await self._alter(prepared, f"UPDATE {column} = {_instant(time.time())} WHERE {where}")
        return found

    async def _publish(self, target: Target, prepared: str, landed: _Landed, state: State, fence: Fence) -> None:
        """Show a prepared table under the landed name, with its state, in one step."""
        new = await self._landed(prepared)
        await self._write_checkpoint(
            target.table, target.stream, target.run, new.uuid, json.dumps(asdict(state), ensure_ascii=False)
        )
        await self._require_claim(target)
        await fence()
        try:
            if landed.exists:
                await self.execute(f"EXCHANGE TABLES {quote(prepared)} AND {quote(target.table)}")
            else:
                await self.execute(f"RENAME TABLE {quote(prepared)} TO {quote(target.table)}")
        except SyncError as error:
            # A newer attempt has taken the prepared table away; or the answer was lost, and the exchange was not.
            if error.code in ("TABLE_NOT_FOUND", "NAME_TAKEN"):
                raise stale(target.stream, target.table, target.run) from error
            raise
        # Whatever has the prepared name now is the predecessor, and may only go when the successor stands.
        if (await self._landed(target.table)).uuid == new.uuid:
            await self._drop(prepared)

    async def _require_claim(self, target: Target) -> None:
        claim = await self._claim(target.table)
        newest = await self._highest_epoch(target.table, target.run)
        if claim is None or claim.pipeline_id != target.run.pipeline_id or newest != target.run.epoch:
            raise stale(target.stream, target.table, target.run)

    # -- state ---------------------------------------------------------------------------------------------------

    async def _ensure_state_tables(self) -> None:
        await self.execute(
            f"CREATE TABLE IF NOT EXISTS {quote(CHECKPOINTS)} (table_name String, pipeline_id String, stream String,"
            " run_id String, epoch UInt64, uuid UUID, state String, written_at DateTime64(9, 'UTC') DEFAULT now64(9))"
            " ENGINE = MergeTree ORDER BY (table_name, written_at)"
        )
        await self.execute(
            f"CREATE TABLE IF NOT EXISTS {quote(CHUNKS)} (staging String, epoch UInt64, number UInt64,"
            " table_name String, chunk String) ENGINE = MergeTree ORDER BY (staging, epoch, number)"
        )

    async def _landed(self, table: str) -> _Landed:
        found = await self.fetch(
            "SELECT uuid, engine, notEmpty(engine_full) FROM system.tables"
            f" WHERE database = currentDatabase() AND name = {text(table)}"
        )
        if not found:
            return _Landed(NOBODY, True, {}, "")
        columns = await self.fetch(
            f"SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {text(table)}"
            " AND default_kind NOT IN ('ALIAS', 'MATERIALIZED', 'EPHEMERAL') ORDER BY position"
        )
        uuid, engine, _ = found[0]
        return _Landed(str(uuid), "View" not in engine and engine != "Dictionary", dict(columns), engine)

    async def _claim(self, table: str) -> _Claim | None:
        found = await self.fetch(
            f"SELECT pipeline_id, epoch FROM {quote(CHECKPOINTS)} WHERE table_name = {text(table)} AND state = ''"
            " ORDER BY written_at DESC LIMIT 1"
        )
        return _Claim(found[0][0], int(found[0][1])) if found else None

    async def _highest_epoch(self, table: str, run: RunIdentity) -> int:
        found = await self.fetch(
            f"SELECT max(epoch) FROM {quote(CHECKPOINTS)} WHERE table_name = {text(table)}"
            f" AND pipeline_id = {text(run.pipeline_id)}"
        )
        return int(found[0][0])

    async def _has_state(self, landed: _Landed) -> bool:
        found = await self.fetch(
            f"SELECT 1 FROM {quote(CHECKPOINTS)} WHERE uuid = {text(landed.uuid)} AND state != '' LIMIT 1"
        )
        return bool(found)

    async def _state(self, landed: _Landed, run: RunIdentity) -> State | None:
        if not landed.exists:
            return None
        found = await self.fetch(
            f"SELECT state FROM {quote(CHECKPOINTS)} WHERE uuid = {text(landed.uuid)} AND state != ''"
            f" AND pipeline_id = {text(run.pipeline_id)} ORDER BY written_at DESC LIMIT 1"
        )
        return State(**json.loads(found[0][0])) if found else None

    async def _write_checkpoint(self, table: str, stream: str, run: RunIdentity, uuid: str, state: str) -> None:
        row = {"table_name": table, "pipeline_id": run.pipeline_id, "stream": stream, "run_id": run.run_id,
               "epoch": run.epoch, "uuid": uuid, "state": state}  # fmt: skip
        await self._session.insert_rows(quote(CHECKPOINTS), [row])

    async def _record(self, staging: str, run: RunIdentity, chunks: Sequence[tuple[StagedChunk, str]]) -> None:
        rows = [
            {"staging": staging, "epoch": run.epoch, "number": chunk.number, "table_name": name,
             "chunk": json.dumps(asdict(chunk))}
            for chunk, name in chunks
        ]  # fmt: skip
        await self._session.insert_rows(quote(CHUNKS), rows)

    async def _forget_chunks(self, staging: str) -> None:
        where = f"WHERE staging = {text(staging)}"
        if await self.fetch(f"SELECT 1 FROM {quote(CHUNKS)} {where} LIMIT 1"):
            await self.execute(f"DELETE FROM {quote(CHUNKS)} {where}")

    async def _forget_claims(self, table: str) -> None:
        """Remove the old rows of a table's history; the newest of each kind are among those that stay."""
        mine = f"table_name = {text(table)}"
        found = await self.fetch(
            f"SELECT toString(written_at) FROM {quote(CHECKPOINTS)} WHERE {mine} ORDER BY written_at DESC"
            f" LIMIT 1 OFFSET {KEPT_CLAIMS}"
        )
        if found:
            bound = f"toDateTime64({text(found[0][0])}, 9, 'UTC')"
            await self.execute(f"DELETE FROM {quote(CHECKPOINTS)} WHERE {mine} AND written_at < {bound}")

    # -- tables --------------------------------------------------------------------------------------------------

    def _staged(self, target: Target) -> list[str]:
        return [name for _, name in self._chunks.get(staging_name(target), [])]

    async def _create(self, name: str, columns: Iterable[TargetColumn], key: Sequence[str]) -> None:
        types = {column.name: f"{declared(column)}{comment(column)}" for column in columns}
        await self._create_typed(name, types, key)

    async def _create_typed(self, name: str, types: dict[str, str], key: Sequence[str]) -> None:
        written = ", ".join(f"{quote(column)} {type_}" for column, type_ in types.items())
        order = f"({_names(key)})" if key else "tuple()"
        await self.execute(
            f"CREATE TABLE {quote(name)} ({written}) ENGINE = MergeTree ORDER BY {order}"
            " SETTINGS allow_nullable_key = 1"
        )

    async def _drop(self, name: str) -> None:
        await self.execute(f"DROP TABLE IF EXISTS {quote(name)}")

    async def _alter(self, name: str, what: str) -> None:
        await self.execute(f"ALTER TABLE {quote(name)} {what}")

    async def _count(self, name: str) -> int:
        return int((await self.fetch(f"SELECT count() FROM {quote(name)}"))[0][0])

    async def _insert(self, name: str, columns: Sequence[TargetColumn], rows: AsyncIterator[pa.RecordBatch]) -> int:
        """Insert batches; their types are those of the first one."""

        def ready(batch: pa.RecordBatch) -> pa.RecordBatch:
            arrays = [written(values, column) for values, column in zip(batch.columns, columns, strict=True)]
            return pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])

        async for first in rows:
            first = ready(first)

            async def all_rows(first: pa.RecordBatch = first) -> AsyncIterator[pa.RecordBatch]:
                yield first
                async for batch in rows:
                    yield ready(batch).cast(first.schema)

            return await self._session.insert(quote(name), first.schema, all_rows(), [c.name for c in columns])
        return 0


async def _held() -> None:
    """Nothing to look at: the claim alone decides."""


def _names(columns: Iterable[str]) -> str:
    return ", ".join(quote(name) for name in columns)


def _keys_name(target: Target) -> str:
    return staging_name(target) + "_keys"


def _next_prefix(table: str) -> str:
    return f"_thedata_next_{hashlib.sha256(table.encode()).hexdigest()[:16]}_"


def _next_name(table: str) -> str:
    return _next_prefix(table) + secrets.token_hex(6)


def _in_keys(target: Target, table: str) -> str:
    return f"({_names(target.key)}) IN (SELECT {_names(target.key)} FROM {quote(table)})"


def _bytes(columns: Sequence[TargetColumn]) -> str:
    """Write a row as bytes that are equal exactly for equal rows: NULL equals NULL, NaN equals NaN."""
    return f"formatRow('RowBinary', {', '.join(f'CAST({quote(c.name)} AS Nullable({c.ddl}))' for c in columns)})"


def _own_columns(change: Change) -> list[TargetColumn]:
    names = []
    if change.mode is SyncMode.HISTORY:
        names = [VALID_FROM, VALID_TO]
    elif change.deletes is Deletes.SOFT:
        names = [DELETED_AT]
    return [TargetColumn(Column(name, "timestamptz", True, ""), INSTANT) for name in names]


def _instant(seconds: float) -> str:
    shown = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds)) + f".{int(seconds % 1 * 1e6):06}"
    return f"toDateTime64({text(shown)}, 6, 'UTC')"


def _literal(value: str, column: TargetColumn) -> str:
    if column.ddl == INSTANT:
        return f"parseDateTime64BestEffort({text(value)}, 6, 'UTC')"
    return f"CAST({text(value)} AS {column.ddl})"


def _shown(column: TargetColumn) -> str:
    """Write a landed column for reading back: what Arrow has no exact type for as its text."""
    name = quote(column.name)
    kind = bare(column.ddl).partition("(")[0]
    exact = kind in ("Bool", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "Float32", "Float64",
                       "String", "FixedString", "Date32", "DateTime64", "Decimal")  # fmt: skip
    if kind == "Date":
        return f"toDate32({name}) AS {name}"
    if kind == "Decimal" and int(column.ddl.partition("(")[2].partition(",")[0]) > 38:
        exact = False
    return name if exact else f"toString({name}) AS {name}"
