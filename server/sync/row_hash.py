"""A content hash of rows that depends neither on their order nor on how batches are cut, for any two systems.

Each value is hashed in a form that is the same for its natural Arrow type and for its canonical text, so that what
was read from one system can be compared with what another gives back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from server.sync.duck import Calculator, quoted
from server.sync.model import Column
from server.sync.type_words import base, precision

BUCKETS = 64
DIGITS = 38  # the most that DuckDB's DECIMAL has


@dataclass(frozen=True, slots=True)
class BucketHash:
    """The rows of one bucket: their number, and the sum of their 64-bit hashes."""

    bucket: int
    rows: int
    hash: int


class RowHasher:
    """Adds up row hashes in buckets by the key's hash (without a key: by the row's).

    ``alike`` names columns whose texts are spelled by one system on both sides: they are hashed as they are.
    """

    def __init__(self, columns: Sequence[Column], key: Sequence[str], alike: Collection[str] = ()) -> None:
        self._columns = tuple(columns)
        self._alike = frozenset(alike)
        self._key = tuple(key)
        self._calculator = Calculator()
        self._rows = dict.fromkeys(range(BUCKETS), 0)
        self._sums = dict.fromkeys(range(BUCKETS), 0)
        self._queries: dict[pa.Schema, str] = {}

    @property
    def algorithm(self) -> str:
        """The name of the hash; numbers of different names can't be compared."""
        import duckdb

        return f"duckdb-{duckdb.__version__}-hash"

    def add(self, batch: pa.RecordBatch) -> None:
        """Add rows; their columns are the hasher's, in its order."""
        if not batch.num_rows:
            return
        prepared = _prepared(batch, self._columns, self._alike)
        query = self._queries.setdefault(prepared.schema, self._query(prepared.schema))
        table = self._calculator.calculate(query, prepared)
        for bucket, rows, total in zip(*(column.to_pylist() for column in table.columns), strict=True):
            self._rows[bucket] += rows
            self._sums[bucket] += int(total)

    def result(self) -> tuple[BucketHash, ...]:
        """The buckets that hold rows, in order."""
        return tuple(BucketHash(b, self._rows[b], self._sums[b]) for b in range(BUCKETS) if self._rows[b])

    def close(self) -> None:
        """Give the memory back."""
        self._calculator.close()

    def _query(self, schema: pa.Schema) -> str:
        forms = {
            column.name: quoted(name)
            if column.name in self._alike
            else comparable_form(quoted(name), column, schema.field(index).type)
            for index, (name, column) in enumerate(zip(schema.names, self._columns, strict=True))
        }
        row = f"hash({', '.join(forms.values())})"
        key = f"hash({', '.join(forms[name] for name in self._key)})" if self._key else row
        return (
            "SELECT bucket::INTEGER, count(*), sum(row_hash)::VARCHAR FROM"
            f" (SELECT {key} % {BUCKETS} AS bucket, {row} AS row_hash FROM batch) GROUP BY 1"
        )


def comparable_form(name: str, column: Column, type_: pa.DataType) -> str:
    """Write the expression of a value's form for comparison, by the engine's type and the Arrow type that it has."""
    text = pa.types.is_string(type_) or pa.types.is_large_string(type_)
    match base(column.type):
        case "smallint" | "integer" | "bigint":
            return f"CAST({name} AS BIGINT)"
        case "boolean":
            return f"lower({name}) IN ('t', 'true')" if text else name
        case "real":
            return f"CAST(CAST({name} AS FLOAT) AS DOUBLE) + 0.0"
        case "double":
            return f"CAST({name} AS DOUBLE) + 0.0"
        case "decimal" if (precision(column.type) or (99, 0))[0] <= DIGITS:
            return _exactly(name, column.type.upper(), text=text)
        case "decimal":
            return _decimal(name if text else f"CAST({name} AS VARCHAR)")
        case "bytes":
            return f"lower({name})" if text else f"'\\x' || lower(hex({name}))"
        case "uuid":
            return f"lower(CAST({name} AS VARCHAR))"
        case "date":
            return _exactly(name, "DATE", text=text)
        case "time":
            return _exactly(name, "TIME", text=text)
        case "timestamp":
            return _exactly(name, "TIMESTAMP", text=text)
        case "timestamptz":
            return _exactly(name, "TIMESTAMPTZ", text=text)
        case _:
            return name if text else f"CAST({name} AS VARCHAR)"


def _exactly(name: str, type_: str, *, text: bool) -> str:
    # What the type cannot hold (years before Christ, NaN) is hashed as the text that it is: TRY_CAST gives NULL there.
    value = f"TRY_CAST({name} AS {type_})"
    known = f"CASE WHEN {value} IS NULL THEN hash({name}) ELSE hash({value}) END" if text else f"hash({value})"
    return f"CASE WHEN {name} IS NULL THEN NULL ELSE {known} END"


def _decimal(text: str) -> str:
    short = f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
    return (
        f"CASE WHEN {text} IS NULL THEN NULL ELSE list_transform([{short}], lambda d: CASE WHEN d IN ('-0', '', '-')"
        " THEN '0' WHEN starts_with(d, '.') THEN '0' || d WHEN starts_with(d, '-.') THEN '-0' || substr(d, 2)"
        " ELSE d END)[1] END"
    )


def _prepared(batch: pa.RecordBatch, columns: Sequence[Column], alike: Collection[str]) -> pa.RecordBatch:
    """Bring what SQL can't bring into a comparable form: exponents, and JSON that another system writes anew."""
    arrays = []
    for values, column in zip(batch.columns, columns, strict=True):
        word = base(column.type)
        is_text = pa.types.is_string(values.type)
        if column.name in alike:
            arrays.append(values)
            continue
        if is_text and word == "decimal" and pc.any(pc.match_substring_regex(values, "[eE+]")).as_py():
            values = _each(values, _plain_number)
        elif is_text and word in ("json", "array"):
            values = _each(values, _plain_json)
        elif isinstance(values.type, pa.BaseExtensionType):
            values = values.storage
        arrays.append(values)
    # Positions, because names of two columns may differ by case only.
    return pa.RecordBatch.from_arrays(arrays, names=[f"c{index}" for index in range(len(arrays))])


def _each(values: pa.Array, form: Callable[[str], str]) -> pa.Array:
    cached = cache(form)
    return pa.array([None if value is None else cached(value) for value in values.to_pylist()], pa.string())


def _plain_number(text: str) -> str:
    value = Decimal(text)
    return format(value, "f") if value.is_finite() else text


def _plain_json(text: str) -> str:
    try:
        value = json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=_Number)
    except ValueError:
        return text
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class _Number(str):
    """A JSON number whose value is compared, not its spelling."""

    __slots__ = ()

    def __new__(cls, text: str) -> _Number:
        value = Decimal(text)
        plain = format(value.normalize(), "f") if value.is_finite() else text
        return super().__new__(cls, f"\0{plain}")
