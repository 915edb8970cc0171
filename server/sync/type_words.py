"""The engine's words for types, and which type holds the values of two."""

from __future__ import annotations

_INTEGERS = ("smallint", "integer", "bigint")
_DIGITS = {"smallint": 5, "integer": 10, "bigint": 19}


def union(one: str, other: str) -> str:
    """Find the narrowest type that holds every value of both, exactly; text where there is no other."""
    if one == other:
        return one
    if one in _INTEGERS and other in _INTEGERS:
        return max(one, other, key=_INTEGERS.index)
    left, right = _decimal(one), _decimal(other)
    if left is not None and right is not None:
        if "decimal" in (one, other):
            return "decimal"
        scale = max(left[1], right[1])
        return f"decimal({max(left[0] - left[1], right[0] - right[1]) + scale},{scale})"
    pair = {one, other}
    if pair == {"real", "double"}:
        return "double"
    if pair <= {"real", "double", "smallint"} or pair == {"double", "integer"}:
        return "double"
    if pair == {"date", "timestamp"}:
        return "timestamp"
    if pair == {"json", "array"}:
        return "json"
    return "text"


def base(word: str) -> str:
    """Leave out precision and scale."""
    return word.partition("(")[0]


def precision(word: str) -> tuple[int, int] | None:
    """Read the precision and scale of ``decimal(p,s)``; None for an unbounded decimal."""
    if not word.startswith("decimal("):
        return None
    digits, _, scale = word.removeprefix("decimal(").removesuffix(")").partition(",")
    return int(digits), int(scale or 0)


def _decimal(word: str) -> tuple[int, int] | None:
    if word in _DIGITS:
        return _DIGITS[word], 0
    if base(word) == "decimal":
        return precision(word) or (0, 0)
    return None
