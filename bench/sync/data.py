"""What is moved: orders of 12 columns, made by the server itself; changes of it; and the same rows as files."""

from __future__ import annotations

from pathlib import Path

from bench.sync.server import Server

COLUMNS = (
    "id bigint NOT NULL, customer_id int NOT NULL, status text NOT NULL, amount numeric(12,2), quantity int,"
    " created_at timestamptz, updated_at timestamptz, is_gift boolean, email text, note text, meta jsonb, external uuid"
)
NAMES = tuple(part.split()[0] for part in COLUMNS.replace("numeric(12,2)", "numeric").split(", "))
_ROWS = """
INSERT INTO orders SELECT i, (i::bigint * 7919) % 100000, (array['paid', 'open', 'sent', 'void'])[1 + i % 4],
    (i % 100000) / 100.0, i % 9, '2024-01-01Z'::timestamptz + i * interval '7 seconds',
    '2024-06-01Z'::timestamptz + i * interval '1 second', i % 5 = 0, 'user' || i || '@example.com',
    CASE WHEN i % 3 = 0 THEN NULL ELSE 'note number ' || i || ' with some text to it' END,
    jsonb_build_object('k', i, 'tags', array['a', 'b']), md5(i::text)::uuid
FROM generate_series(1, {rows}) i
"""
CHANGE = (
    "UPDATE orders SET updated_at = '2030-01-01Z'::timestamptz + id * interval '1 millisecond' + {round} * interval"
    " '1 day', amount = amount + 1 WHERE id % 100 = 7"
)


async def make_orders(server: Server, rows: int) -> None:
    """Fill the source database."""
    await server.create("source")
    await server.run("source", f"CREATE TABLE orders ({COLUMNS}, PRIMARY KEY (id))", _ROWS.format(rows=rows))
    await server.run("source", "VACUUM ANALYZE orders", "CHECKPOINT")


async def write_files(server: Server, folder: Path) -> dict[str, Path]:
    """Write the orders as a CSV file, by COPY, and as a Parquet file of the same values."""
    import pyarrow.csv as pacsv
    import pyarrow.parquet as papq

    found = {"csv": folder / "csv" / "orders.csv", "parquet": folder / "parquet" / "orders.parquet"}
    for path in found.values():
        path.parent.mkdir(parents=True, exist_ok=True)
    server.psql("source", f"\\copy orders to '{found['csv']}' (format csv, header)")
    convert = pacsv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=False)
    with (
        pacsv.open_csv(found["csv"], convert_options=convert) as reader,
        papq.ParquetWriter(found["parquet"], reader.schema) as writer,
    ):
        for batch in reader:
            writer.write_batch(batch)
    return found


async def content(server: Server, database: str, table: str, changed: frozenset[str] = frozenset()) -> tuple[int, str]:
    """The number of rows, and a sum over what is in their columns, spelled alike whatever types a tool has chosen."""
    items = [f"coalesce({_SPELLED.get(name, '{}::text').format(name)}, '~')" for name in NAMES if name not in changed]
    row = f"('x' || substr(md5(concat_ws('|', {', '.join(items)})), 1, 8))::bit(32)::bigint"
    found = await server.fetch(database, f"SELECT count(*), sum({row})::text FROM {table}")
    return int(found[0][0]), str(found[0][1])


_SPELLED = {
    "amount": "round({}::text::numeric, 2)::text",
    "created_at": "extract(epoch FROM {}::timestamptz)::bigint::text",
    "updated_at": "extract(epoch FROM {}::timestamptz)::bigint::text",
    "meta": "({}::text::jsonb)::text",
    "external": "lower({}::text)",
    "is_gift": "({}::text::boolean)::text",
}
