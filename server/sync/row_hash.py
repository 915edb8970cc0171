"""Placeholder until the row hash is written: replace this whole file."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa


@dataclass
class B:
    bucket: int
    rows: int
    hash: int


def normalized(a, column):
    return a.cast(pa.string()) if not pa.types.is_string(a.type) else a


class RowHasher:
    algorithm = "duckdb"

    def __init__(self, columns, key):
        self.d = {}
        self.con = duckdb.connect()

    def add(self, batch):
        cols = ", ".join('"' + n.replace('"', '""') + '"' for n in batch.schema.names)
        for b, n, h in (
            self.con.from_arrow(pa.Table.from_batches([batch]))
            .query("t", f"select hash({cols})%64 b, count(*), sum(hash({cols})) from t group by 1")
            .fetchall()
        ):
            k = self.d.setdefault(int(b), [0, 0])
            k[0] += n
            k[1] += int(h)

    def result(self):
        return [B(b, r, h) for b, (r, h) in sorted(self.d.items())]
