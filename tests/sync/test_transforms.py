"""Transforms: what lands after filter, casts, derived columns, protections and renames; what is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import asdict
from typing import Any

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from server.sync.errors import SyncError
from server.sync.model import Column
from server.sync.transforms import Compiled, Derived, Method, Protection, Transforms, compile_transforms

SECRET = b"k" * 32
COLUMNS = (
    Column("id", "bigint", False, "bigint"),
    Column("name", "text", True, "text"),
    Column("amount", "decimal(12,2)", True, "numeric(12,2)"),
    Column("made", "timestamptz", True, "timestamptz"),
    Column("ok", "boolean", True, "boolean"),
    Column("n", "decimal", True, "numeric"),
)
ROWS: list[dict[str, Any]] = [
    {"id": "1", "name": "Ann", "amount": "10.50", "made": "2024-01-31 10:00:00.5+00", "ok": "t", "n": "1e400"},
    {"id": "2", "name": None, "amount": None, "made": None, "ok": None, "n": "NaN"},
    {"id": "3", "name": "Bob Long", "amount": "-1.00", "made": "infinity", "ok": "f", "n": "0.10"},
]


def batch(rows: list[dict[str, Any]] = ROWS) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(rows, schema=pa.schema([(column.name, pa.string()) for column in COLUMNS]))


def compiled(**values: Any) -> Compiled:
    return compile_transforms(Transforms(**values), COLUMNS, SECRET)


def landed(**values: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = compiled(**values).apply(batch()).rows.to_pylist()
    return rows


def test_without_transforms_the_arrays_are_the_same() -> None:
    given_batch = batch()
    result = compiled().apply(given_batch).rows
    assert all(result.column(i).buffers()[2].address == given_batch.column(i).buffers()[2].address for i in range(6))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.none(), min_size=1, max_size=30))
def test_what_is_not_touched_keeps_every_byte(names: list[str | None]) -> None:
    rows = [{**ROWS[0], "name": name, "n": name} for name in names]
    result = compiled(renames={"name": "who"}, protections=(Protection("id", Method.HASH),)).apply(batch(rows)).rows
    assert result.column("who").to_pylist() == names
    assert result.column("n").to_pylist() == names


def test_a_hash_is_the_organization_s_hmac_and_null_stays_null() -> None:
    key = HKDF(hashes.SHA256(), 32, None, b"column-hash|1").derive(SECRET)
    rows = landed(protections=(Protection("name", Method.HASH),), renames={"name": "who"})
    assert rows[0]["who"] == hmac.new(key, b"Ann", hashlib.sha256).hexdigest()
    assert rows[1]["who"] is None
    assert rows[0]["amount"] == "10.50"


def test_an_encrypted_value_can_be_read_with_the_key_alone() -> None:
    rows = landed(protections=(Protection("name", Method.ENCRYPT),))
    cipher = AESSIV(HKDF(hashes.SHA256(), 64, None, b"column-encrypt|1").derive(SECRET))
    assert cipher.decrypt(base64.b64decode(rows[2]["name"]), None) == b"Bob Long"
    assert rows[1]["name"] is None


def test_masks_keep_the_last_characters_and_redactions_nothing() -> None:
    rows = landed(protections=(Protection("name", Method.MASK, keep=3), Protection("n", Method.REDACT)))
    assert [row["name"] for row in rows] == ["***", None, "*****ong"]
    assert [row["n"] for row in rows] == [None, None, None]
    assert landed(protections=(Protection("n", Method.REDACT, replacement="it's gone"),))[0]["n"] == "it's gone"


def test_a_filter_keeps_the_rows_for_which_it_is_true() -> None:
    assert [row["id"] for row in landed(filter="amount > 0 OR name LIKE 'Bob%'")] == ["1", "3"]


def test_derived_columns_have_the_type_of_their_expression() -> None:
    derived = (
        Derived("double_amount", "amount * 2"),
        Derived("initial", "upper(left(name, 1))"),
        Derived("year", "extract(year FROM CASE WHEN isfinite(made) THEN made END)"),
        Derived("flag", "coalesce(ok, FALSE)"),
    )
    made = compiled(derived=derived)
    assert [column.type for column in made.columns[6:]] == ["decimal(18,2)", "text", "bigint", "boolean"]
    row = made.apply(batch()).rows.to_pylist()[0]
    assert (str(row["double_amount"]), row["initial"], row["year"], row["flag"]) == ("21.00", "A", 2024, True)


def test_a_value_that_a_cast_would_lose_rejects_its_row() -> None:
    made = compiled(casts={"amount": "integer", "name": "text"})
    applied = made.apply(
        batch([{**ROWS[0], "amount": "7.00"}, ROWS[0], ROWS[1], {**ROWS[0], "amount": "9999999999.00"}])
    )
    assert applied.rows.column("amount").to_pylist() == [7, None]
    assert [(row.index, row.column, row.code) for row in applied.rejected] == [
        (1, "amount", "VALUE_DOES_NOT_FIT"), (3, "amount", "VALUE_DOES_NOT_FIT"),
    ]  # fmt: skip
    assert '"amount": "10.50"' in applied.rejected[0].content
    assert applied.kept is not None
    assert applied.kept.to_pylist() == [0, 2]


def test_a_row_whose_expression_fails_is_rejected_and_the_others_land() -> None:
    made = compiled(derived=(Derived("bad", "CAST(name AS INTEGER)"),))
    applied = made.apply(batch([{**ROWS[0], "name": "12"}, ROWS[0], ROWS[1]]))
    assert applied.rows.column("bad").to_pylist() == [12, None]
    assert [(row.index, row.code) for row in applied.rejected] == [(1, "EXPRESSION_FAILED")]


def test_keys_are_transformed_alone() -> None:
    made = compiled(protections=(Protection("id", Method.HASH),), renames={"id": "key"}, filter="id > 1")
    keys = made.apply_to_key(batch().select(["id"]))
    assert keys.schema.names == ["key"]
    assert keys.column("key").to_pylist() == [
        row["key"] for row in landed(protections=(Protection("id", Method.HASH),), renames={"id": "key"})
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "(SELECT 1)",
        "read_csv('/etc/passwd')",
        "read_text('/etc/passwd')",
        "name FROM read_csv('/etc/passwd')",
        "1; DROP TABLE batch",
        "1) FROM batch; ATTACH '/tmp/x'; SELECT (1",
        "getenv('HOME')",
        "current_setting('memory_limit')",
        "random()",
        "now()",
        "sum(id)",
        "row_number() OVER ()",
        "*",
        "columns('a')",
        "list_transform([1], x -> x)",
        "nope(id)",
        "missing + 1",
        "batch.id",
        "id AS other",
        "id -- comment\n, name",
        "EXISTS (SELECT 1)",
        "id IN (SELECT 1)",
        "",
        "abs(" * 400 + "1" + ")" * 400,
        "1 + " * 2000 + "1",
        "system.main.abs(id)",
    ],
)
def test_an_expression_that_is_not_a_scalar_of_the_columns_is_refused(expression: str) -> None:
    for values in ({"derived": (Derived("x", expression),)}, {"filter": expression or " "}):
        with pytest.raises(SyncError) as caught:
            compiled(**values)
        assert caught.value.code == "TRANSFORM_INVALID"
        assert caught.value.position


def test_a_result_that_is_too_large_rejects_the_row_and_not_the_process() -> None:
    made = compiled(derived=(Derived("huge", "repeat(name, 1000000000)"),))
    applied = made.apply(batch(ROWS[:2]))
    assert [row.code for row in applied.rejected] == ["EXPRESSION_FAILED"]
    assert applied.rows.column("huge").to_pylist() == [None]


@pytest.mark.parametrize(
    "values",
    [
        {"casts": {"nope": "text"}},
        {"casts": {"name": "geometry"}},
        {"casts": {"name": "decimal(60,2)"}},
        {"renames": {"nope": "x"}},
        {"protections": (Protection("nope", Method.HASH),)},
    ],
)
def test_unknown_columns_and_types_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(SyncError, match=r"column|type"):
        compiled(**values)


def test_hashing_without_a_key_is_refused() -> None:
    with pytest.raises(SyncError, match="no key"):
        compile_transforms(Transforms(protections=(Protection("id", Method.HASH),)), COLUMNS, None)


def test_transforms_survive_being_kept_as_json() -> None:
    transforms = Transforms(
        "id > 1", {"id": "text"}, (Derived("a", "id"),), (Protection("name", Method.MASK, 2),), {"id": "key"}
    )
    assert Transforms.from_dict(json.loads(json.dumps(asdict(transforms)))) == transforms
