"""The catalog of a PostgreSQL database: tables, views, their columns and keys, and how each column is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column, Stream
from server.sync.names import quote

MAX_STREAMS = 10_000


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column as COPY will send it.

    ``expression`` is what stands in the SELECT (with a cast where the type exists on the source only), ``ddl`` the
    type that the destination gets, ``hashable`` whether the server can hash it inside a record.
    """

    column: Column
    expression: str
    ddl: str
    hashable: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view of a PostgreSQL source with all that is needed to copy it.

    ``blocks`` is the size of a plain table in pages, 0 for everything that has no pages of its own.
    """

    namespace: str
    name: str
    columns: tuple[SourceColumn, ...]
    primary_key: tuple[str, ...]
    estimated_rows: int | None
    estimated_bytes: int | None
    blocks: int

    def stream(self) -> Stream:
        """Describe it as a stream of the catalog."""
        return Stream(
            self.name,
            self.namespace,
            tuple(item.column for item in self.columns),
            self.primary_key,
            self.estimated_rows,
            self.estimated_bytes,
        )


async def read_relation(connection: asyncpg.Connection, namespace: str, name: str) -> Relation:
    """Describe one table or view; raises SyncError TABLE_NOT_FOUND, PERMISSION_DENIED."""
    found = await read_relations(connection, (namespace,) if namespace else (), name)
    if len(found) == 1:
        return found[0]
    many = len(found) > 1
    place = f"table {namespace}.{name}" if namespace else f"table {name}"
    if not many and await connection.fetchval(_EXISTS, name, namespace):
        raise SyncError(
            origin=Origin.SOURCE,
            type=ErrorType.CONFIG,
            code="PERMISSION_DENIED",
            message=f"The account may not read the {place}",
            advice="Grant it USAGE on the schema and SELECT on the table.",
            stream=f"{namespace}.{name}" if namespace else name,
            position=place,
        )
    problem = "is more than one" if many else "is no"
    raise SyncError(
        origin=Origin.SOURCE,
        type=ErrorType.CONFIG,
        code="TABLE_AMBIGUOUS" if many else "TABLE_NOT_FOUND",
        message=f"There {problem} table or view {name!r} in {namespace or 'any schema'}",
        advice="Name the schema." if many else "Discover the source again and choose an existing table.",
        stream=f"{namespace}.{name}" if namespace else name,
        position=place,
    )


async def read_relations(connection: asyncpg.Connection, schemas: Sequence[str], name: str | None) -> list[Relation]:
    """Describe the tables and views of these schemas (none: of all that are not the server's own)."""
    rows = await connection.fetch(_RELATIONS, list(schemas), name, MAX_STREAMS + 1)
    if len(rows) > MAX_STREAMS:
        raise SyncError(
            origin=Origin.SOURCE,
            type=ErrorType.CONFIG,
            code="CATALOG_TOO_LARGE",
            message=f"The database has more than {MAX_STREAMS} tables and views",
            advice="Name the schemas to read from.",
        )
    columns: dict[int, list[SourceColumn]] = {row["oid"]: [] for row in rows}
    for row in await connection.fetch(_COLUMNS, list(columns)):
        columns[row["attrelid"]].append(_source_column(row))
    return [
        Relation(
            row["namespace"],
            row["name"],
            tuple(columns[row["oid"]]),
            tuple(row["primary_key"]),
            None if row["reltuples"] < 0 else int(row["reltuples"]),
            row["bytes"],
            row["blocks"],
        )
        for row in rows
    ]


_EXISTS = """
SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relname = $1 AND ($2 = '' OR n.nspname = $2) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                  AND NOT starts_with(c.relname, '_thedata_') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                  AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')))
"""

_RELATIONS = """
SELECT c.oid, n.nspname AS namespace, c.relname AS name, c.reltuples,
       CASE WHEN c.relkind IN ('r', 'm') THEN pg_table_size(c.oid) END AS bytes,
       CASE WHEN c.relkind IN ('r', 'm')
            THEN pg_relation_size(c.oid) / current_setting('block_size')::bigint ELSE 0 END AS blocks,
       coalesce((SELECT array_agg(a.attname::text ORDER BY k.position)
                   FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, position), pg_attribute a
                  WHERE i.indrelid = c.oid AND i.indisprimary
                    AND a.attrelid = c.oid AND a.attnum = k.attnum), '{}') AS primary_key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
   AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
   AND (cardinality($1::text[]) = 0 OR n.nspname = ANY ($1::text[]))
   AND ($2::text IS NULL OR c.relname = $2::text)
   AND NOT starts_with(c.relname, '_thedata_')
   AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
 ORDER BY 2, 3 LIMIT $3
"""

# The base type of a domain over domains is found by walking down; typmods come from the lowest domain that has one.
_COLUMNS = """
SELECT a.attrelid, a.attname::text AS name, a.attnotnull, format_type(a.atttypid, a.atttypmod) AS native,
       base.typtype::text AS kind, base.typcategory::text AS category, base.typname::text AS type,
       format_type(base.oid, low.typmod) AS ddl, element.typname::text AS element,
       base.oid < 16384 AND base.typtype IN ('b', 'r', 'm') AND base.typsend <> 0 AS portable,
       a.atttypid = base.oid AS plain
  FROM pg_attribute a
 CROSS JOIN LATERAL (
       WITH RECURSIVE chain (oid, typmod, depth) AS (
              SELECT a.atttypid, a.atttypmod, 0
               UNION ALL
              SELECT t.typbasetype, CASE WHEN t.typtypmod <> -1 THEN t.typtypmod ELSE chain.typmod END, depth + 1
                FROM chain JOIN pg_type t ON t.oid = chain.oid AND t.typtype = 'd')
       SELECT oid, typmod FROM chain ORDER BY depth DESC LIMIT 1) AS low
  JOIN pg_type base ON base.oid = low.oid
  LEFT JOIN pg_type element ON element.oid = base.typelem AND base.typcategory = 'A'
 WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attrelid, a.attnum
"""

_TYPE_WORDS = {
    "bool": "boolean",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "float4": "real",
    "float8": "double",
    "numeric": "decimal",
    "text": "text",
    "varchar": "text",
    "bpchar": "text",
    "name": "text",
    "char": "text",
    "bytea": "bytes",
    "date": "date",
    "time": "time",
    "timestamp": "timestamp",
    "timestamptz": "timestamptz",
    "interval": "interval",
    "uuid": "uuid",
    "json": "json",
    "jsonb": "json",
}
# Their binary form holds an OID of the source's own catalog, which means something else elsewhere.
_LOCAL_TYPES = frozenset(
    (
        "regclass",
        "regcollation",
        "regconfig",
        "regdictionary",
        "regnamespace",
        "regoper",
        "regoperator",
        "regproc",
        "regprocedure",
        "regrole",
        "regtype",
        "aclitem",
    )
)
_HASHABLE_TYPES = frozenset(
    (
        "bool",
        "int2",
        "int4",
        "int8",
        "oid",
        "float4",
        "float8",
        "numeric",
        "text",
        "varchar",
        "bpchar",
        "name",
        "char",
        "bytea",
        "date",
        "time",
        "timetz",
        "timestamp",
        "timestamptz",
        "interval",
        "uuid",
        "inet",
        "cidr",
        "macaddr",
        "macaddr8",
        "jsonb",
    )
)


def _source_column(row: asyncpg.Record) -> SourceColumn:
    type_, element = row["type"], row["element"]
    is_array = element is not None
    local = (element or type_) in _LOCAL_TYPES
    name = quote(row["name"])
    if row["portable"] and not local:
        ddl = row["ddl"]
        # A domain is sent like its base type, but inside an array or a record it would carry its own OID.
        expression = name if row["plain"] else f"{name}::{ddl}"
        word = "array" if is_array else _TYPE_WORDS.get(type_, "other")
        if word == "decimal" and ddl.startswith("numeric("):
            word = ddl.replace("numeric", "decimal")
    else:
        ddl = "text[]" if is_array else "text"
        expression = f"{name}::{ddl}"
        type_, element = "text", "text"
        word = "array" if is_array else "text"
    hashable = (element if is_array else type_) in _HASHABLE_TYPES
    column = Column(row["name"], word, not row["attnotnull"], row["native"], ddl)
    return SourceColumn(column, expression, ddl, hashable)
