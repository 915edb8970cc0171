"""Names of tables and columns: quoted in one place, and refused where a server would change or merge them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from server.sync.errors import ErrorType, Origin, SyncError

MAX_NAME_BYTES = 63  # PostgreSQL cuts longer names without a word
OWN_PREFIX = "_thedata_"


def quote(*parts: str) -> str:
    """Quote an identifier, or join several with dots; raises SyncError NAME_INVALID on NUL and empty names."""
    return ".".join(_quote_one(part) for part in parts)


def quote_all(names: Iterable[str]) -> str:
    """Quote a list of columns."""
    return ", ".join(quote(name) for name in names)


def check_destination_names(
    names: Iterable[str], what: str, max_bytes: int = MAX_NAME_BYTES, *, folds_case: bool = False
) -> None:
    """Refuse names that the destination would cut, or that it takes for one name.

    Names that differ by case only are different names in PostgreSQL and stay so; other systems fold them.
    ``what`` is the plural that stands in the message: "tables", "columns".
    """
    names = tuple(names)
    for name in names:
        _quote_one(name)
        if len(name.encode()) > max_bytes:
            raise _invalid(
                "NAME_TOO_LONG",
                f"The name {name!r} has more than {max_bytes} bytes and would be cut",
                "Give it a shorter name.",
            )
    counted = Counter(name.casefold() if folds_case else name for name in names)
    twins = [name for name, count in counted.items() if count > 1]
    if twins:
        raise _invalid(
            "NAME_COLLISION",
            f"Two {what} have the same name: {twins[0]!r}",
            "Leave one of them out, or give it another name.",
        )


def check_table_name(name: str) -> None:
    """Refuse a destination table that the platform keeps for itself."""
    if name.startswith(OWN_PREFIX):
        raise _invalid(
            "NAME_RESERVED", f"Table names with {OWN_PREFIX} in front are the platform's own", "Choose another name."
        )


def _quote_one(name: str) -> str:
    if not name or "\0" in name:
        raise _invalid("NAME_INVALID", "A name is empty or holds a NUL character", "Give it another name.")
    return '"' + name.replace('"', '""') + '"'


def _invalid(code: str, message: str, advice: str) -> SyncError:
    return SyncError(origin=Origin.DESTINATION, type=ErrorType.CONFIG, code=code, message=message, advice=advice)
