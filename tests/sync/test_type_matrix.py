"""Every type with its edge values, from PostgreSQL to each destination and back: equal, or refused by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from server.sync.connectors import registry
from server.sync.model import Column
from server.sync.receipt import Lane
from server.sync.spec import Endpoint, RejectLimit, StreamSpec, Verification
from server.sync.transforms import Derived, Transforms
from tests.servers.clickhouse import clickhouse
from tests.sync.conftest import Lab
from tests.sync.mariadb import Server, mariadb

__all__ = ["clickhouse", "mariadb"]

LONG = "1" * 500 + "." + "2" * 500
VALUES: dict[str, tuple[str, ...]] = {
    "boolean": ("true", "false"),
    "smallint": ("-32768", "32767"),
    "integer": ("-2147483648", "2147483647"),
    "bigint": ("-9223372036854775808", "9223372036854775807"),
    "real": ("0.1", "-3.4e38", "NaN", "Infinity"),
    "double precision": ("0.1", "5e-324", "1.7976931348623157e308", "-0", "NaN", "-Infinity"),
    "numeric(12,3)": ("-999999999.999", "0.010", "NaN"),
    "numeric(60,10)": ("-" + "9" * 50 + "." + "9" * 10,),
    "numeric": (LONG, "1e-30", "NaN", "-Infinity", "0.00"),
    "text": ("", "NULL", "\\N", " ä😀\t\n\r\"'", "x" * 1_000_000),
    "bytea": ("\\x", "\\x00ff7f0a", "\\x" + bytes(range(256)).hex(), "\\xc3a4"),
    "date": ("2024-02-29", "0001-01-01", "9999-12-31", "4713-01-01 BC", "infinity"),
    "time": ("00:00:00", "23:59:59.999999", "24:00:00"),
    "timestamp": ("2024-02-29 12:00:00.123456", "0044-03-15 12:00:00 BC", "294276-12-31 23:59:59", "-infinity"),
    "timestamptz": ("2024-02-29 12:00:00.123456+05:30", "1500-01-01 00:00:00+00", "infinity"),
    "interval": ("1 year 2 mons -3 days 04:05:06.7", "-00:00:00.000001"),
    "uuid": ("00000000-0000-4000-8000-00000000abcd",),
    "json": ('{"b": 1.10,  "a": [1, null, 12345678901234567890123]}', '"text"', "null"),
    "jsonb": ('{"a": {"b": [1e400, true]}}', "[]"),
    "integer[]": ("{}", "{1,NULL,3}", "{{1,2},{3,4}}"),
    "text[]": ('{"",NULL,"a,b","q\\"uote"}',),
    "mood": ("sad", "so so"),
    "positive": ("5",),
    "int4range": ("[1,5)", "empty"),
    "inet": ("10.0.0.1/8", "::1"),
    "bit(3)": ("101",),
}
KINDS = ("postgres", "sqlite", "duckdb", "mysql", "clickhouse")

# What a destination has no value for. Everything else lands, and comes back as it was.
_NO_CALENDAR = {
    ("date", "4713-01-01 BC"), ("date", "infinity"), ("timestamp", "0044-03-15 12:00:00 BC"),
    ("timestamp", "294276-12-31 23:59:59"), ("timestamp", "-infinity"), ("timestamptz", "infinity"),
}  # fmt: skip
_NO_NUMBER = {("real", "NaN"), ("real", "Infinity"), ("double precision", "NaN"), ("double precision", "-Infinity")}
_NO_DECIMAL = {("numeric(12,3)", "NaN")}
REFUSED: dict[str, set[tuple[str, str]]] = {
    "postgres": set(),
    "sqlite": set(),
    "duckdb": _NO_CALENDAR | _NO_DECIMAL | {("time", "24:00:00")},
    "mysql": _NO_CALENDAR | _NO_NUMBER | _NO_DECIMAL,
    "clickhouse": _NO_CALENDAR
    | _NO_DECIMAL
    | {("date", "0001-01-01"), ("date", "9999-12-31"), ("timestamptz", "1500-01-01 00:00:00+00")},
}


@pytest.fixture(params=KINDS)
def to(request: pytest.FixtureRequest, lab: Lab) -> Iterator[Endpoint]:
    """An empty destination of each kind."""
    kind = request.param
    if kind == "mysql":
        server: Server = request.getfixturevalue("mariadb")
        with server.database() as name:
            yield Endpoint(kind, server.config(name))
    elif kind == "clickhouse":
        yield Endpoint(kind, request.getfixturevalue("clickhouse")())
    elif kind == "postgres":
        yield lab.target()
    else:
        raw: dict[str, Any] = {"path": str(lab.folder / f"matrix.{kind}")}
        yield Endpoint(kind, registry.connector(kind).parse(raw))


def same(type_: str, wanted: str, landed: str) -> bool:
    """Compare values: systems spell some of them in another way, and have no word for a time zone or an array."""
    if wanted == landed:
        return True
    if type_ in ("json", "jsonb") or type_.endswith("[]"):
        return bool(_parsed(wanted) == _parsed(landed))
    if type_ == "boolean":
        return {"1": "t", "0": "f"}.get(landed, landed) == wanted
    if type_ in ("real", "double precision"):
        return float(wanted) == float(landed)
    if type_ in ("timestamp", "timestamptz"):
        return wanted.removesuffix("+00") == landed.removesuffix("+00")
    return False


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def shown(value: str) -> str:
    return value if len(value) < 40 else f"{value[:10]}… ({len(value)})"


async def test_every_value_comes_back_as_it_was_or_is_refused_by_name(lab: Lab, to: Endpoint) -> None:
    names = {type_: f"c{index}" for index, type_ in enumerate(VALUES)}
    await lab.source.execute(
        "CREATE TYPE mood AS ENUM ('sad', 'so so'); CREATE DOMAIN positive AS int CHECK (VALUE > 0)"
    )
    columns = ", ".join(f"{name} {type_}" for type_, name in names.items())
    await lab.source.execute(f"CREATE TABLE edge (id int PRIMARY KEY, {columns}); INSERT INTO edge VALUES (0)")
    pairs = [(type_, value) for type_, values in VALUES.items() for value in values]
    for number, (type_, value) in enumerate(pairs, 1):
        await lab.source.execute(f"INSERT INTO edge (id, {names[type_]}) VALUES ({number}, $1::text::{type_})", value)

    # A derived column makes it the Arrow lane, where every value is looked at.
    arrow = Transforms(derived=(Derived("derived", "id + 1"),))
    spec = StreamSpec("edge", "public", transforms=arrow, rejects=RejectLimit(rows=len(pairs)))
    there = await lab.run(lab.postgres(), spec, to=to, verification=Verification.CONTENT)
    assert there.lane is Lane.ARROW
    refused = {(row.row, row.column) for item in lab.rejected for row in item.rows}
    lab.rejected.clear()
    chosen = ("id", *names.values())
    namespace = "public" if to.kind == "postgres" else ""
    back = replace(spec, namespace=namespace, table="back", transforms=Transforms(), columns=chosen)
    source = lab.target() if to.kind == "postgres" else to
    receipt = await lab.run(source, back, run="back", verification=Verification.CONTENT)
    assert receipt.rows_rejected == 0

    found = {(pairs[number - 2][0], shown(pairs[number - 2][1])) for number, _ in refused}
    different = []
    for number, (type_, _) in enumerate(pairs, 1):
        if (number + 1, names[type_]) in refused:
            continue
        spelled = "to_json({})" if type_.endswith("[]") and to.kind != "postgres" else "format('%s', {})"
        where = f"WHERE id = {number}"
        wanted = await lab.source.fetchval(f"SELECT {spelled.format(names[type_])} FROM edge {where}")
        [(landed,)] = await lab.rows(f"SELECT format('%s', {names[type_]}) FROM back {where}")
        if not same(type_, wanted, str(landed)):
            different.append((type_, shown(wanted), shown(str(landed))))
    assert (found, different) == (REFUSED[to.kind], [])
    nulls = f"SELECT num_nonnulls({', '.join(chosen[1:])}) FROM back WHERE id = 0"
    assert await lab.rows(nulls) == [(0,)]


WORDS = (
    "boolean", "smallint", "integer", "bigint", "real", "double", "decimal(12,3)", "decimal(60,10)", "decimal", "text",
    "bytes", "date", "time", "timestamp", "timestamptz", "interval", "uuid", "json", "array",
)  # fmt: skip


async def test_the_published_matrix_says_what_each_destination_chooses(lab: Lab, to: Endpoint) -> None:
    page = (Path(__file__).parents[2] / "docs" / "types.md").read_text()
    titles, *lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| ")
    ][: len(WORDS) + 1]
    published = {line[0].strip("`"): line[titles.index(to.kind)] for line in lines}
    async with registry.connector(to.kind).open_destination(to.config, lab.context) as destination:
        chosen = {}
        for word in WORDS:
            mapping = destination.map_type(Column("c", word, True, ""), same_kind=False)
            chosen[word] = f"`{mapping.ddl.partition(' CHARACTER')[0]}`"
    assert published == chosen
