"""MySQL's types in the engine's words and back, and how a column is selected so that its text tells the whole value."""

from __future__ import annotations

import re

from server.sync.destination import Mapping
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column
from server.sync.mysql.session import Server
from server.sync.type_words import base, precision

GEOMETRY = frozenset(
    ("geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
     "geometrycollection", "geomcollection")
)  # fmt: skip
BYTES = frozenset(("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "vector"))
TEXTS = frozenset(("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"))
LONG = frozenset(("longtext", "longblob", "json"))
DATES = frozenset(("date", "datetime", "timestamp"))
NUMBERED = frozenset(("enum", "set"))  # sorted by number, compared with a text by text
_WORDS = {
    "tinyint": "smallint",
    "smallint": "smallint",
    "mediumint": "integer",
    "int": "integer",
    "integer": "integer",
    "bigint": "bigint",
    "year": "smallint",
    "float": "real",
    "double": "double",
    "date": "date",
    "datetime": "timestamp",
    "timestamp": "timestamptz",
    "time": "interval",  # it goes from -838 to 838 hours
    "json": "json",
    "uuid": "uuid",
    "inet4": "text",
    "inet6": "text",
}
_UNSIGNED = {"smallint": "integer", "int": "bigint", "integer": "bigint", "bigint": "decimal(20,0)"}
_COMMENT = re.compile(r"/\*.*?\*/")
_ARGUMENTS = re.compile(r"\((\d+)(?:,(\d+))?\)")
_LONGEST_KEPT = 255  # characters: with four bytes each, longer ones soon fill a row's 65,535 bytes


def data_type(native: str) -> str:
    """Take the bare type from its spelling: ``varchar`` of ``varchar(20)``."""
    return re.split(r"[\s(]", native.lower(), maxsplit=1)[0]


def word_of(native: str) -> str:
    """Tell the engine's word for a type as information_schema spells it."""
    kind = data_type(native)
    if kind == "decimal":
        found = _ARGUMENTS.search(native)
        return f"decimal({found[1]},{found[2] or 0})" if found else "decimal(10,0)"
    if kind == "bit":
        width = int(found[1]) if (found := _ARGUMENTS.search(native)) else 1
        return "boolean" if width == 1 else "bigint" if width < 64 else "decimal(20,0)"
    if kind in GEOMETRY or kind in BYTES:
        return "bytes"
    if kind in _UNSIGNED and "unsigned" in native:
        return _UNSIGNED[kind]
    return _WORDS.get(kind, "text")


def selected(name: str, native: str, *, portable: bool) -> str:
    """Write a quoted column so that its text is the whole value.

    Geometry is well-known binary where other systems read it, and otherwise MySQL's own form, which has the SRID.
    """
    kind = data_type(native)
    if kind in GEOMETRY:
        return f"ST_AsBinary({name})" if portable else name
    if kind == "float" or (kind == "double" and "(" in native):
        # As text the server shows six digits of a FLOAT; a DOUBLE is shown in full.
        return f"{name} + 0e0"
    if kind == "bit" or "zerofill" in native.lower():
        return f"{name} + 0"
    if kind in TEXTS or kind in BYTES or kind in _WORDS or kind == "decimal":
        return name
    return f"CAST({name} AS CHAR)"


def is_binary(native: str) -> bool:
    """Whether a value's bytes are no text."""
    return data_type(native) in GEOMETRY | BYTES


def mapped(column: Column, server: Server, *, same_kind: bool) -> Mapping:
    """Choose the type that keeps every value of a column; raises SyncError TYPE_UNSUPPORTED."""
    if same_kind and column.native_type:
        return _own(column, server)
    text = f"longtext{_collated(server)}"
    word = base(column.type)
    if word == "decimal":
        digits, scale = precision(column.type) or (0, 0)
        if 0 < digits <= 65 and 0 <= scale <= min(30, digits):
            return Mapping(f"decimal({digits},{scale})")
        return Mapping(text, note=f"{column.type} has no bound that MySQL's decimals have, and lands as its text")
    if word == "timestamptz":
        return Mapping("datetime(6)", note="lands in UTC, in a column that knows no time zone")
    if word in _DDL:
        return Mapping(_DDL[word])
    if word in _AS_TEXT:
        return Mapping(text)
    raise SyncError(
        origin=Origin.SOURCE,
        type=ErrorType.CONFIG,
        code="TYPE_UNSUPPORTED",
        message=f"The column {column.name!r} is {column.native_type}, which has no place in MySQL",
        advice="Leave the column out, or cast it.",
    )


_DDL = {
    "boolean": "tinyint(1)",
    "smallint": "smallint",
    "integer": "int",
    "bigint": "bigint",
    "real": "float",
    "double": "double",
    "bytes": "longblob",
    "date": "date",
    "time": "time(6)",
    "timestamp": "datetime(6)",
    "uuid": "char(36) CHARACTER SET ascii COLLATE ascii_bin",
}
_AS_TEXT = frozenset(("text", "json", "array", "interval", "other"))


def _own(column: Column, server: Server) -> Mapping:
    native = _COMMENT.sub("", column.native_type).replace(" zerofill", "").strip()
    kind = data_type(native)
    if kind in ("char", "varchar") and (found := _ARGUMENTS.search(native)) and int(found[1]) > _LONGEST_KEPT:
        return Mapping(f"longtext{_collated(server)}", note=f"{native} lands as longtext")
    if kind in TEXTS:
        return Mapping(native + _collated(server))
    if kind in ("float", "double"):
        return Mapping(kind)
    if kind in ("uuid", "inet4", "inet6", "vector") and not (server.is_mariadb and kind != "vector"):
        return mapped(column, server, same_kind=False)
    if kind in GEOMETRY:
        return Mapping("geomcollection" if kind == "geomcollection" and not server.is_mariadb else _geometry(kind))
    known = kind in _WORDS or kind in BYTES or kind in ("decimal", "bit")
    return Mapping(native) if known else mapped(column, server, same_kind=False)


def _geometry(kind: str) -> str:
    return "geometrycollection" if kind == "geomcollection" else kind


def _collated(server: Server) -> str:
    return f" CHARACTER SET utf8mb4 COLLATE {server.text_collation}"
