"""What SQL sources share: queries for columns, cursor ranges and the rows after a key, in portable SQL.

A subclass has its driver (``select``, ``fetch_text``), its catalog (``describe``) and, where it differs, how it quotes.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import ClassVar

import pyarrow as pa

from server.sync.cursors import text_of
from server.sync.model import Column, JsonObject, Stream
from server.sync.source import Batch, Estimate, Read, Source

_KEY_TYPES = frozenset(("smallint", "integer", "bigint", "decimal", "text", "date", "timestamp", "timestamptz", "uuid"))


class SqlSource(Source):
    """A source that speaks SQL. Rows come in the primary key's order where there is one, and can go on after a key."""

    tells_watermark: ClassVar[bool] = True

    @abstractmethod
    def select(self, sql: str, columns: Sequence[Column], *, portable: bool) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read a query's rows as batches with these columns; ``Batch`` says in which types."""

    @abstractmethod
    async def fetch_text(self, sql: str) -> str | None:
        """Read one value as canonical text."""

    def quote(self, name: str) -> str:
        """Quote an identifier."""
        return '"' + name.replace('"', '""') + '"'

    def expression(self, column: Column, *, portable: bool) -> str:  # noqa: ARG002 - for systems that must cast
        """Write a column for the SELECT list."""
        return self.quote(column.name)

    def literal(self, text: str, column: Column) -> str:
        """Write a canonical text as a value to compare with a column."""
        if column.type.partition("(")[0] in ("smallint", "integer", "bigint", "decimal", "real", "double"):
            return text
        return "'" + text.replace("'", "''") + "'"

    def from_table(self, stream: Stream) -> str:
        """Write what stands after FROM."""
        parts = (stream.namespace, stream.name) if stream.namespace else (stream.name,)
        return ".".join(self.quote(part) for part in parts)

    async def read(self, read: Read) -> AsyncGenerator[Batch, None]:
        """Read the rows of one query."""
        key = resumable_key(read)
        asked = (*read.columns, *(column for column in key if column not in read.columns))
        row, size = 1, 0
        async with aclosing(self.select(self.query(read, asked, key), asked, portable=read.portable)) as batches:
            async for batch in batches:
                size += batch.nbytes
                position = _position(batch, key, read.after)
                yield Batch(batch.select([c.name for c in read.columns]), read.stream.full_name, row, size, position)
                row += batch.num_rows

    async def watermark(self, read: Read) -> str | None:
        """Ask for the greatest cursor value."""
        if read.cursor is None:
            return None
        column = self.quote(read.cursor.column)
        return await self.fetch_text(
            f"SELECT max({column}) FROM {self.from_table(read.stream)}{_where(self.conditions(read, ()))}"
        )

    def query(self, read: Read, columns: Sequence[Column], key: Sequence[Column]) -> str:
        """Write the query of a read."""
        items = ", ".join(self.expression(column, portable=read.portable) for column in columns)
        order = f" ORDER BY {', '.join(self.quote(column.name) for column in key)}" if key else ""
        limit = f" LIMIT {read.limit}" if read.limit is not None else ""
        where = _where(self.conditions(read, key))
        return f"SELECT {items} FROM {self.from_table(read.stream)}{where}{order}{limit}"

    def conditions(self, read: Read, key: Sequence[Column]) -> list[str]:
        """Write the conditions of a read: the cursor's range, and the rows after a key."""
        found = []
        if read.cursor is not None:
            column = next(column for column in read.stream.columns if column.name == read.cursor.column)
            name = self.quote(column.name)
            bounds = [
                f"{name} {sign} {self.literal(value, column)}"
                for sign, value in ((">=", read.cursor.lower), ("<=", read.cursor.upper))
                if value is not None
            ]
            inside = " AND ".join(bounds) or f"{name} IS NOT NULL"
            found.append(f"({inside} OR {name} IS NULL)" if read.cursor.nulls else f"({inside})")
        if key and read.after:
            found.append(self._after(key, [str(value) for value in read.after["key"]]))
        return found

    def _after(self, key: Sequence[Column], values: Sequence[str]) -> str:
        # Spelled out, because not every system compares rows of values by index.
        alternatives = []
        for index, column in enumerate(key):
            equal = [f"{self.quote(c.name)} = {self.literal(v, c)}" for c, v in zip(key[:index], values, strict=False)]
            alternatives.append(
                " AND ".join([*equal, f"{self.quote(column.name)} > {self.literal(values[index], column)}"])
            )
        return "(" + " OR ".join(f"({item})" for item in alternatives) + ")"


def share_of(stream: Stream, rows: int) -> Estimate:
    """An estimate of some rows of a stream: as many of its bytes as the rows are of its rows."""
    if not stream.estimated_rows or stream.estimated_bytes is None:
        return Estimate(rows)
    return Estimate(rows, round(stream.estimated_bytes * min(1.0, rows / stream.estimated_rows)))


def resumable_key(read: Read) -> tuple[Column, ...]:
    """The primary key's columns, where their order is one that a literal can be compared in."""
    by_name = {column.name: column for column in read.stream.columns}
    key = tuple(by_name[name] for name in read.stream.primary_key if name in by_name)
    fits = all(column.type.partition("(")[0] in _KEY_TYPES and not column.nullable for column in key)
    return key if fits else ()


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _position(batch: pa.RecordBatch, key: Sequence[Column], before: JsonObject | None) -> JsonObject | None:
    if not key:
        return None
    if not batch.num_rows:
        return before
    last = batch.slice(batch.num_rows - 1)
    return {"key": [text_of(last.column(column.name)[0].as_py()) for column in key]}
