"""What happens to a stream's rows on their way: filter, casts, derived columns, protection of values, names.

Columns that nothing touches go through by reference: not one of their bytes changes. The rest is calculated by DuckDB
over whole batches. A row whose cast or expression fails is rejected, never NULLed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.sync.duck import Calculator, quoted
from server.sync.expressions import invalid, parsed_columns
from server.sync.model import Column
from server.sync.type_words import base, precision

MAX_CONTENT = 64 << 10
DIGITS = 38  # the most that DuckDB's DECIMAL has


class Method(StrEnum):
    """How a column is protected."""

    HASH = "hash"
    MASK = "mask"
    REDACT = "redact"
    ENCRYPT = "encrypt"


@dataclass(frozen=True, slots=True)
class Derived:
    """A column that an expression makes."""

    name: str
    expression: str


@dataclass(frozen=True, slots=True)
class Protection:
    """A column whose values do not land as they are.

    HASH: HMAC-SHA256, hexadecimal. MASK: stars and the last ``keep`` characters; a text that has no more is masked
    whole. REDACT: ``replacement`` (None is NULL). ENCRYPT: AES-SIV, base64. NULL stays NULL.
    """

    column: str
    method: Method
    keep: int = 4
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Transforms:
    """All that a stream asks for; columns are named as the source does, renames map to the destination's names."""

    filter: str = ""
    casts: Mapping[str, str] = field(default_factory=dict)
    derived: tuple[Derived, ...] = ()
    protections: tuple[Protection, ...] = ()
    renames: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Transforms:
        """Read what JSON has kept: the fields of ``asdict``."""
        return cls(
            raw.get("filter", ""),
            dict(raw.get("casts", {})),
            tuple(Derived(**item) for item in raw.get("derived", ())),
            tuple(Protection(**{**item, "method": Method(item["method"])}) for item in raw.get("protections", ())),
            dict(raw.get("renames", {})),
        )

    def names(self, names: Iterable[str]) -> dict[str, str]:
        """Map the source's names to the destination's."""
        return {name: self.renames.get(name, name) for name in names}


@dataclass(frozen=True, slots=True)
class RejectedByTransform:
    """A row of a batch that a cast or an expression could not take."""

    index: int
    column: str
    code: str
    message: str
    content: str


@dataclass(frozen=True, slots=True)
class Applied:
    """The rows as they go on; ``kept`` are their indexes in the batch that came (None: all of them)."""

    rows: pa.RecordBatch
    rejected: tuple[RejectedByTransform, ...] = ()
    kept: pa.Array | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    """A column of the result that is calculated: its name in the query, the SQL, and a last step in Python."""

    column: Column
    sql: str
    finish: Callable[[pa.Array], pa.Array] | None = None
    demanded: bool = False


class Compiled:
    """Transforms for one stream's columns, ready to be applied by one thread."""

    def __init__(self, transforms: Transforms, columns: Sequence[Column], secret: bytes | None) -> None:
        self._transforms = transforms
        self._sources = tuple(columns)
        by_name = {column.name: column for column in columns}
        self._check_names(by_name)
        self._calculator = Calculator() if _calculates(transforms) else None
        self._referenced: dict[str, None] = {}
        self.names = transforms.names(by_name)
        self._made: dict[str, _Made] = {}
        self._filter = self._expression(transforms.filter, by_name, "the filter") if transforms.filter else ""
        for name, type_ in transforms.casts.items():
            self._made[name] = self._cast(by_name[name], type_)
        for item in transforms.protections:
            self._made[item.column] = _protected(item, by_name[item.column], self._made.get(item.column), secret)
        results = [
            _renamed(self._made[c.name].column if c.name in self._made else c, self.names[c.name]) for c in columns
        ]
        for derived in transforms.derived:
            self._made[f"\0{derived.name}"] = made = self._derived(derived, by_name)
            results.append(made.column)
        self.columns = tuple(results)
        self.exact = frozenset(self.names[column.name] for column in columns if column.name not in self._made)

    @property
    def only_selects_and_renames(self) -> bool:
        """Whether no value is looked at."""
        return self._calculator is None

    def apply(self, batch: pa.RecordBatch) -> Applied:
        """Carry out everything for a batch with the source's columns."""
        if self._calculator is None or not batch.num_rows:
            return Applied(self._empty(batch) if self._calculator is not None else self._arranged(batch, {}))
        calculated, rejected = self._calculated(batch, 0)
        rows = self._arranged(batch, calculated)
        keep = calculated.get("\0keep")
        mask = pc.fill_null(keep, False) if keep is not None else None
        if rejected:
            bad = pa.array([index in rejected for index in range(batch.num_rows)])
            mask = pc.invert(bad) if mask is None else pc.and_(mask, pc.invert(bad))
        if mask is None:
            return Applied(rows)
        told = tuple(rejected[index] for index in sorted(rejected))
        return Applied(rows.filter(mask), told, pc.indices_nonzero(mask))

    def apply_to_key(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Carry out what concerns the columns of a key alone: no filter, no derived columns."""
        made = {name: item for name, item in self._made.items() if name in batch.schema.names}
        calculated: dict[str, pa.Array] = {}
        if made and batch.num_rows:
            calculated = self._run(batch, made, "")
        names = [self.names[name] for name in batch.schema.names]
        arrays = [calculated.get(name, batch.column(name)) for name in batch.schema.names]
        return pa.RecordBatch.from_arrays(arrays, names=names)

    def close(self) -> None:
        """Give the memory back."""
        if self._calculator is not None:
            self._calculator.close()

    def _calculated(
        self, batch: pa.RecordBatch, offset: int
    ) -> tuple[dict[str, pa.Array], dict[int, RejectedByTransform]]:
        """Calculate a batch; where the calculation itself fails, find its rows by halving."""
        assert self._calculator is not None
        try:
            calculated = self._run(batch, self._made, self._filter)
        except self._calculator.failures as error:
            if batch.num_rows > 1:
                half = batch.num_rows // 2
                left, wrong = self._calculated(batch.slice(0, half), offset)
                right, more = self._calculated(batch.slice(half), offset + half)
                joined = {name: pa.concat_arrays([left[name], right[name]]) for name in left}
                return joined, wrong | more
            nothing = {name: pa.nulls(1, values.type) for name, values in self._blank(batch).items()}
            return nothing, {offset: _rejected(batch, 0, offset, "", "EXPRESSION_FAILED", _said(error))}
        return calculated, self._misfits(batch, calculated, offset)

    def _blank(self, batch: pa.RecordBatch) -> dict[str, pa.Array]:
        return self._run(batch.slice(0, 0), self._made, self._filter)

    def _run(self, batch: pa.RecordBatch, made: Mapping[str, _Made], condition: str) -> dict[str, pa.Array]:
        assert self._calculator is not None
        present = [column for column in self._sources if column.name in batch.schema.names]
        inner = ", ".join(
            [
                f"{_native(quoted(column.name), column, batch.schema.field(column.name).type)} AS {quoted(column.name)}"
                for column in present
                if column.name in self._referenced
            ]
            # What is only protected is taken as the text that it is: it need not fit a type of DuckDB's.
            + [f"CAST({quoted(c.name)} AS VARCHAR) AS {_text_name(c.name)}" for c in present if c.name in made]
        )
        items = {name: item.sql for name, item in made.items()} | ({"\0keep": condition} if condition else {})
        selected = ", ".join(f"{sql} AS m{index}" for index, sql in enumerate(items.values()))
        table = self._calculator.calculate(f"SELECT {selected} FROM (SELECT {inner or '1'} FROM batch)", batch)
        results: dict[str, pa.Array] = {}
        for name, values in zip(items, table.columns, strict=True):
            flat = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], values.type)
            finish = made[name].finish if name in made else None
            results[name] = finish(flat) if finish else flat
        return results

    def _misfits(
        self, batch: pa.RecordBatch, calculated: Mapping[str, pa.Array], offset: int
    ) -> dict[int, RejectedByTransform]:
        rejected: dict[int, RejectedByTransform] = {}
        for name, made in self._made.items():
            if not made.demanded:
                continue
            lost = pc.and_(pc.is_null(calculated[name]), pc.is_valid(batch.column(name)))
            for index in pc.indices_nonzero(lost).to_pylist():
                message = f"The value is no {made.column.type} that could be kept exactly"
                row = _rejected(batch, index, offset + index, name, "VALUE_DOES_NOT_FIT", message)
                rejected.setdefault(offset + index, row)
        return rejected

    def _arranged(self, batch: pa.RecordBatch, calculated: Mapping[str, pa.Array]) -> pa.RecordBatch:
        arrays = [
            calculated[column.name] if column.name in calculated else batch.column(column.name)
            for column in self._sources
        ]
        arrays += [calculated[f"\0{derived.name}"] for derived in self._transforms.derived]
        return pa.RecordBatch.from_arrays(arrays, names=[column.name for column in self.columns])

    def _empty(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return self._arranged(batch, self._blank(batch))

    def _check_names(self, by_name: Mapping[str, Column]) -> None:
        used = [
            *((name, "casts") for name in self._transforms.casts),
            *((item.column, "protections") for item in self._transforms.protections),
            *((name, "renames") for name in self._transforms.renames),
        ]
        for name, place in used:
            if name not in by_name:
                raise invalid(f"There is no selected column {name!r}", place)

    def _expression(self, sql: str, by_name: Mapping[str, Column], place: str) -> str:
        assert self._calculator is not None
        for name in parsed_columns(self._calculator, sql, by_name, place):
            self._referenced.setdefault(name)
        return f"({sql}\n)"

    def _cast(self, column: Column, type_: str) -> _Made:
        self._referenced.setdefault(column.name)
        word = base(type_)
        sql_type = DUCK_TYPES.get(word, "")
        if not sql_type or (word == "decimal" and "(" in type_ and (precision(type_) or (99, 0))[0] > DIGITS):
            raise invalid(f"{type_!r} is no type that a column can be cast to", f"casts of {column.name}")
        name = quoted(column.name)
        if word == "text":
            sql = _text_name(column.name)
        elif word in ("smallint", "integer", "bigint") or "(" in type_:
            # A cast to fewer digits after the point would round.
            exact = f"TRY_CAST({name} AS DECIMAL(38, 18))"
            made = f"TRY_CAST({exact} AS {type_.upper()})"
            sql = f"CASE WHEN {made} = {exact} THEN {made} END"
        else:
            sql = _shown(f"TRY_CAST({name} AS {sql_type})", type_)
        result = Column(column.name, type_, column.nullable, type_)
        return _Made(result, sql, demanded=True)

    def _derived(self, derived: Derived, by_name: Mapping[str, Column]) -> _Made:
        assert self._calculator is not None
        place = f"the derived column {derived.name}"
        sql = self._expression(derived.expression, by_name, place)
        typed = ", ".join(
            f"CAST(NULL AS {_native_type(column)}) AS {quoted(column.name)}" for column in by_name.values()
        )
        try:
            found = self._calculator.fetch(f"DESCRIBE SELECT {sql} AS value FROM (SELECT {typed})")
        except self._calculator.failures as error:
            raise invalid(_said(error), place) from error
        word, shown = _result(str(found[0][1]), sql)
        return _Made(Column(derived.name, word, True, ""), shown)


def compile_transforms(transforms: Transforms, columns: Sequence[Column], secret: bytes | None) -> Compiled:
    """Make transforms ready for these columns; raises SyncError TRANSFORM_INVALID with the place."""
    return Compiled(transforms, columns, secret)


DUCK_TYPES = {
    "boolean": "BOOLEAN",
    "smallint": "SMALLINT",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "real": "FLOAT",
    "double": "DOUBLE",
    "decimal": "DECIMAL(38, 12)",
    "text": "VARCHAR",
    "bytes": "BLOB",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMPTZ",
    "interval": "INTERVAL",
    "uuid": "UUID",
    "json": "JSON",
}


def _calculates(transforms: Transforms) -> bool:
    return bool(transforms.filter or transforms.casts or transforms.derived or transforms.protections)


def _renamed(column: Column, name: str) -> Column:
    return replace(column, name=name)


def _text_name(name: str) -> str:
    return quoted(f"text of {name}")


def _native_type(column: Column) -> str:
    if base(column.type) == "decimal" and "(" in column.type and (precision(column.type) or (99, 0))[0] <= DIGITS:
        return column.type.upper()
    return DUCK_TYPES.get(base(column.type), "VARCHAR")


def _native(name: str, column: Column, type_: pa.DataType) -> str:
    """Give an expression the value of its type where the batch has its canonical text."""
    wanted = _native_type(column)
    if not (pa.types.is_string(type_) or pa.types.is_large_string(type_)) or wanted == "VARCHAR":
        return name
    if wanted == "BLOB":
        return f"unhex(substr({name}, 3))"
    if wanted == "BOOLEAN":
        return f"CASE WHEN {name} IS NULL THEN NULL ELSE lower({name}) IN ('t', 'true') END"
    return f"CAST({name} AS {wanted})"


def _shown(sql: str, word: str) -> str:
    """Bring a value into an Arrow type of the lane's contract."""
    return f"CAST({sql} AS VARCHAR)" if base(word) in ("interval", "uuid", "json") else sql


def _result(duck_type: str, sql: str) -> tuple[str, str]:
    """The engine's word for the type of an expression, and the expression in the lane's Arrow type."""
    simple = {
        "BOOLEAN": "boolean", "TINYINT": "smallint", "SMALLINT": "smallint", "UTINYINT": "smallint",
        "INTEGER": "integer", "USMALLINT": "integer", "BIGINT": "bigint", "UINTEGER": "bigint", "FLOAT": "real",
        "DOUBLE": "double", "VARCHAR": "text", "BLOB": "bytes", "DATE": "date", "TIME": "time",
        "TIMESTAMP": "timestamp", "TIMESTAMP WITH TIME ZONE": "timestamptz", "INTERVAL": "interval", "UUID": "uuid",
        "JSON": "json",
    }  # fmt: skip
    if duck_type in simple:
        word = simple[duck_type]
        narrow = {"TINYINT": "SMALLINT", "UTINYINT": "SMALLINT", "USMALLINT": "INTEGER", "UINTEGER": "BIGINT"}
        return word, f"CAST({sql} AS {narrow[duck_type]})" if duck_type in narrow else _shown(sql, word)
    if duck_type.startswith("DECIMAL("):
        return duck_type.lower(), sql
    if duck_type in ("UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM"):
        return "decimal(38,0)", f"CAST({sql} AS DECIMAL(38, 0))"
    if duck_type.startswith("TIMESTAMP"):
        return "timestamp", f"CAST({sql} AS TIMESTAMP)"
    if duck_type.startswith("ENUM") or duck_type in ('"NULL"', "NULL"):
        return "text", f"CAST({sql} AS VARCHAR)"
    return "json", f"CAST(to_json({sql}) AS VARCHAR)"


def _protected(item: Protection, column: Column, cast: _Made | None, secret: bytes | None) -> _Made:
    text = f"CAST({cast.sql} AS VARCHAR)" if cast else _text_name(column.name)
    result = Column(column.name, "text", column.nullable, "text")
    match item.method:
        case Method.HASH:
            return _Made(result, _hmac(text, _derived_key(secret, b"column-hash|1", 32, column.name)))
        case Method.MASK:
            stars = f"repeat('*', greatest(length({text}) - {item.keep}, 0)) || right({text}, {item.keep})"
            whole = f"repeat('*', length({text}))"
            return _Made(result, f"CASE WHEN length({text}) <= {item.keep} THEN {whole} ELSE {stars} END")
        case Method.REDACT:
            replacement = "NULL" if item.replacement is None else "'" + item.replacement.replace("'", "''") + "'"
            return _Made(
                Column(column.name, "text", True, "text"),
                f"CASE WHEN {text} IS NULL THEN NULL ELSE CAST({replacement} AS VARCHAR) END",
            )
        case Method.ENCRYPT:
            cipher = AESSIV(_derived_key(secret, b"column-encrypt|1", 64, column.name))
            return _Made(result, text, lambda values: _encrypted(values, cipher))


def _hmac(text: str, key: bytes) -> str:
    padded = key.ljust(64, b"\0")
    inner, outer = (_blob(bytes(byte ^ pad for byte in padded)) for pad in (0x36, 0x5C))
    return f"sha256({outer} || unhex(sha256({inner} || encode({text}))))"


def _blob(value: bytes) -> str:
    return "'" + "".join(f"\\x{byte:02x}" for byte in value) + "'::BLOB"


def _derived_key(secret: bytes | None, purpose: bytes, length: int, column: str) -> bytes:
    if secret is None:
        raise invalid("There is no key to hash or encrypt with", f"protections of {column}")
    return HKDF(hashes.SHA256(), length, None, purpose).derive(secret)


def _encrypted(values: pa.Array, cipher: AESSIV) -> pa.Array:
    return pa.array(
        [
            None if value is None else base64.b64encode(cipher.encrypt(value.encode(), None)).decode()
            for value in values.to_pylist()
        ],
        pa.string(),
    )


def _rejected(
    batch: pa.RecordBatch, index: int, number: int, column: str, code: str, message: str
) -> RejectedByTransform:
    row = batch.slice(index, 1).to_pylist()[0]
    content = json.dumps(row, default=_plain, ensure_ascii=False)
    return RejectedByTransform(number, column, code, message, content[:MAX_CONTENT])


def _plain(value: Any) -> str:
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)


def _said(error: Exception) -> str:
    return str(error).splitlines()[0][:400]
