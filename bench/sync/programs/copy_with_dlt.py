"""What runs in dlt's environment: wait_for_go()
case, backend, source, destination, tables and a file come as arguments."""

from __future__ import annotations

import sys
from typing import Any

import dlt
import sqlalchemy as sa
from dlt.destinations import postgres
from dlt.sources.sql_database import sql_table
from starting_line import wait_for_go

wait_for_go()
case, backend, source, destination, source_table, table, file = sys.argv[1:]
pipeline = dlt.pipeline(
    "bench", destination=postgres(destination.replace("postgresql:", "postgres:")), dataset_name="public"
)
options: dict[str, Any] = {"write_disposition": "replace", "table_name": table}


@dlt.resource(name=table)
def rows_of_file() -> Any:
    import pyarrow.csv as pacsv
    import pyarrow.parquet as papq

    if file.endswith(".csv"):
        convert = pacsv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=False)
        with pacsv.open_csv(
            file, convert_options=convert, read_options=pacsv.ReadOptions(block_size=16 << 20)
        ) as reader:
            yield from reader
    else:
        yield from papq.ParquetFile(file).iter_batches(100_000)


if file:
    resource = rows_of_file()
else:
    more: dict[str, Any] = {}
    if case in ("merge", "nothing"):
        options: dict[str, Any] = {"write_disposition": "merge", "primary_key": "id", "table_name": table}
        more["incremental"] = dlt.sources.incremental("updated_at")
    if case == "transform":

        def hashed(_query: Any, reflected: Any) -> Any:
            columns = [c for c in reflected.columns if c.name != "email"]
            return sa.select(*columns, sa.func.md5(reflected.c.email).label("mail")).select_from(reflected)

        more["query_adapter_callback"] = hashed
        more["reflection_level"] = "minimal"
    if backend == "connectorx":
        more["backend_kwargs"] = {"return_type": "arrow"}
    resource = sql_table(
        credentials=source, table=source_table, schema="public", backend=backend, chunk_size=100_000, **more
    )
pipeline.run(resource, **options).raise_on_failed_jobs()
