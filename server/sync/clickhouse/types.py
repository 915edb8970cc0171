"""ClickHouse's types: which word of the engine each one is, how its values travel, and what a column lands as."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from server.sync.destination import Fitted, Mapping, TargetColumn, Unfit
from server.sync.fitting import fitted
from server.sync.model import Column
from server.sync.type_words import base, precision

DIGITS = 76  # the most that a Decimal has
INSTANT = "DateTime64(6, 'UTC')"
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2299, 12, 31)

_WORDS = {
    "Bool": "boolean", "Int8": "smallint", "Int16": "smallint", "Int32": "integer", "Int64": "bigint",
    "UInt8": "smallint", "UInt16": "integer", "UInt32": "bigint", "UInt64": "decimal(20,0)",
    "Int128": "decimal(39,0)", "UInt128": "decimal(39,0)", "Int256": "decimal(77,0)", "UInt256": "decimal(78,0)",
    "Float32": "real", "Float64": "double", "BFloat16": "real", "String": "text", "FixedString": "bytes",
    "UUID": "uuid", "Date": "date", "Date32": "date", "DateTime": "timestamptz", "DateTime64": "timestamptz",
    "Time": "time", "Enum8": "text", "Enum16": "text", "IPv4": "text", "IPv6": "text", "Array": "array",
    "Map": "json", "Tuple": "json", "Nested": "json", "JSON": "json", "Variant": "json", "Dynamic": "json",
    "Point": "json", "Ring": "json", "Polygon": "json", "MultiPolygon": "json", "LineString": "json",
}  # fmt: skip
_TYPES = {
    "boolean": "Bool", "smallint": "Int16", "integer": "Int32", "bigint": "Int64", "real": "Float32",
    "double": "Float64", "text": "String", "bytes": "String", "date": "Date32", "time": "String",
    "timestamp": INSTANT, "timestamptz": INSTANT, "uuid": "UUID", "json": "String", "array": "String",
}  # fmt: skip
_NOTES = {
    "bytes": "ClickHouse keeps bytes as a String",
    "time": "the time of day lands as text",
    "timestamp": "the time without a zone lands as that time in UTC",
    "json": "the JSON lands as text",
    "array": "the array lands as JSON text",
}
_ARROW = {
    "smallint": pa.int16(), "integer": pa.int32(), "bigint": pa.int64(), "real": pa.float32(), "date": pa.date32(),
    "timestamp": pa.timestamp("us"), "timestamptz": pa.timestamp("us", "UTC"),
}  # fmt: skip
# Types that values of the same type are written to by what ``expression`` reads of them.
_SAME = re.compile(r"(U?Int\d+|Float(32|64)|Bool|String|FixedString\(\d+\)|UUID|Date|Date32|Enum(8|16)\(.*\)|IPv[46])$")
_TEXTUAL = re.compile(r"String$|UInt64$|U?Int(128|256)$")
# Types that land as a String without being texts.
_TEXTUAL_WORDS = frozenset(("bytes", "json", "array"))
_UUID = r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"


def bare(native: str) -> str:
    """Leave out what stands around a type: LowCardinality, Nullable, SimpleAggregateFunction."""
    for wrapper in ("LowCardinality(", "Nullable("):
        if native.startswith(wrapper):
            return bare(native[len(wrapper) : -1])
    if native.startswith("SimpleAggregateFunction("):
        return bare(native[:-1].partition(",")[2].strip())
    return native


def nullable(native: str) -> bool:
    """Whether a type takes NULL."""
    return native.startswith(("Nullable(", "LowCardinality(Nullable("))


def word(native: str, told: str = "") -> str:
    """Say a type in the engine's word; ``told`` is the column's comment, which tells bytes from a text."""
    plain = bare(native)
    if plain == "String" and told == "bytes":
        return "bytes"
    if plain.startswith("Decimal("):
        digits, scale = (int(part) for part in plain[8:-1].split(","))
        return f"decimal({digits},{scale})"
    if plain.startswith("Interval"):
        return "interval"
    return _WORDS.get(plain.partition("(")[0], "other")


def expression(column: Column, name: str) -> str:
    """Write how a column is read, so that Arrow or a text holds every value of it."""
    plain = bare(column.native_type)
    kind = plain.partition("(")[0]
    if column.type in ("array", "json"):
        return f"toJSONString({name})" if kind != "JSON" else f"toString({name})"
    if kind == "AggregateFunction":
        return f"hex({name})"
    if kind == "DateTime64" and int(plain[len("DateTime64(")]) > 6:
        # More digits than microseconds stay in the text, where whoever cannot hold them sees them.
        return f"replaceRegexpOne(toString(toTimeZone({name}, 'UTC')), '0{{1,3}}$', '') || '+00:00'"
    if kind in ("DateTime", "DateTime64"):
        return f"toTimeZone(CAST({name} AS {_wrap('DateTime64(6)', column.native_type)}), 'UTC')"
    if kind == "FixedString" or column.type in ("real", "double", "boolean", "smallint", "integer", "bigint"):
        return name
    if kind == "Date":
        return f"toDate32({name})"
    if column.type == "date" or (kind == "String" and column.type == "text"):
        return name
    if kind == "Decimal" and (precision(column.type) or (99, 0))[0] <= 38:
        return name
    return f"toString({name})"


def mapping(column: Column, *, same_kind: bool) -> Mapping:
    """Choose the type that a column lands as; no value of it is lost, except days before 1900 and after 2299."""
    plain = bare(column.native_type) if same_kind else ""
    if plain and _SAME.match(plain):
        return Mapping(plain)
    if base(column.type) == "decimal":
        known = precision(column.type)
        if known and 0 < known[0] <= DIGITS and 0 <= known[1] <= known[0]:
            return Mapping(f"Decimal({known[0]}, {known[1]})")
        return Mapping("String", note="ClickHouse has no decimals of this length: the digits land as text")
    return Mapping(_TYPES.get(base(column.type), "String"), note=_NOTES.get(base(column.type), ""))


def declared(column: TargetColumn) -> str:
    """Write a column's type with its nullability."""
    return f"Nullable({column.ddl})" if column.nullable else column.ddl


def comment(column: TargetColumn) -> str:
    """Write the comment that keeps a column's own type, where the one that it lands as tells less."""
    known = base(column.column.type)
    plain = known in _TEXTUAL_WORDS if column.ddl == "String" else known == "timestamp" and column.ddl == INSTANT
    return f" COMMENT '{known}'" if plain else ""


def fit(rows: pa.RecordBatch, columns: Sequence[TargetColumn]) -> Fitted:
    """Turn canonical texts into values, and leave out the rows that ClickHouse cannot hold exactly."""
    # What lands as text, or is read back as text, stays the text that it is.
    asked = [_as_text(c) if _TEXTUAL.match(c.ddl) and c.column.type != "bytes" else c for c in columns]
    found = fitted(rows, asked, {column.name: column.ddl for column in columns})
    left_out = {item.index for item in found.unfit}
    kept = [index for index in range(rows.num_rows) if index not in left_out] if left_out else None
    unfit = dict.fromkeys(left_out)
    bad: dict[int, Unfit] = {}
    for values, column in zip(found.rows.columns, columns, strict=True):
        fits = _fits(values, column)
        if fits is None or pc.all(fits).as_py() is not False:
            continue
        for index in pc.indices_nonzero(pc.invert(pc.fill_null(fits, True))).to_pylist():
            original = kept[index] if kept else index
            message = f"The value is outside of what {column.ddl} can hold"
            if original not in unfit:
                bad.setdefault(index, Unfit(original, column.name, "VALUE_NOT_STORABLE", message))
    if not bad:
        return found
    batch = found.rows.filter(pa.array([index not in bad for index in range(found.rows.num_rows)]))
    return Fitted(batch, tuple(sorted((*found.unfit, *bad.values()), key=lambda item: item.index)))


def written(values: pa.Array, column: TargetColumn) -> pa.Array:
    """Turn a fitted column into what is sent: the types that ClickHouse takes as they are."""
    if (kind := _decimal256(column)) is not None and pa.types.is_string(values.type):
        return pc.cast(values, kind)
    if column.ddl in ("String", "UUID") and _texts(values):
        return values
    if column.ddl == "String":
        # Of a type that has become text: the texts are the canonical ones.
        return values if pa.types.is_binary(values.type) else pc.cast(values, pa.string())
    return values


def natural(values: pa.Array, column: Column) -> pa.Array:
    """Give what was read the natural Arrow type of the column, where it is not a text."""
    if column.type == "bytes":
        return values.cast(pa.binary())
    wanted = _ARROW.get(column.type)
    return values if wanted is None or _texts(values) else values.cast(wanted)


def _decimal256(column: TargetColumn) -> pa.DataType | None:
    known = precision(column.column.type)
    wide = known is not None and 38 < known[0] <= DIGITS and column.ddl.startswith("Decimal(")
    return pa.decimal256(*known) if wide and known else None


def _fits(values: pa.Array, column: TargetColumn) -> pa.Array | None:
    if column.ddl == "Date32" and pa.types.is_date(values.type):
        return pc.and_(pc.greater_equal(values, FIRST_DAY), pc.less_equal(values, LAST_DAY))
    if column.ddl == INSTANT and pa.types.is_timestamp(values.type):
        zone = values.type.tz
        first, last = (
            pa.scalar(datetime.combine(day, moment), pa.timestamp("us")).cast(pa.timestamp("us", zone))
            for day, moment in ((FIRST_DAY, datetime.min.time()), (LAST_DAY, datetime.max.time()))
        )
        return pc.and_(pc.greater_equal(values, first), pc.less_equal(values, last))
    if column.ddl == "UUID" and _texts(values):
        return pc.match_substring_regex(values, _UUID)
    if (kind := _decimal256(column)) is not None and _texts(values):
        return pa.array([_converts(value, kind) for value in values.to_pylist()], pa.bool_())
    return None


def _converts(value: str | None, kind: pa.DataType) -> bool:
    try:
        pa.scalar(value, pa.string()).cast(kind)
    except pa.ArrowInvalid:
        return False
    return True


def _as_text(column: TargetColumn) -> TargetColumn:
    return replace(column, column=replace(column.column, type="text"))


def _texts(values: pa.Array) -> bool:
    return bool(pa.types.is_string(values.type) or pa.types.is_large_string(values.type))


def _wrap(plain: str, native: str) -> str:
    return f"Nullable({plain})" if nullable(native) else plain
