"""Expressions that users write: SQL scalars over a stream's columns, and nothing that could do anything else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from server.sync.duck import Calculator
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column

MAX_CHARACTERS = 4_000
MAX_DEPTH = 60

_CLASSES = frozenset(
    ("FUNCTION", "COLUMN_REF", "CONSTANT", "CASE", "COMPARISON", "CONJUNCTION", "CAST", "OPERATOR", "BETWEEN", "TYPE")
)
_FUNCTIONS = frozenset((
    "+", "-", "*", "/", "%", "//", "**", "^", "||", "~~", "!~~", "~~*", "!~~*", "~~~", "&", "|", "<<", ">>", "~", "@",
    "!", "abs", "ceil", "ceiling", "floor", "round", "trunc", "sign", "sqrt", "cbrt", "exp", "ln", "log", "log2",
    "log10", "pow", "power", "mod", "greatest", "least", "pi", "lower", "upper", "trim", "ltrim", "rtrim", "left",
    "right", "substr", "substring", "length", "strlen", "char_length", "replace", "reverse", "lpad", "rpad", "repeat",
    "concat", "concat_ws", "contains", "starts_with", "ends_with", "prefix", "suffix", "position", "strpos", "instr",
    "split_part", "string_split", "string_split_regex", "str_split", "translate", "ascii", "chr", "initcap", "format",
    "printf", "hex", "unhex", "md5", "sha256", "base64", "from_base64", "to_base64", "encode", "decode",
    "strip_accents", "nfc_normalize", "regexp_matches", "regexp_full_match", "regexp_replace", "regexp_extract",
    "like_escape", "not_like_escape", "ilike_escape", "not_ilike_escape", "levenshtein", "jaccard", "coalesce",
    "ifnull", "nullif", "if", "bool_and", "error", "date_part", "date_trunc", "date_diff", "datediff", "date_add",
    "date_sub", "year", "month", "day", "hour", "minute", "second", "millisecond", "microsecond", "quarter", "week",
    "weekofyear", "dayofweek", "dayofyear", "isodow", "isoyear", "epoch", "epoch_ms", "epoch_us", "to_timestamp",
    "make_date", "make_time", "make_timestamp", "strftime", "strptime", "try_strptime", "last_day", "age",
    "monthname", "dayname", "to_years", "to_months", "to_days", "to_hours", "to_minutes", "to_seconds",
    "to_milliseconds", "to_microseconds", "json_extract", "json_extract_string", "json_extract_path",
    "json_extract_path_text", "json_array_length", "json_type", "json_valid", "json_keys", "json_exists",
    "json_value", "->", "->>", "to_json", "list_value", "array_length", "len", "list_contains", "array_contains",
    "list_extract", "array_extract", "list_sort", "list_distinct", "array_to_string", "list_aggr", "struct_extract",
    "map_extract", "isfinite", "isinf", "isnan", "hash",
))  # fmt: skip


def parsed_columns(calculator: Calculator, sql: str, columns: Mapping[str, Column], place: str) -> list[str]:
    """Check an expression and name the columns that it uses.

    Raises SyncError TRANSFORM_INVALID for what is no single scalar expression, and for unknown columns and functions.
    """
    if len(sql) > MAX_CHARACTERS:
        raise invalid(f"It has more than {MAX_CHARACTERS} characters", place)
    answer = calculator.fetch("SELECT json_serialize_sql(?::VARCHAR)", f"SELECT {sql}")
    try:
        tree = json.loads(str(answer[0][0]))
    except RecursionError as error:
        raise invalid("It is nested too deeply", place) from error
    if tree.get("error"):
        raise invalid(str(tree.get("error_message", "It cannot be read"))[:400], place)
    statements = tree["statements"]
    node = statements[0]["node"]
    plain = (
        len(statements) == 1
        and node["type"] == "SELECT_NODE"
        and node["from_table"]["type"] == "EMPTY"
        and len(node["select_list"]) == 1
        and not node["select_list"][0].get("alias")
        and not any(
            node.get(part) for part in ("where_clause", "group_expressions", "having", "qualify", "modifiers", "sample")
        )
        and not node.get("cte_map", {}).get("map")
    )
    if not plain:
        raise invalid("It is no single expression", place)
    used: list[str] = []
    folded = {name.casefold(): name for name in columns}
    for item in _walk(node["select_list"][0], 0, place):
        kind = item.get("class")
        if kind not in _CLASSES:
            raise invalid(f"{_NAMES.get(str(kind), str(kind).lower())} cannot be used here", place)
        if kind == "FUNCTION":
            name = str(item["function_name"]).lower()
            if name not in _FUNCTIONS or item.get("schema") or item.get("catalog"):
                raise invalid(f"There is no function {name!r}", place)
        if kind == "COLUMN_REF":
            names = item["column_names"]
            found = names[0] if names[0] in columns else folded.get(names[0].casefold())
            if found is None or len(names) > 1:
                raise invalid(f"There is no selected column {'.'.join(names)!r}", place)
            used.append(found)
    return used


_NAMES = {"SUBQUERY": "A subquery", "WINDOW": "A window function", "STAR": "A star", "LAMBDA": "A lambda"}


def _walk(item: Any, depth: int, place: str) -> Iterator[dict[str, Any]]:
    if depth > 2 * MAX_DEPTH:
        raise invalid("It is nested too deeply", place)
    if isinstance(item, dict):
        if "class" in item:
            yield item
        for value in item.values():
            yield from _walk(value, depth + 1, place)
    elif isinstance(item, list):
        for value in item:
            yield from _walk(value, depth + 1, place)


def invalid(message: str, place: str) -> SyncError:
    """Make the error of transforms that cannot be carried out."""
    return SyncError(
        origin=Origin.PLATFORM,
        type=ErrorType.CONFIG,
        code="TRANSFORM_INVALID",
        message=message,
        advice="Correct the stream's transforms.",
        position=place,
    )
