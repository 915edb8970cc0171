"""One transaction of a database as a source, and its catalog.

Values are taken from the driver as they are; PostgreSQL, whose driver would lose some, is asked for their texts.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from decimal import Decimal
from typing import Any, ClassVar

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.engine.reflection import Inspector, ObjectKind
from sqlalchemy.sql.elements import ColumnElement

from server.sync.cursors import parsed_time, text_of
from server.sync.model import Column, JsonObject, Stream
from server.sync.source import Batch, Read, Source
from server.sync.sql_source import resumable_key
from server.sync.sqlalchemy.database import Database
from server.sync.sqlalchemy.errors import refusal

MAX_STREAMS = 10_000


class SqlalchemySource(Source):
    """One transaction on a database; rows come in the primary key's order, and can go on after a key."""

    tells_watermark: ClassVar[bool] = True

    def __init__(self, database: Database) -> None:
        self._database = database

    async def describe(self, namespace: str, name: str) -> Stream:
        """Reflect one table or view."""

        def look(connection: sa.Connection) -> Stream:
            inspector = sa.inspect(connection)
            columns = inspector.get_columns(name, schema=namespace or None)
            key = inspector.get_pk_constraint(name, schema=namespace or None)["constrained_columns"]
            return _stream(name, namespace, columns, key, connection.dialect.name)

        return await self._database.run(look)

    async def read(self, read: Read) -> AsyncGenerator[Batch, None]:
        """Read the rows of one query."""
        key = resumable_key(read)
        asked = (*read.columns, *(column for column in key if column not in read.columns))
        table = await self._table(read.stream)
        statement = sa.select(*[self._taken(table, column) for column in asked])
        statement = statement.where(*self._conditions(table, read, key)).order_by(*[table.c[c.name] for c in key])
        if read.limit is not None:
            statement = statement.limit(read.limit)
        row, size = 1, 0
        async with aclosing(self._database.batches(statement, asked)) as batches:
            async for batch in batches:
                size += batch.nbytes
                rows = batch.select([column.name for column in read.columns])
                yield Batch(rows, read.stream.full_name, row, size, _position(batch, key))
                row += batch.num_rows

    async def watermark(self, read: Read) -> str | None:
        """Ask for the greatest cursor value."""
        if read.cursor is None:
            return None
        table = await self._table(read.stream)
        column = next(column for column in read.stream.columns if column.name == read.cursor.column)
        greatest = self._taken(table, column, sa.func.max(table.c[column.name]))
        statement = sa.select(greatest).where(*self._conditions(table, read, ()))
        value = await self._database.run(lambda connection: connection.execute(statement).scalar())
        return None if value is None else text_of(value)

    async def _table(self, stream: Stream) -> sa.Table:
        """Make the table with the types that the database reflects."""

        def look(connection: sa.Connection) -> list[ReflectedColumn]:
            return sa.inspect(connection).get_columns(stream.name, schema=stream.namespace or None)

        columns = await self._database.run(look)
        made = [sa.Column(column["name"], column["type"]) for column in columns]
        return sa.Table(stream.name, sa.MetaData(), *made, schema=stream.namespace or None)

    def _taken(self, table: sa.Table, column: Column, value: ColumnElement[Any] | None = None) -> ColumnElement[Any]:
        """Write a column for the SELECT list: without SQLAlchemy's conversions, which would round and reformat."""
        item = table.c[column.name] if value is None else value
        word = column.type.partition("(")[0]
        if self._database.dialect.name == "postgresql" and word not in _DRIVER_KEEPS:
            item = sa.cast(sa.func.to_json(item), sa.Text) if word == "array" else sa.cast(item, sa.Text)
        elif word == "json" and self._database.dialect.name in ("mysql", "mariadb"):
            item = sa.cast(item, sa.Text)
        return sa.type_coerce(item, sa.types.NullType()).label(column.name)

    def _conditions(self, table: sa.Table, read: Read, key: Sequence[Column]) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if read.cursor is not None:
            column = next(column for column in read.stream.columns if column.name == read.cursor.column)
            item = table.c[column.name]
            bounds = [] if read.cursor.lower is None else [item >= self._value(table, column, read.cursor.lower)]
            if read.cursor.upper is not None:
                bounds.append(item <= self._value(table, column, read.cursor.upper))
            inside = sa.and_(*bounds) if bounds else item.is_not(None)
            found.append(sa.or_(inside, item.is_(None)) if read.cursor.nulls else inside)
        if key and read.after:
            values = [self._value(table, column, text) for column, text in zip(key, read.after["key"], strict=True)]
            found.append(_after([table.c[column.name] for column in key], values))
        return found

    def _value(self, table: sa.Table, column: Column, text: str) -> ColumnElement[Any]:
        """Write a canonical text as a value to compare with a column."""
        type_ = table.c[column.name].type
        if self._database.dialect.name == "postgresql":
            return sa.cast(sa.literal(text, sa.Text), type_)
        match column.type.partition("(")[0]:
            case "smallint" | "integer" | "bigint":
                return sa.literal(int(Decimal(text)), sa.BigInteger)
            case "decimal":
                return sa.literal(Decimal(text), type_)
            case "real" | "double":
                return sa.literal(float(text), type_)
            case "timestamp" | "timestamptz":
                return sa.literal(parsed_time(text), type_)
            case "date":
                return sa.literal(parsed_time(text).date(), type_)
            case _:
                return sa.literal(text, sa.Text)


def _after(columns: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
    alternatives = []
    for index, column in enumerate(columns):
        equal = [one == value for one, value in zip(columns[:index], values[:index], strict=True)]
        alternatives.append(sa.and_(*equal, column > values[index]))
    return sa.or_(*alternatives)


def _position(batch: pa.RecordBatch, key: Sequence[Column]) -> JsonObject | None:
    if not key:
        return None
    return {"key": [text_of(batch.column(column.name)[batch.num_rows - 1].as_py()) for column in key]}


def reflected(connection: sa.Connection, schemas: Sequence[str]) -> list[Stream]:
    """Describe every table and view of some schemas, of the default one where none is named."""
    inspector = sa.inspect(connection)
    default = inspector.default_schema_name or ""
    known = set(inspector.get_schema_names()) if schemas else set()
    streams = []
    for schema in schemas or (("" if connection.dialect.name == "sqlite" else default),):
        if schemas and schema not in known:
            raise refusal("SCHEMA_NOT_FOUND", f"There is no schema {schema!r}", "Check the names of the schemas.")
        streams += _of_schema(inspector, schema, connection.dialect.name)
    if len(streams) > MAX_STREAMS:
        raise refusal("CATALOG_TOO_LARGE", f"There are more than {MAX_STREAMS} tables", "Name fewer schemas.")
    return sorted(streams, key=lambda stream: stream.full_name)


def _of_schema(inspector: Inspector, schema: str, dialect: str) -> list[Stream]:
    columns = inspector.get_multi_columns(schema=schema or None, kind=ObjectKind.ANY)
    keys = inspector.get_multi_pk_constraint(schema=schema or None, kind=ObjectKind.ANY)
    return [
        _stream(place[1], schema, found, keys[place]["constrained_columns"] if place in keys else [], dialect)
        for place, found in columns.items()
        if found and not place[1].startswith("_thedata_")
    ]


def _stream(name: str, schema: str, columns: Sequence[ReflectedColumn], key: Sequence[str], dialect: str) -> Stream:
    made = []
    for column in columns:
        word = word_of(column["type"], dialect)
        # SQLite lets the key of a table be NULL, unless it is the row's number.
        sure = column["name"] in key and (dialect != "sqlite" or word == "bigint")
        made.append(Column(column["name"], word, bool(column["nullable"]) and not sure, str(column["type"])))
    return Stream(name, schema, tuple(made), tuple(key))


def word_of(type_: sa.types.TypeEngine[Any], dialect: str) -> str:
    """Find the engine's word for a reflected type."""
    if dialect == "sqlite":
        # A declared type is an affinity only: a decimal or a date holds whatever was put there, and travels as text.
        return next((word for kind, word in _SQLITE_WORDS if isinstance(type_, kind)), "text")
    if isinstance(type_, sa.Numeric) and not isinstance(type_, sa.Float):
        bounded = type_.precision is not None and type_.scale is not None
        return f"decimal({type_.precision},{type_.scale})" if bounded else "decimal"
    if isinstance(type_, sa.DateTime):
        return "timestamptz" if type_.timezone else "timestamp"
    if isinstance(type_, sa.Time) and (type_.timezone or dialect in ("mysql", "mariadb")):
        return "other" if type_.timezone else "interval"
    if isinstance(type_, sa.Integer) and getattr(type_, "unsigned", False):
        return "decimal(20,0)" if isinstance(type_, sa.BigInteger) else "bigint"
    if type_.__visit_name__ == "INTERVAL":
        return "interval"
    return next((word for kind, word in _WORDS if isinstance(type_, kind)), "other")


_SQLITE_WORDS = (
    (sa.Boolean, "boolean"), (sa.Integer, "bigint"), (sa.Float, "double"), (sa.LargeBinary, "bytes"),
)  # fmt: skip
_WORDS: tuple[tuple[type[sa.types.TypeEngine[Any]], str], ...] = (
    (sa.Boolean, "boolean"), (sa.SmallInteger, "smallint"), (sa.BigInteger, "bigint"), (sa.Integer, "integer"),
    (sa.REAL, "real"), (sa.Float, "double"), (sa.Uuid, "uuid"), (sa.JSON, "json"), (sa.ARRAY, "array"),
    (sa.types._Binary, "bytes"), (sa.Interval, "interval"), (sa.Date, "date"), (sa.Time, "time"), (sa.String, "text"),
)  # fmt: skip
_DRIVER_KEEPS = frozenset(("boolean", "smallint", "integer", "bigint", "real", "double", "text", "bytes"))
