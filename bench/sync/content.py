"""What a table holds, as numbers that two systems give alike for equal rows, whatever types a tool has chosen."""

from __future__ import annotations

from dataclasses import dataclass

from bench.sync.clickhouse import Clickhouse
from bench.sync.data import Table
from bench.sync.server import Server


@dataclass(frozen=True)
class Content:
    """The number of rows, and the sum of 60 bits of the MD5 of each row's canonical text."""

    rows: int
    total: int


_POSTGRES = {
    "bigint": "{}::bigint::text",
    "int": "{}::bigint::text",
    "numeric(12,2)": "round({}::numeric * 10000)::bigint::text",
    "timestamptz": "(extract(epoch FROM {}::timestamptz) * 1000000)::bigint::text",
    "boolean": "({}::text::boolean)::int::text",
    "jsonb": "({}::text::jsonb)::text",
    "uuid": "lower({}::text)",
    "text": "{}::text",
}
_CLICKHOUSE = {
    "numeric(12,2)": "toString(toInt64(round(toFloat64({}) * 10000)))",
    "timestamptz": "toString(toUnixTimestamp64Micro(toDateTime64({}, 6, 'UTC')))",
    "boolean": "if(toString({}) IN ('t', 'true', '1'), '1', '0')",
    "uuid": "lower(toString({}))",
}


async def in_postgres(server: Server, database: str, table: Table, without: frozenset[str] = frozenset()) -> Content:
    """Read all rows of a table; its other columns, such as those that a tool adds, don't count."""
    items = [
        f"coalesce({_POSTGRES[type_].format(name)}, '~')"
        for name, type_ in table.columns.items()
        if name not in without
    ]
    row = f"('x' || substr(md5(concat_ws('|', {', '.join(items)})), 1, 15))::bit(60)::bigint"
    found = await server.fetch(database, f"SELECT count(*), coalesce(sum({row}), 0)::text FROM public.{table.name}")
    return Content(int(found[0][0]), int(found[0][1]))


async def in_clickhouse(server: Clickhouse, database: str, table: Table) -> Content:
    """Read all rows of a table."""
    items = [
        f"if(isNull({name}), '~', assumeNotNull({_CLICKHOUSE.get(type_, 'toString({})').format(name)}))"
        for name, type_ in table.columns.items()
    ]
    digest = f"MD5(concatWithSeparator('|', {', '.join(items)}))"
    row = f"toUInt128(bitShiftRight(reinterpretAsUInt64(reverse(substring({digest}, 1, 8))), 4))"
    answer = await server.ask(f"SELECT count(), toString(sum({row})) FROM {database}.{table.name} FORMAT TSV")
    rows, total = answer.split()
    return Content(int(rows), int(total))


async def hashes(server: Server, database: str, table: str, column: str) -> int:
    """The number of different SHA-256 hashes, in hexadecimal, that a column holds."""
    found = await server.fetch(
        database, f"SELECT count(DISTINCT {column}) FILTER (WHERE {column} ~ '^[0-9a-f]{{64}}$') FROM public.{table}"
    )
    return int(found[0][0])


async def types(server: Server, database: str, table: Table) -> dict[str, str]:
    """The types of a table's columns."""
    found = await server.fetch(
        database,
        # These two differ by name only.
        "SELECT attname::text, regexp_replace(format_type(atttypid, atttypmod), '^character varying$', 'text')"
        " FROM pg_attribute"
        f" WHERE attrelid = 'public.{table.name}'::regclass AND attnum > 0 AND NOT attisdropped",
    )
    return {name: type_ for name, type_ in found if name in table.columns}
