"""What runs in dlt's environment: the work comes as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import dlt
import pyarrow.csv as pacsv
import pyarrow.parquet as papq
import sqlalchemy as sa
from dlt.destinations import postgres
from dlt.sources.sql_database import sql_table

from bench.sync.programs.starting_line import wait_for_go

CHUNK_ROWS = 100_000


def rows_of(file: str, null: str) -> Iterator[Any]:
    """Read a file as Arrow batches, which dlt takes without looking at each value."""
    if file.endswith(".csv"):
        nulls = pacsv.ConvertOptions(null_values=[null], strings_can_be_null=True, quoted_strings_can_be_null=False)
        blocks = pacsv.ReadOptions(block_size=16 << 20)
        with pacsv.open_csv(file, convert_options=nulls, read_options=blocks) as reader:
            yield from reader
    else:
        yield from papq.ParquetFile(file).iter_batches(CHUNK_ROWS)


def hashed(columns: list[str]) -> Any:
    """Make what writes the query: the hash and the rename are SQL that the source works out."""

    def adapt(_query: Any, table: Any) -> Any:
        digest = sa.func.encode(sa.func.sha256(sa.func.convert_to(table.c.email, "UTF8")), "hex")
        special = {
            "email": sa.type_coerce(digest, sa.Text).label("mail"),
            # Without its reflected type the JSON would become a struct, which dlt does not load.
            "meta": sa.cast(table.c.meta, sa.Text).label("meta"),
        }
        return sa.select(*(special.get(name, table.c[name]) for name in columns))

    return adapt


def resource_of(work: dict[str, Any]) -> Any:
    if work["file"]:
        return dlt.resource(rows_of(work["file"], work["null"]), name=work["table"])
    more: dict[str, Any] = {}
    if work["kind"] in ("merge", "nothing"):
        more["incremental"] = dlt.sources.incremental("updated_at")
    if work["kind"] == "transform":
        more["query_adapter_callback"] = hashed(work["columns"])
        more["reflection_level"] = "minimal"
    if work["backend"] == "connectorx":
        more["backend_kwargs"] = {"return_type": "arrow"}
    return sql_table(
        credentials=work["source"], table=work["table"], schema="public", backend=work["backend"],
        chunk_size=CHUNK_ROWS, **more,
    )  # fmt: skip


def main(work: dict[str, Any]) -> None:
    pipeline = dlt.pipeline("bench", destination=postgres(work["destination"]), dataset_name="public")
    options: dict[str, Any] = {"write_disposition": "replace"}
    if work["kind"] in ("merge", "nothing"):
        options = {"write_disposition": "merge"}
    if not work["file"]:
        options["primary_key"] = work["key"]
    pipeline.run(resource_of(work), table_name=work["table"], **options).raise_on_failed_jobs()


if __name__ == "__main__":
    wait_for_go()
    main(json.loads(sys.argv[1]))
