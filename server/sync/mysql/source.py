"""One snapshot of a MySQL or MariaDB database, streamed as Arrow batches of canonical texts."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from server.sync.connectors.base import within
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column, Stream
from server.sync.mysql.config import ZeroDates
from server.sync.mysql.session import Session
from server.sync.mysql.types import DATES, NUMBERED, data_type, is_binary, selected, word_of
from server.sync.mysql.values import canonical
from server.sync.source import Batch, Estimate, Read, Rejected
from server.sync.sql_source import SqlSource, share_of

_CONTENT_CHARACTERS = 65_536


def quote(name: str) -> str:
    """Quote an identifier."""
    return "`" + name.replace("`", "``") + "`"


class MysqlSource(SqlSource):
    """A consistent snapshot: everything that is read through it belongs to one instant."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def describe(self, namespace: str, name: str) -> Stream:
        """Describe a table or view."""
        async with within(self._session.timeout):
            streams = (
                await read_streams(self._session, name) if namespace in ("", self._session.config.database) else ()
            )
        if not streams:
            raise SyncError(
                origin=Origin.SOURCE,
                type=ErrorType.CONFIG,
                code="TABLE_NOT_FOUND",
                message=f"There is no table or view {name!r} that {self._session.config.user} may read",
                advice="Discover the source again and choose an existing table.",
                stream=name,
            )
        return streams[0]

    async def read(self, read: Read) -> AsyncGenerator[Batch, None]:
        """Read rows; dates that no calendar has are rejected, or NULL where the configuration says so."""
        key = [column for column in read.stream.columns if column.name in read.stream.primary_key]
        if any(data_type(column.native_type) in NUMBERED for column in key):
            # No text says what comes after it in that order: such a table is read from its start each time.
            read = replace(read, stream=replace(read.stream, primary_key=()))
        async with aclosing(super().read(read)) as batches:
            async for batch in batches:
                yield self._checked(batch, read.columns)

    async def watermark(self, read: Read) -> str | None:
        """Ask for the greatest cursor value; a date that no calendar has is none."""
        if read.cursor is None:
            return None
        column = next(column for column in read.stream.columns if column.name == read.cursor.column)
        greatest = selected(f"max({quote(column.name)})", column.native_type, portable=True)
        where = " AND ".join(self.conditions(read, ()))
        sql = f"SELECT {greatest} FROM {self.from_table(read.stream)} WHERE {where}"
        found = await self.fetch_text(sql)
        if found is None or (data_type(column.native_type) in DATES and _is_no_date(found)):
            return None
        return str(canonical(pa.array([found]), column.type, column.native_type)[0].as_py())

    async def estimate(self, read: Read) -> Estimate:
        """Ask the optimizer how many rows a range of the cursor has; the query is not run."""
        if read.cursor is None or read.cursor.lower is None:
            return await super().estimate(read)
        explain = "EXPLAIN EXTENDED" if self._session.server.is_mariadb else "EXPLAIN"
        async with within(self._session.timeout):
            plan = await self._session.fetch(f"{explain} {self.query(read, read.columns, ())}")
        if len(plan) != 1:
            return Estimate(reason="The optimizer estimates the tables of this view, not the view.")
        # The last columns: rows, the percentage of them that the conditions leave, and remarks. A query that needs no
        # table at all has neither.
        *_, rows, filtered, _ = plan[0]
        return share_of(read.stream, 0 if rows is None else round(float(rows) * float(filtered) / 100))

    def select(self, sql: str, columns: Sequence[Column], *, portable: bool) -> AsyncGenerator[pa.RecordBatch, None]:  # noqa: ARG002 - said in the query
        """Stream a query's rows, each value in its column's canonical form."""
        return select(self._session, sql, [(c.name, c.type, c.native_type) for c in columns])

    async def fetch_text(self, sql: str) -> str | None:
        """Read one value as the text that the server shows."""
        found = None
        async with aclosing(self._session.select(sql, [False])) as batches:
            async for arrays in batches:
                found = arrays[0][0].as_py()
        return found

    def quote(self, name: str) -> str:
        """Quote with backticks."""
        return quote(name)

    def from_table(self, stream: Stream) -> str:
        """Name the table in the database of the connection."""
        return quote(stream.name)

    def expression(self, column: Column, *, portable: bool) -> str:
        """Select a column so that its text is the whole value."""
        return selected(quote(column.name), column.native_type, portable=portable)

    def literal(self, text: str, column: Column) -> str:
        """Write a canonical text; an instant is written in UTC, as the session's time zone is."""
        if column.type == "timestamptz":
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is not None:
                text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
        return super().literal(text, column)

    def _checked(self, batch: Batch, columns: Sequence[Column]) -> Batch:
        wrong: dict[int, str] = {}
        rows = batch.rows
        for index, column in enumerate(columns):
            if data_type(column.native_type) not in DATES:
                continue
            found = _no_dates(rows.column(index))
            if found and self._session.config.zero_dates is ZeroDates.NULL:
                known = pa.array([row not in found for row in range(rows.num_rows)])
                rows = rows.set_column(index, column.name, pc.if_else(known, rows.column(index), None))
            else:
                wrong.update(dict.fromkeys(found - wrong.keys(), column.name))
        if not wrong:
            return replace(batch, rows=rows)
        rejected = tuple(_rejected(batch, row, wrong[row]) for row in sorted(wrong))
        return replace(
            batch, rows=rows.filter(pa.array([row not in wrong for row in range(rows.num_rows)])), rejected=rejected
        )


async def select(
    session: Session, sql: str, columns: Sequence[tuple[str, str, str]]
) -> AsyncGenerator[pa.RecordBatch, None]:
    """Stream a query's rows as batches; ``columns`` are names, engine words and MySQL types."""
    async with aclosing(session.select(sql, [is_binary(native) for _, _, native in columns])) as batches:
        async for arrays in batches:
            values = [canonical(array, word, native) for array, (_, word, native) in zip(arrays, columns, strict=True)]
            yield pa.RecordBatch.from_arrays(values, names=[name for name, _, _ in columns])


# -- catalog -----------------------------------------------------------------------------------------------------


async def read_streams(session: Session, name: str | None = None) -> tuple[Stream, ...]:
    """Describe every table and view of the database, or one; what the account may not see is not there."""
    only = "" if name is None else " AND table_name = %s"
    params = (session.config.database,) if name is None else (session.config.database, name)
    tables = await session.fetch(
        "SELECT table_name, table_rows, data_length FROM information_schema.tables"
        f" WHERE table_schema = %s{only} AND table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')"
        " AND table_name NOT LIKE '\\_thedata\\_%%' ESCAPE '\\'",
        *params,
    )
    if name is not None:
        # The catalog compares without case, also where names that differ by case are different tables.
        exact = [row for row in tables if row[0] == name]
        tables = exact or [row for row in tables if session.server.folds_tables]
    columns = _grouped(
        await session.fetch(
            "SELECT table_name, column_name, column_type, is_nullable FROM information_schema.columns"
            f" WHERE table_schema = %s{only} ORDER BY table_name, ordinal_position",
            *params,
        )
    )
    keys = _grouped(
        await session.fetch(
            "SELECT table_name, column_name FROM information_schema.key_column_usage"
            f" WHERE table_schema = %s{only} AND constraint_name = 'PRIMARY' ORDER BY table_name, ordinal_position",
            *params,
        )
    )
    checked = await _json_columns(session)
    nulls = session.config.zero_dates is ZeroDates.NULL
    return tuple(
        Stream(
            table,
            "",
            tuple(_column(table, row, checked, nulls=nulls) for row in columns.get(table, ())),
            tuple(row[1] for row in keys.get(table, ())),
            None if count is None else int(count),
            None if size is None else int(size),
        )
        for table, count, size in sorted(tables)
        if columns.get(table)
    )


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


async def _json_columns(session: Session) -> frozenset[tuple[str, str]]:
    """MariaDB's JSON columns: texts with a check of their own."""
    if not session.server.is_mariadb:
        return frozenset()
    rows = await session.fetch(
        "SELECT table_name, constraint_name, check_clause FROM information_schema.check_constraints"
        " WHERE constraint_schema = %s AND check_clause LIKE 'json_valid(%%'",
        session.config.database,
    )
    return frozenset((table, column) for table, column, clause in rows if clause == f"json_valid({quote(column)})")


def _column(table: str, row: tuple[Any, ...], checked: frozenset[tuple[str, str]], *, nulls: bool) -> Column:
    _, name, native, nullable = row
    is_json = (table, name) in checked
    may_be_null = nullable == "YES" or (nulls and data_type(native) in DATES)
    return Column(name, "json" if is_json else word_of(native), may_be_null, native)


# -- dates that no calendar has ----------------------------------------------------------------------------------


def _no_dates(values: pa.Array) -> set[int]:
    """Find the values that are no dates: with a month or day of zero, or a 31st of February."""
    texts = pc.utf8_slice_codeunits(values, 0, 10)
    try:
        days = pc.min_max(texts.cast(pa.date32()))
    except pa.ArrowInvalid:
        days = None
    if days is not None and (not days["min"].is_valid or days["min"].value >= _FIRST_DAY):
        return set()
    return {row for row, text in enumerate(texts.to_pylist()) if text is not None and _is_no_date(text)}


_FIRST_DAY = (date(1, 1, 1) - date(1970, 1, 1)).days


def _is_no_date(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return True
    return False


def _rejected(batch: Batch, row: int, column: str) -> Rejected:
    found = {
        name: value.hex() if isinstance(value, bytes) else value
        for name, value in batch.rows.slice(row, 1).to_pylist()[0].items()
    }
    return Rejected(
        batch.place,
        batch.first_row + row,
        column,
        "ZERO_DATE",
        f"{found[column]} is no date of any calendar",
        json.dumps(found, ensure_ascii=False)[:_CONTENT_CHARACTERS],
    )
